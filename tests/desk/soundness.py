"""What must hold of any inbox at any moment, whoever was killed while writing to it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from socialdesk.inbox.audit import verify
from socialdesk.inbox.connection import open_inbox

if TYPE_CHECKING:
    from pathlib import Path

_RECOUNT = """
SELECT lane, count(*) FROM conversations GROUP BY lane
UNION ALL SELECT 'mine:' || assignee, count(*) FROM conversations
  WHERE assignee IS NOT NULL AND lane NOT IN ('resolved', 'dismissed', 'merged') GROUP BY assignee
UNION ALL SELECT 'claimed', count(*) FROM conversations WHERE lane = 'queue' AND assignee IS NOT NULL
UNION ALL SELECT 'escalated', count(*) FROM conversations WHERE status = 'escalated'
UNION ALL SELECT 'to_approve', count(*) FROM conversations WHERE to_approve > 0
UNION ALL SELECT 'private', count(*) FROM conversations WHERE private > 0
"""

_ASTRAY = """
SELECT 'message ' || m.id || ' hangs on a conversation that is none' FROM messages m
  LEFT JOIN conversations c ON c.id = m.conversation_id WHERE c.id IS NULL OR c.merged_into IS NOT NULL
UNION ALL SELECT 'conversation ' || id || ' has no message' FROM conversations c
  WHERE merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id)
UNION ALL SELECT 'conversation ' || c.id || ' counts ' || message_count || ' messages' FROM conversations c
  WHERE merged_into IS NULL
    AND message_count <> (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)
UNION ALL SELECT 'timer ' || t.id || ' belongs to a merged conversation' FROM timers t
  JOIN conversations c ON c.id = t.conversation_id WHERE c.merged_into IS NOT NULL
"""


def counters(connection: sqlite3.Connection) -> dict[str, int]:
    """The counters that views show, without those at nought."""
    return dict(connection.execute("SELECT name, n FROM counters WHERE n <> 0").fetchall())


def recount(connection: sqlite3.Connection) -> dict[str, int]:
    """The same numbers counted anew."""
    return {name: n for name, n in connection.execute(_RECOUNT) if n}


def assert_sound(inbox: Path) -> None:
    """The file is whole, the chain holds, counters and search agree with the tables, nothing hangs loose."""
    connection = open_inbox(inbox)
    try:
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert verify(connection).faults == ()
        assert [row[0] for row in connection.execute(_ASTRAY)] == []
        assert counters(connection) == recount(connection)
        connection.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)")
    finally:
        connection.close()


def texts_of(inbox: Path, direction: str = "in") -> dict[str, str]:
    """Every stored message of a direction: its network's id and its words."""
    connection = open_inbox(inbox)
    try:
        rows = connection.execute("SELECT external_id, text FROM messages WHERE direction = ?", (direction,))
        return {row[0]: row[1] for row in rows}
    finally:
        connection.close()


def threads_of(inbox: Path) -> set[frozenset[str]]:
    """The ids of each conversation's messages."""
    connection = open_inbox(inbox)
    try:
        found: dict[int, set[str]] = {}
        for number, external in connection.execute("SELECT conversation_id, external_id FROM messages"):
            found.setdefault(number, set()).add(external)
        return {frozenset(group) for group in found.values()}
    finally:
        connection.close()
