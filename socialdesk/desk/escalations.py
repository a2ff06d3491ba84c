"""Desk room: handing a conversation to a group, and hearing back."""

from __future__ import annotations

from socialdesk.clock import iso
from socialdesk.desk import clocks
from socialdesk.desk.acting import finish, seen, snapshot
from socialdesk.desk.case import Case, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.escalating import escalate as call
from socialdesk.desk.escalating import way_to
from socialdesk.desk.session import Desk
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import conversations, people, work
from socialdesk.inbox.rows import Conversation
from socialdesk.inbox.work import EscalationRow
from socialdesk.policy.model import EscalationOrder
from socialdesk.states import CLOSED, Status


def escalate(desk: Desk, conversation: int, to: str, reason: str) -> Conversation:
    """Hand the conversation to a group of team.yaml, with a reason that they will read."""
    if not reason.strip():
        raise UsageError("escalating takes a reason that the other side can work with")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        group = changes.policy.team.group(to)
        if group is None:
            from socialdesk.diagnostics import nearest

            near = nearest(to, sorted(changes.policy.team.groups))
            known = ", ".join(changes.policy.team.groups)
            raise UsageError(
                f"team.yaml has no group {to!r}; " + (f"did you mean {near}?" if near else f"it has {known}")
            )
        if case.status in CLOSED:
            raise NotAllowed(f"conversation {case.id} is {case.status}; reopen it first")
        before = snapshot(case)
        case.assignee = case.assignee or changes.person.agent
        number = call(changes, case, EscalationOrder(to, way_to(changes, to)), reason=reason.strip())
        if number is None:
            raise NotAllowed(f"{group.title} has conversation {case.id} already")
        clocks.set_due(changes, case)
        finish(changes, case, before, "handed_over", {"escalation": number, "to": to})
    return seen(desk, case)


def acknowledge(desk: Desk, conversation: int) -> Conversation:
    """Say that the group has it: you are one of its members, or a lead."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        running = _running(changes, case, ("delivered",), "waits to be acknowledged")
        _check_member(changes, running)
        work.set_escalation(
            changes.connection,
            running.id,
            {
                "status": "acknowledged",
                "acknowledged_by": changes.person.agent,
                "acknowledged_at": changes.now,
            },
        )
        changes.stop_timers(case.id, "acknowledge")
        changes.record(
            "acknowledged", conversation=case.id, body={"escalation": running.id, "to": running.to_group}
        )
    return seen(desk, case)


def hand_back(desk: Desk, conversation: int, note: str) -> Conversation:
    """Return an escalated conversation to the team with what was found out."""
    if not note.strip():
        raise UsageError("handing back takes a word on what was found out")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        running = _running(changes, case, work.RUNNING, "is escalated")
        before = snapshot(case)
        work.set_escalation(
            changes.connection, running.id, {"status": "handed_back", "handed_back_at": changes.now}
        )
        changes.stop_timers(case.id, "acknowledge", "deliver")
        others = [e for e in work.escalations_of(changes.connection, case.id) if e.status in work.RUNNING]
        if case.status == Status.ESCALATED and not others:
            case.become(Status.OPEN if case.assignee else Status.NEW)
        clocks.set_due(changes, case)
        body = {"escalation": running.id, "was": running.status, "by": changes.person.agent}
        finish(changes, case, before, "handed_back", body)
    from socialdesk.desk.casework import note as leave_note

    return leave_note(desk, case.id, f"{running.to_group} hands back: {note.strip()}")


def _running(changes: Changes, case: Case, statuses: tuple[str, ...], words: str) -> EscalationRow:
    found = [e for e in work.escalations_of(changes.connection, case.id) if e.status in statuses]
    if not found:
        raise NotAllowed(f"nothing in conversation {case.id} {words}")
    return found[-1]


def _check_member(changes: Changes, escalation: EscalationRow) -> None:
    group = changes.policy.team.group(escalation.to_group)
    members = (*group.members, *group.on_call) if group else ()
    if changes.person.agent not in members and changes.person.role != "lead":
        raise NotAllowed(f"only {escalation.to_group} or a lead can acknowledge this")


def pass_on(changes: Changes, case: Case, escalation: EscalationRow) -> None:
    """Nobody acknowledged in time: the next group gets it, and everybody is told."""
    work.set_escalation(changes.connection, escalation.id, {"status": "passed_on"})
    if escalation.otherwise:
        order = EscalationOrder(escalation.otherwise)
        call(changes, case, order, reason=f"{escalation.to_group} has not acknowledged: {escalation.reason}")
    changes.record(
        "passed_on", conversation=case.id, body={"escalation": escalation.id, "to": escalation.otherwise}
    )
    changes.notices.append(
        (
            "error",
            f"{escalation.to_group} has not acknowledged conversation {case.id}; "
            + (f"{escalation.otherwise} has it now" if escalation.otherwise else "nobody else is named"),
        )
    )


def sheet(changes: Changes, case: Case, escalation: EscalationRow) -> str:
    """The hand-over as somebody on the telephone can read it: who, what, what was done, what is asked."""
    profile = None if case.profile_id is None else people.profile(changes.connection, case.profile_id)
    customer = (
        people.customer(changes.connection, profile.customer_id) if profile and profile.customer_id else None
    )
    lines = [
        f"Conversation {case.id} for {escalation.to_group}: {escalation.reason}",
        f"From: {case.name or case.author} (@{case.author} on {case.network})",
    ]
    if customer is not None:
        record = [customer.reference, customer.product, customer.email]
        lines.append("Customer: " + ", ".join(one for one in record if one))
    lines.append("What was said:")
    for m in conversations.thread_of(changes.connection, case.id, 20):
        who = "we" if m.direction == "out" else f"@{m.author}"
        lines.append(f"  {iso(m.created_at)} {who}: {' '.join(m.text.split())}")
    lines += [f"Note by {n.agent}: {n.text}" for n in work.notes_of(changes.connection, case.id)]
    if escalation.acknowledge_by:
        lines.append(f"Please acknowledge by {iso(escalation.acknowledge_by)}.")
    return "\n".join(lines)
