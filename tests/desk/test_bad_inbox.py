"""An inbox that cannot be used gets one sentence that says what to do, from the rooms and from every command."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from socialdesk.__main__ import main
from socialdesk.desk import casework
from socialdesk.desk.importing import import_paths
from socialdesk.errors import InboxUnusable
from socialdesk.inbox import connection as connections
from socialdesk.inbox.connection import open_inbox, open_reader, writing
from tests.desk.posts_of_a_day import posts
from tests.desk.processes import ROOT, command, desk_at, make_sandbox
from tests.desk.soundness import assert_sound, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def corrupt(inbox: Path) -> None:
    """Overwrite the middle of the file."""
    data = bytearray(inbox.read_bytes())
    data[100:] = b"\xa5" * (len(data) - 100)
    inbox.write_bytes(data)


def cut_short(inbox: Path) -> None:
    """Lose the second half of the file."""
    inbox.write_bytes(inbox.read_bytes()[:5_000])


def write_words(inbox: Path) -> None:
    """Put something else in its place."""
    inbox.write_text("Dear diary, today nothing happened.\n" * 100, encoding="utf-8")


def make_folder(inbox: Path) -> None:
    """Put a folder in its place."""
    inbox.unlink()
    inbox.mkdir()


def make_foreign(inbox: Path) -> None:
    """Put another program's database in its place, which counts its versions as we do."""
    inbox.unlink()
    other = sqlite3.connect(inbox)
    other.execute("CREATE TABLE customers (name TEXT)")
    other.execute("PRAGMA user_version = 1")
    other.commit()
    other.close()


def make_newer(inbox: Path) -> None:
    """Let a later version of the program have written it."""
    newer = sqlite3.connect(inbox)
    newer.execute("PRAGMA user_version = 99")
    newer.close()


BROKEN = [
    (corrupt, "is damaged; restore it from a backup or choose another --inbox"),
    (cut_short, "is damaged; restore it from a backup or choose another --inbox"),
    (write_words, "is damaged or no database; restore it from a backup or choose another --inbox"),
    (make_folder, "cannot be opened; check that it is a file you may read and write"),
    (make_foreign, "is a database of another program, not an inbox; choose another --inbox"),
    (make_newer, "was written by a newer socialdesk (version 99, this one knows 1); update socialdesk"),
]
broken_ways = pytest.mark.parametrize(("breaks", "words"), BROKEN, ids=[b.__name__ for b, _ in BROKEN])


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A sandbox inbox with thirty posts, closed."""
    path = make_sandbox(tmp_path / "inbox.db")
    desk = desk_at(path)
    import_paths(desk, [posts(30, seed=1).write(tmp_path / "day.jsonl")], network="forum")
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    return path


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up on a lock after a fifth of a second."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.2)


@broken_ways
def test_a_broken_inbox_is_refused_with_what_to_do(
    inbox: Path, breaks: Callable[[Path], None], words: str
) -> None:
    breaks(inbox)
    for opening in (open_inbox, open_reader):
        with pytest.raises(InboxUnusable, match=re.escape(words)) as refused:
            opening(inbox)
        assert str(inbox) in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("breaks", "words"),
    [one for one in BROKEN if one[0] is not make_folder],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_commands_say_what_to_do_about_a_broken_inbox(
    inbox: Path, capsys: pytest.CaptureFixture[str], breaks: Callable[[Path], None], words: str
) -> None:
    breaks(inbox)
    for line in (["list"], ["import", str(inbox.with_name("day.jsonl"))], ["show", "1"], ["audit", "verify"]):
        assert main(["--inbox", str(inbox), *line]) == 1
        out, said = capsys.readouterr()
        assert out == ""
        assert words in said
        assert len(said.splitlines()) == 1


def test_a_folder_named_as_the_inbox_is_a_mistake_of_the_command_line(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_folder(inbox)
    assert main(["--inbox", str(inbox), "list"]) == 2
    said = capsys.readouterr().err
    assert f"'{inbox}' is a directory" in said
    assert len(said.splitlines()) == 1


def test_a_damaged_page_is_found_where_it_is_read(inbox: Path) -> None:
    data = bytearray(inbox.read_bytes())
    root = page_of(inbox, "messages")
    data[root * 4096 : (root + 1) * 4096] = b"\xa5" * 4096
    inbox.write_bytes(data)
    done = command(inbox, "show", "1")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "socialdesk: the inbox is damaged; restore it from a backup or choose another --inbox"
    ]


def page_of(inbox: Path, table: str) -> int:
    """The number, from nought, of a table's first page."""
    connection = open_inbox(inbox)
    row = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return int(row[0]) - 1


def test_another_programs_database_is_left_as_it_is(inbox: Path) -> None:
    make_foreign(inbox)
    before = inbox.read_bytes()
    assert command(inbox, "list").returncode == 1
    assert inbox.read_bytes() == before
    assert [path.name for path in inbox.parent.glob("inbox.db-*")] == []


