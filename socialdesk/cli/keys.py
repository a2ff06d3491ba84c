"""Command room: the keys of the desk, from the registry that the desk itself reads."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.printing import BOLD, aligned, data, encode, ink


@click.command("keys")
@json_option
def keys_command(as_json: bool) -> None:
    """Every key of the desk: id, keys, what it does, where it applies."""
    from socialdesk.tui.actions import table

    rows = table()
    if as_json:
        for row in rows:
            data(encode(row))
        return
    lines = aligned((f"  {row['keys']}", row["id"], row["place"], row["help"]) for row in rows)
    heading = ""
    for row, line in zip(rows, lines, strict=True):
        if row["heading"] != heading:
            heading = row["heading"]
            data(ink(heading, BOLD))
        data(line)
