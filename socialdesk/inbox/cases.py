"""Inbox room: whole conversation rows in bulk, for the desk's working copies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any


def rows(connection: sqlite3.Connection, columns: Sequence[str], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The named columns of the conversations with these ids; the first column is the id."""
    found = connection.execute(
        f"SELECT {', '.join(columns)} FROM conversations WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return [tuple(row) for row in found]


def insert(connection: sqlite3.Connection, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Add conversations."""
    if values:
        connection.executemany(
            f"INSERT INTO conversations ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            values,
        )


def update(connection: sqlite3.Connection, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Write back conversations; each row is its values and then its id."""
    if values:
        pairs = ", ".join(f"{column} = ?" for column in columns)
        connection.executemany(
            f"UPDATE conversations SET {pairs}, version = version + 1 WHERE id = ?", values
        )


def latest_of_profiles(connection: sqlite3.Connection, profiles: Sequence[int]) -> dict[int, int]:
    """Each profile's most recent conversation, for linking a new one to it."""
    found = connection.execute(
        "SELECT j.value, (SELECT c.id FROM conversations c WHERE c.profile_id = j.value AND c.merged_into IS NULL"
        " ORDER BY c.last_at DESC LIMIT 1) FROM json_each(?) j",
        (json.dumps(list(profiles)),),
    )
    return {row[0]: row[1] for row in found if row[1] is not None}


def decided_otherwise(connection: sqlite3.Connection, policy_hash: str, after: int, limit: int) -> list[int]:
    """Unclaimed new or watched conversations that another policy than this one decided, by id."""
    found = connection.execute(
        "SELECT c.id FROM conversations c LEFT JOIN decisions d ON d.id = c.decision_id"
        " WHERE c.id > ? AND c.lane IN ('queue', 'watching') AND c.status IN ('new', 'watching')"
        " AND c.assignee IS NULL AND ifnull(d.policy_hash, '') <> ? ORDER BY c.id LIMIT ?",
        (after, policy_hash, limit),
    )
    return [row[0] for row in found]
