"""What people type for a moment, and what it means."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from socialdesk.cli.arguments import parse_moment, reason_of
from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=BERLIN)
NOW = round(FRIDAY.timestamp() * 1000)


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The reader's own zone."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.pop("TZ", None)
    time.tzset()


def berlin(words: str) -> str:
    until = parse_moment(words, NOW)
    assert until is not None
    return datetime.fromtimestamp(until / 1000, BERLIN).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("90s", 90_000),
        ("2h", 2 * HOUR),
        ("1d 4h", DAY + 4 * HOUR),
        ("1.5h", 90 * MINUTE),
        ("3 days", 3 * DAY),
        ("1w", 7 * DAY),
    ],
)
def test_lengths_count_from_now(words: str, length: int) -> None:
    assert parse_moment(words, NOW) == NOW + length


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("17:30", "2026-11-20 17:30"),
        ("9:00", "2026-11-21 09:00"),
        ("tomorrow", "2026-11-21 09:00"),
        ("tomorrow 14:15", "2026-11-21 14:15"),
        ("Tomorrow 8", "2026-11-21 08:00"),
        ("mon 9:00", "2026-11-23 09:00"),
        ("friday", "2026-11-27 09:00"),
        ("2026-12-24 16:00", "2026-12-24 16:00"),
        ("2026-12-24", "2026-12-24 09:00"),
        ("2026-12-24T16:00:00Z", "2026-12-24 17:00"),
        # The clocks have changed by then; nine o'clock stays nine o'clock.
        ("2027-04-01 9:00", "2027-04-01 09:00"),
    ],
)
def test_times_and_days_are_the_readers_own(words: str, moment: str) -> None:
    assert berlin(words) == moment


@pytest.mark.parametrize("words", ["until-reply", "until reply", "reply", "Until-Reply"])
def test_until_they_write_again_is_no_moment(words: str) -> None:
    assert parse_moment(words, NOW) is None


@pytest.mark.parametrize(
    "words", ["", "soon", "25:00", "tomorrow 9:99", "2h later", "2026-13-01", "3mo", "-2h", "9"]
)
def test_anything_else_is_explained(words: str) -> None:
    with pytest.raises(UsageError, match="is no moment"):
        parse_moment(words, NOW)


def test_a_reason_is_given_once() -> None:
    assert reason_of(None, ("too", "late")) == "too late"
    assert reason_of("too late", ()) == "too late"
    assert reason_of(None, ()) == ""
    with pytest.raises(UsageError):
        reason_of("a", ("b",))
