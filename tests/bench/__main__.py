"""Measures the desk and prints one table of ratios: python -m tests.bench [a b c d e] [--rows N] [--quick]."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import commands, first_paint, intake, keys, memory
from tests.bench.place import Place
from tests.bench.table import Line, printed

Measure = Callable[[Place, int, int], list[Line]]

MEASURES: Mapping[str, tuple[Measure, int, int]] = {
    "a": (first_paint.measure, 15, 5),
    "b": (intake.measure, 5, 1),
    "c": (keys.measure, 120, 40),
    "d": (memory.measure, 3, 1),
    "e": (commands.measure, 21, 5),
}
"""Each measure with its rounds (for c: key presses), in full and quick."""

INTAKE_ROWS, QUICK_ROWS = 100_000, 20_000


def main() -> int:
    """Measure what was asked for; exit 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="a b c d e", help="the measures; all when none is named")
    parser.add_argument("--rows", type=int, default=1_000_000, help="posts in the large inbox (1,000,000)")
    parser.add_argument("--quick", action="store_true", help="20,000 posts and few rounds: a first look")
    parser.add_argument("--cache", type=Path, help="where generated inboxes are kept (a temporary folder)")
    asked = parser.parse_args()
    unknown = sorted(set(asked.which) - set(MEASURES))
    if unknown:
        parser.error(f"there is no measure {' '.join(unknown)}; there are {' '.join(MEASURES)}")
    folder = asked.cache or Path(tempfile.gettempdir()) / "socialdesk-bench"
    folder.mkdir(parents=True, exist_ok=True)
    lines = _measured(Place(folder.resolve()), asked.which or list(MEASURES), asked.rows, quick=asked.quick)
    print(printed(lines))
    return 0 if all(line.reached for line in lines) else 1


def _measured(place: Place, which: list[str], rows: int, *, quick: bool) -> list[Line]:
    lines: list[Line] = []
    for name in which:
        measure, rounds, few = MEASURES[name]
        for size in _sizes(name, min(rows, QUICK_ROWS) if quick else rows):
            print(f"measuring {name} with {size:,} posts", file=sys.stderr, flush=True)
            lines += measure(place, size, few if quick else rounds)
    return lines


def _sizes(name: str, rows: int) -> tuple[int, ...]:
    """The first paint is measured on a tenth, too; an import of 100,000 posts says all about a million."""
    if name == "a":
        return (rows // 10, rows)
    return (min(rows, INTAKE_ROWS) if name == "b" else rows,)


if __name__ == "__main__":
    sys.exit(main())
