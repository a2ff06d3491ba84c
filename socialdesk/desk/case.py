"""Desk room: a conversation while it is being changed; loaded, worked on, and saved in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from socialdesk.inbox import cases as table
from socialdesk.inbox.connection import Connection
from socialdesk.inbox.rows import join_words, split_words
from socialdesk.states import Status, check_conversation_move


@dataclass(slots=True)
class Case:
    """A conversation's own columns, changeable; `fresh` says that it is not stored yet."""

    id: int
    network: str
    channel_id: int | None = None
    profile_id: int | None = None
    root_message_id: int | None = None
    author: str = ""
    name: str | None = None
    snippet: str = ""
    url: str | None = None
    site: str | None = None
    status: str = Status.NEW
    reason: str | None = None
    history: bool = False
    assignee: str | None = None
    relation: str = "none"
    sentiment: str = "not_judged"
    feeling: str = "calm"
    language: str | None = None
    topics: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    reach: int = 0
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    spam: bool = False
    vip: bool = False
    advocate: bool = False
    colleague: bool = False
    engagement: int = 0
    visibility: str = "public"
    urgency: int = 0
    critical: bool = False
    playbook: str = ""
    case_name: str = ""
    step: str | None = None
    step_kind: str | None = None
    engage: str | None = None
    target: str | None = None
    due_at: int | None = None
    due_kind: str | None = None
    first_at: int = 0
    last_at: int = 0
    last_inbound_at: int | None = None
    last_outbound_at: int | None = None
    unanswered_since: int | None = None
    message_count: int = 0
    reply_count: int = 0
    private: int = 0
    stored_at: int = 0
    opened_at: int | None = None
    resolved_at: int | None = None
    snoozed_until: int | None = None
    paused_since: int | None = None
    paused_for: int = 0
    snoozed_until_reply: bool = False
    merged_into: int | None = None
    linked_to: int | None = None
    issue_id: int | None = None
    decision_id: int | None = None
    to_approve: int = 0
    fresh: bool = False

    def become(self, status: Status, reason: str | None = None) -> None:
        """Move to `status` if the state machine admits it; raises `NotAllowed` otherwise."""
        check_conversation_move(Status(self.status), status)
        self.status = status.value
        self.reason = reason


COLUMNS = tuple(f.name for f in fields(Case) if f.name != "fresh")
_JOINED = tuple(COLUMNS.index(name) for name in ("topics", "risks", "tags", "products"))
_values = attrgetter(*COLUMNS)


def _stored(case: Case) -> list[object]:
    values: list[Any] = list(_values(case))
    for index in _JOINED:
        values[index] = join_words(values[index])
    return values


def load(connection: Connection, ids: list[int]) -> dict[int, Case]:
    """The conversations with these ids, ready to be changed."""
    loaded = {}
    for row in table.rows(connection, COLUMNS, ids):
        values = list(row)
        for index in _JOINED:
            values[index] = split_words(values[index])
        loaded[values[0]] = Case(*values)
    return loaded


def load_one(connection: Connection, conversation: int) -> Case:
    """One conversation, following merge pointers; `NotFound` when there is none."""
    from socialdesk.inbox import conversations

    number = int(conversations.get(connection, conversation).id)
    return load(connection, [number])[number]


def save(connection: Connection, cases: list[Case]) -> None:
    """Write back new and changed conversations; each row's version counts up."""
    table.insert(connection, COLUMNS, [_stored(case) for case in cases if case.fresh])
    table.update(connection, COLUMNS[1:], [[*_stored(case)[1:], case.id] for case in cases if not case.fresh])
    for case in cases:
        case.fresh = False
