"""The shape of words.yaml: what we are called, and what the words people use mean."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from socialdesk.policy.lexicon import order_pattern
from socialdesk.policy.schema.common import Entry, Name, OneOrMany, Words


def _groups(value: Any) -> Any:
    """Forms stand in one list or in several; each becomes a group, so that its line can be told."""
    if isinstance(value, str):
        value = [value]
    return (
        [group if isinstance(group, list) else [group] for group in value]
        if isinstance(value, list)
        else value
    )


def _without_sign(value: Any) -> Any:
    return value.lstrip("@#") if isinstance(value, str) else value


def _forms(value: Any) -> Any:
    """Forms alone, without title or marks."""
    return {"forms": value} if isinstance(value, list | str) else value


def _pattern(text: str) -> str:
    try:
        order_pattern(text)
    except ValueError as error:
        raise PydanticCustomError("pattern", "{why}", {"why": str(error)}) from None
    return text


def _yes_no(value: Any) -> Any:
    """Admits yes and no, which YAML 1.2 takes for words."""
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


YesNo = BeforeValidator(_yes_no)


Form = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Forms = Annotated[list[list[Form]], BeforeValidator(_groups)]
"""Everything people say for one thing, in groups."""

Account = Annotated[str, BeforeValidator(_without_sign), StringConstraints(pattern=r"^[^\s@#][^\s#]*$")]
"""A handle or hashtag, written with or without its sign."""

Accounts = Annotated[list[Account], OneOrMany]


class WordEntry(Entry):
    """A product, risk or feeling and its forms."""

    title: Words | None = None
    forms: Annotated[Forms, Field(min_length=1)]


class ProductEntry(WordEntry):
    """A product. The words of an everyday one (app, account) do not show that we are meant."""

    everyday: Annotated[bool, YesNo] = False


class TopicEntry(WordEntry):
    """A topic; a fault is what a product suffers from, and makes an issue when two customers have it."""

    fault: Annotated[bool, YesNo] = False


WordMap = dict[Name, Annotated[WordEntry, BeforeValidator(_forms)]]

_FEELINGS = ("upset", "belligerent", "thankful", "calm")


def _known_feelings(value: dict[str, WordEntry]) -> dict[str, WordEntry]:
    for name in value:
        if name not in _FEELINGS:
            raise ValueError(f"there is no feeling `{name}`; feelings are {', '.join(_FEELINGS)}")
    return value


class WordsFile(Entry):
    """The team's words."""

    handles: Accounts = Field(default_factory=list)
    names: Annotated[list[Form], OneOrMany] = Field(default_factory=list)
    hashtags: Accounts = Field(default_factory=list)
    products: dict[Name, Annotated[ProductEntry, BeforeValidator(_forms)]] = Field(default_factory=dict)
    topics: dict[Name, Annotated[TopicEntry, BeforeValidator(_forms)]] = Field(default_factory=dict)
    risks: WordMap = Field(default_factory=dict)
    feelings: Annotated[WordMap, AfterValidator(_known_feelings)] = Field(default_factory=dict)
    spam: Forms = Field(default_factory=list)
    colleagues: Accounts = Field(default_factory=list)
    vips: Accounts = Field(default_factory=list)
    advocates: Accounts = Field(default_factory=list)
    order_numbers: Annotated[list[Annotated[Form, AfterValidator(_pattern)]], OneOrMany] = Field(
        default_factory=list
    )
