"""Desk room: asking the policy about a case, and carrying out what it says."""

from __future__ import annotations

from functools import lru_cache

from socialdesk.desk import clocks
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.subject import CaseSubject, known_facts
from socialdesk.inbox import work
from socialdesk.model import Feeling, Relation, Signals
from socialdesk.policy import decide as policy_decide
from socialdesk.policy import steps as policy_steps
from socialdesk.policy.model import AGENT_DECIDES, IGNORE, WATCH, Decision, EscalationOrder
from socialdesk.policy.model import Case as PlaybookCase
from socialdesk.states import Status
from socialdesk.triage import urgency as triage_urgency

UNTOUCHED = frozenset({Status.NEW.value, Status.WATCHING.value})
"""A conversation that no person has taken up: the policy may still move it."""


def subject_of(changes: Changes, case: Case, text: str, at: int) -> CaseSubject:
    """The case as conditions see it, as of the post made at `at`."""
    return CaseSubject(
        case, text, at=at, now=changes.now, connection=changes.connection, policy=changes.policy
    )


def decide(
    changes: Changes,
    case: Case,
    text: str,
    *,
    at: int,
    cause: str,
    message: int | None = None,
    go_to: str | None = None,
) -> Decision:
    """Ask the policy about `case` and carry the answer out; the decision is kept with the facts it used."""
    subject = subject_of(changes, case, text, at)
    decision = policy_decide.decide(changes.policy, subject, changes.now, go_to=go_to)
    apply(changes, case, decision)
    case.decision_id = changes.add_decision(case.id, message, decision, cause, subject.used)
    return decision


def apply(changes: Changes, case: Case, decision: Decision) -> None:
    """Put a decision's outcome on the case: owner, urgency, status, clocks, escalations."""
    case.playbook, case.case_name = decision.playbook, decision.case
    case.engage, case.target = decision.engage, decision.target
    case.critical = case.critical or decision.critical
    if decision.tags:
        case.tags = tuple(dict.fromkeys([*case.tags, *decision.tags]))
    case.urgency = _urgency(case, decision)
    _settle_status(changes, case, decision)
    point_at_step(changes, case)
    clocks.set_due(changes, case)
    if not changes.history:
        for order in decision.escalations:
            escalate(
                changes,
                case,
                order,
                reason=order.title or ", ".join(decision.standing) or "the playbook asks for it",
            )


def _urgency(case: Case, decision: Decision) -> int:
    score = _score(
        case.relation, case.feeling, case.risks, case.reach, case.vip, case.advocate, case.spam, case.critical
    )
    return max(0, min(100, score + decision.urgency_boost))


@lru_cache(maxsize=10_000)  # a fire hose asks about the same few signals again and again
def _score(
    relation: str,
    feeling: str,
    risks: tuple[str, ...],
    reach: int,
    vip: bool,
    advocate: bool,
    spam: bool,
    critical: bool,
) -> int:
    signals = Signals(
        relation=Relation(relation),
        feeling=Feeling(feeling),
        risks=risks,
        reach=reach,
        vip=vip,
        advocate=advocate,
        spam=spam,
    )
    return triage_urgency(signals, critical, None, 0)[0]


def _settle_status(changes: Changes, case: Case, decision: Decision) -> None:
    if case.status not in UNTOUCHED or case.assignee is not None:
        return
    if case.status == Status.WATCHING:
        changes.stop_timers(case.id, "watch")
    answered = case.last_outbound_at is not None and case.unanswered_since is None
    if decision.close_as:
        case.become(Status.DISMISSED, decision.close_as)
    elif decision.engage == IGNORE:
        case.become(Status.DISMISSED, "ignored")
    elif decision.watch_for is not None or decision.engage == WATCH:
        case.become(Status.WATCHING)
        if decision.watch_for is not None and not changes.history:
            changes.start_timer(
                "watch",
                changes.now + decision.watch_for,
                case.id,
                {"then": decision.watch_then or AGENT_DECIDES},
            )
    elif answered:
        case.become(Status.WAITING)
    else:
        case.become(Status.NEW)


