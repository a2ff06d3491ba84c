"""Fresh inboxes for the screen's tests, and the means to wait for what the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from socialdesk.clock import FixedClock
from socialdesk.errors import NotAllowed
from socialdesk.tui.app import SocialdeskApp
from socialdesk.tui.engine import Engine
from tests.tui.acme import Acme
from tests.tui.seeding import NOW, seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOBODY = "you are guest, and team.yaml names no agent with that login; a lead can add you [/under] agents"


def nobody() -> NoReturn:
    """A desk that this person may not write to."""
    raise NotAllowed(NOBODY)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox of 1,000 conversations, every fiftieth critical."""
    path = tmp_path / "inbox.db"
    seed(path, 1_000)
    return path


@pytest.fixture
def open_app(inbox: Path) -> Callable[[], SocialdeskApp]:
    """Opens a read-only desk on the seeded inbox, at the moment it was seeded for."""
    return lambda: SocialdeskApp(Engine(inbox, nobody, FixedClock(NOW)))


@pytest.fixture
def acme(tmp_path: Path) -> Acme:
    """A sandbox inbox of Acme's with one complaint in it, under the policies that ship."""
    return Acme(tmp_path)
