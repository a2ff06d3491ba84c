"""Inbox room: drafts, their wordings and their way through the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import fields

from socialdesk.errors import NotAllowed, NotFound, Stale
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft

_FIELDS = [f.name for f in fields(Draft)]
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM drafts"


def get(connection: sqlite3.Connection, draft: int) -> Draft:
    """One draft by its number."""
    row = connection.execute(f"{_SELECT} WHERE id = ?", (draft,)).fetchone()
    if row is None:
        raise NotFound(f"there is no draft {draft}")
    return Draft(*row)


def of_conversation(connection: sqlite3.Connection, conversation: int) -> list[Draft]:
    """Every draft of a conversation, newest first."""
    return [
        Draft(*row)
        for row in connection.execute(
            f"{_SELECT} WHERE conversation_id = ? ORDER BY id DESC", (conversation,)
        )
    ]


def of_issue(connection: sqlite3.Connection, issue: int) -> list[Draft]:
    """Every post drafted for an issue, newest first."""
    return [
        Draft(*row) for row in connection.execute(f"{_SELECT} WHERE issue_id = ? ORDER BY id DESC", (issue,))
    ]


def with_status(connection: sqlite3.Connection, *statuses: str) -> list[Draft]:
    """All drafts in any of these states, oldest first."""
    marks = ", ".join("?" * len(statuses))
    return [
        Draft(*row)
        for row in connection.execute(f"{_SELECT} WHERE status IN ({marks}) ORDER BY id", statuses)
    ]


def count_by_status(connection: sqlite3.Connection) -> dict[str, int]:
    """How many drafts stand in each state."""
    return {
        row[0]: row[1] for row in connection.execute("SELECT status, count(*) FROM drafts GROUP BY status")
    }


def insert(connection: sqlite3.Connection, values: Mapping[str, object], salt: bytes) -> Draft:
    """A new draft; `values` name the columns. Its first wording is kept as version 1."""
    text = str(values["text"])
    columns = (*values, "salt", "commitment")
    row = connection.execute(
        f"INSERT INTO drafts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) RETURNING id",
        (*values.values(), salt, commitment(salt, text)),
    ).fetchone()
    connection.execute(
        "INSERT INTO draft_versions (draft_id, version, text, agent, at) VALUES (?, 1, ?, ?, ?)",
        (row[0], text, values["author"], values["created_at"]),
    )
    return get(connection, row[0])


def reword(
    connection: sqlite3.Connection, draft: Draft, text: str, agent: str, at: int, salt: bytes
) -> Draft:
    """Put a new wording in place; the wordings before stay in the versions."""
    row = connection.execute(
        "UPDATE drafts SET text = ?, salt = ?, commitment = ?, version = version + 1, updated_at = ?"
        " WHERE id = ? AND version = ? RETURNING version",
        (text, salt, commitment(salt, text), at, draft.id, draft.version),
    ).fetchone()
    if row is None:
        raise Stale(f"draft {draft.id} was changed by somebody else in the meantime; look at it again")
    connection.execute(
        "INSERT INTO draft_versions (draft_id, version, text, agent, at) VALUES (?, ?, ?, ?, ?)",
        (draft.id, row[0], text, agent, at),
    )
    return get(connection, draft.id)


def change(
    connection: sqlite3.Connection, draft: int, status_before: str, values: Mapping[str, object]
) -> Draft:
    """Set columns of a draft that still stands in `status_before`, else raise `Stale`."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    try:
        row = connection.execute(
            f"UPDATE drafts SET {pairs} WHERE id = ? AND status = ? RETURNING id",
            (*values.values(), draft, status_before),
        ).fetchone()
    except sqlite3.IntegrityError as error:
        raise NotAllowed(_four_eyes(str(error))) from error
    if row is None:
        raise Stale(f"draft {draft} has moved on in the meantime; look at it again")
    return get(connection, draft)


def _four_eyes(complaint: str) -> str:
    if "four eyes" in complaint:
        return complaint
    return "another message of this conversation is on its way; wait for it to arrive"


def forget_steps(connection: sqlite3.Connection, conversation: int) -> None:
    """The conversation has moved to another case: its unsent drafts settle no step of the one before."""
    connection.execute(
        "UPDATE drafts SET step = NULL WHERE conversation_id = ? AND step IS NOT NULL"
        " AND status NOT IN ('sending', 'sent', 'unsure')",
        (conversation,),
    )


def any_due(connection: sqlite3.Connection, now: int) -> bool:
    """Whether anything waits to be sent now; a read, so that an idle desk takes no lock."""
    row = connection.execute(
        "SELECT 1 FROM drafts WHERE status IN ('queued', 'scheduled') AND not_before <= ? LIMIT 1", (now,)
    ).fetchone()
    return row is not None


def claim_due(connection: sqlite3.Connection, now: int, lease_until: int) -> Draft | None:
    """Take the oldest due draft for sending, with a new fencing token; None when nothing is due.

    One message is in flight per conversation: the partial unique index admits no second one, so
    a conversation with a message under way is passed over.
    """
    row = connection.execute(
        "UPDATE drafts SET status = 'sending', token = token + 1, lease_until = ?, attempts = attempts + 1"
        " WHERE id = (SELECT d.id FROM drafts d WHERE d.status IN ('queued', 'scheduled') AND d.not_before <= ?"
        "   AND NOT EXISTS (SELECT 1 FROM drafts o WHERE o.conversation_id = d.conversation_id"
        "     AND (o.status IN ('sending', 'unsure') OR o.status = 'queued' AND o.id < d.id))"
        "   ORDER BY d.not_before, d.id LIMIT 1) RETURNING id",
        (lease_until, now),
    ).fetchone()
    return None if row is None else get(connection, row[0])


def finish_sending(connection: sqlite3.Connection, draft: Draft, values: Mapping[str, object]) -> bool:
    """Write the outcome of a send, unless another desk holds a newer token by now."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    row = connection.execute(
        f"UPDATE drafts SET {pairs}, lease_until = NULL WHERE id = ? AND token = ?"
        " AND status IN ('sending', 'unsure') RETURNING id",
        (*values.values(), draft.id, draft.token),
    ).fetchone()
    return row is not None


def expired_leases(connection: sqlite3.Connection, now: int) -> list[Draft]:
    """Drafts whose sender has vanished: nobody knows whether they went out."""
    return [
        Draft(*row)
        for row in connection.execute(f"{_SELECT} WHERE status = 'sending' AND lease_until < ?", (now,))
    ]


def versions_of(connection: sqlite3.Connection, draft: int) -> list[tuple[int, str, str, int]]:
    """Every wording of a draft: (version, text, agent, at), oldest first."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in connection.execute(
            "SELECT version, text, agent, at FROM draft_versions WHERE draft_id = ? ORDER BY version",
            (draft,),
        )
    ]


def said_in_thread(connection: sqlite3.Connection, conversation: int) -> list[str]:
    """Our texts in a conversation, sent from here or elsewhere, so that a wording is not repeated."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT text FROM messages WHERE conversation_id = ? AND direction = 'out' ORDER BY created_at",
            (conversation,),
        )
    ]
