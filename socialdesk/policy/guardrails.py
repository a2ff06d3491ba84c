"""Guardrails room: what may not be said, found in a draft with the words and the line that forbids them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from socialdesk.model import Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from socialdesk.model import Evidence
    from socialdesk.policy.replies import Replies

Severity = Literal["block", "lead", "warn"]
BLOCK: Severity = "block"
LEAD: Severity = "lead"
WARN: Severity = "warn"

PUBLIC, PRIVATE, POSTS = "public", "private", "posts"
"""Where a rule applies: answers that others can read, private ones, and what we publish unasked."""

_APOSTROPHE = re.compile("['’ʼ`´]")
_LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>]+|www\.[^\s<>]+|(?:[\w-]+\.)+(?:com|org|net|io|eu|de|fr|es|uk|info|shop|example)(?:/[^\s<>]*)?)"
    r"(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@(\w+(?:[.\-]\w+)*(?:@\w+(?:[.\-]\w+)*)?)")
_SIGNED = re.compile(r"(?:^|[\s^(/–—-])(?P<by>\w{1,6})[\s).]*$")
_MARKED = re.compile(r"\^(?P<by>\w{1,6})[\s).]*$")


@dataclass(frozen=True, slots=True)
class DraftContext:
    """What a draft is: `kind` reply, post or private, to whom, and what the other side is like.

    `target` and `feeling` tell what we answer; `initials` are the writer's own, "" when they have none.
    """

    kind: str = "reply"
    network: str = ""
    visibility: Visibility = Visibility.PUBLIC
    recipient: str | None = None
    role: str = "agent"
    target: str | None = None
    feeling: str | None = None
    initials: str = ""

    @property
    def place(self) -> str:
        """Where the words will stand: public, private or posts."""
        if self.kind == "private" or self.visibility is Visibility.PRIVATE:
            return PRIVATE
        return POSTS if self.kind == "post" else PUBLIC


@dataclass(frozen=True, slots=True)
class Finding:
    """A guardrail that a draft touches: [start, end) of the text, and what may be done about it.

    `block` cannot be submitted, `lead` needs a lead's approval, `warn` asks to think again.
    """

    rule: str
    severity: Severity
    reason: str
    start: int
    end: int
    words: str
    source: str


@dataclass(frozen=True)
class Rule:
    """One guardrail as guardrails.yaml has it."""

    name: str
    reason: str
    severity: Severity
    applies_to: frozenset[str]
    answering: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    pattern: str | None = None
    exact_case: bool = False
    unless: tuple[str, ...] = ()
    personal_data: frozenset[str] = frozenset()
    own_numbers: bool = False
    max_links: int | None = None
    no_other_handles: bool = False
    signed: bool = False
    source: str = ""

    def applies(self, context: DraftContext) -> bool:
        """Whether this rule holds where the words will stand and for what they answer."""
        if context.place not in self.applies_to:
            return False
        return not self.answering or bool(self.answering & {context.target, context.feeling})

    @cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """What `words` and `pattern` look for."""
        found = [phrases(self.words)] if self.words else []
        if self.pattern:
            found.append(re.compile(self.pattern, 0 if self.exact_case else re.IGNORECASE))
        return tuple(found)

    @cached_property
    def exceptions(self) -> re.Pattern[str] | None:
        """What `unless` lets pass."""
        return phrases(self.unless) if self.unless else None


@dataclass(frozen=True, slots=True)
class Guardrails:
    """Every rule, in the order in which findings are shown."""

    rules: tuple[Rule, ...] = ()

    def rule(self, name: str) -> Rule | None:
        """The rule of this name, or None."""
        return next((rule for rule in self.rules if rule.name == name), None)


class HasGuardrails(Protocol):
    """A policy, as far as this room needs it."""

    @property
    def guardrails(self) -> Guardrails:
        """Its guardrails."""
        ...

    @property
    def replies(self) -> Replies:
        """Its replies, for our own public numbers and addresses."""
        ...


def check_text(
    policy: HasGuardrails, text: str, context: DraftContext, personal: Sequence[Evidence] = ()
) -> tuple[Finding, ...]:
    """What `text` touches, the hardest first, then as written; fast enough for every key.

    `personal` is the personal data that triage found in this very text: card, iban, email, phone.
    """
    found: dict[tuple[str, int, int], Finding] = {}
    for rule in policy.guardrails.rules:
        if rule.applies(context):
            for start, end in _touched(policy, rule, text, context, personal):
                finding = Finding(
                    rule.name, rule.severity, rule.reason, start, end, text[start:end], rule.source
                )
                found.setdefault((rule.name, start, end), finding)
    return tuple(sorted(found.values(), key=lambda finding: (_HARDNESS[finding.severity], finding.start)))


_HARDNESS: Mapping[str, int] = {BLOCK: 0, LEAD: 1, WARN: 2}


def blocks(findings: Sequence[Finding]) -> bool:
    """Whether a draft with these findings cannot go out."""
    return any(finding.severity == BLOCK for finding in findings)


def phrases(words: Sequence[str]) -> re.Pattern[str]:
    """An expression for whole words in any case; `*` is the rest of a word, a blank also a hyphen."""
    longest_first = sorted(words, key=len, reverse=True)
    parts = (r"[\s-]+".join(_word(word) for word in phrase.split()) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _word(word: str) -> str:
    return _APOSTROPHE.sub(_APOSTROPHE.pattern, re.escape(word).replace(r"\*", r"\w*"))


def _touched(
    policy: HasGuardrails, rule: Rule, text: str, context: DraftContext, personal: Sequence[Evidence]
) -> Iterator[tuple[int, int]]:
    yield from _said(rule, text)
    if rule.personal_data:
        yield from _personal(policy, rule, personal)
    if rule.max_links is not None:
        links = [found.span() for found in _LINK.finditer(text)]
        yield from links[rule.max_links :]
    if rule.no_other_handles:
        yield from _other_handles(text, context.recipient)
    if rule.signed:
        yield from _unsigned(text, context.initials)


def _said(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    allowed = [found.span() for found in rule.exceptions.finditer(text)] if rule.exceptions else []
    for expression in rule.expressions:
        for found in expression.finditer(text):
            start, end = found.span()
            if end > start and not any(start < other_end and end > other for other, other_end in allowed):
                yield start, end


def _personal(policy: HasGuardrails, rule: Rule, personal: Sequence[Evidence]) -> Iterator[tuple[int, int]]:
    for evidence in personal:
        if evidence.value in rule.personal_data and not (
            rule.own_numbers and policy.replies.is_ours(evidence.value, evidence.words)
        ):
            yield evidence.start, evidence.end


def _other_handles(text: str, recipient: str | None) -> Iterator[tuple[int, int]]:
    known = (recipient or "").lstrip("@").lower()
    for found in _HANDLE.finditer(text):
        handle = found[1].lower()
        # A network may write its own host behind the name or leave it away.
        if not known or (handle != known and handle.partition("@")[0] != known.partition("@")[0]):
            yield found.span()


def _unsigned(text: str, initials: str) -> Iterator[tuple[int, int]]:
    marked = _MARKED.search(text)
    signed = marked or _SIGNED.search(text)
    if not initials or not text.strip() or (signed and signed["by"].lower() == initials.lower()):
        return
    # Somebody else's initials mean that a draft has changed hands.
    yield marked.span() if marked else (len(text), len(text))


def build(plain: Mapping[str, Any], source_of: Callable[[tuple[str | int, ...]], str]) -> Guardrails:
    """The guardrails of guardrails.yaml's plain form; expressions are compiled when first needed."""
    return Guardrails(
        tuple(
            Rule(
                name=entry["name"],
                reason=entry["reason"],
                severity=entry["severity"],
                applies_to=frozenset(entry["applies_to"]),
                answering=frozenset(entry["answering"]),
                words=tuple(entry["words"]),
                pattern=entry["pattern"],
                exact_case=entry["case"] == "exact",
                unless=tuple(entry["unless"]),
                personal_data=frozenset(entry["personal_data"]),
                own_numbers=entry["allow"] == "own_numbers",
                max_links=entry["max_links"],
                no_other_handles=entry["other_handles"] == "no",
                signed=entry["initials"] == "at_end",
                source=source_of(("rules", at)),
            )
            for at, entry in enumerate(plain["rules"])
        )
    )