@pytest.fixture
def locked(inbox: Path) -> Iterator[Path]:
    """An inbox that another program keeps to itself."""
    other = sqlite3.connect(inbox, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    yield inbox
    other.close()


LOCKED = "stayed locked for 0.2 s by another program; close it and try again"


@pytest.mark.usefixtures("short_patience")
def test_an_inbox_locked_for_good_is_given_up_in_the_end(
    locked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for opening in (open_inbox, open_reader):
        with pytest.raises(InboxUnusable, match=LOCKED):
            opening(locked)
    for line in (["list"], ["claim", "1"]):
        assert main(["--inbox", str(locked), *line]) == 1
        out, said = capsys.readouterr()
        assert (out, len(said.splitlines())) == ("", 1)
        assert LOCKED in said


@pytest.mark.usefixtures("short_patience")
def test_a_writer_that_never_ends_leaves_reading_possible_and_writing_explained(
    inbox: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALDESK_LOGIN", "ana")
    other = sqlite3.connect(inbox, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert main(["--inbox", str(inbox), "list", "--limit", "1"]) == 0
        assert capsys.readouterr().out
        assert main(["--inbox", str(inbox), "claim", "1"]) == 1
        assert capsys.readouterr().err == f"socialdesk: the inbox {inbox} {LOCKED}\n"
    finally:
        other.close()
    assert main(["--inbox", str(inbox), "claim", "1"]) == 0


@pytest.mark.usefixtures("short_patience")
def test_an_inbox_copied_while_another_program_reads_it_is_given_up_in_the_end(inbox: Path) -> None:
    rollback = sqlite3.connect(inbox, isolation_level=None)
    rollback.execute("PRAGMA journal_mode = DELETE")
    rollback.execute("BEGIN")
    rollback.execute("SELECT count(*) FROM messages").fetchone()
    try:
        with pytest.raises(InboxUnusable, match=LOCKED):
            open_inbox(inbox)
    finally:
        rollback.close()


def test_a_full_disk_is_said_and_what_was_there_stays(inbox: Path, tmp_path: Path) -> None:
    before = texts_of(inbox)
    desk = desk_at(inbox)
    pages = desk.connection.execute("PRAGMA page_count").fetchone()[0]
    desk.connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    more = posts(400, seed=2, first=1_000)
    with pytest.raises(InboxUnusable, match="cannot grow: the disk is full; make room and try again"):
        import_paths(desk, [more.write(tmp_path / "more.jsonl")], network="forum")
    assert texts_of(inbox) == before
    assert_sound(inbox)
    desk.connection.execute("PRAGMA max_page_count = 1000000000")
    import_paths(desk, [tmp_path / "more.jsonl"], network="forum")
    casework.claim(desk, 1)
    desk.close()
    assert texts_of(inbox) == before | dict(more.texts)
    assert_sound(inbox)


def test_a_file_that_may_not_grow_is_said_by_the_command(inbox: Path, tmp_path: Path) -> None:
    more = posts(800, seed=2, first=1_000).write(tmp_path / "more.jsonl")

    def may_not_grow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (inbox.stat().st_size + 100_000,) * 2)

    done = subprocess.run(
        [sys.executable, "-m", "socialdesk", "--inbox", str(inbox), "import", str(more)],
        cwd=ROOT,
        preexec_fn=may_not_grow,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.fullmatch(
        rf"socialdesk: the inbox {re.escape(str(inbox))} cannot (grow|be read or written): .*\n", done.stderr
    )
    assert_sound(inbox)


def lose_roots_rights() -> None:
    """Make file modes count for root too: the bounding set loses CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):
        if libc.prctl(24, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def as_mortal(inbox: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command, run by somebody for whom rights of files hold."""
    return subprocess.run(
        [sys.executable, "-m", "socialdesk", "--inbox", str(inbox), *words],
        cwd=ROOT,
        env={**os.environ, "SOCIALDESK_LOGIN": "ana"},
        preexec_fn=lose_roots_rights if os.geteuid() == 0 else None,
        capture_output=True,
        text=True,
        check=False,
    )


needs_linux = pytest.mark.skipif(
    os.geteuid() == 0 and not sys.platform.startswith("linux"), reason="root may write everywhere here"
)


@needs_linux
def test_a_read_only_file_is_said(inbox: Path) -> None:
    inbox.chmod(0o444)
    done = as_mortal(inbox, "claim", "1")
    assert done.returncode == 1
    assert done.stderr == (
        f"socialdesk: the inbox {inbox} is read-only; check the rights of the file and its folder\n"
    )


@needs_linux
@pytest.mark.parametrize("words", [("claim", "1"), ("list",)])
def test_a_read_only_folder_is_said(inbox: Path, words: tuple[str, ...]) -> None:
    inbox.parent.chmod(0o555)
    try:
        done = as_mortal(inbox, *words)
    finally:
        inbox.parent.chmod(0o755)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(inbox) in done.stderr
    assert "check" in done.stderr


@needs_linux
def test_a_folder_where_no_inbox_can_be_made_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        done = as_mortal(tmp_path / "new" / "inbox.db", "list")
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 1
    assert "cannot make the folder" in done.stderr or "there is no inbox" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_failed_transaction_leaves_the_connection_usable(inbox: Path) -> None:
    desk = desk_at(inbox)
    with pytest.raises(sqlite3.IntegrityError), writing(desk.connection):
        desk.connection.execute("INSERT INTO channels (name, network) VALUES (NULL, 'x')")
    with writing(desk.connection):
        desk.connection.execute("INSERT INTO channels (name, network) VALUES ('a', 'x')")
    desk.close()
