"""Desk room: what an agent does with a conversation besides writing; each is one transaction and one event."""

from __future__ import annotations

import os

from socialdesk.clock import iso
from socialdesk.desk import clocks, deciding, retagging, steps
from socialdesk.desk.acting import finish, seen, snapshot, take_up
from socialdesk.desk.case import Case, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.session import Desk
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import drafts, work
from socialdesk.inbox.rows import Conversation
from socialdesk.model import Feeling, Relation, Sentiment
from socialdesk.policy.model import ASK, WAIT, Step
from socialdesk.states import CLOSED, PLAIN, DraftStatus, Status


def claim(desk: Desk, conversation: int) -> Conversation:
    """Make the conversation yours; `NotAllowed` while a colleague has it."""
    person = desk.acting()
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        if case.assignee not in (None, person.agent):
            raise NotAllowed(f"conversation {case.id} is {case.assignee}'s; ask them to release it")
        if case.status in CLOSED:
            raise NotAllowed(f"conversation {case.id} is {case.status}; reopen it first")
        before = snapshot(case)
        take_up(changes, case)
        finish(changes, case, before, "claimed")
    return seen(desk, case)


def release(desk: Desk, conversation: int) -> Conversation:
    """Give a conversation back to everybody; leads may release a colleague's."""
    person = desk.acting()
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        if case.assignee is None:
            raise NotAllowed(f"nobody has conversation {case.id}")
        if case.assignee != person.agent and person.role != "lead":
            raise NotAllowed(
                f"conversation {case.id} is {case.assignee}'s; only they or a lead can release it"
            )
        before = snapshot(case)
        case.assignee = None
        if case.status == Status.OPEN and case.reply_count == 0:
            case.become(Status.NEW)
        clocks.set_due(changes, case)
        finish(changes, case, before, "released")
    return seen(desk, case)


def answer(desk: Desk, conversation: int, outcome: str) -> Conversation:
    """Answer the question that the playbook asks next: yes or no, or done for what was done elsewhere.

    Steps that need nobody (close, escalate, a wait that has passed) then follow at once. Raises `NotYet`
    where the step is to wait.
    """
    if outcome not in ("yes", "no", "done"):
        raise UsageError(f"an answer is yes, no or done, not {outcome!r}")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        step = _pending(changes, case)
        if step.kind == ASK and outcome == "done":
            raise UsageError(f"step {step.id} asks: {step.text} Answer yes or no")
        if step.kind != ASK and outcome != "done":
            raise UsageError(
                f"step {step.id} is not a question; do it, answer done, or skip it with a reason"
            )
        if step.kind == WAIT:
            steps.check_not_in_wait(changes, case)
        _settle(changes, case, step.id, outcome, None, "answered")
    return seen(desk, case)


def skip(desk: Desk, conversation: int, reason: str) -> Conversation:
    """Leave the next step out; the reason is kept."""
    if not reason.strip():
        raise UsageError("skipping a step takes a reason")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        _settle(changes, case, _pending(changes, case).id, "skipped", reason.strip(), "skipped")
    return seen(desk, case)


def _pending(changes: Changes, case: Case) -> Step:
    pending = steps.pending_of(changes, case)
    if pending is None:
        raise NotAllowed(f"no step of a playbook is waiting in conversation {case.id}")
    return pending


def _settle(changes: Changes, case: Case, step: str, outcome: str, reason: str | None, kind: str) -> None:
    before = snapshot(case)
    if case.status not in CLOSED:
        take_up(changes, case)
    changes.stop_timers(case.id, "wait")
    steps.settle_step(changes, case, step, outcome, reason)
    finish(changes, case, before, kind, {"step": step, "outcome": outcome})


def switch_case(desk: Desk, conversation: int, to: str, reason: str) -> Conversation:
    """Put the conversation under another case, `case` or `playbook/case`; the decision keeps the reason."""
    if not reason.strip():
        raise UsageError("switching the case takes a reason")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        _known_case(changes, case, to)
        before = snapshot(case)
        deciding.go(changes, case, to, cause="switched", facts={"reason": reason.strip()})
        if case.status not in CLOSED:
            take_up(changes, case)
        finish(changes, case, before, "case_switched", {"to": to})
    return seen(desk, case)


def _known_case(changes: Changes, case: Case, to: str) -> None:
    from socialdesk.diagnostics import nearest

    playbook, _, name = to.rpartition("/")
    if changes.policy.case(playbook or case.playbook, name) is not None:
        return
    names = [f"{book.name}/{one.name}" for book in changes.policy.playbooks for one in book.cases]
    near = nearest(to, [*names, *(n.split("/")[1] for n in names if n.startswith(f"{case.playbook}/"))])
    hint = f"; did you mean {near}?" if near else ""
    raise UsageError(f"no playbook has a case {to!r}{hint}")


_SINGLE = {"relation": Relation, "sentiment": Sentiment, "feeling": Feeling}


