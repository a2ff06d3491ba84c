"""Inbox room: the record; every event is chained to the one before, and the chain can be checked."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping

from socialdesk.inbox.rows import Event
from socialdesk.model import Millis, Person

GENESIS = bytes(32)
"""What the first event is chained to."""


def commitment(salt: bytes, text: str) -> bytes:
    """SHA-256 over salt and text: events hold this instead of words, so that words can be erased."""
    return hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).digest()


def link(previous: bytes, fields: tuple[object, ...]) -> bytes:
    """The hash that chains an event's stored fields to the event before."""
    stored = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + stored.encode()).digest()


def append(
    connection: sqlite3.Connection,
    kind: str,
    person: Person,
    at: Millis,
    *,
    conversation: int | None = None,
    draft: int | None = None,
    body: Mapping[str, object] | None = None,
) -> int:
    """Add one event to the record and return its number; only inside a write transaction.

    The head is read under the write lock, so no two processes chain to the same event.
    """
    row = connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (1, GENESIS) if row is None else (row[0] + 1, row[1])
    text = json.dumps(body or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = (seq, at, kind, person.agent, person.login, conversation, draft, text)
    connection.execute(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*fields, link(previous, fields))
    )
    return int(seq)


_SELECT = "SELECT seq, at, kind, agent, login, conversation_id, draft_id, body FROM events"


def since(connection: sqlite3.Connection, seq: int, limit: int = 500) -> list[Event]:
    """The events after number `seq`, oldest first."""
    return [
        Event(*row)
        for row in connection.execute(f"{_SELECT} WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))
    ]


def of_conversation(connection: sqlite3.Connection, conversation: int, limit: int = 500) -> list[Event]:
    """The events of one conversation, newest first."""
    return [
        Event(*row)
        for row in connection.execute(
            f"{_SELECT} WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?", (conversation, limit)
        )
    ]


def last_undoable(
    connection: sqlite3.Connection, login: str, conversation: int | None, kinds: tuple[str, ...]
) -> Event | None:
    """The person's newest event of one of `kinds` that is not undone yet."""
    marks = ", ".join("?" * len(kinds))
    where, values = ("", ()) if conversation is None else (" AND conversation_id = ?", (conversation,))
    row = connection.execute(
        f"{_SELECT} WHERE login = ? AND kind IN ({marks}){where}"
        " AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.seq = events.seq) ORDER BY seq DESC LIMIT 1",
        (login, *kinds, *values),
    ).fetchone()
    return None if row is None else Event(*row)


def approval_of(connection: sqlite3.Connection, draft: int) -> Event | None:
    """The event that let a draft pass: the latest approval, or submission where nobody had to approve.

    What was undone lets nothing pass.
    """
    return latest_of_draft(connection, draft, "approved", "submitted")


def latest_of_draft(connection: sqlite3.Connection, draft: int, *kinds: str) -> Event | None:
    """A draft's newest event of these kinds that was not undone."""
    marks = ", ".join("?" * len(kinds))
    row = connection.execute(
        f"{_SELECT} WHERE draft_id = ? AND kind IN ({marks})"
        " AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.seq = events.seq) ORDER BY seq DESC LIMIT 1",
        (draft, *kinds),
    ).fetchone()
    return None if row is None else Event(*row)


def mark_undone(connection: sqlite3.Connection, seq: int, by_seq: int) -> None:
    """Say that event `seq` was undone by event `by_seq`."""
    connection.execute("INSERT INTO undone VALUES (?, ?)", (seq, by_seq))


def head(connection: sqlite3.Connection) -> int:
    """The number of the newest event, 0 for an empty record."""
    return int(connection.execute("SELECT ifnull(max(seq), 0) FROM events").fetchone()[0])


def intake_digest(commitments: Iterator[bytes]) -> str:
    """One digest over the commitments of a batch of messages, in order of their ids."""
    digest = hashlib.sha256()
    for one in commitments:
        digest.update(one)
    return digest.hexdigest()
