"""Approval room: who must read a draft before it goes out, and who may be that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from socialdesk.policy.guardrails import LEAD as LEAD_FINDING
from socialdesk.policy.team import LEAD as LEAD_ROLE
from socialdesk.policy.team import TRAINEE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from socialdesk.model import Millis, Person
    from socialdesk.policy.guardrails import Finding
    from socialdesk.policy.replies import Replies, Reply
    from socialdesk.policy.team import Agent, Team

NONE, PEER, LEAD = "none", "peer", "lead"
LEVELS = (NONE, PEER, LEAD)
"""Nobody else, another agent, a lead: from the least to the most."""

ON_CALL = "on_call"


@dataclass(frozen=True, slots=True)
class Approval:
    """What a draft needs: `level` none, peer or lead; who may stand in; and what asked for it, in words."""

    level: str = NONE
    if_nobody: str | None = None
    because: tuple[str, ...] = ()


class HasTeam(Protocol):
    """A policy, as far as this room needs it."""

    @property
    def team(self) -> Team:
        """Its team."""
        ...

    @property
    def replies(self) -> Replies:
        """Its replies, with who reads what."""
        ...


def needed(
    policy: HasTeam,
    role: str,
    reply: Reply | None,
    findings: Sequence[Finding] = (),
    kind: str = "reply",
) -> Approval:
    """What a draft by somebody of `role` needs, made from `reply` or, with None, of their own words.

    `kind` is reply, post or private. Guardrails and a trainee's hand only raise it.
    """
    defaults = policy.replies.approvals
    asked: list[tuple[str, str]] = []
    if reply is not None:
        asked.append((reply.approval, f"the reply {reply.name}"))
    elif kind != "post":
        rule = "private" if kind == "private" else "free_text"
        asked.append((defaults.get(rule, NONE), "words of one's own"))
    if kind == "post":
        asked.append((defaults.get("posts", LEAD), "posts speak to everybody"))
    if role == TRAINEE:
        asked.append((defaults.get("trainees", PEER), "written by a trainee"))
    asked += [(LEAD, f"the guardrail {found.rule}") for found in findings if found.severity == LEAD_FINDING]
    level = max((level for level, _ in asked), key=LEVELS.index, default=NONE)
    because = tuple(dict.fromkeys(why for asking, why in asked if asking == level != NONE))
    return Approval(level, _stand_in(reply, level), because)


def _stand_in(reply: Reply | None, level: str) -> str | None:
    return reply.if_nobody if reply is not None and level == LEAD == reply.approval else None


def may_approve(
    policy: HasTeam,
    approver: Person,
    author_login: str,
    level: str,
    if_nobody: str | None = None,
    at: Millis | None = None,
) -> str | None:
    """None when `approver` may approve what `author_login` wrote, else the sentence that says why not.

    Who somebody is, is what team.yaml says of their login, not what they call themselves. With
    `if_nobody: on_call` and nobody else who is a lead at work `at` that moment, who is on call may
    stand in for a lead.
    """
    team = policy.team
    known = team.by_login(approver.login)
    if known is None:
        return f"{approver.login} is nobody in team.yaml"
    if known.agent != approver.agent:
        return f"{approver.login} is {known.agent}, not {approver.agent}"
    if team.same_person(approver.login, author_login):
        return "nobody approves what they wrote themselves"
    if known.role == TRAINEE:
        return "a trainee cannot approve"
    if level == LEAD and known.role != LEAD_ROLE and not _stands_in(team, known, author_login, if_nobody, at):
        return "a lead must approve this"
    return None


def _stands_in(
    team: Team, person: Person, author_login: str, if_nobody: str | None, at: Millis | None
) -> bool:
    if if_nobody != ON_CALL or at is None or person.agent not in {agent.name for agent in team.on_call()}:
        return False
    author = team.by_login(author_login)
    others = [lead for lead in team.leads_on_shift(at) if author is None or lead.name != author.agent]
    return not others


def approvers(
    policy: HasTeam,
    author_login: str,
    level: str,
    if_nobody: str | None = None,
    at: Millis | None = None,
) -> tuple[Agent, ...]:
    """Everybody in the team who may approve what `author_login` wrote, in team.yaml's order."""
    return tuple(
        agent
        for agent in policy.team.agents.values()
        if agent.logins
        and may_approve(policy, agent.person(agent.logins[0]), author_login, level, if_nobody, at) is None
    )