def escalate(changes: Changes, case: Case, order: EscalationOrder, *, reason: str) -> int | None:
    """Hand the case to a group, unless that group has it already; returns the escalation's number."""
    running = () if case.fresh else work.escalations_of(changes.connection, case.id)
    if any(e.to_group == order.to and e.status in work.RUNNING for e in running):
        return None
    if case.issue_id is not None and work.issue_is_with(changes.connection, case.issue_id, order.to):
        return None
    by = None if order.acknowledge_within is None else changes.now + order.acknowledge_within
    number = work.add_escalation(
        changes.connection,
        case.id,
        order.to,
        order.by or "desk",
        reason,
        changes.person.agent,
        changes.now,
        by,
        order.otherwise,
        case.issue_id,
    )
    changes.start_timer("deliver", changes.now, case.id, escalation=number)
    if by is not None:
        changes.start_timer("acknowledge", by, case.id, escalation=number)
    if case.status not in (Status.RESOLVED, Status.DISMISSED):
        case.become(Status.ESCALATED)
    changes.record(
        "escalated",
        conversation=case.id,
        body={"escalation": number, "to": order.to, "by": order.by or "desk", "acknowledge_by": by},
    )
    changes.notices.append(("warning", f"conversation {case.id} was escalated to {order.to}"))
    return number


def wake(changes: Changes, case: Case, text: str, *, at: int) -> bool:
    """Ask a watched case's waking rules again; True when it went somewhere."""
    if case.status != Status.WATCHING:
        return False
    subject = subject_of(changes, case, text, at)
    go_to = policy_decide.wake(changes.policy, case.playbook, case.case_name, subject)
    if go_to is None:
        return False
    return go(changes, case, text, go_to, at=at, cause="woken", facts=subject.used)


def go(
    changes: Changes,
    case: Case,
    text: str,
    go_to: str,
    *,
    at: int,
    cause: str,
    facts: dict[str, object] | None = None,
) -> bool:
    """Move a case to another case of its playbook, or leave it to an agent; recorded as `cause`."""
    before = (case.playbook, case.case_name)
    subject = subject_of(changes, case, text, at)
    subject.used.update(facts or {})
    decision = policy_decide.decide(changes.policy, subject, changes.now, go_to=go_to)
    changes.stop_timers(case.id, "watch")
    if go_to == AGENT_DECIDES:
        _leave_to_agent(changes, case)
    else:
        if case.status == Status.WATCHING:
            case.become(Status.NEW)
        apply(changes, case, decision)
    case.decision_id = changes.add_decision(case.id, None, decision, cause, subject.used)
    changes.record(
        cause,
        conversation=case.id,
        body={
            "from": list(before),
            "to": [case.playbook, case.case_name],
            "go_to": go_to,
            "facts": subject.used,
        },
    )
    return True


def _leave_to_agent(changes: Changes, case: Case) -> None:
    case.engage = AGENT_DECIDES
    if case.status == Status.WATCHING:
        case.become(Status.NEW)
    clocks.set_due(changes, case)


def point_at_step(changes: Changes, case: Case) -> None:
    """Keep on the row which step comes next, so that lists can show it."""
    playing = changes.policy.case(case.playbook, case.case_name)
    if playing is None or not playing.steps:
        case.step = case.step_kind = None
        return
    if case.fresh and not playing.steps[0].facts:
        case.step, case.step_kind = playing.steps[0].id, playing.steps[0].kind
        return
    state = steps_of(changes, case, playing)
    case.step, case.step_kind = state.path or None, state.pending.kind if state.pending else None


def steps_of(changes: Changes, case: Case, playing: PlaybookCase) -> policy_steps.StepState:
    """Where the case's steps stand, given what was answered and what the customer record knows."""
    answers = [
        policy_steps.Answer(row.step, row.outcome, row.reason or "")
        for row in work.answers_of(changes.connection, case.id, case.case_name)
    ]
    return policy_steps.next_step(
        playing, answers, known_facts(case, subject_of(changes, case, "", changes.now))
    )


def standing_orders(changes: Changes, case: Case, text: str, *, at: int) -> None:
    """Ask only the orders that hold whichever playbook owns the case: dangers do not wait for a decision."""
    subject = subject_of(changes, case, text, at)
    decision = policy_decide.decide(changes.policy, subject, changes.now, go_to=case.case_name or None)
    case.critical = case.critical or decision.critical
    case.tags = tuple(dict.fromkeys([*case.tags, *decision.tags]))
    case.urgency = _urgency(case, decision)
    if not changes.history:
        for order in decision.escalations:
            escalate(changes, case, order, reason=order.title or ", ".join(decision.standing))
