"""Replies room: what we say often, filled in for one customer, never twice the same in a thread."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from socialdesk.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "first_name": "the customer's first name, when their name shows one",
        "name": "the customer's name, as they show it",
        "handle": "the account that wrote, with @",
        "product": "which product of ours they have",
        "bought_on": "when they got it",
        "reference": "the number under which we know them",
        "order_number": "the order it is about",
        "initials": "the writer's initials, as ^AA",
        "agent": "the writer's name",
        "issue": "what several people report",
        "count": "how many people report it",
        "network": "where we answer",
        "channel": "our account that answers",
    }
)
"""What the desk can fill in, with the words that explain it; `our.…` adds the team's own."""

OURS = "our."

_PLACEHOLDER = re.compile(r"\{\s*(?P<name>[a-z_][a-z0-9_.]*)(?P<more>\s+or\s+(?P<fallback>[^{}]*?))?\s*\}")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_NAME = re.compile(
    r"the|an?|mrs?|ms|dr|sir|team|official|real|not|just|your|our|my|el|la|les?|der|die|das", re.IGNORECASE
)
_LONGEST_NAME = 20
_FROM_STRANGERS = frozenset(("first_name", "name"))
_DIGITS = re.compile(r"\D+")
_LOOSE_BLANKS = re.compile(r"[^\S\n]{2,}")
_BLANK_BEFORE_MARK = re.compile(r"[^\S\n]+(?=[,.](?:\s|$))")


class Placeholder(NamedTuple):
    """`{name or fallback}` at [start, end) of a text; `fallback` None when nothing stands behind `or`."""

    name: str
    fallback: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A template: variants in the team's own language and translations by language.

    `approval` is none, peer or lead; `if_nobody` says who may approve when no lead is at work. With
    `networks` it is offered only there; `words` help to find it.
    """

    name: str
    texts: tuple[str, ...]
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    approval: str = "none"
    if_nobody: str | None = None
    networks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    source: str = ""

    def variants(self, language: str | None = None) -> tuple[str, ...]:
        """The variants for a customer who writes `language` (`de`, `de-AT`); the team's own otherwise."""
        if language is None:
            return self.texts
        wanted = language.lower().replace("_", "-")
        return self.translations.get(wanted) or self.translations.get(wanted.partition("-")[0]) or self.texts

    def every_text(self) -> Iterator[str]:
        """Every variant in every language."""
        yield from self.texts
        for texts in self.translations.values():
            yield from texts


@dataclass(frozen=True, slots=True)
class Link:
    """An article of the knowledge base."""

    name: str
    url: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replies:
    """Everything in replies.yaml and every playbook's own replies.

    `our` are our own public numbers and addresses; `approvals` who reads free_text, private, posts and
    what trainees write.
    """

    replies: Mapping[str, Reply] = field(default_factory=dict)
    our: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    approvals: Mapping[str, str] = field(default_factory=dict)

    def reply(self, name: str) -> Reply | None:
        """The reply of this name, or None."""
        return self.replies.get(name)

    def known_fields(self) -> tuple[str, ...]:
        """Every placeholder that can be filled in."""
        return (*FIELDS, *(OURS + name for name in self.our))

    def is_ours(self, kind: str, words: str) -> bool:
        """Whether a phone number or e-mail address in a draft (`kind` phone or email) is one of our own."""
        if kind == "phone":
            return _number(words) in {_number(ours) for ours in self.our.values()} - {""}
        return kind == "email" and words.lower() in {ours.lower() for ours in self.our.values()}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply filled in. `missing` names what nobody knows; it still stands in `text` as a placeholder."""

    text: str
    missing: tuple[str, ...] = ()
    variant: int = 0


class HasReplies(Protocol):
    """A policy, as far as this room needs it."""

    @property
    def replies(self) -> Replies:
        """Its replies."""
        ...


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """The placeholders of a template, in order; raises `ValueError` with a sentence for a stray brace."""
    found = tuple(
        Placeholder(
            match["name"],
            None if match["more"] is None else match["fallback"].strip(),
            match.start(),
            match.end(),
        )
        for match in _PLACEHOLDER.finditer(text)
    )
    rest = _PLACEHOLDER.sub("", text)
    for brace in "{}":
        if brace in rest:
            near = rest[max(0, rest.index(brace) - 10) : rest.index(brace) + 20]
            raise ValueError(f"the braces near `{near.strip()}` are no {{field}} and no {{field or words}}")
    return found


def render(
    policy: HasReplies,
    reply: Reply | str,
    values: Mapping[str, str | None],
    avoid: Sequence[str] = (),
    language: str | None = None,
) -> Rendered:
    """`reply` with `values` filled in, in the customer's language when we have it.

    `avoid` holds what was already said in the thread, oldest first: the variant used least lately is
    taken, and among those one that needs no value nobody knows. Initials get their `^`. Raises
    `NotFound` for a name that no reply has.
    """
    template = policy.replies.reply(reply) if isinstance(reply, str) else reply
    if template is None:
        raise NotFound(f"there is no reply `{reply}`")
    known = _known(policy.replies, values)
    filled = [_fill(text, known, at) for at, text in enumerate(template.variants(language))]
    said = [_last_said(text, avoid) for text in template.variants(language)]
    return min(filled, key=lambda rendered: (said[rendered.variant], len(rendered.missing), rendered.variant))


def first_name_of(name: str | None) -> str | None:
    """The first name in a display name; None where it shows none (`xX_pipe_Xx`, `The Gadget Hour`)."""
    word = name.split()[0] if name and name.split() else ""
    found = _FIRST_WORD.fullmatch(word.rstrip(",.!"))
    if found is None or not 2 <= len(found[0]) <= _LONGEST_NAME or _NO_NAME.fullmatch(found[0]):
        return None
    return found[0]


def longest(policy: HasReplies, text: str) -> str:
    """A template filled with the longest values to be expected; what must fit into a network's length."""
    ours = {OURS + name: value for name, value in policy.replies.our.items()}
    return _fill(text, {**_LONGEST, **ours}, 0).text


