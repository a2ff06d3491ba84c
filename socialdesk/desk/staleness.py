"""Desk room: approval covers what the approver saw; when that changes, the draft goes back."""

from __future__ import annotations

from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.inbox import drafts
from socialdesk.states import DraftStatus

ON_THEIR_WAY = (DraftStatus.APPROVED, DraftStatus.SCHEDULED, DraftStatus.QUEUED)


def customer_wrote(changes: Changes, case: Case) -> None:
    """The customer has written, edited or deleted since: nothing goes out unread."""
    mark(changes, case, "the customer has written in the meantime")


def mark(changes: Changes, case: Case, reason: str) -> None:
    """Send a case's approved drafts back as changed since approval, with the reason."""
    if case.fresh:
        return
    for draft in drafts.of_conversation(changes.connection, case.id):
        if draft.status in ON_THEIR_WAY:
            drafts.change(
                changes.connection,
                draft.id,
                draft.status,
                {"status": DraftStatus.CHANGED.value, "changed_reason": reason, "not_before": None},
            )
            changes.record("changed", conversation=case.id, draft=draft.id, body={"reason": reason})
            changes.notices.append(("warning", f"the draft for conversation {case.id} goes back: {reason}"))
