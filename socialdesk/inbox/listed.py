"""Inbox room: conversations with the whole text of their first post, for lists that leave the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from socialdesk.inbox.views import Listing

_PAGE = 1_000
"""Rows read at a time: no snapshot is held for long, and memory does not grow with the inbox."""


class Listed(NamedTuple):
    """What a list says of one conversation; moments in milliseconds, `text` the root message's whole text.

    A tuple, since making a frozen dataclass of this size takes as long as reading a page.
    """

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


_COLUMNS = Listed._fields[:-1]
_WORDS = tuple(_COLUMNS.index(name) for name in ("topics", "risks", "tags"))
_TRUTHS = tuple(_COLUMNS.index(name) for name in ("critical", "history"))
_TEXTS = tuple(_COLUMNS.index(name) for name in ("relation", "sentiment", "feeling"))


def listed(connection: sqlite3.Connection, listing: Listing, limit: int | None = None) -> Iterator[Listed]:
    """The conversations of a list in its order, page by page; at most `limit` of them."""
    key = "c.id" if listing.newest_first else "c.q1, c.q2, c.q3, c.first_at, c.id"
    order = "c.id DESC" if listing.newest_first else key
    compared = "<" if listing.newest_first else ">"
    marks = ", ".join("?" * len(key.split(", ")))
    place: tuple[int, ...] = ()
    left = limit
    while left is None or left > 0:
        wanted = _PAGE if left is None else min(left, _PAGE)
        behind = f" AND ({key}) {compared} ({marks})" if place else ""
        rows = connection.execute(
            f"SELECT {', '.join(f'c.{name}' for name in _COLUMNS)}, ifnull(m.text, c.snippet), {key}"
            " FROM conversations c LEFT JOIN messages m ON m.id = c.root_message_id"
            f" WHERE ({listing.where}){behind} ORDER BY {order} LIMIT ?",
            (*listing.parameters, *place, wanted),
        ).fetchall()
        for row in rows:
            yield _listed(row)
        if len(rows) < wanted:
            return
        place = tuple(rows[-1])[len(Listed._fields) :]
        left = None if left is None else left - len(rows)


def _listed(row: sqlite3.Row) -> Listed:
    values = list(row)[: len(Listed._fields)]
    for index in _WORDS:
        values[index] = tuple(values[index].strip("|").split("|")) if values[index] else ()
    for index in _TRUTHS:
        values[index] = bool(values[index])
    for index in _TEXTS:
        values[index] = values[index] or ""
    return Listed._make(values)
