"""Command room: the company's own records of its customers."""

from __future__ import annotations

from pathlib import Path

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.intake import print_result


@click.group("customers")
def customers_command() -> None:
    """The company's own records of its customers."""


@customers_command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@pass_context
def import_customers_command(context: Context, file: Path, as_json: bool) -> None:
    """Read a CSV file with the columns handle, email, reference, product, bought, open_ticket, tags.

    Rows are known again by reference, e-mail or handle; importing again changes nothing.
    """
    from socialdesk.desk.customers import import_file
    from socialdesk.desk.importing import ImportResult

    counts = import_file(context.new_desk, file)
    whole = {name: int(counts[name]) for name in ("read", "stored", "updated", "known", "refused")}
    print_result(ImportResult(**whole, seconds=float(counts["seconds"])), as_json)
