"""Desk room: where a case stands in its playbook, and the steps that need nobody."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.clock import iso
from socialdesk.conditions.evaluate import matches
from socialdesk.desk import clocks
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.escalating import escalate
from socialdesk.desk.subject import CaseSubject, known_facts
from socialdesk.errors import NotYet
from socialdesk.inbox import drafts, timers, work
from socialdesk.inbox.connection import Connection
from socialdesk.model import SYSTEM, Millis
from socialdesk.policy import steps as policy_steps
from socialdesk.policy.model import CLOSE, ESCALATE, POST, WAIT, Policy, Step
from socialdesk.policy.model import Case as PlaybookCase
from socialdesk.policy.steps import Answer, Outcome, StepState
from socialdesk.states import CLOSED, DraftStatus, Status

NOT_ABOUT = frozenset({DraftStatus.WITHDRAWN.value, DraftStatus.REJECTED.value, DraftStatus.FAILED.value})
"""Where a post stands that nobody will read: another may be written."""

MOST_IN_A_ROW = 20
"""Steps carried out at once at most, so that no playbook keeps the lock."""


def answers_of(connection: Connection, case: Case, playing: PlaybookCase) -> list[policy_steps.Answer]:
    """How the steps of the case's playbook were settled; a post that its issue has counts as said."""
    said = list(_said_for_issue(connection, case, playing))
    given = [
        Answer(row.step, row.outcome, row.reason or "")
        for row in work.answers_of(connection, case.id, place_of(case))
    ]
    return said + given


def place_of(case: Case) -> str:
    """Under which name a case's answers are kept: several playbooks may have a case of the same name."""
    return f"{case.playbook}/{case.case_name}"


def _said_for_issue(
    connection: Connection, case: Case, playing: PlaybookCase
) -> Iterator[policy_steps.Answer]:
    if case.issue_id is None:
        return
    posts = [step for step in playing.every_step() if step.kind == POST]
    about = drafts.of_issue(connection, case.issue_id) if posts else []
    for step in posts:
        for draft in about:
            theirs = draft.conversation_id != case.id or draft.status == DraftStatus.SENT
            if draft.reply_name == step.reply and theirs and draft.status not in NOT_ABOUT:
                yield Answer(
                    step.id, Outcome.DONE, f"said for the issue in conversation {draft.conversation_id}"
                )
                break


def standing(
    connection: Connection, policy: Policy, case: Case, now: Millis
) -> tuple[StepState, CaseSubject] | None:
    """Where the case's steps stand, and the case as conditions see it; None without a playbook's case."""
    playing = policy.case(case.playbook, case.case_name)
    if playing is None:
        return None
    subject = CaseSubject(case, None, at=case.last_at, now=now, connection=connection, policy=policy)
    answers = answers_of(connection, case, playing)
    return policy_steps.next_step(playing, answers, known_facts(case, subject)), subject


def pending(connection: Connection, policy: Policy, case: Case, now: Millis) -> Step | None:
    """The step to be done now; when all are done, the first of `afterwards` whose condition holds."""
    playing, state = policy.case(case.playbook, case.case_name), standing(connection, policy, case, now)
    if playing is None or state is None:
        return None
    if state[0].pending is not None:
        return state[0].pending
    return next(iter(afterwards(connection, case, playing, state[1])), None)


def afterwards(
    connection: Connection, case: Case, playing: PlaybookCase, subject: CaseSubject
) -> Iterator[Step]:
    """What is left to do when the case is settled: the steps of `afterwards` that hold and are not done."""
    done = {answer.path for answer in answers_of(connection, case, playing)}
    for later in playing.afterwards:
        if later.step.id not in done and (later.condition is None or matches(later.condition, subject)):
            yield later.step


def pending_of(changes: Changes, case: Case) -> Step | None:
    """The step to be done now, inside a transaction."""
    return pending(changes.connection, changes.policy, case, changes.now)


def point_at_step(changes: Changes, case: Case) -> None:
    """Keep on the row which step comes next, so that lists can show it."""
    playing = changes.policy.case(case.playbook, case.case_name)
    if playing is None or not (playing.steps or playing.afterwards):
        case.step = case.step_kind = None
        return
    first = playing.steps[0] if playing.steps else None
    if case.fresh and first is not None and not first.facts and first.kind != POST:
        case.step, case.step_kind = first.id, first.kind
        return
    step = pending_of(changes, case)
    case.step, case.step_kind = (None, None) if step is None else (step.id, step.kind)


def settle_step(
    changes: Changes, case: Case, step: str, outcome: str = Outcome.DONE, reason: str | None = None
) -> None:
    """Record how a step ended, for instance because its reply has gone out; then follow on."""
    _answer(changes, case, step, outcome, reason, changes.person.agent)
    follow(changes, case)


def _answer(changes: Changes, case: Case, step: str, outcome: str, reason: str | None, agent: str) -> None:
    number = work.add_answer(
        changes.connection, case.id, place_of(case), step, outcome, reason, agent, changes.now
    )
    changes.answers.append(number)


def follow(changes: Changes, case: Case) -> None:
    """Carry out the steps that need no person, until one does."""
    playing = changes.policy.case(case.playbook, case.case_name)
    for _ in range(MOST_IN_A_ROW):
        point_at_step(changes, case)
        step = None if playing is None or case.step is None else playing.step(case.step)
        if step is None or case.status in CLOSED:
            return
        if step.kind == CLOSE:
            close(changes, case, step.close or step.text)
        elif step.kind == ESCALATE and step.escalation is not None:
            escalate(changes, case, step.escalation, reason=step.text)
        elif step.kind == WAIT and step.wait is not None:
            changes.stop_timers(case.id, "wait")
            changes.start_timer("wait", changes.now + step.wait, case.id, {"step": step.id})
            return
        else:
            return
        _answer(changes, case, step.id, Outcome.DONE, None, SYSTEM.agent)


def close(changes: Changes, case: Case, reason: str) -> None:
    """Settle the case: nothing rings any more but the hand-overs that others still have to acknowledge."""
    stop_clocks(changes, case)
    case.become(Status.RESOLVED, reason)
    case.resolved_at = changes.now
    clocks.set_due(changes, case)


def stop_clocks(changes: Changes, case: Case) -> None:
    """Take away every timer of the case but those of hand-overs: these must be delivered and answered."""
    changes.stop_timers(case.id, "watch", "snooze", "wait", "silence")


def check_not_in_wait(changes: Changes, case: Case) -> None:
    """`NotYet` while the playbook says to wait: until the post is old enough, or a wait step has passed."""
    playing = changes.policy.case(case.playbook, case.case_name)
    if playing is None:
        return
    title = playing.title or playing.name
    if playing.wait_until_post_is is not None and case.reply_count == 0:
        until = case.first_at + playing.wait_until_post_is
        if changes.now < until:
            raise NotYet(_wait_words(case, title, until), Millis(until))
    step = None if case.step is None else playing.step(case.step)
    if step is not None and step.kind == WAIT:
        waits = [t.due_at for t in timers.of_conversation(changes.connection, case.id) if t.kind == "wait"]
        if waits and changes.now < waits[0]:
            raise NotYet(_wait_words(case, title, waits[0]), Millis(waits[0]))


def _wait_words(case: Case, title: str, until: int) -> str:
    return f"{title}: nothing goes out in conversation {case.id} before {iso(until)}; do nothing in haste"
