"""The shapes of days, times of day, holidays and zones, shared by shifts and calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from socialdesk.policy import calendars

if TYPE_CHECKING:
    from collections.abc import Callable


def _readable(read: Callable[[str], object]) -> AfterValidator:
    """Keeps the words as written when `read` understands them."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError as error:
            raise PydanticCustomError("hours", "{why}", {"why": str(error)}) from None
        return text

    return AfterValidator(check)


Days = Annotated[str, _readable(calendars.parse_days)]
"""`mon`, `mon-fri` or `sat, sun`."""

Period = Annotated[str, _readable(calendars.parse_period)]
"""`08:00-18:00`; `22:00-06:00` ends on the next day."""

Holiday = Annotated[str, _readable(calendars.parse_holiday)]
"""`2026-12-25`, or `12-25` for every year."""

Zone = Annotated[str, _readable(calendars.zone)]
"""A time zone of the IANA list, such as Europe/Berlin."""
