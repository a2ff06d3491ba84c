"""The shape of targets.yaml: calendars, service levels, and how long people wait elsewhere."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.conditions.units import format_duration
from socialdesk.policy.schema.always import EscalationEntry, Urgency
from socialdesk.policy.schema.common import Duration, Entry, Name, Names, OneOrMany, Words
from socialdesk.policy.schema.hours import Days, Holiday, Period, Zone


def _whom(value: Any) -> Any:
    """A group's name alone means: call it, in its own way."""
    return {"to": value} if isinstance(value, str) else value


def _reply(value: Any) -> Any:
    return {"reply": value} if isinstance(value, str) else value


class CalendarEntry(Entry):
    """When a team works."""

    zone: Zone = "UTC"
    hours: dict[Days, Annotated[list[Period], OneOrMany]] = Field(min_length=1)
    holidays: list[Holiday] = Field(default_factory=list)

    @field_validator("hours")
    @classmethod
    def _opens(cls, hours: dict[str, list[str]]) -> dict[str, list[str]]:
        if not any(hours.values()):
            raise ValueError("this calendar never opens: nothing would ever be due")
        return hours


class BreachEntry(Entry):
    """What happens when a promise was not kept."""

    escalate: Annotated[EscalationEntry | None, BeforeValidator(_whom)] = None
    tag: Names = Field(default_factory=list)
    urgency: Urgency | None = None


class TargetEntry(Entry):
    """One service level: what is promised, on whose calendar, and what happens when it is not kept."""

    title: Words | None = None
    acknowledge: Duration | None = None
    reply: Duration | None = None
    next_reply: Duration | None = None
    resolve: Duration | None = None
    calendar: Name | None = None
    warn_before: Duration | None = None
    pause_in: Annotated[list[Literal["watching", "waiting", "escalated", "snoozed"]], OneOrMany] = Field(
        default_factory=list
    )
    on_breach: BreachEntry | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        promised = [
            (name, length)
            for name in ("acknowledge", "reply", "resolve")
            if (length := getattr(self, name)) is not None
        ]
        if not promised and self.next_reply is None:
            raise PydanticCustomError("does_nothing", "this target promises nothing")
        for (name, length), (later, longer) in itertools.pairwise(promised):
            if length > longer:
                raise ValueError(
                    f"{name} ({format_duration(length)}) would come after {later} ({format_duration(longer)})"
                )
        return self


class ChannelEntry(Entry):
    """How long people wait for an answer on another channel."""

    reply: Duration


class TargetsFile(Entry):
    """By when somebody must answer."""

    calendars: dict[Name, CalendarEntry] = Field(default_factory=dict)
    targets: dict[Name, TargetEntry] = Field(default_factory=dict)
    other_channels: dict[Name, Annotated[ChannelEntry, BeforeValidator(_reply)]] = Field(default_factory=dict)
