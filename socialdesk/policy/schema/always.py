"""The shape of always.yaml: what holds whichever playbook wins."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.policy.schema.common import Condition, Duration, Entry, Name, Names, Words


class EscalationEntry(Entry):
    """Who is called: a group of team.yaml, how, how soon they must say they have it, and who is next."""

    to: Name
    by: Literal["desk", "email", "phone", "webhook", "chat", "page"] | None = None
    acknowledge_within: Duration | None = None
    otherwise: Name | None = None
    title: Words | None = None


Urgency = Literal["critical", "high", "normal", "low"]
"""`critical` is pinned above every deadline; high and low move a conversation within the queue."""


class AlwaysEntry(Entry):
    """One standing order: when `if` holds, escalate, mark urgent or tag."""

    if_: Condition = Field(alias="if")
    title: Words | None = None
    escalate: EscalationEntry | None = None
    urgency: Urgency | None = None
    tag: Names = Field(default_factory=list)

    @model_validator(mode="after")
    def _does_something(self) -> AlwaysEntry:
        if self.escalate is None and self.urgency is None and not self.tag:
            raise PydanticCustomError("does_nothing", "this standing order does nothing")
        return self


class AlwaysFile(RootModel[list[AlwaysEntry]]):
    """The standing orders, each asked for every message."""

    root: list[AlwaysEntry] = Field(default_factory=list)
