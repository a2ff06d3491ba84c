"""Both state machines: what a conversation and a draft can become; every front end asks here."""

from __future__ import annotations

from enum import StrEnum

from socialdesk.errors import NotAllowed


class Status(StrEnum):
    """What a conversation is waiting for."""

    NEW = "new"
    OPEN = "open"
    WATCHING = "watching"
    WAITING = "waiting"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


class DraftStatus(StrEnum):
    """How far a draft has come on its way out."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    CHANGED = "changed"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    WITHDRAWN = "withdrawn"


S, D = Status, DraftStatus

CONVERSATION_MOVES: dict[Status, frozenset[Status]] = {
    S.NEW: frozenset({S.OPEN, S.WATCHING, S.WAITING, S.ESCALATED, S.SNOOZED, S.RESOLVED, S.DISMISSED}),
    S.OPEN: frozenset({S.NEW, S.WATCHING, S.WAITING, S.ESCALATED, S.SNOOZED, S.RESOLVED, S.DISMISSED}),
    S.WATCHING: frozenset({S.NEW, S.OPEN, S.WAITING, S.ESCALATED, S.SNOOZED, S.RESOLVED, S.DISMISSED}),
    S.WAITING: frozenset({S.OPEN, S.WATCHING, S.ESCALATED, S.SNOOZED, S.RESOLVED, S.DISMISSED}),
    S.ESCALATED: frozenset({S.NEW, S.OPEN, S.WAITING, S.SNOOZED, S.RESOLVED, S.DISMISSED}),
    S.SNOOZED: frozenset({S.NEW, S.OPEN, S.WAITING, S.ESCALATED, S.RESOLVED, S.DISMISSED}),
    S.RESOLVED: frozenset({S.OPEN}),
    S.DISMISSED: frozenset({S.NEW, S.OPEN}),
}

DRAFT_MOVES: dict[DraftStatus, frozenset[DraftStatus]] = {
    D.DRAFT: frozenset({D.SUBMITTED, D.APPROVED, D.WITHDRAWN}),
    D.SUBMITTED: frozenset({D.APPROVED, D.REJECTED, D.DRAFT, D.CHANGED, D.WITHDRAWN}),
    D.APPROVED: frozenset({D.QUEUED, D.SCHEDULED, D.CHANGED, D.DRAFT, D.WITHDRAWN}),
    D.REJECTED: frozenset({D.DRAFT, D.WITHDRAWN}),
    D.CHANGED: frozenset({D.DRAFT, D.SUBMITTED, D.WITHDRAWN}),
    D.SCHEDULED: frozenset({D.QUEUED, D.CHANGED, D.APPROVED, D.WITHDRAWN}),
    D.QUEUED: frozenset({D.SENDING, D.CHANGED, D.APPROVED, D.WITHDRAWN}),
    D.SENDING: frozenset({D.SENT, D.FAILED, D.UNSURE, D.QUEUED}),
    D.SENT: frozenset(),
    D.FAILED: frozenset({D.QUEUED, D.DRAFT, D.WITHDRAWN}),
    D.UNSURE: frozenset({D.SENT, D.QUEUED, D.FAILED, D.WITHDRAWN}),
    D.WITHDRAWN: frozenset({D.DRAFT}),
}

CLOSED = frozenset({S.RESOLVED, S.DISMISSED})
REOPENED_BY_CUSTOMER = frozenset({S.WAITING, S.RESOLVED, S.SNOOZED})


def check_conversation_move(before: Status, after: Status) -> None:
    """Raise `NotAllowed` unless a conversation may go from `before` to `after`; staying is allowed."""
    if before is not after and after not in CONVERSATION_MOVES[before]:
        raise NotAllowed(f"a {before} conversation cannot become {after}")


def check_draft_move(before: DraftStatus, after: DraftStatus) -> None:
    """Raise `NotAllowed` unless a draft may go from `before` to `after`; staying is allowed."""
    if before is not after and after not in DRAFT_MOVES[before]:
        raise NotAllowed(f"a draft that is {PLAIN[before]} cannot become {PLAIN[after]}")


PLAIN: dict[DraftStatus, str] = {
    D.DRAFT: "a draft",
    D.SUBMITTED: "waiting for approval",
    D.APPROVED: "approved",
    D.REJECTED: "sent back",
    D.CHANGED: "changed since approval",
    D.SCHEDULED: "scheduled",
    D.QUEUED: "queued",
    D.SENDING: "being sent",
    D.SENT: "sent",
    D.FAILED: "failed",
    D.UNSURE: "sent? please check",
    D.WITHDRAWN: "withdrawn",
}
"""The words a person reads for each draft status."""
