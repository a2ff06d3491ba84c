"""Desk room: one person's action on one conversation: taken up, saved, and recorded so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.clock import MINUTE
from socialdesk.desk import clocks
from socialdesk.desk.case import Case, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.session import Desk
from socialdesk.inbox import conversations, timers
from socialdesk.inbox.rows import Conversation
from socialdesk.states import Status

PRESENT = 2 * MINUTE
"""How long colleagues are told that somebody is at a conversation after they last did something there."""

REMEMBERED = (
    "status",
    "reason",
    "assignee",
    "playbook",
    "case_name",
    "step",
    "step_kind",
    "engage",
    "target",
    "due_at",
    "due_kind",
    "urgency",
    "critical",
    "relation",
    "sentiment",
    "feeling",
    "topics",
    "risks",
    "snoozed_until",
    "snoozed_until_reply",
    "opened_at",
    "resolved_at",
    "tags",
)
"""What an event keeps of a conversation before and after, so that it can be undone."""


def snapshot(case: Case) -> dict[str, object]:
    """The remembered columns of a case."""
    return {name: getattr(case, name) for name in REMEMBERED}


def finish(
    changes: Changes,
    case: Case,
    before: Mapping[str, object],
    kind: str,
    body: Mapping[str, object] | None = None,
    draft: int | None = None,
) -> int:
    """Save a changed case and put the change on the record with all that an undo needs; returns the event."""
    after = snapshot(case)
    different = [name for name in REMEMBERED if before[name] != after[name]]
    changes.flush()
    save(changes.connection, [case])
    be_present(changes, case.id, "writing" if draft is not None else "working")
    return changes.record(
        kind,
        conversation=case.id,
        draft=draft,
        body={
            **(body or {}),
            **changes.side_effects(case.id),
            "before": {name: before[name] for name in different},
            "after": {name: after[name] for name in different},
        },
    )


def seen(desk: Desk, case: Case) -> Conversation:
    """The conversation as it is stored now."""
    return conversations.get(desk.connection, case.id)


def take_up(changes: Changes, case: Case) -> None:
    """The acting person works on it from now on: `new` becomes `open`, unclaimed becomes theirs."""
    if case.assignee is None:
        case.assignee = changes.person.agent
    if case.status in (Status.NEW, Status.WATCHING):
        changes.stop_timers(case.id, "watch")
        case.become(Status.OPEN)
    case.opened_at = case.opened_at or changes.now
    clocks.set_due(changes, case)


def be_present(changes: Changes, conversation: int, doing: str) -> None:
    """Let colleagues see for a while that the acting person is at a conversation, and what they do."""
    timers.be_present(changes.connection, changes.person.agent, conversation, doing, changes.now + PRESENT)
