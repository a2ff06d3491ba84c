"""A sandbox inbox under the shipped policies, and desks on it for different people."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from socialdesk.clock import HOUR, FixedClock
from socialdesk.config import Config, shipped
from socialdesk.desk.importing import store_posts
from socialdesk.desk.sandbox import mark_sandbox
from socialdesk.desk.session import open_desk
from socialdesk.inbox import conversations, drafts
from socialdesk.inbox.connection import open_reader
from socialdesk.model import Handle, Mention, Millis
from socialdesk.tui.app import SocialdeskApp
from socialdesk.tui.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.pilot import Pilot

    from socialdesk.inbox.rows import Conversation, Draft
    from socialdesk.tui.screens.desk import DeskScreen

START = 1_790_000_000_000
COMPLAINT = "@AcmeCustServ my widget broke again, five days now and nobody answers"
PATIENCE_SECONDS = 10.0


class Acme:
    """The inbox, its clock, and who may open it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(START)
        self.config = Config(folder / "inbox.db", shipped("policies"))
        mark_sandbox(self.config.inbox, self.clock)

    def receive(self, text: str = COMPLAINT, author: str = "maria_k", **more: object) -> None:
        """A mention comes in, an hour old."""
        values: dict[str, object] = {
            "network": "mastodon", "external_id": f"{author}-{len(text)}-{self.clock.now()}", "text": text,
            "author": Handle(author), "created": Millis(self.clock.now() - HOUR), "name": "Maria Keller",
            "followers": 120, "language": "en", **more,
        }  # fmt: skip
        desk = open_desk(self.config, clock=self.clock, environ={"SOCIALDESK_LOGIN": "ana"})
        try:
            store_posts(desk, [Mention(**values)], origin="test")  # type: ignore[arg-type]
        finally:
            desk.close()

    def open_as(self, login: str, keymap: Mapping[str, str] | None = None) -> SocialdeskApp:
        """The desk of the person with this login, with the keys of `keymap`."""
        environ = {"SOCIALDESK_LOGIN": login}
        return SocialdeskApp(
            Engine(
                self.config.inbox,
                lambda: open_desk(self.config, clock=self.clock, environ=environ),
                self.clock,
            ),
            keymap,
        )

    def conversation(self, number: int = 1) -> Conversation:
        """A conversation as it is stored."""
        connection = open_reader(self.config.inbox)
        try:
            return conversations.get(connection, number)
        finally:
            connection.close()

    def drafts(self, number: int = 1) -> list[Draft]:
        """The drafts of a conversation, newest first."""
        connection = open_reader(self.config.inbox)
        try:
            return drafts.of_conversation(connection, number)
        finally:
            connection.close()


def desk_of(pilot: Pilot[None]) -> DeskScreen:
    """The desk on the screen, whatever is open over it."""
    app = pilot.app
    assert isinstance(app, SocialdeskApp)
    return app.desk


async def until(pilot: Pilot[None], holds: Callable[[], bool], what: str) -> None:
    """Let the screen work until `holds`; fails with `what` when it never does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"never happened: {what}; notices: {notices(pilot)}"
        await pilot.pause(0.01)


async def ready(pilot: Pilot[None]) -> DeskScreen:
    """Wait until the desk is open for writing and the first case is shown."""
    desk = desk_of(pilot)

    def open_and_shown() -> bool:
        return any(one.name == "mine" for one in desk.lists.views) and desk.casefile.view is not None

    await until(pilot, open_and_shown, "an open desk")
    return desk


def notices(pilot: Pilot[None]) -> list[str]:
    """What the screen has told."""
    return [notice.message for notice in pilot.app._notifications]
