"""The shape of replies.yaml, and of the replies that a playbook has of its own."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from socialdesk.policy.replies import placeholders
from socialdesk.policy.schema.common import Entry, Name, Names, OneOrMany, Words

Level = Literal["none", "peer", "lead"]


def _can_be_filled(text: str) -> str:
    try:
        placeholders(text)
    except ValueError as error:
        raise PydanticCustomError("placeholder", "{why}", {"why": str(error)}) from None
    return text


def _approval(value: Any) -> Any:
    """`lead`, or `{lead, if_nobody: on_call}`; made one form."""
    if isinstance(value, str):
        return {"level": value}
    if isinstance(value, dict) and "level" not in value:
        for level in ("none", "peer", "lead"):
            if level in value and value[level] is None:
                return {"level": level, **{key: kept for key, kept in value.items() if key != level}}
    return value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000),
    AfterValidator(_can_be_filled),
]
Variants = Annotated[list[Text], OneOrMany, Field(min_length=1)]
"""Ways to say the same; the desk avoids repeating one in a thread."""


class ApprovalEntry(Entry):
    """Who reads it before it goes out, and who may when no lead is at work."""

    level: Level
    if_nobody: Literal["on_call"] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.if_nobody and self.level != "lead":
            raise PydanticCustomError("does_nothing", "if_nobody only helps where a lead is asked")
        return self


class ReplyEntry(Entry):
    """One reply and its variants, in the team's language and in others."""

    title: Words | None = None
    text: Variants
    translations: dict[Name, Variants] = Field(default_factory=dict)
    approval: Annotated[ApprovalEntry, BeforeValidator(_approval)] = Field(
        default_factory=lambda: ApprovalEntry(level="none")
    )
    networks: Names = Field(default_factory=list)
    words: Annotated[list[Words], OneOrMany] = Field(default_factory=list)


class LinkEntry(Entry):
    """An article of the knowledge base."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    title: Words
    words: Annotated[list[Words], OneOrMany] = Field(default_factory=list)


class ApprovalsEntry(Entry):
    """Who reads what before it goes out, where no reply says so."""

    free_text: Level = "none"
    private: Level = "none"
    trainees: Level = "peer"
    posts: Level = "lead"


class RepliesFile(Entry):
    """What we say often, and our own public numbers and addresses."""

    our: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], Words] = Field(
        default_factory=dict
    )
    links: dict[Name, LinkEntry] = Field(default_factory=dict)
    approvals: ApprovalsEntry = Field(default_factory=ApprovalsEntry)
    replies: dict[Name, ReplyEntry] = Field(default_factory=dict)
