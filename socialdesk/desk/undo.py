"""Desk room: undo: a compensating event that puts back what one's last action changed, unless it has moved on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from socialdesk.desk import clocks, unwriting
from socialdesk.desk.case import Case, load_one, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.session import Desk
from socialdesk.errors import NotFound, Stale
from socialdesk.inbox import events, timers, work
from socialdesk.inbox.rows import Event

ACTIONS: Mapping[str, str] = {
    "claimed": "claim",
    "released": "release",
    "answered": "answer",
    "skipped": "skipped step",
    "case_switched": "switch of the case",
    "corrected": "correction",
    "snoozed": "snooze",
    "resolved": "resolve",
    "dismissed": "dismissal",
    "reopened": "reopening",
    "handed_over": "escalation",
    "handed_back": "hand-back",
    "acknowledged": "acknowledgement",
    "noted": "note",
    "drafted": "draft",
    "edited_draft": "edit",
    "submitted": "submission",
    "withdrawn": "withdrawal",
    "approved": "approval",
    "rejected": "rejection",
    "queued": "send",
    "held": "holding back",
}
"""Every kind of event that a person causes and can take back, in words."""

FOLLOWING = frozenset({"due_at", "due_kind", "step", "step_kind", "urgency"})
"""Columns that move with others: that they differ by now does not keep anybody from undoing."""

OF_CALLS = frozenset({"deliver", "acknowledge"})
"""Timers that belong to a call of a group, and go with it."""


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One event that is being taken back, with its body."""

    desk: Desk
    changes: Changes
    event: Event
    body: Mapping[str, Any]


def undo(desk: Desk, conversation: int | None = None) -> str:
    """Take back the person's last action (on one conversation, or anywhere); returns what was taken back.

    Refused as `Stale` when the conversation has moved on since, `NotFound` when there is nothing.
    """
    person = desk.acting()
    with desk.changing() as changes:
        if conversation is not None:
            conversation = load_one(changes.connection, conversation).id
        event = events.last_undoable(changes.connection, person.login, conversation, tuple(ACTIONS))
        if event is None or event.conversation_id is None:
            raise NotFound("there is nothing of yours to undo")
        one = _Undoing(desk, changes, event, json.loads(event.body))
        _UNDO.get(event.kind, _undo_draft)(one)
        number = changes.record(
            "undone",
            conversation=event.conversation_id,
            draft=event.draft_id,
            body={"event": event.seq, "kind": event.kind},
        )
        events.mark_undone(changes.connection, event.seq, number)
    return f"undid the {ACTIONS[event.kind]} in conversation {event.conversation_id}"


def _undo_draft(one: _Undoing) -> None:
    unwriting.take_back(one.changes, one.event, one.body, one.desk.undo_window)
    if one.event.kind == "drafted":
        _put_back(one)


def _put_back(one: _Undoing) -> None:
    """Restore the remembered columns; what they were set to must still be what they are."""
    changes, body = one.changes, one.body
    case = load_one(changes.connection, int(one.event.conversation_id or 0))
    for name, value in body["after"].items():
        now = getattr(case, name)
        if name not in FOLLOWING and _plain(now) != value:
            raise Stale(
                f"conversation {case.id} has moved on since ({name} is now {now}); it cannot be undone"
            )
    _take_answers_back(changes, case, body.get("answers", []))
    _take_calls_back(changes, body.get("escalations", []))
    if "correction" in body:
        work.take_correction_back(changes.connection, body["correction"])
    for name, value in body["before"].items():
        setattr(case, name, tuple(value) if isinstance(value, list) else value)
    _wind_back(changes, case, body)
    clocks.set_due(changes, case)
    changes.flush()
    save(changes.connection, [case])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _take_answers_back(changes: Changes, case: Case, answers: list[int]) -> None:
    if not answers:
        return
    if work.newest_answer(changes.connection, case.id) not in answers:
        raise Stale(f"the playbook of conversation {case.id} has gone on since; it cannot be undone")
    for number in answers:
        work.take_answer_back(changes.connection, number)


def _take_calls_back(changes: Changes, calls: list[int]) -> None:
    for number in calls:
        call = work.escalation(changes.connection, number)
        if call.status != "delivered":
            raise Stale(f"{call.to_group} has taken it over: it is {call.status.replace('_', ' ')} by now")
        work.set_escalation(changes.connection, number, {"status": "taken_back"})
        timers.stop_call(changes.connection, number)


def _wind_back(changes: Changes, case: Case, body: Mapping[str, Any]) -> None:
    """Stop the timers that the action has started, and set those again that it has stopped."""
    started = [kind for kind in body.get("started", []) if kind not in OF_CALLS]
    if started:
        changes.stop_timers(case.id, *started)
    for kind, due_at, escalation, payload in body.get("stopped", []):
        changes.start_timer(kind, due_at, case.id, payload, escalation)


def _unnote(one: _Undoing) -> None:
    work.take_note_back(one.changes.connection, one.body["note"])


def _unacknowledge(one: _Undoing) -> None:
    changes = one.changes
    call = work.escalation(changes.connection, one.body["escalation"])
    if call.status != "acknowledged":
        raise Stale(f"the call of {call.to_group} is {call.status.replace('_', ' ')} by now")
    values = {"status": "delivered", "acknowledged_by": None, "acknowledged_at": None}
    work.set_escalation(changes.connection, call.id, values)
    if call.acknowledge_by is not None:
        due = max(call.acknowledge_by, changes.now)
        changes.start_timer("acknowledge", due, call.conversation_id, escalation=call.id)


def _unhand_back(one: _Undoing) -> None:
    call = work.escalation(one.changes.connection, one.body["escalation"])
    if call.status != "handed_back":
        raise Stale(f"the call of {call.to_group} is {call.status.replace('_', ' ')} by now")
    values = {"status": one.body["was"], "handed_back_at": None}
    work.set_escalation(one.changes.connection, call.id, values)
    _put_back(one)


_UNDO: Mapping[str, Callable[[_Undoing], None]] = {
    **dict.fromkeys(
        (
            "claimed",
            "released",
            "answered",
            "skipped",
            "case_switched",
            "corrected",
            "snoozed",
            "resolved",
            "dismissed",
            "reopened",
            "handed_over",
        ),
        _put_back,
    ),
    "noted": _unnote,
    "acknowledged": _unacknowledge,
    "handed_back": _unhand_back,
}
