"""Desk room: the tick: everything that happens because time has passed, done once whoever ticks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace

from socialdesk.clock import SECOND
from socialdesk.desk import clocks, deciding, escalations, steps
from socialdesk.desk.case import Case, load_one, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.composing import add_draft
from socialdesk.desk.delivered import start_silence
from socialdesk.desk.drafting import REPLY, fill
from socialdesk.desk.escalating import DESK, escalate
from socialdesk.desk.senders import sender_for
from socialdesk.desk.session import Desk
from socialdesk.errors import SendFailed, SocialdeskError
from socialdesk.inbox import timers as table
from socialdesk.inbox import work
from socialdesk.inbox.connection import get_meta, writing
from socialdesk.inbox.timers import Timer
from socialdesk.model import SYSTEM, Outgoing, Visibility
from socialdesk.policy.model import AGENT_DECIDES, Silence
from socialdesk.states import CLOSED, Status

LEASE, TICK_LEASE = "tick", 30 * SECOND
PER_TICK = 100
"""Hand-overs that are delivered in one tick at most; the next one follows within seconds."""

RETRY = 30 * SECOND
"""How long a hand-over that could not be delivered waits before it is tried again."""


def tick(desk: Desk, holder: str = "tick") -> list[str]:
    """Do all that is due; returns what was done, in words. A second desk that ticks meanwhile does nothing."""
    now = desk.clock.now()
    due = table.next_due(desk.connection, KINDS)
    if due is None or due > now:
        return []
    own = f"{holder}-{os.getpid()}"
    with writing(desk.connection):
        if not table.lease(desk.connection, LEASE, own, now, now + TICK_LEASE):
            return []
    done: list[str] = []
    try:
        while (words := _ring_next(desk)) is not None:
            done.append(words)
        done += _deliver_escalations(desk)
    finally:
        with writing(desk.connection):
            table.release(desk.connection, LEASE, own)
    return done


def _ring_next(desk: Desk) -> str | None:
    """Take the next due timer away and act on it in one transaction, so that it is neither lost nor doubled.

    One that cannot be acted on is put on the record and does not keep the others from ringing.
    """
    due = table.due(desk.connection, tuple(_ACTS), desk.clock.now(), 1)
    if not due:
        return None
    timer = due[0]
    try:
        with desk.changing(SYSTEM) as changes:
            table.remove(changes.connection, timer.id)
            case = load_one(changes.connection, timer.conversation_id or 0)
            words = _ACTS[timer.kind](changes, case, timer)
            changes.flush()
            save(changes.connection, [case])
    except SocialdeskError as error:
        return _give_up(desk, timer, error)
    return words or f"{timer.kind}: nothing to do in conversation {case.id}"


def _give_up(desk: Desk, timer: Timer, error: SocialdeskError) -> str:
    with desk.changing(SYSTEM) as changes:
        table.remove(changes.connection, timer.id)
        changes.record(
            "timer_failed",
            conversation=timer.conversation_id,
            body={"timer": timer.kind, "error": type(error).__name__},
        )
    words = f"the {timer.kind} timer of conversation {timer.conversation_id} failed: {error}"
    desk.notices.append(("error", words))
    return words


def _watch_ends(changes: Changes, case: Case, timer: Timer) -> str | None:
    if case.status != Status.WATCHING:
        return None
    then = str(timer.payload.get("then", AGENT_DECIDES))
    if then == "close":
        case.become(Status.DISMISSED, "nothing more happened")
        changes.record("dismissed", conversation=case.id, body={"reason": case.reason})
    else:
        deciding.go(changes, case, then, cause="watch_ended")
    return f"watching conversation {case.id} is over: {then.replace('_', ' ')}"


def _snooze_ends(changes: Changes, case: Case, timer: Timer) -> str | None:
    if case.status != Status.SNOOZED:
        return None
    case.become(Status.OPEN)
    case.snoozed_until, case.snoozed_until_reply = None, False
    clocks.set_due(changes, case)
    changes.record("woken", conversation=case.id, body={"by": "snooze"})
    changes.notices.append(("information", f"conversation {case.id} is back from snooze"))
    return f"conversation {case.id} is back from snooze"


def _wait_ends(changes: Changes, case: Case, timer: Timer) -> str | None:
    if case.status in CLOSED or case.step != timer.payload.get("step"):
        return None
    steps.settle_step(changes, case, str(timer.payload["step"]))
    return f"the wait in conversation {case.id} is over"


def _silence(changes: Changes, case: Case, timer: Timer) -> str | None:
    """The customer has said nothing: remind, close or hand over, then listen for the next silence."""
    playing = changes.policy.case(case.playbook, case.case_name)
    step = playing.step(str(timer.payload["step"])) if playing else None
    silence: Silence | None = step.if_silent if step else None
    for _ in range(int(timer.payload.get("depth", 0))):
        silence = silence.then if silence else None
    if silence is None or case.status in CLOSED or case.unanswered_since is not None:
        return None
    if silence.close:
        changes.stop_timers(case.id)
        case.become(Status.RESOLVED, silence.close)
        case.resolved_at = changes.now
        clocks.set_due(changes, case)
        changes.record("resolved", conversation=case.id, body={"reason": silence.close, "because": "silence"})
        return f"conversation {case.id} was closed: {silence.close.replace('_', ' ')}"
    if silence.escalation is not None:
        escalate(changes, case, silence.escalation, reason="the customer has fallen silent")
    if silence.reply:
        _prepare_reminder(changes, case, silence.reply)
    if silence.then is not None:
        start_silence(
            changes, case, silence.then, str(timer.payload["step"]), int(timer.payload.get("depth", 0)) + 1
        )
    return f"the customer of conversation {case.id} has fallen silent"


def _prepare_reminder(changes: Changes, case: Case, reply: str) -> None:
    """A draft for the agent who has the case; a person sends it."""
    agent = changes.policy.team.agent(case.assignee or "")
    if agent is None or not agent.logins:
        changes.notices.append(
            ("warning", f"conversation {case.id} wants the reply {reply}, and nobody has it")
        )
        return
    own = replace(changes, person=agent.person(agent.logins[0]))
    filled = fill(own, case, reply)
    add_draft(own, case, filled.text, kind=REPLY, reply_name=reply, variant=filled.variant, step=None)
    changes.notices.append(("information", f"a reminder is drafted in conversation {case.id}"))


def _deadline(changes: Changes, case: Case, timer: Timer) -> str | None:
    if case.due_at is None or case.due_at > timer.due_at or case.due_kind != timer.payload.get("kind"):
        return None
    changes.record("breached", conversation=case.id, body={"kind": case.due_kind, "target": case.target})
    changes.notices.append(("error", f"conversation {case.id} has missed its {case.due_kind} target"))
    target = changes.policy.targets.target(case.target or "")
    breach = target.on_breach if target else None
    if breach is not None:
        case.tags = tuple(dict.fromkeys([*case.tags, *breach.tags]))
        case.critical = case.critical or breach.urgency == "critical"
        if breach.escalation is not None:
            reason = f"the {case.due_kind} target {case.target} was missed"
            escalate(changes, case, breach.escalation, reason=reason)
    return f"conversation {case.id} has missed its {case.due_kind} target"


def _warn(changes: Changes, case: Case, timer: Timer) -> str | None:
    if case.due_at is None or case.due_kind != timer.payload.get("kind"):
        return None
    changes.record("warned", conversation=case.id, body={"kind": case.due_kind, "due_at": case.due_at})
    changes.notices.append(("warning", f"conversation {case.id}: {case.due_kind} is due soon"))
    return f"conversation {case.id} is due soon"


def _unacknowledged(changes: Changes, case: Case, timer: Timer) -> str | None:
    if timer.escalation_id is None:
        return None
    escalation = work.escalation(changes.connection, timer.escalation_id)
    if escalation.status != "delivered":
        return None
    escalations.pass_on(changes, case, escalation)
    return f"{escalation.to_group} has not acknowledged conversation {case.id}"


DELIVER = "deliver"
_ACTS: dict[str, Callable[[Changes, Case, Timer], str | None]] = {
    "watch": _watch_ends,
    "snooze": _snooze_ends,
    "wait": _wait_ends,
    "silence": _silence,
    "deadline": _deadline,
    "warn": _warn,
    "acknowledge": _unacknowledged,
}
KINDS = (*_ACTS, DELIVER)
"""The kinds of timers that a tick is about; a sandbox keeps others in the same table."""


def _deliver_escalations(desk: Desk) -> list[str]:
    """Send the hand-over sheets that are due; the timer goes only once the sheet is out, so none is lost."""
    done = []
    for timer in table.due(desk.connection, (DELIVER,), desk.clock.now(), PER_TICK):
        words = _deliver_escalation(desk, timer)
        if words is not None:
            done.append(words)
    return done


def _deliver_escalation(desk: Desk, timer: Timer) -> str | None:
    try:
        with desk.changing(SYSTEM) as changes:
            case = load_one(changes.connection, timer.conversation_id or 0)
            escalation = work.escalation(changes.connection, timer.escalation_id or 0)
            words = escalations.sheet(changes, case, escalation)
            group = changes.policy.team.group(escalation.to_group)
            if escalation.status not in work.RUNNING:
                table.remove(changes.connection, timer.id)
                return None
    except SocialdeskError as error:
        return _give_up(desk, timer, error)
    where = group.reach.get(escalation.by_way, escalation.by_way) if group else escalation.by_way
    try:
        if escalation.by_way != DESK:
            asyncio.run(sender_for(desk, escalation.by_way).send(_as_message(desk, escalation, words, where)))
    except SendFailed as error:
        desk.notices.append(("error", f"the hand-over of conversation {case.id} to {where} failed: {error}"))
        with writing(desk.connection):
            table.postpone(desk.connection, timer.id, desk.clock.now() + RETRY)
        return None
    with desk.changing(SYSTEM) as changes:
        table.remove(changes.connection, timer.id)
        changes.record(
            "delivered", conversation=case.id, body={"escalation": escalation.id, "by": escalation.by_way}
        )
    return f"conversation {case.id} was handed to {escalation.to_group} by {escalation.by_way}"


def _as_message(desk: Desk, escalation: work.EscalationRow, words: str, where: str) -> Outgoing:
    """The sheet as a network gets it; the key makes a second delivery harmless."""
    return Outgoing(
        key=f"{get_meta(desk.connection, 'inbox_id')}-escalation-{escalation.id}",
        network=escalation.by_way,
        channel=escalation.to_group,
        kind="escalation",
        text=words,
        recipient=where,
        visibility=Visibility.PRIVATE,
    )
