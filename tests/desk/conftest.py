"""Fixtures of the desk's tests: a fresh care room each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialdesk.clock import FixedClock
from socialdesk.desk.sandbox import mark_sandbox
from tests.desk.room import TUESDAY, Room


@pytest.fixture(scope="session")
def empty_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox inbox with the shipped policy in force; copied for every test, since policies load slowly."""
    path = tmp_path_factory.mktemp("template") / "inbox.db"
    mark_sandbox(path, FixedClock(TUESDAY))
    room = Room(path)
    assert room.ana.policy.playbooks
    room.ana.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    room.close()
    return path


@pytest.fixture
def room(tmp_path: Path, empty_inbox: Path) -> Iterator[Room]:
    """A care room with nothing in it yet."""
    inbox = tmp_path / "inbox.db"
    shutil.copy(empty_inbox, inbox)
    made = Room(inbox)
    yield made
    made.close()
