"""Inbox room: decisions, answered steps, escalations, notes and corrections of a conversation."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from socialdesk.errors import NotFound
from socialdesk.inbox.events import commitment


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What the policy said at a moment, under which version of it, because of what, with the facts it used."""

    id: int
    conversation_id: int
    message_id: int | None
    at: int
    policy_hash: str
    playbook: str
    case_name: str
    cause: str
    outcome: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A step that a person settled: `outcome` yes, no, done or skipped."""

    id: int
    case_name: str
    step: str
    outcome: str
    reason: str | None
    agent: str
    at: int


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A conversation handed to a group: status delivered, acknowledged, handed_back or passed_on."""

    id: int
    conversation_id: int
    to_group: str
    by_way: str
    reason: str
    agent: str
    at: int
    acknowledge_by: int | None
    otherwise: str | None
    status: str
    acknowledged_by: str | None
    acknowledged_at: int | None
    handed_back_at: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A colleague's remark, never sent anywhere."""

    id: int
    agent: str
    text: str
    at: int


DECISION_COLUMNS = (
    "id",
    "conversation_id",
    "message_id",
    "at",
    "policy_hash",
    "playbook",
    "case_name",
    "cause",
    "outcome",
    "facts",
)


def decisions_of(connection: sqlite3.Connection, conversation: int) -> list[DecisionRow]:
    """Every decision about a conversation, oldest first."""
    rows = connection.execute(
        f"SELECT {', '.join(DECISION_COLUMNS)} FROM decisions WHERE conversation_id = ? ORDER BY id",
        (conversation,),
    )
    return [
        DecisionRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], json.loads(r[8]), json.loads(r[9]))
        for r in rows
    ]


def answers_of(connection: sqlite3.Connection, conversation: int, case_name: str) -> list[AnswerRow]:
    """The steps of a case that were settled, in order."""
    return [
        AnswerRow(*row)
        for row in connection.execute(
            "SELECT id, case_name, step, outcome, reason, agent, at FROM answers"
            " WHERE conversation_id = ? AND case_name = ? AND undone = 0 ORDER BY id",
            (conversation, case_name),
        )
    ]


def add_answer(
    connection: sqlite3.Connection,
    conversation: int,
    case_name: str,
    step: str,
    outcome: str,
    reason: str | None,
    agent: str,
    at: int,
) -> int:
    """Record that a step was settled."""
    row = connection.execute(
        "INSERT INTO answers (conversation_id, case_name, step, outcome, reason, agent, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (conversation, case_name, step, outcome, reason, agent, at),
    ).fetchone()
    return int(row[0])


def take_answer_back(connection: sqlite3.Connection, answer: int) -> None:
    """Mark a settled step as undone."""
    connection.execute("UPDATE answers SET undone = 1 WHERE id = ?", (answer,))


def newest_answer(connection: sqlite3.Connection, conversation: int) -> int | None:
    """The step of a conversation that was settled last and not taken back."""
    row = connection.execute(
        "SELECT max(id) FROM answers WHERE conversation_id = ? AND undone = 0", (conversation,)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def add_correction(
    connection: sqlite3.Connection,
    conversation: int,
    message: int | None,
    signal: str,
    before: str | None,
    after: str,
    agent: str,
    at: int,
) -> int:
    """Record that a person knows better than triage."""
    row = connection.execute(
        "INSERT INTO corrections (conversation_id, message_id, signal, before, after, agent, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (conversation, message, signal, before, after, agent, at),
    ).fetchone()
    return int(row[0])


def corrections_of(connection: sqlite3.Connection, conversation: int) -> list[tuple[str, str, int]]:
    """Every correction of a conversation as (signal, value, at), oldest first."""
    return [
        (row[0], row[1], row[2])
        for row in connection.execute(
            "SELECT signal, after, at FROM corrections WHERE conversation_id = ? AND undone = 0 ORDER BY id",
            (conversation,),
        )
    ]


def take_correction_back(connection: sqlite3.Connection, correction: int) -> None:
    """Mark a correction as undone."""
    connection.execute("UPDATE corrections SET undone = 1 WHERE id = ?", (correction,))


RUNNING = ("delivered", "acknowledged")
"""Where an escalation stands while the group has the conversation."""

_ESCALATION = (
    "SELECT id, conversation_id, to_group, by_way, reason, agent, at, acknowledge_by, otherwise, status,"
    " acknowledged_by, acknowledged_at, handed_back_at FROM escalations"
)


def add_escalation(
    connection: sqlite3.Connection,
    conversation: int,
    to_group: str,
    by_way: str,
    reason: str,
    agent: str,
    at: int,
    acknowledge_by: int | None,
    otherwise: str | None,
    issue: int | None,
) -> int:
    """Hand a conversation, and with it its issue, to a group."""
    row = connection.execute(
        "INSERT INTO escalations (conversation_id, to_group, by_way, reason, agent, at, acknowledge_by, otherwise,"
        " issue_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (conversation, to_group, by_way, reason, agent, at, acknowledge_by, otherwise, issue),
    ).fetchone()
    return int(row[0])


def escalations_of(connection: sqlite3.Connection, conversation: int) -> list[EscalationRow]:
    """Every escalation of a conversation, oldest first."""
    return [
        EscalationRow(*r)
        for r in connection.execute(f"{_ESCALATION} WHERE conversation_id = ? ORDER BY id", (conversation,))
    ]


def escalation(connection: sqlite3.Connection, number: int) -> EscalationRow:
    """One escalation."""
    row = connection.execute(f"{_ESCALATION} WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFound(f"there is no escalation {number}")
    return EscalationRow(*row)


def set_escalation(connection: sqlite3.Connection, number: int, values: Mapping[str, object]) -> None:
    """Set columns of one escalation."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE escalations SET {pairs} WHERE id = ?", (*values.values(), number))


def add_note(
    connection: sqlite3.Connection, conversation: int, agent: str, text: str, at: int, salt: bytes
) -> int:
    """Keep a remark about a conversation."""
    row = connection.execute(
        "INSERT INTO notes (conversation_id, agent, text, at, salt, commitment) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (conversation, agent, text, at, salt, commitment(salt, text)),
    ).fetchone()
    return int(row[0])


def take_note_back(connection: sqlite3.Connection, note: int) -> None:
    """Mark a note as undone."""
    connection.execute("UPDATE notes SET undone = 1 WHERE id = ?", (note,))


def notes_of(connection: sqlite3.Connection, conversation: int) -> list[Note]:
    """The notes on a conversation, oldest first."""
    return [
        Note(*row)
        for row in connection.execute(
            "SELECT id, agent, text, at FROM notes WHERE conversation_id = ? AND undone = 0 ORDER BY id",
            (conversation,),
        )
    ]


def put_under_issue(connection: sqlite3.Connection, conversation: int, issue: int) -> None:
    """A conversation's escalations are the issue's from now on."""
    connection.execute("UPDATE escalations SET issue_id = ? WHERE conversation_id = ?", (issue, conversation))


def issue_is_with(connection: sqlite3.Connection, issue: int, to_group: str) -> bool:
    """Whether a group has some conversation of an issue already: one call is enough for one fault."""
    row = connection.execute(
        "SELECT 1 FROM escalations WHERE issue_id = ? AND to_group = ?"
        " AND status IN ('delivered', 'acknowledged') LIMIT 1",
        (issue, to_group),
    ).fetchone()
    return row is not None
