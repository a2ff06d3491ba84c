"""Desk room: asking the policy about a case, and carrying out what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from socialdesk.desk import clocks, steps
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.escalating import called_before, escalate
from socialdesk.desk.subject import CaseSubject
from socialdesk.inbox import drafts, work
from socialdesk.model import Feeling, Relation, Signals
from socialdesk.policy import decide as policy_decide
from socialdesk.policy.model import AGENT_DECIDES, CLOSE, ESCALATE, IGNORE, WAIT, WATCH, Decision
from socialdesk.states import CONVERSATION_MOVES, Status
from socialdesk.triage import urgency as triage_urgency

SENT_THERE = frozenset({"woken", "switched", "watch_ended"})
"""Causes of a decision by which a case was sent somewhere, where it then stays."""

POLICY_EDIT, CORRECTED = "policy", "corrected"
"""Causes of a decision that was made again although nothing had happened: it is kept in any case."""

PUT_ASIDE = frozenset({Status.RESOLVED.value, Status.SNOOZED.value})


def is_untouched(case: Case) -> bool:
    """Whether nobody has taken the case up: the policy may still move it anywhere."""
    return case.assignee is None and case.opened_at is None and case.status not in PUT_ASIDE


def subject_of(
    changes: Changes, case: Case, words: str | None = None, *, at: int | None = None
) -> CaseSubject:
    """The case as conditions see it, as of the moment `at`, or of its newest post.

    `words` are what its person has said, where that is known already.
    """
    return CaseSubject(
        case,
        words,
        at=case.last_at if at is None else at,
        now=changes.now,
        connection=changes.connection,
        policy=changes.policy,
    )


def decide(
    changes: Changes, case: Case, words: str | None = None, *, cause: str, message: int | None = None
) -> None:
    """Ask the policy about `case` and carry the answer out; the decision is kept with the facts it used.

    A case that was sent somewhere, by a waking rule or a person, stays there unless a playbook that
    stands higher wants it now.
    """
    subject = subject_of(changes, case, words)
    decision = policy_decide.decide(changes.policy, subject, changes.now)
    stays = not case.fresh and _stays(changes, case, decision)
    if stays:
        decision = _as_sent(changes, case, subject)
    apply(changes, case, decision)
    if not stays or cause in (POLICY_EDIT, CORRECTED):
        case.decision_id = changes.add_decision(case.id, message, decision, cause, subject.used)


def _stays(changes: Changes, case: Case, decision: Decision) -> bool:
    same_case = (decision.playbook, decision.case) == (case.playbook, case.case_name)
    if changes.policy.case(case.playbook, case.case_name) is None:
        return False
    if same_case and decision.engage == case.engage:
        return False
    if not _was_sent(changes, case):
        return False
    if case.engage == AGENT_DECIDES:
        return same_case
    return _rank(changes, decision.playbook) >= _rank(changes, case.playbook)


def _as_sent(changes: Changes, case: Case, subject: CaseSubject) -> Decision:
    """What the policy says of the place where the case was sent: the case there, or an agent."""
    here = f"{case.playbook}/{case.case_name}"
    decision = policy_decide.decide(changes.policy, subject, changes.now, go_to=here)
    if case.engage != AGENT_DECIDES:
        return decision
    return replace(
        decision, engage=AGENT_DECIDES, target=case.target, watch_for=None, watch_then=None, close_as=None
    )


def _was_sent(changes: Changes, case: Case) -> bool:
    """Whether the case stands where a waking rule or a person sent it; policy edits since do not count."""
    changes.flush()
    decisions = work.decisions_of(changes.connection, case.id)
    earlier = [one for one in decisions if one.cause not in (POLICY_EDIT, CORRECTED)]
    if not earlier:
        return False
    last = earlier[-1]
    here = (case.playbook, case.case_name)
    return last.cause in SENT_THERE and (last.playbook, last.case_name) == here


def _rank(changes: Changes, playbook: str) -> int:
    names = [book.name for book in changes.policy.playbooks]
    return names.index(playbook) if playbook in names else len(names)


def apply(changes: Changes, case: Case, decision: Decision) -> None:
    """Put a decision's outcome on the case: owner, urgency, status, clocks, escalations."""
    same_case = (decision.playbook, decision.case) == (case.playbook, case.case_name)
    if not (same_case or case.fresh):
        drafts.forget_steps(changes.connection, case.id)
    case.playbook, case.case_name = decision.playbook, decision.case
    case.engage, case.target = decision.engage, decision.target
    _weigh(case, decision)
    if is_untouched(case):
        _settle_status(changes, case, decision, same_case=same_case)
    _begin_steps(changes, case)
    clocks.set_due(changes, case)
    _call_groups(changes, case, decision)


def _weigh(case: Case, decision: Decision) -> None:
    case.critical = case.critical or decision.critical
    if decision.tags:
        case.tags = tuple(dict.fromkeys([*case.tags, *decision.tags]))
    case.urgency = _urgency(case, decision)


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


