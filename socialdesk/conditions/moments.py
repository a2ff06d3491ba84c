"""Moments room: the points in time of the query bar, `2d` ago, `yesterday`, `2026-11-21`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from socialdesk.conditions.units import parse_duration
from socialdesk.conditions.values import BadValueError
from socialdesk.model import Millis

MOMENT_HINT = "2026-11-21, 2026-11-21T09:30, today, yesterday, or 2d for two days ago"


def read_moment(text: str, now: Millis, zone: tzinfo = UTC) -> Millis:
    """The moment that `text` means at `now`, days beginning in `zone`; raises `BadValueError`."""
    word = text.strip().lower()
    if word == "now":
        return now
    if word in ("today", "yesterday"):
        today = datetime.fromtimestamp(now / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return _millis(today - timedelta(days=1) if word == "yesterday" else today)
    if word[:4].isdigit() and word[4:5] in ("-", ""):
        return _date(text, zone)
    try:
        return Millis(now - parse_duration(word.removesuffix("ago")))
    except ValueError:
        raise BadValueError(f"`{text}` is no moment", MOMENT_HINT) from None


def _date(text: str, zone: tzinfo) -> Millis:
    try:
        # fromisoformat reads no bare year and month, which people do write.
        whole = {4: text + "-01-01", 7: text + "-01"}.get(len(text), text)
        moment = datetime.fromisoformat(whole.upper())
        return _millis(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise BadValueError(f"`{text}` is no moment", MOMENT_HINT) from None


def _millis(moment: datetime) -> Millis:
    return Millis(round(moment.timestamp() * 1000))