def correct(desk: Desk, conversation: int, signal: str, value: str) -> Conversation:
    """Say that triage was wrong about relation, sentiment, feeling, topic or risk; the policy decides again.

    For topic and risk, `name` adds it and `-name` takes it away.
    """
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        before = snapshot(case)
        was = _set_signal(changes, case, signal, value)
        number = work.add_correction(
            changes.connection,
            case.id,
            case.root_message_id,
            signal,
            was,
            value,
            changes.person.agent,
            changes.now,
        )
        deciding.decide(changes, case, cause=deciding.CORRECTED, message=case.root_message_id)
        finish(changes, case, before, "corrected", {"correction": number, "signal": signal, "value": value})
    return seen(desk, case)


def _set_signal(changes: Changes, case: Case, signal: str, value: str) -> str:
    if signal in _SINGLE:
        allowed = [str(one) for one in _SINGLE[signal]]
        if value not in allowed:
            raise UsageError(f"{signal} is one of {', '.join(allowed)}, not {value!r}")
        was = str(getattr(case, signal))
        retagging.put_right(case, signal, value)
        return was
    if signal not in ("topic", "risk"):
        raise UsageError(
            f"what can be corrected is relation, sentiment, feeling, topic or risk, not {signal!r}"
        )
    held: tuple[str, ...] = getattr(case, f"{signal}s")
    name = value.removeprefix("-")
    known = {term.label for term in changes.policy.lexicon.terms if term.kind == signal}
    if name not in known:
        from socialdesk.diagnostics import nearest

        near = nearest(name, sorted(known))
        raise UsageError(f"words.yaml has no {signal} {name!r}" + (f"; did you mean {near}?" if near else ""))
    retagging.put_right(case, signal, value)
    return ", ".join(held)


def snooze(desk: Desk, conversation: int, until: int | None) -> Conversation:
    """Put the conversation aside until a moment, or until the customer writes (None)."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        if until is not None and until <= changes.now:
            raise UsageError(f"{iso(until)} has passed; snooze until a later moment")
        before = snapshot(case)
        take_up(changes, case)
        case.become(Status.SNOOZED)
        case.snoozed_until, case.snoozed_until_reply = until, until is None
        changes.stop_timers(case.id, "snooze")
        if until is not None:
            changes.start_timer("snooze", until, case.id)
        clocks.set_due(changes, case)
        finish(changes, case, before, "snoozed", {"until": until})
    return seen(desk, case)


def note(desk: Desk, conversation: int, words: str) -> Conversation:
    """Leave a remark for colleagues; it is never sent."""
    from socialdesk import text
    from socialdesk.inbox.events import commitment

    cleaned = text.clean(words).strip()
    if not cleaned:
        raise UsageError("a note needs words")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        salt = os.urandom(16)
        number = work.add_note(changes.connection, case.id, changes.person.agent, cleaned, changes.now, salt)
        changes.record(
            "noted",
            conversation=case.id,
            body={"note": number, "commitment": commitment(salt, cleaned).hex()},
        )
    return seen(desk, case)


def resolve(desk: Desk, conversation: int, reason: str = "") -> Conversation:
    """The matter is settled."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        before = snapshot(case)
        if case.assignee is None:
            case.assignee = changes.person.agent
        steps.close(changes, case, reason or "solved")
        finish(changes, case, before, "resolved", {"reason": case.reason})
    return seen(desk, case)


def dismiss(desk: Desk, conversation: int, reason: str) -> Conversation:
    """Nothing is to be done about it, for a reason: spam, not_ours, duplicate, no_answer_needed, …"""
    if not reason.strip():
        raise UsageError("dismissing takes a reason, such as spam, not_ours, duplicate or no_answer_needed")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        _check_nothing_is_leaving(changes, case)
        before = snapshot(case)
        steps.stop_clocks(changes, case)
        case.become(Status.DISMISSED, reason.strip())
        case.opened_at = case.opened_at or changes.now
        clocks.set_due(changes, case)
        finish(changes, case, before, "dismissed", {"reason": case.reason})
    return seen(desk, case)


def _check_nothing_is_leaving(changes: Changes, case: Case) -> None:
    for draft in drafts.of_conversation(changes.connection, case.id):
        if draft.status in (DraftStatus.QUEUED, DraftStatus.SCHEDULED, DraftStatus.SENDING):
            raise NotAllowed(
                f"draft {draft.id} of conversation {case.id} is {PLAIN[DraftStatus(draft.status)]};"
                " hold it back first, or resolve the conversation"
            )


def reopen(desk: Desk, conversation: int) -> Conversation:
    """Take a closed, waiting, watched or snoozed conversation up again."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        if case.status in (Status.NEW, Status.OPEN):
            raise NotAllowed(f"conversation {case.id} is open already")
        before = snapshot(case)
        changes.stop_timers(case.id, "snooze", "silence", "watch")
        case.become(Status.OPEN)
        case.assignee = case.assignee or changes.person.agent
        case.snoozed_until, case.snoozed_until_reply, case.resolved_at = None, False, None
        clocks.set_due(changes, case)
        finish(changes, case, before, "reopened", {"by": changes.person.agent})
    return seen(desk, case)
