"""Inbox room: conversations with the whole text of their first post, for lists that leave the program."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from socialdesk.inbox.rows import split_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Listed:
    """What a list says of one conversation; moments in milliseconds, `text` the root message's whole text."""

    id: int
    status: str
    reason: str | None
    relation: str
    sentiment: str
    feeling: str
    urgency: int
    critical: bool
    playbook: str
    case_name: str
    step: str | None
    step_kind: str | None
    network: str
    author: str
    name: str | None
    followers: int | None
    reach: int
    language: str | None
    topics: tuple[str, ...]
    risks: tuple[str, ...]
    tags: tuple[str, ...]
    visibility: str
    engage: str | None
    target: str | None
    due_at: int | None
    due_kind: str | None
    assignee: str | None
    first_at: int
    last_at: int
    unanswered_since: int | None
    snoozed_until: int | None
    message_count: int
    reply_count: int
    to_approve: int
    issue_id: int | None
    linked_to: int | None
    history: bool
    url: str | None
    text: str


_OWN = ", ".join(f"c.{one.name}" for one in fields(Listed) if one.name != "text")
_STATEMENT = (
    f"SELECT {_OWN}, ifnull(m.text, c.snippet) FROM conversations c"
    " LEFT JOIN messages m ON m.id = c.root_message_id WHERE c.id IN"
)
_WORDS, _TRUTHS, _TEXTS = (18, 19, 20), (7, 36), (3, 4, 5)


def listed(connection: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Listed]:
    """The conversations of these ids (some thousands at most), in this order, but for those gone since."""
    found = {
        row[0]: row for row in connection.execute(f"{_STATEMENT} ({', '.join('?' * len(ids))})", list(ids))
    }
    for number in ids:
        row = found.get(number)
        if row is not None:
            yield _listed(row)


def _listed(row: sqlite3.Row) -> Listed:
    values = list(row)
    for index in _WORDS:
        values[index] = split_words(values[index])
    for index in _TRUTHS:
        values[index] = bool(values[index])
    for index in _TEXTS:
        values[index] = values[index] or ""
    return Listed(*values)
