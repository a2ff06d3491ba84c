"""The plain table that intake is held against: speed.md's reference, rows from memory, nothing else done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tests.bench.mentions import Row

BATCH = 1_000

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, external_id TEXT NOT NULL, author TEXT NOT NULL,
  text TEXT NOT NULL, created_at INTEGER NOT NULL, reply_to TEXT, status TEXT NOT NULL, priority INTEGER NOT NULL,
  UNIQUE (source, external_id));
CREATE INDEX mentions_queue ON mentions (status, priority DESC, created_at DESC, id DESC);
CREATE INDEX mentions_by_author ON mentions (author, created_at);
CREATE INDEX mentions_by_parent ON mentions (source, reply_to);
CREATE VIRTUAL TABLE mentions_fts USING fts5 (text, content='mentions', content_rowid='id');
CREATE TRIGGER mentions_searchable AFTER INSERT ON mentions BEGIN
  INSERT INTO mentions_fts (rowid, text) VALUES (new.id, new.text);
END;
"""


def tuples_of(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The rows as the reference table takes them, made before the clock starts."""
    return [
        (
            row.network,
            row.external_id,
            row.author,
            row.text,
            row.created,
            row.reply_to,
            "new",
            row.created % 7,
        )
        for row in rows
    ]


def load(path: Path, rows: list[tuple[object, ...]]) -> None:
    """Plain `executemany` in batches of 1,000, each a transaction, with three indices and full-text triggers."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(_SCHEMA)
        iterator = iter(rows)
        while batch := list(islice(iterator, BATCH)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO mentions (source, external_id, author, text, created_at, reply_to, status, priority)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                batch,
            )
            connection.execute("COMMIT")
    finally:
        connection.close()
