"""Inbox room: opening the file, and the one way to write to it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socialdesk.errors import InboxUnusable
from socialdesk.inbox.version import SCHEMA_VERSION

BUSY_SECONDS = 30
"""How long a writer waits for another process's transaction before it gives up."""


def open_inbox(path: Path | str, *, create: bool = True) -> sqlite3.Connection:
    """A connection that may write; makes or moves the inbox to the newest version first.

    Raises `InboxUnusable` with one sentence when the file is locked for good, read-only, corrupt,
    no inbox, or of a newer version.
    """
    path = Path(path)
    if not path.exists():
        if not create:
            raise InboxUnusable(f"there is no inbox at {path}; make one with: socialdesk --inbox {path} init")
        _make_folder(path)
    with _explained(path):
        connection = _connect(f"file:{_quoted(path)}", path)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            _refuse_newer(path, version)
            if version < SCHEMA_VERSION:
                _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(path: Path | str) -> sqlite3.Connection:
    """A read-only connection to an existing inbox of the newest version."""
    path = Path(path)
    if not path.exists():
        raise InboxUnusable(f"there is no inbox at {path}; make one with: socialdesk --inbox {path} init")
    with _explained(path):
        connection = _connect(f"file:{_quoted(path)}", path)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        _refuse_newer(path, version)
        if version < SCHEMA_VERSION:
            connection.close()
            open_inbox(path).close()
            return open_reader(path)
        connection.execute("PRAGMA query_only = 1")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction; takes the lock at once, since a deferred one fails when it upgrades."""
    with _explained_busy():
        connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    with _explained_busy():
        connection.execute("COMMIT")


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another process or connection has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """One value of the inbox's own facts (sandbox, created_at, clock)."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Write one of the inbox's own facts; inside a transaction."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (key, value)
    )


def _connect(uri: str, path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    _write_ahead(connection, path)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")
    return connection


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Switch to WAL once per file; two processes that do so together get a BUSY that no timeout covers."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    for attempt in range(200):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 199:
                raise
            time.sleep(0.05)
        else:
            return
    raise InboxUnusable(f"the inbox {path} stayed locked by another program")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    has_tables = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'conversations'"
    ).fetchone()[0]
    foreign = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name <> '_sqlite_migrations'"
    ).fetchone()[0]
    if foreign and not has_tables:
        raise InboxUnusable(f"{path} is a database of another program, not an inbox; choose another --inbox")
    from socialdesk.inbox import migrations  # sqlite-utils costs 100 ms; an up-to-date inbox never pays it

    migrations.apply(connection)


def _refuse_newer(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise InboxUnusable(
            f"the inbox {path} was written by a newer socialdesk (version {version}, this one knows"
            f" {SCHEMA_VERSION}); update socialdesk"
        )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InboxUnusable(
            f"cannot make the folder {path.parent}: {error.strerror}; choose another --inbox"
        ) from error


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise InboxUnusable(explain(error, path)) from error


@contextmanager
def _explained_busy() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise InboxUnusable(explain(error, None)) from error


def explain(error: sqlite3.DatabaseError, path: Path | None) -> str:
    """SQLite's complaint as one sentence that says what to do."""
    where = f"the inbox {path}" if path else "the inbox"
    text = str(error).lower()
    if "readonly" in text or "read-only" in text:
        return f"{where} is read-only; check the rights of the file and its folder"
    if "locked" in text or "busy" in text:
        return f"{where} stayed locked for {BUSY_SECONDS} s by another program; close it and try again"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return f"{where} is damaged or not a database; restore it from a backup or choose another --inbox"
    if "full" in text:
        return f"{where} cannot grow: the disk is full; make room and try again"
    if "unable to open" in text:
        return f"{where} cannot be opened; check that it is a file you may read and write"
    return f"{where} failed: {error}"
