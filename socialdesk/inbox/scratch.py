"""Inbox room: an inbox in memory, for trying a policy out; nothing of it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache


def scratch_inbox() -> sqlite3.Connection:
    """A new empty inbox in memory; the migrations run once in a process, every further one is a copy."""
    connection = _connect()
    connection.deserialize(_template())
    return connection


@cache
def _template() -> bytes:
    from socialdesk.inbox import migrations  # sqlite-utils costs 100 ms

    with closing(_connect()) as connection:
        migrations.apply(connection)
        return connection.serialize()


def _connect() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection
