"""Inbox room: issues, which several people report, and the first report of each fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """Several conversations about the same fault of the same product; `people` are different persons."""

    id: int
    product: str
    fault: str
    title: str
    first_at: int
    last_at: int
    people: int
    conversations: int
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class First:
    """The latest report of a fault: by whom, where, when, and the issue it has become, if it has."""

    profile_id: int
    conversation_id: int
    at: int
    issue_id: int | None


def issue(connection: sqlite3.Connection, number: int) -> Issue | None:
    """One issue."""
    row = connection.execute(
        "SELECT id, product, fault, title, first_at, last_at, people, conversations, closed_at FROM issues"
        " WHERE id = ?",
        (number,),
    ).fetchone()
    return None if row is None else Issue(*row)


def first_report(connection: sqlite3.Connection, product: str, fault: str) -> First | None:
    """The report that the next one of the same fault is held against; one indexed look-up."""
    row = connection.execute(
        "SELECT profile_id, conversation_id, at, issue_id FROM issue_firsts WHERE product = ? AND fault = ?",
        (product, fault),
    ).fetchone()
    return None if row is None else First(*row)


def set_first_report(connection: sqlite3.Connection, product: str, fault: str, report: First) -> None:
    """Remember a report as the one that the next is held against."""
    connection.execute(
        "INSERT INTO issue_firsts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET profile_id = excluded.profile_id,"
        " conversation_id = excluded.conversation_id, at = excluded.at, issue_id = excluded.issue_id",
        (product, fault, report.profile_id, report.conversation_id, report.at, report.issue_id),
    )


def create(connection: sqlite3.Connection, product: str, fault: str, title: str, at: int) -> int:
    """A new issue; returns its number."""
    row = connection.execute(
        "INSERT INTO issues (product, fault, title, first_at, last_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (product, fault, title, at, at),
    ).fetchone()
    return int(row[0])


def add_report(
    connection: sqlite3.Connection, number: int, profile_id: int, at: int, conversations: int
) -> None:
    """Count a report in: the person and their followers once, `conversations` (0 or 1) new ones, the times."""
    fresh = connection.execute(
        "INSERT INTO issue_people VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        (number, profile_id, at),
    ).fetchone()
    connection.execute(
        "UPDATE issues SET conversations = conversations + ?, last_at = max(last_at, ?), first_at = min(first_at, ?)"
        " WHERE id = ?",
        (conversations, at, at, number),
    )
    if fresh is not None:
        connection.execute(
            "UPDATE issues SET people = people + 1, reach = reach + ifnull((SELECT followers FROM profiles"
            " WHERE id = ?), 0) WHERE id = ?",
            (profile_id, number),
        )


def to_be_woken(
    connection: sqlite3.Connection, number: int, playing: Iterable[tuple[str, str]], limit: int = 50
) -> list[int]:
    """Conversations of an issue that are watched, or lie with the agents untouched; newest first.

    Only those that `playing` names by playbook and case, which are those with waking rules: an issue
    may have very many of the others.
    """
    found = [
        row[0]
        for playbook, case in playing
        for row in connection.execute(
            "SELECT id FROM conversations INDEXED BY conversations_to_be_woken WHERE issue_id = ? AND playbook = ?"
            " AND case_name = ? AND merged_into IS NULL AND status IN ('watching', 'new')"
            " AND (status = 'watching' OR engage = 'agent_decides' AND assignee IS NULL AND opened_at IS NULL)"
            " ORDER BY id DESC LIMIT ?",
            (number, playbook, case, limit),
        )
    ]
    return sorted(found, reverse=True)[:limit]


def people_within(
    connection: sqlite3.Connection, number: int, since: int, until: int, cap: int = 100
) -> list[int]:
    """The different people who reported an issue in [since, until], as `facts.person_of` numbers them."""
    rows = connection.execute(
        "SELECT DISTINCT ifnull(-p.customer_id, p.id) FROM issue_people i JOIN profiles p ON p.id = i.profile_id"
        " WHERE i.issue_id = ? AND i.at BETWEEN ? AND ? LIMIT ?",
        (number, since, until, cap),
    )
    return [row[0] for row in rows]
