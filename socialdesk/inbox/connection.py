"""Inbox room: opening the file, and the one way to write to it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from socialdesk.errors import InboxUnusable
from socialdesk.inbox.version import SCHEMA_VERSION

CACHE_KIB = 2_000
"""Pages that each connection keeps. A desk has five, and what they keep grows with the inbox; the system's
own cache holds the file anyway. A long import asks for more."""

Connection: TypeAlias = sqlite3.Connection
Row: TypeAlias = sqlite3.Row
"""What other rooms hold and hand on; only this one looks inside."""

BUSY_SECONDS = 30
"""How long a writer waits for another process's transaction before it gives up."""


def open_inbox(path: Path | str, *, create: bool = True) -> sqlite3.Connection:
    """A connection that may write; makes or moves the inbox to the newest version first.

    Raises `InboxUnusable` with one sentence when the file is locked for good, read-only, corrupt,
    no inbox, or of a newer version.
    """
    path = Path(path)
    if not _exists(path):
        if not create:
            raise InboxUnusable(f"there is no inbox at {path}; make one with: socialdesk --inbox {path} init")
        _make_folder(path)
    with _explained(path):
        connection = _connect(path)
        try:
            version = _version_of(connection, path)
            _prepare(connection)
            if version < SCHEMA_VERSION:
                _migrate(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(path: Path | str) -> sqlite3.Connection:
    """A read-only connection to an existing inbox of the newest version."""
    connection = open_inbox(path, create=False)
    connection.execute("PRAGMA query_only = 1")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction; takes the lock at once, since a deferred one fails when it upgrades."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.DatabaseError) and _advice(error):
            file = connection.execute("PRAGMA database_list").fetchone()[2]
            raise InboxUnusable(explain(error, file)) from error
        raise


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


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise InboxUnusable(
            f"the inbox {path} cannot be opened: {(error.strerror or str(error)).lower()}; choose another --inbox"
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"file:{_quoted(path)}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's version; 0 for an empty file. Nothing has been written yet when this refuses a file.

    Other programs number their versions in the same place, so the tables tell whose file it is.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= {"meta", "conversations", "messages", "events"}:
        raise InboxUnusable(f"{path} is a database of another program, not an inbox; choose another --inbox")
    if version > SCHEMA_VERSION:
        raise InboxUnusable(
            f"the inbox {path} was written by a newer socialdesk (version {version}, this one knows"
            f" {SCHEMA_VERSION}); update socialdesk"
        )
    return version


def _prepare(connection: sqlite3.Connection) -> None:
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL once per file; two processes that do so together get a BUSY that no timeout covers."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _migrate(connection: sqlite3.Connection) -> None:
    from socialdesk.inbox import migrations  # sqlite-utils costs 100 ms; an up-to-date inbox never pays it

    migrations.apply(connection)


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


def explain(error: sqlite3.DatabaseError, path: Path | str | None) -> str:
    """SQLite's complaint as one sentence that says what to do."""
    where = f"the inbox {path}" if path else "the inbox"
    return f"{where} {_advice(error) or f'failed: {error}'}"


_ADVICE = {
    sqlite3.SQLITE_READONLY: "is read-only; check the rights of the file and its folder",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup or choose another --inbox",
    sqlite3.SQLITE_NOTADB: "is damaged or no database; restore it from a backup or choose another --inbox",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk refuses; check the disk that it is on",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that it is a file you may read and write",
}
"""What to do, by SQLite's primary result code (https://sqlite.org/rescode.html)."""


def _advice(error: sqlite3.DatabaseError) -> str | None:
    """What is wrong with the file and what to do; None where the file is not to blame."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"stayed locked for {BUSY_SECONDS} s by another program; close it and try again"
    return _ADVICE.get(code)
