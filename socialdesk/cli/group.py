"""Command room: a group that imports a command only when it is called, so that `-h` stays cheap."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry(NamedTuple):
    """One command: where it lives (`module:attribute`), its line in the help and its heading there."""

    name: str
    lives: str
    words: str
    heading: str = "Commands"


class LazyGroup(click.Group):
    """Commands from the table `entries` of a subclass; the help is written from the table alone."""

    entries: ClassVar[Mapping[str, Entry]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in the table's order."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None when the table has no such name."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.lives.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.lives} is not a command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names of the table for a word that is no command."""
        if args[0] not in self.entries and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=list(self.entries), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, under its headings."""
        headings = dict.fromkeys(entry.heading for entry in self.entries.values())
        widest = max(map(len, self.entries), default=0)
        for heading in headings:
            with formatter.section(heading):
                formatter.write_dl(
                    [(e.name.ljust(widest), e.words) for e in self.entries.values() if e.heading == heading]
                )
