"""Desk room: undo: a compensating event that puts back what one's last action changed, unless it has moved on."""

from __future__ import annotations

import json

from socialdesk.desk import clocks
from socialdesk.desk.case import load_one, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.session import Desk
from socialdesk.errors import NotFound, Stale
from socialdesk.inbox import drafts, events, work
from socialdesk.inbox.rows import Event
from socialdesk.states import DraftStatus

CASEWORK = (
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
)
WRITING = ("noted", "drafted", "queued", "submitted", "withdrawn")
WORDS = {
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
    "noted": "note",
    "drafted": "draft",
    "queued": "send",
    "submitted": "submission",
    "withdrawn": "withdrawal",
}


def undo(desk: Desk, conversation: int | None = None) -> str:
    """Take back the person's last action (on one conversation, or anywhere); returns what was taken back.

    Refused as `Stale` when the conversation has moved on since, `NotFound` when there is nothing.
    """
    person = desk.acting()
    with desk.changing() as changes:
        if conversation is not None:
            conversation = load_one(changes.connection, conversation).id
        event = events.last_undoable(changes.connection, person.login, conversation, CASEWORK + WRITING)
        if event is None or event.conversation_id is None:
            raise NotFound("there is nothing of yours to undo")
        body = json.loads(event.body)
        if event.kind in CASEWORK:
            _put_back(changes, event, body)
        else:
            _UNWRITE[event.kind](changes, event, body)
        number = changes.record(
            "undone",
            conversation=event.conversation_id,
            draft=event.draft_id,
            body={"event": event.seq, "kind": event.kind},
        )
        events.mark_undone(changes.connection, event.seq, number)
    return f"undid the {WORDS[event.kind]} in conversation {event.conversation_id}"


def _put_back(changes: Changes, event: Event, body: dict[str, object]) -> None:
    """Restore the remembered columns; what they were set to must still be what they are."""
    case = load_one(changes.connection, int(event.conversation_id or 0))
    before, after = body["before"], body["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    moving = ("due_at", "due_kind", "step", "step_kind", "urgency")
    for name, value in after.items():
        now = getattr(case, name)
        if name not in moving and _plain(now) != _plain(value):
            raise Stale(
                f"conversation {case.id} has moved on since ({name} is now {now}); it cannot be undone"
            )
    for name, value in before.items():
        setattr(case, name, tuple(value) if isinstance(value, list) else value)
    if isinstance(body.get("answer"), int):
        work.take_answer_back(changes.connection, int(str(body["answer"])))
    clocks.set_due(changes, case)
    if case.snoozed_until is not None and case.status == "snoozed":
        changes.start_timer("snooze", case.snoozed_until, case.id)
    changes.flush()
    save(changes.connection, [case])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _unnote(changes: Changes, event: Event, body: dict[str, object]) -> None:
    work.take_note_back(changes.connection, int(str(body["note"])))


def _undraft(changes: Changes, event: Event, body: dict[str, object]) -> None:
    draft = drafts.get(changes.connection, int(str(body["draft"])))
    if draft.status != DraftStatus.DRAFT:
        raise Stale(f"draft {draft.id} is {draft.status} by now; withdraw it instead")
    drafts.change(changes.connection, draft.id, draft.status, {"status": DraftStatus.WITHDRAWN.value})
    if body.get("before"):
        _put_back(changes, event, body)


def _unqueue(changes: Changes, event: Event, body: dict[str, object]) -> None:
    draft = drafts.get(changes.connection, int(event.draft_id or 0))
    if draft.status != DraftStatus.QUEUED:
        raise Stale(f"draft {draft.id} is {draft.status} by now; it is too late to hold it back")
    drafts.change(
        changes.connection, draft.id, draft.status, {"status": DraftStatus.APPROVED.value, "not_before": None}
    )


def _unsubmit(changes: Changes, event: Event, body: dict[str, object]) -> None:
    draft = drafts.get(changes.connection, int(event.draft_id or 0))
    own = draft.status == DraftStatus.SUBMITTED or (
        draft.status == DraftStatus.APPROVED and draft.needs == "none"
    )
    if not own:
        raise Stale(f"draft {draft.id} is {draft.status} by now")
    drafts.change(
        changes.connection, draft.id, draft.status, {"status": DraftStatus.DRAFT.value, "approved_hash": None}
    )
    case = load_one(changes.connection, int(event.conversation_id or 0))
    case.to_approve = max(0, case.to_approve - (draft.status == DraftStatus.SUBMITTED))
    save(changes.connection, [case])


def _unwithdraw(changes: Changes, event: Event, body: dict[str, object]) -> None:
    draft = drafts.get(changes.connection, int(event.draft_id or 0))
    drafts.change(changes.connection, draft.id, DraftStatus.WITHDRAWN, {"status": DraftStatus.DRAFT.value})


_UNWRITE = {
    "noted": _unnote,
    "drafted": _undraft,
    "queued": _unqueue,
    "submitted": _unsubmit,
    "withdrawn": _unwithdraw,
}
