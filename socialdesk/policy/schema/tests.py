"""The shape of a `tests:` block: what is said, by whom, and what the policy must make of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.policy.schema.common import Duration, Entry, Name, Names, OneOrMany, Words


class WhenEntry(Entry):
    """One thing that happens: somebody posts `text`, we answer `we_say`, or `wait` passes.

    `after` is the time since the entry before.
    """

    text: str | None = None
    after: Duration | None = None
    author: str | None = None
    followers: int | None = Field(default=None, ge=0)
    verified: bool | None = None
    bot: bool | None = None
    network: Name | None = None
    channel: str | None = None
    language: str | None = None
    visibility: Name | None = None
    url: str | None = None
    engagement: int | None = Field(default=None, ge=0)
    reply_to_us: bool | None = None
    reply_to: int | None = Field(default=None, ge=1)
    customer: dict[str, Any] | None = None
    facts: dict[str, Any] | None = None
    wait: Duration | None = None
    we_say: str | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> WhenEntry:
        given = [word for word in ("text", "wait", "we_say") if getattr(self, word) is not None]
        if len(given) != 1:
            raise PydanticCustomError("when_kind", "each entry is either a text, a wait or we_say")
        return self


class ThenEntry(Entry):
    """What must come of it; what is not mentioned may be anything. A list means: at least these."""

    playbook: Name | None = None
    case: Name | None = None
    engage: Name | None = None
    target: Name | None = None
    next_step: Name | None = None
    critical: bool | None = None
    urgency: Name | None = None
    close: Name | None = None
    watch: bool | None = None
    escalates_to: Names | None = None
    tags: Names | None = None
    topics: Names | None = None
    risks: Names | None = None
    said: Name | None = None
    feeling: Name | None = None
    sentiment: Name | None = None
    language: Name | None = None
    spam: bool | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> ThenEntry:
        if not self.model_fields_set:
            raise PydanticCustomError("does_nothing", "this test expects nothing")
        return self


class TestEntry(Entry):
    """One test: `it` says in words what is shown."""

    __test__ = False  # pytest would collect a class of this name

    it: Words
    when: Annotated[list[WhenEntry], OneOrMany, Field(min_length=1)]
    then: ThenEntry

    @model_validator(mode="after")
    def _begins_with_a_post(self) -> TestEntry:
        if self.when[0].text is None:
            raise PydanticCustomError("when_kind", "a test begins with a post: `text` comes first")
        return self
