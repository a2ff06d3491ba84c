"""The shape of guardrails.yaml: what may not be said."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.policy.schema.common import Entry, Name, Names, OneOrMany, Words


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise PydanticCustomError(
            "pattern", "{why}", {"why": f"the pattern cannot be read: {error}"}
        ) from None
    return text


def _not_allowed(value: object) -> object:
    """`other_handles: no` is the only thing to say about them."""
    return "no" if value is False else value


Phrase = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"\w", max_length=200)]
Phrases = Annotated[list[Phrase], OneOrMany]

CHECKS = ("words", "pattern", "personal_data", "max_links", "other_handles", "initials")
"""What a rule can look at; one is enough, `words` and `pattern` may stand together."""


class RuleEntry(Entry):
    """One guardrail."""

    name: Name
    reason: Words
    applies_to: Annotated[list[Literal["public", "private", "posts"]], OneOrMany, Field(min_length=1)]
    answering: Names = Field(default_factory=list)
    severity: Literal["block", "lead", "warn"]
    words: Phrases = Field(default_factory=list)
    pattern: Annotated[Words, AfterValidator(_expression)] | None = None
    case: Literal["any", "exact"] = "any"
    unless: Phrases = Field(default_factory=list)
    personal_data: Annotated[list[Literal["card", "iban", "email", "phone"]], OneOrMany] = Field(
        default_factory=list
    )
    allow: Literal["own_numbers"] | None = None
    max_links: int | None = Field(default=None, ge=0)
    other_handles: Annotated[Literal["no"] | None, BeforeValidator(_not_allowed)] = None
    initials: Literal["at_end"] | None = None

    @model_validator(mode="after")
    def _looks_at_something(self) -> Self:
        if not any(getattr(self, check) not in (None, []) for check in CHECKS):
            raise PydanticCustomError("does_nothing", "this guardrail looks at nothing")
        return self


def _once_each(rules: list[RuleEntry]) -> list[RuleEntry]:
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise ValueError(f"the guardrail `{rule.name}` stands there twice")
        seen.add(rule.name)
    return rules


class GuardrailsFile(Entry):
    """What may not be said, in the order in which findings are shown."""

    rules: Annotated[list[RuleEntry], AfterValidator(_once_each)] = Field(default_factory=list)
