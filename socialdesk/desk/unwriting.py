"""Desk room: taking back what one did with a draft, as long as the draft stands where that left it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from socialdesk.desk import approvals
from socialdesk.desk.case import load_one
from socialdesk.desk.changes import Changes
from socialdesk.errors import Stale
from socialdesk.inbox import drafts
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft, Event
from socialdesk.model import Millis
from socialdesk.policy.approval import NONE
from socialdesk.states import PLAIN, DraftStatus

UNAPPROVED = {"approver": None, "approver_login": None, "approved_at": None, "approved_hash": None}


def take_back(changes: Changes, event: Event, body: Mapping[str, Any], undo_window: Millis) -> None:
    """Undo one event of a draft; `Stale` when the draft has gone on since.

    `undo_window` is how long a message waits that goes back into the outbox.
    """
    draft = drafts.get(changes.connection, event.draft_id or body["draft"])
    if event.kind == "edited_draft":
        _restore_words(changes, draft, body)
    else:
        changed = _BACK[event.kind](changes, draft, undo_window)
        drafts.change(changes.connection, draft.id, draft.status, changed)
    approvals.count_to_approve(changes, load_one(changes.connection, event.conversation_id or 0))


def _check(draft: Draft, *statuses: DraftStatus) -> None:
    if draft.status not in statuses:
        raise Stale(f"draft {draft.id} is {PLAIN[DraftStatus(draft.status)]} by now; it cannot be undone")


def _restore_words(changes: Changes, draft: Draft, body: Mapping[str, Any]) -> None:
    """The wording before comes back as a new version; every version is kept."""
    _check(draft, DraftStatus.DRAFT, DraftStatus.SUBMITTED)
    if draft.version != body["version"]:
        raise Stale(f"draft {draft.id} was changed since; it cannot be undone")
    before = [text for version, text, *_ in drafts.versions_of(changes.connection, draft.id)][-2]
    salt = os.urandom(16)
    drafts.reword(changes.connection, draft, before, changes.person.agent, changes.now, salt)
    changes.record(
        "reworded",
        conversation=draft.conversation_id,
        draft=draft.id,
        body={"version": draft.version + 1, "commitment": commitment(salt, before).hex()},
    )


def _undraft(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    _check(draft, DraftStatus.DRAFT)
    return {"status": DraftStatus.WITHDRAWN.value}


def _unsubmit(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    if draft.needs == NONE:
        _check(draft, DraftStatus.SUBMITTED, DraftStatus.APPROVED)
    else:
        _check(draft, DraftStatus.SUBMITTED)
    return {"status": DraftStatus.DRAFT.value, **UNAPPROVED}


def _unapprove(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    _check(draft, DraftStatus.APPROVED)
    return {"status": DraftStatus.SUBMITTED.value, **UNAPPROVED}


def _unreject(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    _check(draft, DraftStatus.REJECTED)
    return {"status": DraftStatus.SUBMITTED.value, "rejected_reason": None}


def _unwithdraw(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    _check(draft, DraftStatus.WITHDRAWN)
    return {"status": DraftStatus.DRAFT.value, **UNAPPROVED}


def _unqueue(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    _check(draft, DraftStatus.QUEUED)
    return {"status": DraftStatus.APPROVED.value, "not_before": None}


def _unhold(changes: Changes, draft: Draft, undo_window: Millis) -> dict[str, object]:
    """What was approved is held against the conversation once more before it leaves."""
    _check(draft, DraftStatus.APPROVED)
    return {"status": DraftStatus.QUEUED.value, "not_before": changes.now + undo_window}


_BACK: Mapping[str, Callable[[Changes, Draft, Millis], dict[str, object]]] = {
    "drafted": _undraft,
    "submitted": _unsubmit,
    "approved": _unapprove,
    "rejected": _unreject,
    "withdrawn": _unwithdraw,
    "queued": _unqueue,
    "held": _unhold,
}
