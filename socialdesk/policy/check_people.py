"""Checks that whoever is needed is there: groups that can be reached, leads who can approve, fair targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.policy.approval import LEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.policy.findings import Findings
    from socialdesk.policy.parts import EscalationOrder, Silence
    from socialdesk.policy.replies import Reply

NO_SUCH_WAY, NOBODY_APPROVES, MISPLACED = "SD601", "SD602", "SD603"


def check_people(findings: Findings) -> None:
    """Escalations that somebody receives, approvals that somebody can give, targets that are fair."""
    if "team" not in findings.doubtful:
        for order in _escalations(findings):
            _reachable(findings, order)
        _leads(findings)
    if "targets" not in findings.doubtful:
        for target, message in findings.policy.targets.misplaced():
            place = findings.place("targets", ("targets", target.name, "reply"))
            expected = "a reply between live chat or phone and e-mail"
            findings.say(MISPLACED, place, message, expected=expected, severity="warning")


def _escalations(findings: Findings) -> Iterator[EscalationOrder]:
    yield from (order.escalation for order in findings.policy.always if order.escalation)
    for book in findings.playbooks:
        for case in book.cases:
            yield from case.escalations
            for step in case.every_step():
                if step.escalation:
                    yield step.escalation
                yield from _in_silence(step.if_silent)


def _in_silence(silence: Silence | None) -> Iterator[EscalationOrder]:
    while silence is not None:
        if silence.escalation:
            yield silence.escalation
        silence = silence.then


def _reachable(findings: Findings, order: EscalationOrder) -> None:
    group = findings.policy.team.group(order.to)
    if group is None:
        return  # the check of names has said so
    if order.by is not None and order.by not in group.ways:
        message = f"the group `{order.to}` cannot be reached by {order.by}"
        expected = " or ".join(group.ways) or "a `reach:` in team.yaml"
        findings.say(NO_SUCH_WAY, order.place, message, expected=expected, word=order.by)


def _leads(findings: Findings) -> None:
    """A reply that a lead must approve needs a lead."""
    team = findings.policy.team
    asked: list[Reply] = [
        reply for reply in findings.policy.replies.replies.values() if reply.approval == LEAD
    ]
    if not asked or any(agent.role == LEAD for agent in team.agents.values()) or not team.agents:
        return
    for reply in asked:
        findings.say(
            NOBODY_APPROVES,
            findings.reply_place(reply.name),
            f"nobody can approve `{reply.name}`: it needs a lead, and team.yaml has none",
            expected="an agent with `role: lead`",
            severity="warning",
        )
