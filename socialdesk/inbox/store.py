"""Inbox room: storing what was fetched, many rows to a statement; only inside a write transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from socialdesk.model import Refusal

MESSAGE_COLUMNS = (
    "id",
    "conversation_id",
    "network",
    "external_id",
    "channel_id",
    "direction",
    "kind",
    "visibility",
    "profile_id",
    "created_at",
    "fetched_at",
    "reply_to",
    "quote_of",
    "language",
    "url",
    "text",
    "raw",
    "edited_at",
    "deleted_at",
    "relation",
    "sentiment",
    "feeling",
    "topics",
    "risks",
    "measures",
    "metrics",
    "origin",
    "salt",
    "commitment",
)
_INSERT_MESSAGE = (
    f"INSERT INTO messages ({', '.join(MESSAGE_COLUMNS)}) VALUES ({', '.join('?' * len(MESSAGE_COLUMNS))})"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the inbox already holds of a network's id."""

    id: int
    conversation_id: int
    direction: str
    relation: str | None
    profile_id: int | None
    reply_to: str | None
    created_at: int
    text: str
    edited_at: int | None
    deleted_at: int | None
    metrics: str | None


_STORED = (
    "SELECT external_id, id, conversation_id, direction, relation, profile_id, reply_to, created_at, text,"
    " edited_at, deleted_at, metrics FROM messages"
)


def stored_by_source(connection: sqlite3.Connection, network: str, ids: Sequence[str]) -> dict[str, Stored]:
    """Which of a network's ids the inbox already holds."""
    rows = connection.execute(
        f"{_STORED} WHERE network = ? AND external_id IN (SELECT value FROM json_each(?))",
        (network, json.dumps(ids)),
    )
    return {row[0]: Stored(*tuple(row)[1:]) for row in rows}


def orphans_of(
    connection: sqlite3.Connection, network: str, ids: Sequence[str]
) -> list[tuple[str, int, int]]:
    """Stored replies to any of `ids`: (parent id, message id, conversation id)."""
    rows = connection.execute(
        "SELECT reply_to, id, conversation_id FROM messages INDEXED BY messages_by_parent"
        " WHERE network = ? AND reply_to IN (SELECT value FROM json_each(?))",
        (network, json.dumps(ids)),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing has ever been fetched or sent."""
    return connection.execute("SELECT 1 FROM messages LIMIT 1").fetchone() is None


def next_id(connection: sqlite3.Connection, table: str) -> int:
    """The id that the next row of `table` will have; holds for the rest of the transaction."""
    return int(connection.execute(f"SELECT ifnull(max(id), 0) + 1 FROM {table}").fetchone()[0])


def insert_messages(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add messages (values in `MESSAGE_COLUMNS` order, contiguous ids) and make them searchable.

    Full text is one INSERT … SELECT: a trigger would flush the index once per row.
    """
    connection.executemany(_INSERT_MESSAGE, rows)
    connection.execute(
        "INSERT INTO messages_fts (rowid, text) SELECT id, text FROM messages WHERE id BETWEEN ? AND ?",
        (rows[0][0], rows[-1][0]),
    )


def insert_rows(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows to one of the inbox's own tables."""
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows
    )


def update_rows(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `columns` of rows by id; each row is its values and then its id."""
    pairs = ", ".join(f"{column} = ?" for column in columns)
    connection.executemany(f"UPDATE {table} SET {pairs} WHERE id = ?", rows)


def replace_text(
    connection: sqlite3.Connection,
    message: int,
    *,
    text: str,
    raw: str | None,
    edited_at: int,
    at: int,
    salt: bytes,
    commitment: bytes,
) -> None:
    """Keep the wording there was as a version and put the new one in its place, in search too."""
    connection.execute(
        "INSERT INTO message_versions (message_id, text, raw, at, salt, commitment)"
        " SELECT id, text, raw, ?, salt, commitment FROM messages WHERE id = ?",
        (at, message),
    )
    connection.execute(
        "INSERT INTO messages_fts (messages_fts, rowid, text) SELECT 'delete', id, text FROM messages WHERE id = ?",
        (message,),
    )
    connection.execute(
        "UPDATE messages SET text = ?, raw = ?, edited_at = ?, salt = ?, commitment = ? WHERE id = ?",
        (text, raw, edited_at, salt, commitment, message),
    )
    connection.execute("INSERT INTO messages_fts (rowid, text) VALUES (?, ?)", (message, text))


def changes_so_far(connection: sqlite3.Connection) -> int:
    """How many rows this connection has changed; two equal numbers mean that nothing happened between."""
    return connection.total_changes


def commitment_of(connection: sqlite3.Connection, message: int) -> bytes:
    """What a message's text is committed to."""
    row = connection.execute("SELECT commitment FROM messages WHERE id = ?", (message,)).fetchone()
    return bytes(row[0])


def set_message(connection: sqlite3.Connection, message: int, values: Mapping[str, object]) -> None:
    """Set columns of one message that are not its text."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE messages SET {pairs} WHERE id = ?", (*values.values(), message))


def move_messages(connection: sqlite3.Connection, from_conversation: int, to_conversation: int) -> None:
    """Put everything that hangs on one conversation under another; the emptied one becomes a pointer."""
    for table in ("messages", "drafts", "notes", "answers", "escalations", "timers", "corrections"):
        connection.execute(
            f"UPDATE {table} SET conversation_id = ? WHERE conversation_id = ?",
            (to_conversation, from_conversation),
        )
    connection.execute(
        "UPDATE conversations SET merged_into = ?, status = 'dismissed', reason = 'merged', to_approve = 0,"
        " private = 0, issue_id = NULL, version = version + 1 WHERE id = ? OR merged_into = ?",
        (to_conversation, from_conversation, from_conversation),
    )


def mark_answering_us(connection: sqlite3.Connection, messages: Sequence[int]) -> None:
    """Stored posts of which it shows only now that they answer something we wrote: said to us."""
    connection.execute(
        "UPDATE messages SET relation = 'to_us' WHERE id IN (SELECT value FROM json_each(?))"
        " AND relation <> 'from_us'",
        (json.dumps(list(messages)),),
    )


def refuse(connection: sqlite3.Connection, refusals: Iterable[Refusal], at: int) -> int:
    """Keep what could not be used, with its reason; returns how many are new.

    The same line of the same source is kept once; where there is no line, the same reason is.
    """
    import hashlib

    before = connection.total_changes
    connection.executemany(
        "INSERT OR IGNORE INTO refusals (at, source, line, reason, raw, raw_hash) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                at,
                r.source,
                r.line,
                r.reason,
                r.raw,
                hashlib.sha256((r.raw or r.reason).encode("utf-8", "replace")).hexdigest()[:16],
            )
            for r in refusals
        ),
    )
    return connection.total_changes - before


def refusals(connection: sqlite3.Connection, limit: int = 100) -> list[tuple[int, Refusal]]:
    """The newest refusals with their times."""
    rows = connection.execute(
        "SELECT at, source, line, reason, raw FROM refusals ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [(row[0], Refusal(row[1], row[2], row[3], row[4])) for row in rows]


def tune_for_bulk(connection: sqlite3.Connection) -> None:
    """Larger cache (128 MB) and rarer checkpoints (160 MB) for a long import; as long as the connection lives.

    At a million posts checkpoints of 40 MB took a tenth of the time: each writes the same index pages anew.
    """
    connection.execute("PRAGMA cache_size = -128000")
    connection.execute("PRAGMA wal_autocheckpoint = 40000")
