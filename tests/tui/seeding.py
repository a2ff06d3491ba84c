"""Plain rows in a real inbox, for what the screen shows; the words are of a believable day, some hostile."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from socialdesk.clock import HOUR, MINUTE
from socialdesk.inbox.connection import open_inbox, writing

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

NOW = 1_790_000_000_000
"""The moment at which the seeded inbox stands, UTC milliseconds."""

NETWORKS = ("mastodon", "bluesky", "reddit", "reviews", "forum")
FEELINGS = ("calm", "upset", "belligerent", "thankful")
WORDS = (
    "my widget has been broken for days and nobody answers",
    "does the blue widget fit the old base?",
    "thank you, the replacement came in two days",
    "third call this week, still no refund",
    "is anybody else's app down this morning?",
    "I will take this to my lawyer",
    "love the new colour",
)
HOSTILE = (
    "[/oops] [b]bold[/b] [@click=app.bell]press me[/]",
    "\x1b]52;c;aGVsbG8=\x07\x1b[31mred\x9b31m",
    "\u202egnp.exe tfel-ot-thgir \u2066 x",
    "見て下さい、壊れました 👨‍👩‍👧‍👦 ❤️ ok",
    "مرحبا، الجهاز لا يعمل",
)


def seed(path: Path, number: int, *, hostile: bool = False, first_id: int = 1) -> None:
    """Add `number` conversations of one message each to the inbox at `path`, made if need be."""
    connection = open_inbox(path)
    try:
        with writing(connection):
            add(connection, number, hostile=hostile, first_id=first_id)
    finally:
        connection.close()


def add(connection: sqlite3.Connection, number: int, *, hostile: bool = False, first_id: int = 1) -> None:
    """Insert the rows; inside a transaction."""
    dice = random.Random(number + first_id)
    for start in range(first_id, first_id + number, 10_000):
        ids = range(start, min(start + 10_000, first_id + number))
        drawn = [_draw(dice, one, hostile) for one in ids]
        connection.executemany(
            "INSERT INTO profiles (id, network, handle, name, followers, first_at, last_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (d["id"], d["network"], d["author"], d["name"], d["followers"], d["at"], d["at"])
                for d in drawn
            ],
        )
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, network, external_id, direction, kind, profile_id, created_at,"
            " fetched_at, text, relation, feeling, salt, commitment)"
            " VALUES (:id, :id, :network, 'x' || :id, 'in', 'mention', :id, :at, :at, :text, 'to_us', :feeling,"
            " x'00', x'00')",
            drawn,
        )
        connection.executemany(
            "INSERT INTO conversations (id, network, profile_id, root_message_id, author, name, snippet, relation,"
            " feeling, followers, urgency, critical, due_at, due_kind, first_at, last_at, stored_at, unanswered_since)"
            " VALUES (:id, :network, :id, :id, :author, :name, :text, 'to_us', :feeling, :followers, :urgency,"
            " :critical, :due, :kind, :at, :at, :at, :at)",
            drawn,
        )


def _draw(dice: random.Random, number: int, hostile: bool) -> dict[str, object]:
    at = NOW - dice.randrange(MINUTE, 9 * HOUR)
    due = NOW + dice.randrange(-30, 240) * MINUTE if dice.random() < 0.6 else None
    text = dice.choice(HOSTILE if hostile else WORDS)
    return {
        "id": number,
        "network": dice.choice(NETWORKS),
        "author": f"writer_{number}",
        "name": f"Writer {number}",
        "followers": int(10 ** dice.uniform(0.5, 6.2)),
        "at": at,
        "text": f"{text} ({number})",
        "feeling": dice.choice(FEELINGS),
        "urgency": dice.randrange(100),
        "critical": int(dice.random() < 0.02),
        "due": due,
        "kind": None if due is None else "reply",
    }
