"""Command room: what every command is given: the global options, and the desk when it asks for it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from socialdesk.config import Config
    from socialdesk.desk.session import Desk


@dataclass(frozen=True, slots=True)
class Options:
    """The global options as the command line or SOCIALDESK_* gave them; None where neither did."""

    inbox: Path | None = None
    policies: Path | None = None
    config: Path | None = None
    agent: str | None = None


@dataclass
class Context:
    """One run of one command."""

    options: Options
    _open: list[sqlite3.Connection | Desk] = field(default_factory=list)

    @cached_property
    def config(self) -> Config:
        """The settings, from options, environment and configuration file."""
        from socialdesk.config import load_config

        said = {f.name: getattr(self.options, f.name) for f in fields(self.options)}
        return load_config(
            {name: None if value is None else str(value) for name, value in said.items()}, os.environ
        )

    @cached_property
    def desk(self) -> Desk:
        """The desk; use-cases that need an agent find out who is at it, and refuse strangers."""
        from socialdesk.desk.session import open_desk

        desk = open_desk(self.config)
        self._open.append(desk)
        return desk

    @cached_property
    def reader(self) -> sqlite3.Connection:
        """A read-only connection; for what only looks."""
        from socialdesk.inbox.connection import open_reader

        connection = open_reader(self.config.inbox)
        self._open.append(connection)
        return connection

    def close(self) -> None:
        """Close what was opened, and pass on what the desk has to say."""
        from socialdesk.cli.printing import talk

        desk: Desk | None = self.__dict__.get("desk")
        for severity, words in desk.notices if desk is not None else ():
            talk(f"socialdesk: {words}" if severity == "information" else f"socialdesk: {severity}: {words}")
        for one in self._open:
            one.close()


pass_context = click.make_pass_decorator(Context)