_LONGEST: Mapping[str, str] = MappingProxyType(
    {
        "first_name": "Maximiliana",
        "name": "Maximiliana Wolkenstein",
        "handle": "@" + "m" * 15,
        "initials": "^MWW",
        "issue": "the widget that goes black",
        "count": "9,999",
        "product": "Acme widget Pro with dock",
        "bought_on": "22 December 2026",
        "reference": "AC-999999",
        "order_number": "AC-999999",
        "agent": "Maximiliana",
        "network": "Mastodon",
        "channel": "@AcmeCustServ",
    }
)


def _known(replies: Replies, values: Mapping[str, str | None]) -> dict[str, str]:
    known = {OURS + name: value for name, value in replies.our.items()}
    given = {name: " ".join(value.split()) for name, value in values.items() if value}
    if "first_name" not in given and (first := first_name_of(given.get("name"))):
        given["first_name"] = first
    for name in _FROM_STRANGERS & given.keys():
        # A display name is a stranger's words: no handle, link or advertisement speaks through us.
        if re.search(r"[@#/\\{}<>]|\w\.\w", given[name]) or len(given[name]) > 2 * _LONGEST_NAME:
            del given[name]
    if "initials" in given:
        given["initials"] = "^" + given["initials"].lstrip("^")
    return known | given


def _fill(text: str, known: Mapping[str, str], variant: int) -> Rendered:
    missing: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        found = known.get(match["name"])
        if not found and match["more"] is None:
            missing[match["name"]] = None
            return match[0]
        return found or match["fallback"].strip()

    filled = _LOOSE_BLANKS.sub(" ", _PLACEHOLDER.sub(value, text))
    return Rendered(_BLANK_BEFORE_MARK.sub("", filled).strip(), tuple(missing), variant)


def _last_said(template: str, avoid: Sequence[str]) -> int:
    """1 plus the place in `avoid` where this variant, filled in whatever way, was last said; 0 for never."""
    parts = _PLACEHOLDER.split(template)[:: _PLACEHOLDER.groups + 1]
    pattern = re.compile(r".*?".join(re.escape(part.strip()) for part in parts), re.DOTALL | re.IGNORECASE)
    return max((at for at, text in enumerate(avoid, 1) if pattern.search(text)), default=0)


def _number(words: str) -> str:
    digits = _DIGITS.sub("", words)
    return digits.lstrip("0") if len(digits) >= 6 else ""


def build_reply(name: str, plain: Mapping[str, Any], source: str) -> Reply:
    """One reply of its plain form."""
    return Reply(
        name=name,
        texts=tuple(plain["text"]),
        translations={language.lower(): tuple(texts) for language, texts in plain["translations"].items()},
        title=plain["title"] or name.replace("-", " "),
        approval=plain["approval"]["level"],
        if_nobody=plain["approval"]["if_nobody"],
        networks=tuple(plain["networks"]),
        words=tuple(plain["words"]),
        source=source,
    )


def build(plain: Mapping[str, Any], source_of: Callable[[tuple[str | int, ...]], str]) -> Replies:
    """The replies of their plain form."""
    return Replies(
        replies={
            name: build_reply(name, entry, source_of(("replies", name)))
            for name, entry in plain["replies"].items()
        },
        our=dict(plain["our"]),
        links={
            name: Link(name, entry["url"], entry["title"], tuple(entry["words"]))
            for name, entry in plain["links"].items()
        },
        approvals=dict(plain["approvals"]),
    )
