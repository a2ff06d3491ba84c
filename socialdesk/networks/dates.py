"""Networks room: the dates of real exports, in any of their writings, as UTC milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from socialdesk.model import Millis

_EPOCH_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
_DAY_MS: Final = 86_400_000
_CACHE_SIZE: Final = 4_096
_FIRST: Final = 0
LATEST: Final = 4_102_444_800_000
"""2100: later than that is a slip of the pen or a number in another unit."""
_LONGEST: Final = 64

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_TIME = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_ZONE = r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}(?::?\d{2})?|[+-]\d{2})?(?:\s*\([A-Za-z ]*\))?"
_TAIL = rf"(?:(?:\s*[T,]\s*|\s+(?:at\s+)?){_TIME}{_ZONE})?$"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<mo>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TAIL}")
_NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}){_TAIL}")
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_DAY_WORD = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})[\s-]+(?P<mon>[A-Za-z]{{3,9}})\.?,?[\s-]+(?P<y>\d{{4}}){_TAIL}"
)
_WORD_DAY = re.compile(
    rf"{_WEEKDAY}(?P<mon>[A-Za-z]{{3,9}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TAIL}"
)
_TWITTER = re.compile(
    r"[A-Za-z]{3} ([A-Za-z]{3}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}|UTC|GMT|Z) (\d{4})$"
)
_EPOCH = re.compile(r"\d{9,19}(?:\.\d{1,9})?$")
_COMPACT = re.compile(r"((?:19|20)\d{6})(?:T?(\d{6})Z?)?$")
_AMBIGUOUS = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})(?=[\sT,]|$)", re.MULTILINE)


def month_comes_first(sample: str) -> bool:
    """Whether the dates in a sample, one a line, put the month first in `a/b/year`; no evidence says no."""
    american = False
    for first, second in _AMBIGUOUS.findall(sample):
        if int(first) > 12:
            return False
        american = american or int(second) > 12
    return american


class DateReader:
    """Reads dates and remembers the last ones, for exports repeat theirs.

    `month_first` decides `03/04/2017` where neither number is above 12. A date without a zone is
    taken to be UTC.
    """

    def __init__(self, *, month_first: bool = False) -> None:
        self._month_first = month_first
        self._seen: dict[str, Millis | None] = {}

    def read(self, written: str) -> Millis | None:
        """`written` in UTC milliseconds, or None where it is no date between 1970 and 2100."""
        try:
            return self._seen[written]
        except KeyError:
            pass
        found = self._parse(written)
        if len(self._seen) >= _CACHE_SIZE:
            self._seen.clear()
        self._seen[written] = found
        return found

    def _parse(self, written: str) -> Millis | None:
        if len(written) > _LONGEST:
            return None
        try:
            found = _iso(written) if len(written) >= 16 and written[10:11] in "T " else None
            if found is None:
                found = _other(written.strip(), month_first=self._month_first)
        except (ValueError, OverflowError):
            return None
        return Millis(found) if found is not None and _FIRST <= found < LATEST else None


def from_number(number: float) -> Millis | None:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart by their size, in milliseconds."""
    for unit in (1_000.0, 1.0, 0.001, 0.000_001):
        millis = number * unit
        if 1e11 <= millis < LATEST:  # 1973: below that, seconds and milliseconds cannot be told apart
            return Millis(round(millis))
    return None


def _iso(written: str) -> int | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1_000)


def _other(written: str, *, month_first: bool) -> int | None:
    if found := _TWITTER.match(written):
        month, day, hour, minute, second, zone, year = found.groups()
        day_start = _day(int(year), _month(month), int(day))
        return _sum(day_start, int(hour), int(minute), int(second), _offset(zone))
    if found := _COMPACT.match(written):
        return _iso(f"{found[1]}T{found[2] or '000000'}")
    if _EPOCH.match(written):
        return from_number(float(written))
    if found := _YEAR_FIRST.match(written):
        return _moment(found, int(found["y"]), int(found["mo"]), int(found["d"]))
    if found := _NUMBERS.match(written):
        day, month = _day_and_month(int(found["a"]), int(found["b"]), found["sep"], month_first=month_first)
        return _moment(found, _full_year(found["y"]), month, day)
    if found := _DAY_WORD.match(written) or _WORD_DAY.match(written):
        return _moment(found, int(found["y"]), _month(found["mon"]), int(found["d"]))
    return _mail(written)


def _day_and_month(first: int, second: int, separator: str, *, month_first: bool) -> tuple[int, int]:
    american = second > 12 or (month_first and first <= 12 and separator == "/")
    return (second, first) if american else (first, second)


def _full_year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else 2000 + year


def _month(name: str) -> int:
    try:
        return _MONTHS[name[:3].lower()]
    except KeyError:
        raise ValueError(name) from None


def _moment(found: re.Match[str], year: int, month: int, day: int) -> int:
    """The date given with the match's time, half-day and zone; ValueError where there is no such moment."""
    groups = found.groupdict()
    hour, minute, second = int(groups["h"] or 0), int(groups["m"] or 0), int(groups["s"] or 0)
    half = (groups.get("half") or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = int((groups.get("f") or "0")[:3].ljust(3, "0"))
    return _sum(_day(year, month, day), hour, minute, second, _offset(groups.get("z"))) + fraction


def _sum(day: int, hour: int, minute: int, second: int, offset: int) -> int:
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(hour)
    return day + (hour * 3_600 + minute * 60 + second - offset) * 1_000


@lru_cache(maxsize=1_024)
def _day(year: int, month: int, day: int) -> int:
    """The day's first millisecond; ValueError where there is no such day."""
    return (datetime(year, month, day, tzinfo=UTC).toordinal() - _EPOCH_DAY) * _DAY_MS


@lru_cache(maxsize=128)
def _offset(zone: str | None) -> int:
    """The zone's distance from UTC in seconds."""
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:4] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    return (hours * 3_600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


def _mail(written: str) -> int | None:
    """RFC 2822 and what passes for it (zones by name, comments)."""
    from email.utils import mktime_tz, parsedate_tz  # 10 ms to import, and rarely needed

    if not any(character.isalpha() for character in written):
        return None
    parts = parsedate_tz(written)
    return mktime_tz(parts) * 1_000 if parts is not None and parts[0] >= 1970 else None
