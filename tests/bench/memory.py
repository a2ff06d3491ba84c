"""(d) The most memory the desk takes while one works in it, on a large inbox and on a small one."""

from __future__ import annotations

from tests.bench import first_paint
from tests.bench.keys import PAGE_DOWN, wake
from tests.bench.place import PROGRAM, Place
from tests.bench.table import Line, pairs, ratio_of
from tests.bench.terminal import Terminal

GOAL = 1.15
SMALL = 1_000
PAGES = 40


def measure(place: Place, rows: int, rounds: int) -> list[Line]:
    """Peak resident memory after opening the desk, forty pages, the end, and a conversation."""
    found = pairs(lambda: _peak(place, rows), lambda: _peak(place, SMALL), rounds)
    ratio = ratio_of(found)
    large, small = found[0]
    return [
        Line(
            "d",
            f"peak memory, {rows:,} posts",
            f"{large / 2**20:.1f} MiB",
            f"{SMALL:,} posts {small / 2**20:.1f} MiB",
            ratio,
            f"<= {GOAL}",
            ratio <= GOAL,
        )
    ]


def _peak(place: Place, rows: int) -> float:
    inbox = place.inbox(rows)
    with Terminal((*PROGRAM, "--inbox", str(inbox)), place.environ()) as terminal:
        terminal.wait_for(first_paint.first_author(inbox))
        wake(terminal)
        for key in [PAGE_DOWN] * PAGES + [b"G", b"g", b"\r"]:
            terminal.send(key)
            terminal.settle()
        return terminal.peak_memory()
