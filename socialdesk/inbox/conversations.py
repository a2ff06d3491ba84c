"""Inbox room: one conversation and its thread, and the one statement that changes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from socialdesk.errors import NotFound
from socialdesk.inbox.rows import Conversation, Message, split_words

_FIELDS = [f.name for f in fields(Conversation)]
_SELECT = (
    "SELECT "
    + ", ".join(
        "ifnull((SELECT name FROM channels WHERE channels.id = c.channel_id), '')"
        if name == "channel"
        else f"c.{name}"
        for name in _FIELDS
    )
    + " FROM conversations c"
)
_WORDS = {"topics", "risks", "tags", "products"}
_TRUTH = {"history", "spam", "vip", "advocate", "colleague", "critical", "snoozed_until_reply"}
_MAYBE_TRUTH = {"verified", "bot"}
_TEXTS = {"relation", "sentiment", "feeling"}


def _conversation(row: sqlite3.Row) -> Conversation:
    values = []
    for name, value in zip(_FIELDS, row, strict=True):
        if name in _WORDS:
            value = split_words(value)
        elif name in _TRUTH:
            value = bool(value)
        elif name in _MAYBE_TRUTH:
            value = None if value is None else bool(value)
        elif name in _TEXTS:
            value = value or ""
        values.append(value)
    return Conversation(*values)


def get(connection: sqlite3.Connection, conversation: int) -> Conversation:
    """The conversation with this id, following merge pointers; `NotFound` when there is none."""
    wanted = conversation
    while True:
        row = connection.execute(f"{_SELECT} WHERE c.id = ?", (conversation,)).fetchone()
        if row is None:
            raise NotFound(f"there is no conversation {wanted}; see: socialdesk list")
        found = _conversation(row)
        if found.merged_into is None:
            return found
        conversation = found.merged_into


_MESSAGE_COLUMNS = (
    "m.id, m.conversation_id, m.network, m.external_id, m.direction, m.kind, m.visibility, m.profile_id,"
    " ifnull(p.handle, '') AS author, p.name, p.followers, ifnull(p.verified, 0) AS verified,"
    " ifnull(p.bot, 0) AS bot, m.created_at, m.fetched_at, m.reply_to, m.quote_of, m.language, m.url, m.text,"
    " m.edited_at, m.deleted_at, m.relation, m.sentiment, m.feeling, m.topics, m.risks,"
    " (SELECT count(*) FROM message_versions v WHERE v.message_id = m.id) AS versions"
)
_FROM = "FROM messages m LEFT JOIN profiles p ON p.id = m.profile_id"
_MESSAGE = f"SELECT {_MESSAGE_COLUMNS} {_FROM}"


def _message(row: sqlite3.Row | Mapping[str, Any]) -> Message:
    values = dict(row)
    values["verified"] = bool(values["verified"])
    values["bot"] = bool(values["bot"])
    values["topics"] = split_words(values["topics"])
    values["risks"] = split_words(values["risks"])
    return Message(**values)


def thread_of(connection: sqlite3.Connection, conversation: int, limit: int = 2_000) -> list[Message]:
    """The messages of a conversation by time; the newest `limit` of a very long one."""
    rows = connection.execute(
        f"{_MESSAGE} WHERE m.conversation_id = ? ORDER BY m.created_at DESC, m.id DESC LIMIT ?",
        (conversation, limit),
    ).fetchall()
    return [_message(row) for row in reversed(rows)]


def first_said_after(
    connection: sqlite3.Connection, conversation: int, profile: int, message: int
) -> int | None:
    """When the first of somebody's posts was made that came in after `message`, a number; None without any."""
    row = connection.execute(
        "SELECT min(created_at) FROM messages WHERE conversation_id = ? AND profile_id = ? AND id > ?"
        " AND direction = 'in' AND deleted_at IS NULL",
        (conversation, profile, message),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def message(connection: sqlite3.Connection, message_id: int) -> Message:
    """One message by its id."""
    row = connection.execute(f"{_MESSAGE} WHERE m.id = ?", (message_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no message {message_id}")
    return _message(row)


def message_by_source(connection: sqlite3.Connection, network: str, external_id: str) -> Message | None:
    """One message by its network's id."""
    row = connection.execute(
        f"{_MESSAGE} WHERE m.network = ? AND m.external_id = ?", (network, external_id)
    ).fetchone()
    return None if row is None else _message(row)


def ancestors_outside(connection: sqlite3.Connection, first: Message, limit: int = 10) -> list[Message]:
    """The posts above a thread's first message that belong to other conversations (our own posts), oldest first."""
    above: list[Message] = []
    current = first
    while current.reply_to and len(above) < limit:
        parent = message_by_source(connection, current.network, current.reply_to)
        if parent is None or parent.id in {m.id for m in above} or parent.id == first.id:
            break
        above.insert(0, parent)
        current = parent
    return above


def posts_by_profile(connection: sqlite3.Connection, profile: int, limit: int = 20) -> list[Message]:
    """A profile's most recent posts in any conversation, newest first."""
    rows = connection.execute(
        f"{_MESSAGE} WHERE m.profile_id = ? ORDER BY m.created_at DESC LIMIT ?", (profile, limit)
    )
    return [_message(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Post:
    """A message with what was measured of it (JSON), and what its network said of its author, None for nothing."""

    message: Message
    measures: str | None
    metrics: str | None
    verified: bool | None
    bot: bool | None


def posts_of(connection: sqlite3.Connection, conversation: int) -> list[Post]:
    """Every message of a conversation, ready to be judged again, by time and the network's id."""
    rows = connection.execute(
        f"SELECT {_MESSAGE_COLUMNS}, m.measures, m.metrics, p.verified AS said_verified, p.bot AS said_bot {_FROM}"
        " WHERE m.conversation_id = ? ORDER BY m.created_at, m.external_id",
        (conversation,),
    )
    return [_post(dict(row)) for row in rows]


def _post(values: dict[str, Any]) -> Post:
    measures, metrics = values.pop("measures"), values.pop("metrics")
    verified, bot = (
        None if said is None else bool(said) for said in (values.pop("said_verified"), values.pop("said_bot"))
    )
    return Post(_message(values), measures, metrics, verified, bot)


def versions_of(connection: sqlite3.Connection, message_id: int) -> list[tuple[int, str]]:
    """Earlier wordings of a message, (until when, text), oldest first."""
    return [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT at, text FROM message_versions WHERE message_id = ? ORDER BY id", (message_id,)
        )
    ]
