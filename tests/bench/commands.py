"""(e) Commands without a screen on a warm inbox, held against a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial

from socialdesk.inbox import queue
from socialdesk.inbox.connection import open_reader
from socialdesk.inbox.views import standard_views
from tests.bench.place import PROGRAM, Place
from tests.bench.table import Line, pairs, ratio_of

GOAL = 8.0


def measure(place: Place, rows: int, rounds: int) -> list[Line]:
    """`list --limit 20 --json` and `show ID` from exec to exit."""
    inbox = place.inbox(rows)
    with closing(open_reader(inbox)) as connection:
        first = queue.page(connection, standard_views(None)[0], 1)[0]
    lines = []
    for words in (("list", "--limit", "20", "--json"), ("show", str(first.id))):
        command = partial(_run, place, (*PROGRAM, "--inbox", str(inbox), *words))
        found = pairs(command, partial(_run, place, _NOTHING), rounds)
        ratio = ratio_of(found)
        lines.append(
            Line(
                "e",
                f"{' '.join(words)}, {rows:,} posts",
                f"{min(one for one, _ in found) * 1000:.0f} ms",
                f"python -c pass {min(other for _, other in found) * 1000:.0f} ms",
                ratio,
                f"<= {GOAL:g}",
                ratio <= GOAL,
            )
        )
    return lines


_NOTHING = (sys.executable, "-c", "pass")


def _run(place: Place, command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=place.environ(), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
