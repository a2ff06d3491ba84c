"""Command room: bringing posts in, and what could not be brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import aligned, count, data, encode, local, moment, talk
from socialdesk.cli.progress import import_bar
from socialdesk.errors import NotFound
from socialdesk.text import snippet

if TYPE_CHECKING:
    from socialdesk.desk.importing import ImportResult
    from socialdesk.desk.pulling import PullResult


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option(
    "--map",
    "columns",
    metavar="PART=COLUMN,…",
    help="Which CSV column holds text, id, author, created, reply_to, …",
)
@click.option("--network", metavar="NAME", help="The network of posts that do not name their own.")
@click.option("--history", is_flag=True, help="Old posts: no clock starts and nobody is alerted.")
@json_option
@pass_context
def import_command(
    context: Context,
    files: tuple[str, ...],
    columns: str | None,
    network: str | None,
    history: bool,
    as_json: bool,
) -> None:
    """Read files and folders: JSON Lines, CSV exports, feeds. Importing again changes nothing.

    What cannot be used goes to the refusals with its line and the reason; the rest goes in.
    """
    from socialdesk.desk.importing import import_paths
    from socialdesk.desk.redeciding import redecide
    from socialdesk.networks.mapping import parse_map

    mapping = parse_map(columns) if columns else None
    redecide(context.new_desk)
    with import_bar(as_json) as told:
        result = import_paths(
            context.new_desk, files, mapping=mapping, network=network, history=history, told=told
        )
    print_result(result, as_json)


def print_result(result: ImportResult, as_json: bool) -> None:
    """What an import counted."""
    if as_json:
        data(encode(result))
        return
    rate = f", {round(result.read / result.seconds):,} a second" if result.seconds else ""
    data(
        f"{count(result.read, 'row')} read in {result.seconds:.1f} s{rate}: {result.stored:,} stored,"
        f" {result.updated:,} updated, {result.known:,} known, {result.refused:,} refused"
    )
    if result.refused:
        talk("why rows were refused: socialdesk refusals")


def pulled_line(result: PullResult) -> str:
    """What pulling one channel brought."""
    counted = f"{result.stored:,} new, {result.updated:,} updated, {result.refused:,} refused"
    return f"{result.channel}: {counted}"


@click.command("pull")
@json_option
@pass_context
def pull_command(context: Context, as_json: bool) -> int:
    """Pull every configured channel once; exit 1 when one failed."""
    from socialdesk.desk.pulling import pull, require_channels

    require_channels(context.config)
    results = pull(context.new_desk)
    for result in results:
        if as_json:
            data(encode(result))
        elif result.skipped:
            talk(f"{result.channel}: {result.skipped}")
        elif not result.error:  # what failed is a notice of the desk
            data(pulled_line(result))
    for result in results:
        if result.cause is not None:
            raise result.cause
    return 1 if any(result.error for result in results) else 0


@click.command("refusals")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=100, help="The newest N (100).")
@json_option
@pass_context
def refusals_command(context: Context, limit: int, as_json: bool) -> None:
    """What was fetched and could not be used: where it stood, why, its raw form; exit 3 without any."""
    from socialdesk.inbox.store import refusals

    found = refusals(context.reader, limit)
    if not found:
        raise NotFound("nothing was refused")
    if as_json:
        for at, one in found:
            data(
                encode(
                    {
                        "at": moment(at),
                        "source": one.source,
                        "line": one.line,
                        "reason": one.reason,
                        "raw": one.raw,
                    }
                )
            )
        return
    rows = [
        (local(at), f"{one.source}:{one.line}" if one.line else one.source, one.reason, snippet(one.raw, 40))
        for at, one in found
    ]
    data("\n".join(aligned(rows)))
