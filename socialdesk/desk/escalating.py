"""Desk room: calling a group: one running call per conversation, issue and group."""

from __future__ import annotations

from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.inbox import work
from socialdesk.policy.model import EscalationOrder
from socialdesk.states import CLOSED, Status

DESK = "desk"
"""The way to reach a group that looks at the desk itself."""


def escalate(changes: Changes, case: Case, order: EscalationOrder, *, reason: str) -> int | None:
    """Hand the case to a group, unless that group has it already; returns the escalation's number.

    Timers deliver it and watch over the acknowledgement.
    """
    running = work.escalations_of(changes.connection, case.id)
    if any(e.to_group == order.to and e.status in work.RUNNING for e in running):
        return None
    if case.issue_id is not None and work.issue_is_with(changes.connection, case.issue_id, order.to):
        return None
    by = None if order.acknowledge_within is None else changes.now + order.acknowledge_within
    way = order.by or way_to(changes, order.to)
    number = work.add_escalation(
        changes.connection,
        case.id,
        order.to,
        way,
        reason,
        changes.person.agent,
        changes.now,
        by,
        order.otherwise,
        case.issue_id,
    )
    changes.escalations.append(number)
    changes.start_timer("deliver", changes.now, case.id, escalation=number)
    if by is not None:
        changes.start_timer("acknowledge", by, case.id, escalation=number)
    if case.status not in CLOSED:
        case.become(Status.ESCALATED)
    changes.record(
        "escalated",
        conversation=case.id,
        body={"escalation": number, "to": order.to, "by": way, "acknowledge_by": by},
    )
    changes.notices.append(("warning", f"conversation {case.id} was escalated to {order.to}"))
    return number


def called_before(changes: Changes, case: Case, order: EscalationOrder, reason: str) -> bool:
    """Whether the group was called for this very reason before: it knows, also when it has handed back."""
    earlier = work.escalations_of(changes.connection, case.id)
    return any(e.to_group == order.to and e.reason == reason for e in earlier)


def way_to(changes: Changes, group: str) -> str:
    """How a group is reached when nobody says how: the first way that team.yaml names."""
    known = changes.policy.team.group(group)
    return known.ways[0] if known is not None and known.ways else DESK
