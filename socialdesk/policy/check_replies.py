"""Checks what a reply says: placeholders that nobody can fill, texts too long, words a guardrail stops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from socialdesk.diagnostics import nearest
from socialdesk.lengths import LengthRule, for_network
from socialdesk.policy.approval import LEAD as BY_LEAD
from socialdesk.policy.guardrails import BLOCK, LEAD, WARN, DraftContext, check_text
from socialdesk.policy.parts import POST, Silence, Step
from socialdesk.policy.replies import Placeholder, longest, placeholders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from socialdesk.model import Evidence
    from socialdesk.policy.findings import Findings
    from socialdesk.policy.places import Path, Place
    from socialdesk.policy.replies import Reply

UNKNOWN_PLACEHOLDER, TOO_LONG, FORBIDDEN = "SD401", "SD402", "SD403"
MAY_BE_TOO_LONG, DISCOURAGED = "SD404", "SD405"

PersonalData: TypeAlias = "Callable[[str], Sequence[Evidence]]"
"""Finds cards, accounts, addresses and numbers in a text; triage's, given by whoever runs the check."""

_WRITER = "MWW"
"""The initials in a reply filled with the longest values."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """One text of a reply and where it stands."""

    reply: Reply
    text: str
    place: Place


def check_replies(findings: Findings, personal: PersonalData | None = None) -> None:
    """Every text of every reply, the shared ones and the playbooks' own."""
    contexts = _contexts(findings)
    rules = _length_rules(findings)
    for variant in _variants(findings):
        _placeholders(findings, variant)
        _length(findings, variant, rules)
        for context in contexts.get(variant.reply.name, {DraftContext()}):
            if _guardrails(findings, variant, context, personal):
                break  # what one place forbids need not be said for the next


def _variants(findings: Findings) -> Iterator[_Variant]:
    homes = [("replies", findings.policy.sections["replies"])]
    homes += [(entry["place"], entry["data"]) for entry in findings.policy.sections["playbooks"]]
    for where, plain in homes:
        for name, entry in plain["replies"].items():
            reply = findings.policy.replies.reply(name)
            if reply is not None:
                path: Path = ("replies", name)
                for at, text in enumerate(entry["text"]):
                    yield _Variant(reply, text, findings.place(where, (*path, "text", at)))
                for language, texts in entry["translations"].items():
                    for at, text in enumerate(texts):
                        yield _Variant(
                            reply, text, findings.place(where, (*path, "translations", language, at))
                        )


def _contexts(findings: Findings) -> dict[str, set[DraftContext]]:
    """How the playbooks use each reply: as answer or as post, and to what."""
    found: dict[str, set[DraftContext]] = {}
    for book in findings.playbooks:
        for case in book.cases:
            for step in case.every_step():
                kind = "post" if step.kind == POST else "reply"
                for name in _named(step):
                    context = DraftContext(kind=kind, target=case.target, initials=_WRITER)
                    found.setdefault(name, set()).add(context)
    return found


def _named(step: Step) -> Iterator[str]:
    if step.reply is not None:
        yield step.reply
    silence: Silence | None = step.if_silent
    while silence is not None:
        if silence.reply is not None:
            yield silence.reply
        silence = silence.then


def _placeholders(findings: Findings, variant: _Variant) -> None:
    known = findings.policy.replies.known_fields()
    for found in _unknown(variant.text, known):
        if found.name.startswith("our.") and "replies" in findings.broken:
            continue  # replies.yaml says what is ours
        findings.say(
            UNKNOWN_PLACEHOLDER,
            variant.place,
            f"nobody can fill in `{{{found.name}}}`",
            expected=", ".join(f"{{{name}}}" for name in known),
            like=nearest(found.name, known),
            word=variant.text[found.start : found.end],
        )


def _unknown(text: str, known: Sequence[str]) -> Iterator[Placeholder]:
    return (found for found in placeholders(text) if found.name not in known)


def _length_rules(findings: Findings) -> tuple[LengthRule, ...]:
    """What fits on the networks of networks.yaml, the tightest first."""
    networks = findings.policy.networks
    rules = [for_network(name, networks.norms(name).limit) for name in networks.networks]
    return tuple(sorted((rule for rule in rules if rule.limit), key=lambda rule: rule.limit or 0))


def _length(findings: Findings, variant: _Variant, rules: Sequence[LengthRule]) -> None:
    filled = longest(findings.policy, variant.text)
    bare = _bare(variant.text)
    for rule in rules:
        if variant.reply.networks and rule.network not in variant.reply.networks:
            continue
        if not rule.fits(bare):
            message = (
                f"`{variant.reply.name}` does not fit on {rule.network}: {rule.measure(bare)} {rule.unit}"
            )
            findings.say(TOO_LONG, variant.place, message, expected=f"at most {rule.limit}")
            return
        if not rule.fits(filled):
            over = rule.measure(filled)
            message = (
                f"`{variant.reply.name}` may not fit on {rule.network}: {over} {rule.unit} with long names"
            )
            expected = f"at most {rule.limit}"
            findings.say(MAY_BE_TOO_LONG, variant.place, message, expected=expected, severity="warning")
            return


def _bare(text: str) -> str:
    """The template without its placeholders: the least it can be."""
    for found in reversed(placeholders(text)):
        text = text[: found.start] + text[found.end :]
    return " ".join(text.split())


def _guardrails(
    findings: Findings, variant: _Variant, context: DraftContext, personal: PersonalData | None
) -> bool:
    """Say what the guardrails find.

    What needs a lead is not wrong, it raises the approval; what asks to think again has been thought
    about again where a lead approves.
    """
    filled = longest(findings.policy, variant.text)
    evidence = personal(filled) if personal is not None else ()
    unknown = {
        variant.text[found.start : found.end]
        for found in _unknown(variant.text, findings.policy.replies.known_fields())
    }
    context = replace(context, initials=_WRITER)
    said = False
    for found in check_text(findings.policy, filled, context, evidence):
        if found.severity == LEAD or (found.severity == WARN and variant.reply.approval == BY_LEAD):
            continue
        if found.words in unknown:
            continue  # said already: nobody can fill it in
        said = True
        blocked = found.severity == BLOCK
        findings.say(
            FORBIDDEN if blocked else DISCOURAGED,
            variant.place,
            f"`{variant.reply.name}` runs into the guardrail {found.rule} ({found.source}): {found.reason}",
            expected=f"other words than “{found.words}”" if found.words.strip() else None,
            word=found.words,
            severity="error" if blocked else "warning",
        )
    return said
