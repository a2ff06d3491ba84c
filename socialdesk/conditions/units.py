"""Units room: the numbers and durations people write, `50k` and `1h30m`, read and written."""

from __future__ import annotations

import re

from socialdesk.clock import DAY, HOUR, MINUTE, SECOND
from socialdesk.model import Millis

DURATION_HINT = "a duration such as 90s, 5m, 2h, 3d or 1h30m"
NUMBER_HINT = "a number such as 500, 50k or 1.5m"

_YEAR = 365 * DAY
_UNITS: dict[str, int] = {
    "ms": 1,
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), 7 * DAY),
    **dict.fromkeys(("y", "year", "years"), _YEAR),
}
_WRITTEN = (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1))
# Patterns stay text until one is needed: compiling them costs more than importing the module.
_PART = r"(\d+(?:\.\d+)?)\s*([a-z]+)"
_DURATION = rf"{_PART}(?:\s*{_PART})*"
_NUMBER = r"(\d{1,3}(?:[,_]\d{3})+|\d+(?:\.\d+)?|\d*\.\d+)\s*([km]?)"
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}
_LONGEST = 1_000 * _YEAR
_LARGEST = 2**53
"""Keeps every bound inside SQLite's 64-bit integers, and exact in a JSON reader that knows floats only."""


def parse_duration(text: str) -> Millis:
    """Milliseconds of `90s`, `5m`, `2h`, `3d`, `1w`, `1y` (365 days), `1h30m` or `2 days`.

    Raises `ValueError` with a sentence when it is not a duration; a bare number is none, for nobody
    can know whether minutes or hours were meant.
    """
    words = text.strip().lower()
    if not re.fullmatch(_DURATION, words):
        raise ValueError(f"`{text}` is not {DURATION_HINT}")
    total = 0.0
    for number, unit in re.findall(_PART, words):
        if unit not in _UNITS:
            raise ValueError(f"`{unit}` is no unit of time; use s, m, h, d, w or y")
        total += float(number) * _UNITS[unit]
    if total > _LONGEST:
        raise ValueError(f"`{text}` is longer than a thousand years")
    return Millis(round(total))


def format_duration(length: int) -> str:
    """`length` milliseconds as `parse_duration` reads them back: `2h`, `1d 4h`, `1h 30m`; `0s` for none."""
    if length < 0:
        return "-" + format_duration(-length)
    parts = []
    for unit, size in _WRITTEN:
        count, length = divmod(length, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def parse_number(text: str) -> int:
    """The whole number of `500`, `10,000`, `50k` or `1.5m`; raises `ValueError` with a sentence."""
    match = re.fullmatch(_NUMBER, text.strip().lower())
    if match is None:
        raise ValueError(f"`{text}` is not {NUMBER_HINT}")
    digits, scale = match.groups()
    value = float(digits.replace(",", "").replace("_", "")) * _SCALE[scale]
    if value > _LARGEST or not value.is_integer():
        raise ValueError(f"`{text}` is not a whole number that can be counted")
    return int(value)


def format_number(value: int) -> str:
    """`value` with its thousands set apart: `50,000`."""
    return f"{value:,}"
