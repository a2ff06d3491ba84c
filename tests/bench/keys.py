"""(c) From a key's byte to the first byte painted, small and large, idle and beside an import; and search."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from socialdesk.desk.reading import typed_listing
from socialdesk.inbox import queue
from socialdesk.inbox.connection import open_reader
from socialdesk.model import Millis
from tests.bench.first_paint import WHOLE_DESK
from tests.bench.place import PROGRAM, Place
from tests.bench.table import Line, percentile
from tests.bench.terminal import NotSeen, Terminal

MEDIAN_GOAL, WORST_GOAL, BESIDE_GOAL, SEARCH_GOAL = 0.008, 0.020, 1.5, 0.050
PAGE_DOWN, ESCAPE = b"\x1b[6~", b"\x1b"
_BEFORE_THE_END = 10
"""Keys after which the list is begun again, for at the end of a short one a key changes nothing."""
_PAUSE = 0.03
"""Seconds between keys: as fast as somebody who holds a key down."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """A key and what brings the desk back to where the key can be pressed again."""

    name: str
    key: bytes
    back: tuple[bytes, ...] = ()
    share: float = 1.0


GESTURES = (
    Gesture("next row", b"j"),
    Gesture("page down", PAGE_DOWN, share=0.5),
    Gesture("end", b"G", back=(b"g",), share=0.25),
    Gesture("open conversation", b"\r", back=(ESCAPE, b"j"), share=0.25),
)


@dataclass
class Times:
    """Seconds that each gesture took, and how many keys nothing answered."""

    of: dict[str, list[float]] = field(default_factory=dict)
    unanswered: int = 0


def measure(place: Place, rows: int, presses: int) -> list[Line]:
    """Every gesture on an inbox of 1,000 posts, on one of `rows`, and there beside an import."""
    lines: list[Line] = []
    for size in dict.fromkeys((1_000, rows)):
        lines += _lines(f"{size:,} posts", pressed(place, place.inbox(size), presses), None)
    with place.copy_of(place.inbox(rows)) as inbox:
        idle = pressed(place, inbox, presses)
        with importing(place, inbox, rows):
            beside = pressed(place, inbox, presses)
    lines += _lines(f"{rows:,} posts, beside an import", beside, idle)
    lines.append(_search(place, rows))
    return lines


def _lines(where: str, times: Times, idle: Times | None) -> Iterator[Line]:
    for name, found in times.of.items():
        middle, worst = percentile(found, 0.5), percentile(found, 0.99)
        figure = f"p50 {middle * 1000:.1f} p99 {worst * 1000:.1f} ms"
        if idle is None:
            reached = middle <= MEDIAN_GOAL and worst <= WORST_GOAL and not times.unanswered
            yield Line("c", f"{name}, {where}", figure, "", None, "<= 8 / 20 ms", reached)
            continue
        before = idle.of[name]
        ratio = middle / percentile(before, 0.5)
        against = (
            f"idle p50 {percentile(before, 0.5) * 1000:.1f} p99 {percentile(before, 0.99) * 1000:.1f} ms"
        )
        yield Line("c", f"{name}, {where}", figure, against, ratio, f"<= {BESIDE_GOAL}", ratio <= BESIDE_GOAL)


def wake(terminal: Terminal) -> None:
    """Wait until the whole desk stands and has nothing more to paint by itself."""
    terminal.wait_for(WHOLE_DESK)
    time.sleep(1.0)
    terminal.settle()


def pressed(place: Place, inbox: Path, presses: int) -> Times:
    """How long each gesture took on a desk of its own, `presses` times the gesture's share."""
    times = Times()
    with Terminal((*PROGRAM, "--inbox", str(inbox)), place.environ()) as terminal:
        wake(terminal)
        for gesture in GESTURES:
            found = times.of.setdefault(gesture.name, [])
            for number in range(1, 1 + max(5, int(presses * gesture.share))):
                _once(terminal, gesture, found, times)
                if number % _BEFORE_THE_END == 0:
                    terminal.send(b"g")
                    terminal.settle()
            terminal.send(b"g")
            terminal.settle()
    return times


def _once(terminal: Terminal, gesture: Gesture, found: list[float], times: Times) -> None:
    terminal.drain(_PAUSE)
    try:
        found.append(terminal.press(gesture.key))
    except NotSeen:
        times.unanswered += 1
    for key in gesture.back:
        terminal.settle(1.0)
        terminal.send(key)
        terminal.settle(1.0)


@contextmanager
def importing(place: Place, inbox: Path, rows: int) -> Iterator[None]:
    """An import into the same inbox by another process, for as long as the block takes."""
    with subprocess.Popen(
        [*PROGRAM, "--inbox", str(inbox), "import", str(place.more_posts(rows)), "--json"],
        env=place.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as other:
        time.sleep(2.0)
        yield
        other.terminate()


_EMPTY_BAR, _QUEUE_AGAIN = b"topic:billing", b"critical first"
"""What the bar shows before anything is typed, and the queue's title."""

WORDS = ("heron", "cracked", "kettle", "Glasgow", "receipt", "router")


def _search(place: Place, rows: int) -> Line:
    """From the last letter of a word to the author of its newest post, which the screen did not show before."""
    inbox = place.inbox(rows)
    found: list[float] = []
    with Terminal((*PROGRAM, "--inbox", str(inbox)), place.environ()) as terminal:
        wake(terminal)
        for word in WORDS * 3:
            terminal.send(b"/")
            terminal.wait_for(_EMPTY_BAR)
            terminal.settle()
            typed = terminal.send(word.encode())
            found.append(terminal.wait_for(_newest_author(inbox, word), since=typed))
            terminal.settle()
            terminal.send(ESCAPE)
            terminal.wait_for(_QUEUE_AGAIN)
            terminal.settle()
    middle, worst = percentile(found, 0.5), max(found)
    return Line(
        "c",
        f"search as you type, {rows:,} posts",
        f"p50 {middle * 1000:.0f} max {worst * 1000:.0f} ms",
        "",
        None,
        f"<= {SEARCH_GOAL * 1000:.0f} ms",
        middle <= SEARCH_GOAL,
    )


def _newest_author(inbox: Path, word: str) -> bytes:
    with closing(open_reader(inbox)) as connection:
        listing = typed_listing(connection, word, Millis(time.time_ns() // 1_000_000))
        return queue.page(connection, listing, 1)[0].author.encode()
