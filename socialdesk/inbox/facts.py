"""Inbox room: the questions that a playbook asks about people and threads, answered as of a moment."""

from __future__ import annotations

import sqlite3


def person_of(connection: sqlite3.Connection, profile: int) -> int:
    """A number for the person behind an account: the customer's below zero, else the account's own."""
    row = connection.execute(
        "SELECT ifnull(-customer_id, id) FROM profiles WHERE id = ?", (profile,)
    ).fetchone()
    return profile if row is None else int(row[0])


def same_person(connection: sqlite3.Connection, profile: int, other: int) -> bool:
    """Whether two accounts belong to one customer, or are one."""
    return profile == other or person_of(connection, profile) == person_of(connection, other)


def voices(
    connection: sqlite3.Connection, conversation: int, since: int, until: int, cap: int = 200
) -> list[tuple[int, str]]:
    """Who wrote what about in a conversation in [since, until]: (person, topics), each once.

    Bots and our own accounts are left out; persons are numbered as `person_of` does.
    """
    rows = connection.execute(
        "SELECT DISTINCT ifnull(-p.customer_id, p.id), m.topics FROM messages m JOIN profiles p"
        " ON p.id = m.profile_id WHERE m.conversation_id = ? AND m.direction = 'in' AND m.deleted_at IS NULL"
        " AND m.created_at BETWEEN ? AND ? AND ifnull(p.bot, 0) = 0 AND ifnull(m.relation, '') <> 'from_us'"
        " LIMIT ?",
        (conversation, since, until, cap),
    )
    return [(row[0], row[1]) for row in rows]


def posts_of_author(connection: sqlite3.Connection, conversation: int, profile: int) -> int:
    """How many posts one profile wrote in a conversation."""
    # The plus keeps SQLite from reading all that somebody ever wrote; conversations are shorter.
    row = connection.execute(
        "SELECT count(*) FROM messages WHERE conversation_id = ? AND +profile_id = ? AND direction = 'in'",
        (conversation, profile),
    ).fetchone()
    return int(row[0])


def joint_reach(connection: sqlite3.Connection, conversation: int, issue: int | None) -> int:
    """The followers of everybody who wrote in a conversation or reported its issue, each counted once.

    Those who reported count as they did then: the issue keeps their sum, so that a thousandth report
    costs what a second one does.
    """
    row = connection.execute(
        "SELECT ifnull((SELECT reach FROM issues WHERE id = ?2), 0) + ifnull(sum(followers), 0) FROM profiles p"
        " WHERE id IN (SELECT profile_id FROM messages WHERE conversation_id = ?1 AND direction = 'in')"
        " AND NOT EXISTS (SELECT 1 FROM issue_people i WHERE i.issue_id = ?2 AND i.profile_id = p.id)",
        (conversation, issue),
    ).fetchone()
    return int(row[0])


def other_open_conversation(connection: sqlite3.Connection, conversation: int, profile: int) -> bool:
    """Whether this person has another conversation that is not closed."""
    row = connection.execute(
        "SELECT 1 FROM conversations c WHERE c.profile_id IN (SELECT ? UNION SELECT o.id FROM profiles p"
        " JOIN profiles o ON o.customer_id = p.customer_id WHERE p.id = ?) AND c.id <> ?"
        " AND c.merged_into IS NULL AND c.history = 0 AND c.status NOT IN ('resolved', 'dismissed') LIMIT 1",
        (profile, profile, conversation),
    ).fetchone()
    return row is not None
