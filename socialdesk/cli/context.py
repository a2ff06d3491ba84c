"""Command room: what every command is given: the global options, and the desk when it asks for it."""

from __future__ import annotations

import os
import time
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from socialdesk.errors import InboxUnusable

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from socialdesk.config import Config
    from socialdesk.desk.session import Desk
    from socialdesk.model import Millis


class Options(NamedTuple):
    """The global options as the command line or SOCIALDESK_* gave them; None where neither did."""

    inbox: Path | None = None
    policies: Path | None = None
    config: Path | None = None
    agent: str | None = None


MOST_NOTICES = 12
"""How many notices a command tells one by one; an import of a whole year has hundreds."""


class Context:
    """One run of one command."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._open: list[sqlite3.Connection | Desk] = []

    @cached_property
    def config(self) -> Config:
        """The settings, from options, environment and configuration file."""
        from socialdesk.config import load_config

        flags = {name: None if said is None else str(said) for name, said in self.options._asdict().items()}
        return load_config(flags, os.environ)

    @property
    def inbox(self) -> Path:
        """The inbox file. An option outranks everything else, so where it is given no setting is read."""
        given = self.options.inbox
        return self.config.inbox if given is None else given.expanduser().absolute()

    @cached_property
    def desk(self) -> Desk:
        """The desk of an inbox that exists; use-cases that need an agent find out who is at it."""
        if not self.inbox.exists():
            raise InboxUnusable(
                f"there is no inbox at {self.inbox}; make one with: socialdesk init, or by importing a file"
            )
        return self.new_desk

    @cached_property
    def new_desk(self) -> Desk:
        """The desk, whose inbox is made when it is missing; for what brings posts in."""
        from socialdesk.desk.session import open_desk

        desk = open_desk(self.config)
        self._open.append(desk)
        return desk

    @cached_property
    def reader(self) -> sqlite3.Connection:
        """A read-only connection; for what only looks."""
        from socialdesk.inbox.connection import open_reader

        connection = open_reader(self.inbox)
        self._open.append(connection)
        return connection

    def now(self) -> Millis:
        """The moment; opens the desk only where its sandbox's clock may stand elsewhere."""
        if "SOCIALDESK_NOW" in os.environ:
            return self.desk.clock.now()
        return cast("Millis", time.time_ns() // 1_000_000)

    def close(self) -> None:
        """Close what was opened, and pass on what the desk has to say."""
        from socialdesk.cli.printing import talk

        desk: Desk | None = self.__dict__.get("new_desk")
        notices = desk.notices if desk is not None else []
        for severity, words in notices[:MOST_NOTICES]:
            talk(f"socialdesk: {words}" if severity == "information" else f"socialdesk: {severity}: {words}")
        if len(notices) > MOST_NOTICES:
            talk(f"socialdesk: and {len(notices) - MOST_NOTICES} more; see: socialdesk list --view escalated")
        for one in self._open:
            one.close()


pass_context = click.make_pass_decorator(Context)
