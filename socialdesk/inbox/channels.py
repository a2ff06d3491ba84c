"""Inbox room: channels with their cursors and health, and the policies in force."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from socialdesk.inbox.rows import Channel

_SELECT = (
    "SELECT id, name, network, source, cursor, etag, last_modified, next_at, synced_at, failing_since, last_error"
    " FROM channels"
)


def all_channels(connection: sqlite3.Connection) -> list[Channel]:
    """Every channel the inbox knows, by name."""
    return [Channel(*row) for row in connection.execute(f"{_SELECT} ORDER BY name")]


def name_of(connection: sqlite3.Connection, channel: int) -> str | None:
    """A channel's name by its number."""
    row = connection.execute("SELECT name FROM channels WHERE id = ?", (channel,)).fetchone()
    return None if row is None else str(row[0])


def ensure(connection: sqlite3.Connection, name: str, network: str, source: str) -> Channel:
    """The channel of this name, made when it is new."""
    connection.execute(
        "INSERT INTO channels (name, network, source) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET network = excluded.network, source = excluded.source"
        " WHERE network <> excluded.network OR source <> excluded.source",
        (name, network, source),
    )
    return Channel(*connection.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone())


def update(connection: sqlite3.Connection, channel: int, values: Mapping[str, object]) -> None:
    """Set columns of one channel: its cursor moves in the transaction that stores what it brought."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE channels SET {pairs} WHERE id = ?", (*values.values(), channel))


def policy_hash_in_force(connection: sqlite3.Connection) -> str | None:
    """Hash alone, cheap enough to ask at every command."""
    row = connection.execute(
        "SELECT hash FROM policies WHERE in_force_since IS NOT NULL ORDER BY in_force_since DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def policy_source(connection: sqlite3.Connection) -> str | None:
    """The folder that the policy in force was read from."""
    row = connection.execute(
        "SELECT source FROM policies WHERE in_force_since IS NOT NULL ORDER BY in_force_since DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def policy_bundle(connection: sqlite3.Connection, hash_: str) -> str | None:
    """The bundle of one policy version."""
    row = connection.execute("SELECT bundle FROM policies WHERE hash = ?", (hash_,)).fetchone()
    return None if row is None else str(row[0])


def put_policy_in_force(
    connection: sqlite3.Connection, hash_: str, bundle: str, login: str, source: str, at: int
) -> None:
    """Store a policy version and make it the one in force; a moment is never shared by two versions."""
    latest = connection.execute("SELECT ifnull(max(in_force_since), 0) FROM policies").fetchone()[0]
    connection.execute(
        "INSERT INTO policies VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " in_force_since = excluded.in_force_since, source = excluded.source",
        (hash_, bundle, at, login, source, max(at, latest + 1)),
    )
