"""Calendars room: when a team works, and how much of its time lies between two moments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from socialdesk.model import Millis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Period = tuple[int, int]
"""From and to in minutes after midnight; `to` may pass 1440 when a shift ends on the next day."""

_DAY_MINUTES = 24 * 60
_DAY_MILLIS = 86_400_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MARGIN = 2
"""Days before a moment on which a period touching it may begin: one for the zone, one for a night shift."""

_LONGEST_GAP = 3 * 366
"""Days without any opening after which a calendar is taken to be closed for good."""

_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")
_YEARLY = re.compile(r"(\d{2})-(\d{2})")


def parse_days(text: str) -> tuple[int, ...]:
    """The weekdays, Monday 0, of `mon`, `mon-fri` or `sat, sun`; raises `ValueError` with a sentence."""
    found: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (word.strip()[:3] for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"`{text}` names no days of the week")
        start = DAYS.index(first)
        end = DAYS.index(last) if dash else start
        found += [day % 7 for day in range(start, (end if end >= start else end + 7) + 1)]
    return tuple(dict.fromkeys(found))


def parse_period(text: str) -> Period:
    """The minutes of `08:00-18:00`; `22:00-06:00` ends a day later. Raises `ValueError` with a sentence."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"`{text}` is not a time of day such as 08:00-18:00")
    hours = [int(number) for number in match.groups()]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if hours[1] > 59 or hours[3] > 59 or start >= _DAY_MINUTES or end > _DAY_MINUTES:
        raise ValueError(f"`{text}` has an hour that no clock shows")
    if start == end:
        raise ValueError(f"`{text}` is no time at all; a whole day is 00:00-24:00")
    return (start, end if end > start else end + _DAY_MINUTES)


def parse_holiday(text: str) -> str:
    """`text` itself when it is a date, `2026-12-25`, or a day of every year, `12-25`; else `ValueError`."""
    yearly = _YEARLY.fullmatch(text)
    try:
        # 2000 was a leap year, so that 02-29 is a day of every year that has it.
        date.fromisoformat(f"2000-{text}" if yearly else text)
    except ValueError:
        raise ValueError(f"`{text}` is no date such as 2026-12-25, or 12-25 for every year") from None
    return text


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of this name (`Europe/Berlin`); raises `ValueError` with a sentence."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone `{name}`") from None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a week in one zone, without the holidays.

    `hours` holds the periods of each weekday, Monday first. A holiday takes away what begins on that
    day of the zone. When clocks change, a period's start that comes twice is the first of both, an end
    the second, and one that is skipped is the moment of the jump.
    """

    name: str
    zone_name: str
    hours: tuple[tuple[Period, ...], ...]
    holidays: frozenset[str] = frozenset()
    source: str = ""
    _opened: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict, compare=False, repr=False)

    def add(self, start: Millis, working: int) -> Millis:
        """The moment at which `working` ms of this calendar's time have passed since `start`.

        `start` itself for none; raises `ValueError` when the calendar does not open again.
        """
        if working <= 0:
            return start
        left = working
        for begins, ends in self._openings(start):
            if ends - begins >= left:
                return Millis(begins + left)
            left -= ends - begins
        raise ValueError(f"the calendar {self.name} does not open again")

    def between(self, start: Millis, end: Millis) -> Millis:
        """How much of this calendar's time, in ms, lies between two moments; none when `end` is earlier."""
        total = 0
        for begins, ends in self._openings(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return Millis(total)

    def is_open(self, at: Millis) -> bool:
        """Whether somebody works at this moment."""
        return next((begins <= at for begins, _ in self._openings(at)), False)

    def next_open(self, at: Millis) -> Millis | None:
        """The first moment from `at` on at which somebody works; None when the calendar stays closed."""
        return next((Millis(begins) for begins, _ in self._openings(at)), None)

    def _openings(self, start: int) -> Iterator[tuple[int, int]]:
        """The stretches (from, to) of working time after `start`, in order and without overlap."""
        reached = start
        day = start // _DAY_MILLIS - _MARGIN
        last_opening = day
        while day - last_opening <= _LONGEST_GAP:
            stretches = self._opened.get(day)
            if stretches is None:
                stretches = self._opened[day] = self._stretches(day)
            for begins, ends in stretches:
                if ends > reached:
                    yield (max(begins, reached), ends)
                    reached = ends
                    last_opening = day
            day += 1

    def _stretches(self, day: int) -> tuple[tuple[int, int], ...]:
        """What begins on the local day `day` (counted from 1970-01-01), in UTC milliseconds."""
        local = date.fromordinal(_EPOCH_ORDINAL + day)
        iso = local.isoformat()
        if iso in self.holidays or iso[5:] in self.holidays:
            return ()
        where = zone(self.zone_name)
        found = (
            (_moment(local, begins, where, 0), _moment(local, ends, where, 1))
            for begins, ends in self.hours[local.weekday()]
        )
        return tuple(sorted((begins, ends) for begins, ends in found if ends > begins))


def _moment(day: date, minutes: int, where: ZoneInfo, fold: int) -> int:
    """UTC milliseconds of a local time; the `fold`-th of two, the jump itself when it is skipped."""
    wall = datetime(day.year, day.month, day.day, tzinfo=where) + timedelta(minutes=minutes)
    first, second = (wall.replace(fold=which).astimezone(UTC) for which in (0, 1))
    if first <= second:
        return _millis(second if fold else first)
    # Skipped: `second` lies before the jump and `first` after it; the jump is where the offset changes.
    moments = (second + timedelta(minutes=step) for step in range(_DAY_MINUTES))
    before = second.astimezone(where).utcoffset()
    return next(_millis(moment) for moment in moments if moment.astimezone(where).utcoffset() != before)


def _millis(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def week(hours: Mapping[str, Iterable[str]]) -> tuple[tuple[Period, ...], ...]:
    """The periods of each weekday from `{'mon-fri': ['08:00-12:00', …], …}`; a later line adds to a day."""
    days: list[list[Period]] = [[] for _ in DAYS]
    for names, periods in hours.items():
        for day in parse_days(names):
            days[day] += [parse_period(period) for period in periods]
    return tuple(tuple(sorted(periods)) for periods in days)


def build_calendar(name: str, plain: Mapping[str, Any], source: str) -> Calendar:
    """The calendar of its plain form `{zone, hours, holidays}`."""
    return Calendar(name, plain["zone"], week(plain["hours"]), frozenset(plain["holidays"]), source)


ROUND_THE_CLOCK = Calendar("round-the-clock", "UTC", week({"mon-sun": ["00:00-24:00"]}))
"""Every minute of every day; what holds where nothing else is said."""
