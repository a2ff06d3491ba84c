"""Inbox room: holding the record against itself, and everything that was said or decided against the record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from socialdesk.inbox.events import GENESIS, commitment, intake_digest, link


@dataclass(frozen=True, slots=True)
class Audit:
    """What a check of the record found; `faults` is empty when everything holds. `head` is the last hash, hex."""

    events: int
    messages: int
    head: str
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """What the record says of the rows beside it: ranges of messages, the words committed to, approvals."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    words: dict[tuple[str, int], str] = field(default_factory=dict)
    approved: dict[int, str | None] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)


_WORDS = {"edited": ("messages", "message"), "sent": ("messages", "message"), "noted": ("notes", "note")}
"""Which row an event's commitment is about, and where the event's body names it; other events name drafts."""


def verify(connection: sqlite3.Connection) -> Audit:
    """Recompute the whole chain, and hold every stored text and every approval against what it says."""
    faults: list[str] = []
    told = _Told()
    events, previous = _check_chain(connection, told, faults)
    messages = _check_texts(connection, told, faults)
    faults.extend(_uncovered(connection, told))
    faults.extend(_unapproved(connection, told))
    return Audit(events, messages, previous.hex(), tuple(faults))


def _check_chain(connection: sqlite3.Connection, told: _Told, faults: list[str]) -> tuple[int, bytes]:
    previous, expected = GENESIS, 1
    for row in connection.execute("SELECT * FROM events ORDER BY seq"):
        if row["seq"] != expected:
            faults.append(f"event {expected} is missing")
        if link(previous, tuple(row)[:-1]) != row["hash"]:
            faults.append(f"event {row['seq']} ({row['kind']}) does not match its hash")
        body = json.loads(row["body"])
        if row["kind"] == "intake":
            faults.extend(_check_intake(connection, row["seq"], body, told))
        else:
            _hear(told, row["kind"], row["draft_id"], body)
        previous, expected = row["hash"], row["seq"] + 1
    return expected - 1, previous


def _hear(told: _Told, kind: str, draft: int | None, body: dict[str, Any]) -> None:
    committed = body.get("commitment")
    if committed is not None:
        table, name = _WORDS.get(kind, ("drafts", ""))
        number = body.get(name) if name else draft
        if number is not None:
            told.words[table, number] = committed
    if draft is None:
        return
    if kind in ("approved", "submitted"):
        told.approved[draft] = body.get("hash")
    elif kind == "sent":
        told.sent.add(draft)
        if body.get("message") is not None:
            told.ranges.append((body["message"], body["message"]))


def _check_intake(
    connection: sqlite3.Connection, seq: int, body: dict[str, Any], told: _Told
) -> Iterator[str]:
    if not body.get("stored"):
        return
    told.ranges.append((body["first"], body["last"]))
    rows = connection.execute(
        "SELECT ifnull((SELECT v.commitment FROM message_versions v WHERE v.message_id = m.id ORDER BY v.id LIMIT 1),"
        " m.commitment) FROM messages m WHERE m.id BETWEEN ? AND ? ORDER BY m.id",
        (body["first"], body["last"]),
    )
    if intake_digest(row[0] for row in rows) != body["digest"]:
        yield f"the messages {body['first']} to {body['last']} are not those that event {seq} recorded"


def _check_texts(connection: sqlite3.Connection, told: _Told, faults: list[str]) -> int:
    """Every text against its commitment, and every commitment that an event named against that."""
    count = 0
    for table in ("messages", "message_versions", "drafts", "notes"):
        what = table[:-1].replace("_", " ")
        for row in connection.execute(
            f"SELECT id, text, salt, commitment FROM {table} WHERE length(salt) > 0"
        ):
            count += table == "messages"
            recorded = told.words.get((table, row["id"]))
            if commitment(row["salt"], row["text"]) != row["commitment"]:
                faults.append(f"the text of {what} {row['id']} was changed outside socialdesk")
            elif recorded is not None and recorded != row["commitment"].hex():
                faults.append(f"the text of {what} {row['id']} is not the one on the record")
            elif recorded is None and table in ("drafts", "notes"):
                faults.append(f"{what} {row['id']} is not on the record")
    return count


def _uncovered(connection: sqlite3.Connection, told: _Told) -> Iterator[str]:
    """Messages of which no event tells: somebody has put them in, or has cut the record short."""
    ranges = sorted(told.ranges)
    at = 0
    for row in connection.execute("SELECT id FROM messages ORDER BY id"):
        while at < len(ranges) and ranges[at][1] < row[0]:
            at += 1
        if at == len(ranges) or row[0] < ranges[at][0]:
            yield f"message {row[0]} is not on the record"


def _unapproved(connection: sqlite3.Connection, told: _Told) -> Iterator[str]:
    """Drafts on their way or sent of which the record tells no approval, or no sending."""
    for row in connection.execute(
        "SELECT id, status, approved_hash FROM drafts WHERE status IN"
        " ('approved', 'scheduled', 'queued', 'sending', 'unsure', 'sent')"
    ):
        if told.approved.get(row["id"]) != row["approved_hash"] or row["approved_hash"] is None:
            yield f"draft {row['id']} is {row['status']}, but the record has no approval of its words"
        if row["status"] == "sent" and row["id"] not in told.sent:
            yield f"draft {row['id']} is marked as sent, but the record has no such event"
