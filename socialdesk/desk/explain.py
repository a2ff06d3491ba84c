"""Desk room: why: signals with their words, the decision with every condition, escalations and approvals."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from socialdesk.desk.case import Case, load_one
from socialdesk.desk.judging import tagger_of
from socialdesk.desk.ratings import Places, stars_of
from socialdesk.desk.session import Desk
from socialdesk.desk.subject import CaseSubject
from socialdesk.inbox import channels, conversations, store, work
from socialdesk.inbox.rows import Message
from socialdesk.inbox.work import DecisionRow
from socialdesk.model import Evidence, Handle, Millis, Reason
from socialdesk.policy.explain import explain_decision
from socialdesk.triage import measure


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind a conversation's place and playbook: each list can be shown folded."""

    conversation: int
    signals: tuple[Evidence, ...]
    decisions: tuple[DecisionRow, ...]
    reasons: tuple[Reason, ...]
    corrected: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """Plain values, for `--json`."""
        return {
            "id": self.conversation,
            "signals": [asdict(one) for one in self.signals],
            "decisions": [asdict(one) for one in self.decisions],
            "reasons": [asdict(one) for one in self.reasons],
            "corrected": self.corrected,
        }

    def lines(self) -> list[str]:
        """The explanation as indented lines."""
        lines = ["signals"]
        lines += [f"  {_evidence(one)}" for one in self.signals] or [
            "  nothing of the team's words was found"
        ]
        lines += [
            f"  {signal}: {value}, as corrected by a person" for signal, value in self.corrected.items()
        ]
        lines.append("decided")
        for one in self.decisions:
            facts = ", ".join(f"{name} {value}" for name, value in one.facts.items())
            place = f"{one.playbook or 'no playbook'}/{one.case_name or '-'}"
            lines.append(
                f"  {one.cause}: {place} under policy {one.policy_hash[:12]}"
                + (f" ({facts})" if facts else "")
            )
        lines.append("why, by the policy in force")
        for reason in self.reasons:
            lines += _reason(reason, 1)
        return lines


def _evidence(one: Evidence) -> str:
    words = f" {one.words!r}" if one.words else ""
    number = f" {one.number:g}" if one.number is not None else ""
    return f"{one.signal}: {one.value}{number}{words}" + (f"  [{one.source}]" if one.source else "")


def _reason(reason: Reason, depth: int) -> list[str]:
    mark = "✓" if reason.held else "·"
    words = f" {reason.words!r}" if reason.words else ""
    line = f"{'  ' * depth}{mark} {reason.test}: {reason.actual}{words}"
    lines = [line + (f"  [{reason.source}]" if reason.source else "")]
    for child in reason.children:
        lines += _reason(child, depth + 1)
    return lines


def explain(desk: Desk, conversation: int) -> Explanation:
    """Explain a conversation as of now, with the facts that were used when it was decided."""
    case = load_one(desk.connection, conversation)
    policy = desk.policy
    subject = CaseSubject(
        case, None, at=case.last_at, now=desk.clock.now(), connection=desk.connection, policy=policy
    )
    decisions = work.decisions_of(desk.connection, case.id)
    for decision in decisions:
        subject.used.update(decision.facts)
    go_to = f"{case.playbook}/{case.case_name}" if case.case_name else None
    return Explanation(
        case.id,
        _signals(desk, case),
        tuple(decisions),
        explain_decision(policy, subject, Millis(desk.clock.now()), go_to=go_to),
        {signal: value for signal, value, _at in work.corrections_of(desk.connection, case.id)},
    )


def _signals(desk: Desk, case: Case) -> tuple[Evidence, ...]:
    if case.root_message_id is None:
        return ()
    root = conversations.message(desk.connection, case.root_message_id)
    told = tagger_of(desk.policy.lexicon).evidence(
        root.text,
        measure(root.text, root.language),
        Handle(case.author),
        root.language,
        case.followers,
        case.engagement,
        _answers_us(desk, root),
        case.bot,
    )
    return (*_stars(desk, case, root.text), *told)


def _stars(desk: Desk, case: Case, text: str) -> tuple[Evidence, ...]:
    """What a review gives, where the policy says that its place gives stars."""
    name = None if case.channel_id is None else channels.name_of(desk.connection, case.channel_id)
    norms, stars = Places(desk.policy, name).norms(case.network, case.site), stars_of(text)
    if norms is None or stars is None:
        return ()
    return (Evidence("rating", f"{stars.given} of {stars.of}", norms.source, number=float(stars.given)),)


def _answers_us(desk: Desk, post: Message) -> bool:
    if post.reply_to is None:
        return False
    parent = store.stored_by_source(desk.connection, post.network, [post.reply_to]).get(post.reply_to)
    return parent is not None and parent.direction == "out"