def _settle_status(changes: Changes, case: Case, decision: Decision, *, same_case: bool) -> None:
    """The status of a case that nobody has taken up follows from its thread and the decision alone."""
    watched_before = case.status == Status.WATCHING
    status, reason = _status_of(case, decision)
    _go_to(case, status, reason)
    watched = case.status == Status.WATCHING
    if watched_before and not (watched and same_case):
        changes.stop_timers(case.id, "watch")
    if watched and not (watched_before and same_case) and decision.watch_for is not None:
        then = {"then": decision.watch_then or AGENT_DECIDES}
        changes.start_timer("watch", changes.now + decision.watch_for, case.id, then)


def _status_of(case: Case, decision: Decision) -> tuple[Status, str | None]:
    if case.status == Status.ESCALATED:
        return Status.ESCALATED, case.reason
    if not decision.escalations:  # what a group is called for is not put away
        if decision.close_as:
            return Status.DISMISSED, decision.close_as
        if decision.engage == IGNORE:
            return Status.DISMISSED, "ignored"
    if case.history:
        return Status.NEW, None
    if decision.watch_for is not None or decision.engage == WATCH:
        return Status.WATCHING, None
    if case.last_outbound_at is None:
        return Status.NEW, None
    return (Status.WAITING if case.unanswered_since is None else Status.OPEN), None


def _go_to(case: Case, status: Status, reason: str | None) -> None:
    """To a status, by way of `open` where no direct way leads there; every status leads to that."""
    if status != case.status and status not in CONVERSATION_MOVES[Status(case.status)]:
        case.become(Status.OPEN)
    case.become(status, reason)


def _begin_steps(changes: Changes, case: Case) -> None:
    steps.point_at_step(changes, case)
    if case.step_kind in (WAIT, CLOSE, ESCALATE) and not _is_quiet(changes, case):
        steps.follow(changes, case)


def _is_quiet(changes: Changes, case: Case) -> bool:
    """Whether this is only being read in: no clock starts and nobody is alerted."""
    return changes.history or case.history


def _call_groups(changes: Changes, case: Case, decision: Decision) -> None:
    if _is_quiet(changes, case):
        return
    for order in decision.escalations:
        reason = order.title or ", ".join(decision.standing) or "the playbook asks for it"
        if not called_before(changes, case, order, reason):
            escalate(changes, case, order, reason=reason)


def wake(changes: Changes, case: Case, *, at: int | None = None) -> bool:
    """Ask the waking rules of a case again, as of the moment `at`; True when it went somewhere.

    They are asked while it is watched, and while it lies with the agents and nobody has taken it up.
    """
    left_to_agent = case.engage == AGENT_DECIDES and is_untouched(case)
    if case.status != Status.WATCHING and not left_to_agent:
        return False
    if not policy_decide.has_waking_rules(changes.policy, case.playbook, case.case_name):
        return False
    subject = subject_of(changes, case, at=at)
    go_to = policy_decide.wake(changes.policy, case.playbook, case.case_name, subject)
    if go_to is None or (left_to_agent and go_to == AGENT_DECIDES):
        return False
    go(changes, case, go_to, cause="woken", facts=subject.used)
    return True


def go(
    changes: Changes, case: Case, go_to: str, *, cause: str, facts: dict[str, object] | None = None
) -> None:
    """Move a case to another case of its playbook, or leave it to an agent; recorded as `cause`.

    `facts` are kept with the decision: what a waking rule looked up, why a person moved it.
    """
    before = (case.playbook, case.case_name)
    subject = subject_of(changes, case)
    decision = policy_decide.decide(changes.policy, subject, changes.now, go_to=go_to)
    if go_to == AGENT_DECIDES:
        _leave_to_agent(changes, case)
    else:
        apply(changes, case, decision)
    kept = {**subject.used, **(facts or {})}
    case.decision_id = changes.add_decision(case.id, None, decision, cause, kept)
    changes.record(
        cause,
        conversation=case.id,
        body={
            "from": list(before),
            "to": [case.playbook, case.case_name],
            "go_to": go_to,
        },
    )


def _leave_to_agent(changes: Changes, case: Case) -> None:
    case.engage = AGENT_DECIDES
    if case.status == Status.WATCHING:
        changes.stop_timers(case.id, "watch")
        case.become(Status.NEW)
    clocks.set_due(changes, case)


def standing_orders(changes: Changes, case: Case) -> None:
    """Ask only the orders that hold whichever playbook owns the case: dangers do not wait for a decision."""
    here = f"{case.playbook}/{case.case_name}" if case.playbook else None
    decision = policy_decide.decide(changes.policy, subject_of(changes, case), changes.now, go_to=here)
    _weigh(case, decision)
    _call_groups(changes, case, decision)
