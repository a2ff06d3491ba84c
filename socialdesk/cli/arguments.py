"""Command room: the arguments and options that several commands share, and how words and moments are read."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from socialdesk.clock import DAY, HOUR, MINUTE, SECOND
from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from socialdesk.model import Millis

Command = TypeVar("Command", bound=Callable[..., Any])


class _Number(click.ParamType[int]):
    """A conversation's number, with or without the # that people write."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        words = str(value).removeprefix("#")
        if not words.isascii() or not words.isdigit() or int(words) == 0:
            self.fail(f"{value!r} is no conversation's number", param, ctx)
        return int(words)


NUMBER = _Number()
json_option = click.option("--json", "as_json", is_flag=True, help="JSON on stdout, one object a line.")
conversation_argument = click.argument("conversation", metavar="ID", type=NUMBER)
draft_option = click.option(
    "--draft", "number", metavar="N", type=click.IntRange(min=1), help="Which draft, where there are several."
)
text_option = click.option("--text", metavar="TEXT", help="The words; `-` reads them from standard input.")
reply_option = click.option("--reply", metavar="NAME", help="One of the team's replies, filled in.")


def reason_argument(command: Command) -> Command:
    """`ID REASON …` and `ID --reason REASON` alike; the command gets `reason`, empty when none was given."""
    command = click.argument("reason_words", metavar="[REASON]", nargs=-1)(command)
    return click.option("--reason", metavar="TEXT", default=None, help="Why; is kept on the record.")(command)


def reason_of(reason: str | None, words: tuple[str, ...]) -> str:
    """The reason, from the option or from the words behind the id."""
    if reason is not None and words:
        raise UsageError("give the reason once: as words or with --reason")
    return reason if reason is not None else " ".join(words)


def words_of(text: str | None) -> str | None:
    """The text of `--text`; of standard input when there is none and it is not a terminal; else None."""
    if text is not None and text != "-":
        return text
    if text is None and (sys.stdin is None or sys.stdin.isatty()):
        return None
    return sys.stdin.buffer.read().decode("utf-8", "replace").strip() or None


_LENGTH = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)\b"
)
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dt")
_HOUR = re.compile(r"(\d{1,2})(?::(\d\d))?$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MORNING = "9:00"
"""When a day alone is meant to begin."""


def parse_moment(words: str, now: int) -> Millis | None:
    """`2h`, `1d 4h`, `17:30`, `tomorrow 9:00`, `mon`, `2026-11-24 9:00` as a moment; `until-reply` as None.

    Hours are the reader's own zone; a time of day alone is its next one. Raises `UsageError`.
    """
    words = " ".join(words.lower().split())
    if words in ("until-reply", "until reply", "reply"):
        return None
    if lengths := _LENGTH.findall(words):
        if _LENGTH.sub("", words).strip(" ,"):
            raise _not_a_moment(words)
        return cast(
            "Millis", now + round(sum(float(number) * _UNITS["".join(unit)] for number, *unit in lengths))
        )
    if _STAMP.match(words):
        return _millis(_iso(words))
    there = datetime.fromtimestamp(now / 1000, UTC).astimezone()
    day, _, time = words.partition(" ")
    if _HOUR.match(words) and ":" in words:
        found = _at(there, words)
        return _millis(found if found > there else _days_on(found, 1))
    return _millis(_at(_day(day, there, words), time or MORNING, words))


def _day(day: str, there: datetime, words: str) -> datetime:
    if day in ("today", "tomorrow"):
        return _days_on(there, int(day == "tomorrow"))
    if day[:3] in _WEEKDAYS:
        return _days_on(there, (_WEEKDAYS.index(day[:3]) - there.weekday() - 1) % 7 + 1)
    return _iso(day)


def _iso(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words.upper()).astimezone()
    except ValueError:
        raise _not_a_moment(words) from None


def _at(day: datetime, time: str, words: str | None = None) -> datetime:
    found = _HOUR.match(time)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise _not_a_moment(words or time)
    # Built anew from its parts, so that the zone's offset is that day's and not today's.
    return datetime(day.year, day.month, day.day, int(found[1]), int(found[2] or 0)).astimezone()


def _days_on(moment: datetime, days: int) -> datetime:
    later = moment.date() + timedelta(days=days)
    return datetime(later.year, later.month, later.day, moment.hour, moment.minute).astimezone()


def _millis(moment: datetime) -> Millis:
    return cast("Millis", round(moment.timestamp() * 1000))


def _not_a_moment(words: str) -> UsageError:
    return UsageError(
        f"{words!r} is no moment; say 2h, 3d, 17:30, tomorrow 9:00, mon 14:00, 2026-11-24 9:00 or until-reply"
    )
