"""(b) An import with everything on, held against plain inserts into a plain table."""

from __future__ import annotations

import time

from tests.bench import holding, mentions, reference
from tests.bench.place import Place, remove
from tests.bench.table import Line, pairs, ratio_of

GOAL = 0.25


def measure(place: Place, rows: int, rounds: int) -> list[Line]:
    """Posts a second of both, each into a new file; the import counts from its start to its exit."""
    posts = place.posts(rows)
    plain = reference.tuples_of(mentions.generate(rows, time.time_ns() // 1_000_000))
    inbox, table = place.folder / "intake.db", place.folder / "reference.db"

    def imported() -> float:
        remove(inbox)
        return rows / place.run("--inbox", str(inbox), "import", str(posts), "--json")

    def inserted() -> float:
        remove(table)
        started = time.perf_counter()
        reference.load(table, plain)
        return rows / (time.perf_counter() - started)

    found = pairs(imported, inserted, rounds)
    remove(inbox)
    remove(table)
    ratio = ratio_of(found)
    ours, theirs = found[len(found) // 2]
    return [
        Line(
            "b",
            f"import of {rows:,} posts",
            f"{ours:,.0f} posts/s",
            f"plain executemany {theirs:,.0f}/s",
            ratio,
            f">= {GOAL}",
            ratio >= GOAL,
        ),
        holding.measure(place, rows),
    ]
