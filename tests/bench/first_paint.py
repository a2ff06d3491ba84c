"""(a) From exec to the first rows of the queue, held against a Textual app with one Static."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from statistics import median

from socialdesk.inbox import queue
from socialdesk.inbox.connection import open_reader
from socialdesk.inbox.views import standard_views
from tests.bench import empty_app
from tests.bench.place import PROGRAM, Place
from tests.bench.table import Line, pairs, ratio_of
from tests.bench.terminal import Terminal

GOAL = 1.4
WHOLE_DESK = b"commands"
"""A word of the footer, which the whole desk has and the frame drawn before it has not."""


def measure(place: Place, rows: int, rounds: int) -> list[Line]:
    """Until the queue's first author stands on the screen, and until the whole desk does."""
    inbox = place.inbox(rows)
    return [
        _line(place, inbox, f"first paint, {rows:,} posts", first_author(inbox), rounds, GOAL),
        _line(place, inbox, f"whole desk painted, {rows:,} posts", WHOLE_DESK, rounds, None),
    ]


def first_author(inbox: Path) -> bytes:
    """Who wrote what stands on top of the queue."""
    with closing(open_reader(inbox)) as connection:
        return queue.page(connection, standard_views(None)[0], 1)[0].author.encode()


def _line(place: Place, inbox: Path, what: str, sentinel: bytes, rounds: int, goal: float | None) -> Line:
    desk = (*PROGRAM, "--inbox", str(inbox))
    empty = (sys.executable, "-m", empty_app.__name__)

    def seen(command: tuple[str, ...], words: bytes) -> float:
        with Terminal(command, place.environ()) as terminal:
            return terminal.wait_for(words)

    found = pairs(lambda: seen(desk, sentinel), lambda: seen(empty, empty_app.SENTINEL.encode()), rounds)
    ratio = ratio_of(found)
    return Line(
        "a",
        what,
        f"{median(one for one, _ in found) * 1000:.0f} ms",
        f"empty Textual app {median(other for _, other in found) * 1000:.0f} ms",
        ratio,
        "" if goal is None else f"<= {goal}",
        goal is None or ratio <= goal,
    )
