"""Inbox room: the one table of things that happen later, and the leases that keep two desks from doing them twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Timer:
    """Something due: kind deadline, warn, snooze, watch, wait, silence, schedule or acknowledge."""

    id: int
    due_at: int
    kind: str
    conversation_id: int | None
    draft_id: int | None
    escalation_id: int | None
    payload: Mapping[str, Any]


def _timer(row: sqlite3.Row) -> Timer:
    return Timer(row[0], row[1], row[2], row[3], row[4], row[5], json.loads(row[6]))


_SELECT = "SELECT id, due_at, kind, conversation_id, draft_id, escalation_id, payload FROM timers"


def start(
    connection: sqlite3.Connection,
    kind: str,
    due_at: int,
    *,
    conversation: int | None = None,
    draft: int | None = None,
    escalation: int | None = None,
    payload: Mapping[str, object] | None = None,
) -> int:
    """Set a timer; returns its number."""
    row = connection.execute(
        "INSERT INTO timers (due_at, kind, conversation_id, draft_id, escalation_id, payload)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (due_at, kind, conversation, draft, escalation, json.dumps(payload or {})),
    ).fetchone()
    return int(row[0])


def stop(connection: sqlite3.Connection, conversation: int, *kinds: str) -> list[Timer]:
    """Take a conversation's timers of these kinds away (all of them when none is named) and return them."""
    where = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    gone = connection.execute(
        f"DELETE FROM timers WHERE conversation_id = ?{where}"
        " RETURNING id, due_at, kind, conversation_id, draft_id, escalation_id, payload",
        (conversation, *kinds),
    ).fetchall()
    return [_timer(row) for row in gone]


def of_conversation(connection: sqlite3.Connection, conversation: int) -> list[Timer]:
    """A conversation's timers, the next first."""
    return [
        _timer(r)
        for r in connection.execute(f"{_SELECT} WHERE conversation_id = ? ORDER BY due_at", (conversation,))
    ]


def due(connection: sqlite3.Connection, kinds: Sequence[str], now: int, limit: int = -1) -> list[Timer]:
    """The due timers of these kinds, earliest first; they stay until they are removed."""
    marks = ", ".join("?" * len(kinds))
    rows = connection.execute(
        f"{_SELECT} WHERE due_at <= ? AND kind IN ({marks}) ORDER BY due_at, id LIMIT ?", (now, *kinds, limit)
    )
    return [_timer(row) for row in rows]


def stop_call(connection: sqlite3.Connection, escalation: int) -> None:
    """Take the timers of one call of a group away."""
    connection.execute("DELETE FROM timers WHERE escalation_id = ?", (escalation,))


def remove(connection: sqlite3.Connection, timer: int) -> None:
    """Take one timer away."""
    connection.execute("DELETE FROM timers WHERE id = ?", (timer,))


def postpone(connection: sqlite3.Connection, timer: int, due_at: int) -> None:
    """Let one timer ring later."""
    connection.execute("UPDATE timers SET due_at = ? WHERE id = ?", (due_at, timer))


def next_due(connection: sqlite3.Connection, kinds: Sequence[str]) -> int | None:
    """When the next timer of these kinds is due."""
    marks = ", ".join("?" * len(kinds))
    row = connection.execute(
        f"SELECT due_at FROM timers WHERE kind IN ({marks}) ORDER BY due_at LIMIT 1", tuple(kinds)
    ).fetchone()
    return None if row is None else int(row[0])


def lease(connection: sqlite3.Connection, name: str, holder: str, now: int, until: int) -> bool:
    """Take or prolong a lease; False while another holder's is running."""
    row = connection.execute(
        "INSERT INTO leases VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET holder = excluded.holder,"
        " until = excluded.until, token = token + 1 WHERE holder = excluded.holder OR until <= ? RETURNING token",
        (name, holder, until, now),
    ).fetchone()
    return row is not None


def release(connection: sqlite3.Connection, name: str, holder: str) -> None:
    """Give a lease back early."""
    connection.execute("DELETE FROM leases WHERE name = ? AND holder = ?", (name, holder))


def holders(connection: sqlite3.Connection, prefix: str, now: int) -> list[str]:
    """Who holds a running lease whose name starts with `prefix`."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT holder FROM leases WHERE name >= ? AND name < ? AND until > ?",
            (prefix, prefix + "\uffff", now),
        )
    ]


def be_present(connection: sqlite3.Connection, agent: str, conversation: int, doing: str, until: int) -> None:
    """Say that an agent looks at or writes in a conversation; the row expires by itself."""
    connection.execute(
        "INSERT INTO presence VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET doing = excluded.doing,"
        " until = excluded.until",
        (agent, conversation, doing, until),
    )


def leave(connection: sqlite3.Connection, agent: str, but: int | None = None) -> None:
    """Say that an agent is at no conversation, or at none `but` this one."""
    connection.execute("DELETE FROM presence WHERE agent = ? AND conversation_id IS NOT ?", (agent, but))


def present(connection: sqlite3.Connection, conversation: int, now: int) -> list[tuple[str, str]]:
    """Who else is at a conversation: (agent, doing)."""
    return [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT agent, doing FROM presence WHERE conversation_id = ? AND until > ? ORDER BY agent",
            (conversation, now),
        )
    ]
