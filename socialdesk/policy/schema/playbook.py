"""The shape of a playbook: cases, their steps, replies of its own, and tests."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.policy.schema.always import EscalationEntry, Urgency
from socialdesk.policy.schema.common import Condition, Duration, Entry, Name, Names, OneOrMany, Words
from socialdesk.policy.schema.tests import TestEntry

Engage = Literal["respond", "watch", "ignore", "agent_decides"]
"""What the team does about a conversation; `agent_decides` leaves it to the person who reads it."""

STEP_KINDS = ("ask", "find_out", "reply", "post", "take_private", "wait", "close", "escalate")
"""What a step may be. `find_out` may carry the `reply` that asks for what is missing."""


class SilenceEntry(Entry):
    """What happens when the customer stays silent: after how long, a reply, a call or an end."""

    after: Duration
    reply: Name | None = None
    close: Name | None = None
    escalate: EscalationEntry | None = None
    if_silent: "SilenceEntry | None" = None

    @model_validator(mode="after")
    def _does_something(self) -> "SilenceEntry":
        if self.reply is None and self.close is None and self.escalate is None:
            raise PydanticCustomError("does_nothing", "nothing happens after the silence")
        return self


class StepEntry(Entry):
    """One step: exactly one of the step words, with what belongs to it."""

    ask: Words | None = None
    if_yes: Annotated[list["StepEntry"], OneOrMany] = Field(default_factory=list)
    if_no: Annotated[list["StepEntry"], OneOrMany] = Field(default_factory=list)
    find_out: Annotated[list[Name], OneOrMany] = Field(default_factory=list)
    reply: Name | None = None
    post: Name | None = None
    take_private: Name | None = None
    wait: Duration | None = None
    close: Name | None = None
    escalate: EscalationEntry | None = None
    if_silent: SilenceEntry | None = None

    @model_validator(mode="after")
    def _is_one_step(self) -> "StepEntry":
        given = [kind for kind in STEP_KINDS if getattr(self, kind) not in (None, [])]
        if given == ["find_out", "reply"]:
            given = ["find_out"]
        if not given:
            raise PydanticCustomError("step_kind", "this step says nothing to do")
        if len(given) > 1:
            both = " and ".join(given)
            raise PydanticCustomError("step_kind", "this step says {both} at once", {"both": both})
        if (self.if_yes or self.if_no) and self.ask is None:
            raise PydanticCustomError("step_kind", "if_yes and if_no belong to a step that asks")
        return self


class AfterwardsEntry(StepEntry):
    """A step for when the case is settled, perhaps only if something holds."""

    if_: Condition = Field(default=None, alias="if")


class WatchEntry(Entry):
    """How long a conversation is watched; then `agent_decides`, `close`, or a case of this playbook."""

    for_: Duration = Field(alias="for")
    then: Name = "agent_decides"


class WakeEntry(Entry):
    """A condition asked again when something happens; where the conversation goes when it holds."""

    if_: Condition = Field(alias="if")
    go_to: Name


class CaseEntry(Entry):
    """One case of a playbook; the first whose `if` holds is taken, one without `if` always."""

    title: Words | None = None
    if_: Condition = Field(default=None, alias="if")
    only_by: Literal["go_to"] | None = None
    engage: Engage | None = None
    target: Name | None = None
    wait_until_post_is: Duration | None = None
    watch: WatchEntry | None = None
    wake: Annotated[list[WakeEntry], OneOrMany] = Field(default_factory=list)
    steps: Annotated[list[StepEntry], OneOrMany] = Field(default_factory=list)
    afterwards: Annotated[list[AfterwardsEntry], OneOrMany] = Field(default_factory=list)
    close: Name | None = None
    escalate: Annotated[list[EscalationEntry], OneOrMany] = Field(default_factory=list)
    urgency: Urgency | None = None
    tag: Names = Field(default_factory=list)


class PlaybookFile(Entry):
    """One playbook: when it is the one, its cases from top to bottom, its own replies and its tests."""

    playbook: Name
    title: Words | None = None
    owner: Words | None = None
    if_: Condition = Field(default=None, alias="if")
    engage: Engage | None = None
    target: Name | None = None
    cases: dict[Name, CaseEntry] = Field(min_length=1)
    replies: dict[str, Any] = Field(default_factory=dict)
    tests: Annotated[list[TestEntry], OneOrMany] = Field(default_factory=list)
