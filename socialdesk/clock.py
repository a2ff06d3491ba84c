"""Clock room: where every other room gets the time from, so that tests and sandboxes can set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from socialdesk.model import (
        Millis,
    )  # 8 ms of dataclasses, which a command that asks the time may not need

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Tells the time in integer UTC milliseconds."""

    def now(self) -> Millis:
        """The current moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Millis:
        """The current moment, UTC milliseconds."""
        return cast("Millis", time.time_ns() // 1_000_000)


class FixedClock:
    """A clock that stands still until it is moved; for tests and for inboxes marked sandbox."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> Millis:
        """The moment the clock stands at."""
        return cast("Millis", self._at)

    def advance(self, millis: int) -> None:
        """Move the clock forward by `millis`."""
        self._at += millis


class ShiftedClock:
    """The machine's clock, moved by a constant; how a sandbox inbox lives at another time."""

    def __init__(self, shift: int) -> None:
        self._shift = shift

    def now(self) -> Millis:
        """The shifted moment, UTC milliseconds."""
        return cast("Millis", time.time_ns() // 1_000_000 + self._shift)


def iso(millis: int) -> str:
    """`millis` as ISO 8601 in UTC, seconds precision, e.g. `2026-11-21T09:30:00Z`."""
    return datetime.fromtimestamp(millis / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
