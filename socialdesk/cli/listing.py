"""Command room: lists of conversations, as lines for people or as JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import BOLD, RED, RELATIONS, data, encode_plain, ink, moment, width
from socialdesk.errors import NotFound, UsageError
from socialdesk.inbox.listed import Listed, listed
from socialdesk.inbox.views import Listing, standard_views
from socialdesk.text import columns, snippet, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("list")
@click.option(
    "--view", metavar="V", help="One view: queue, mine, unclaimed, to-approve, watching, … or a team's own."
)
@click.option(
    "--query", metavar="Q", help='Such as: status:open topic:billing followers:10k+ "charged twice"'
)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most N conversations.")
@json_option
@pass_context
def list_command(
    context: Context, view: str | None, query: str | None, limit: int | None, as_json: bool
) -> None:
    """Every conversation, newest first, or those of a view or a query; exit 3 when nothing matched."""
    listing = _listing(context, view, query)
    rows = listed(context.reader, listing, limit)
    found = _print_json(rows) if as_json else _print_lines(rows, context.now())
    if not found:
        raise NotFound(
            "no conversation matches" if view or query else "the inbox is empty; see: socialdesk import -h"
        )


def _listing(context: Context, view: str | None, query: str | None) -> Listing:
    """The view, narrowed by the query; the view's order."""
    chosen = _view(context, view) if view else standard_views(None)[-1]
    if not query:
        return chosen
    from socialdesk.desk.reading import query_listing

    narrowed = query_listing(query, context.now())
    return Listing(
        f"{chosen.name} {query}",
        f"({chosen.where}) AND ({narrowed.where})",
        (*chosen.parameters, *narrowed.parameters),
        newest_first=chosen.newest_first,
    )


def _view(context: Context, name: str) -> Listing:
    """A view by its name; only `mine` and the team's own views cost loading the policy."""
    standard = {view.name: view for view in standard_views(None)}
    if name in standard:
        return standard[name]
    from socialdesk.desk.reading import listing_of

    desk = context.desk
    if name == "mine":
        desk.acting()
    known = [*standard, "mine", *(view.name for view in desk.policy.views)]
    if name not in known:
        from socialdesk.diagnostics import nearest

        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else f"the views are {', '.join(known)}"
        raise UsageError(f"there is no view {name!r}; {hint}")
    return listing_of(name, desk.person, desk.policy, desk.clock.now())


_NAMES = {"case_name": "case", "message_count": "messages", "reply_count": "replies", "issue_id": "issue"}
_KEYS = tuple(_NAMES.get(name, name) for name in Listed._fields)
_MOMENTS = ("due_at", "first_at", "last_at", "unanswered_since", "snoozed_until")


def listed_object(one: Listed) -> dict[str, Any]:
    """One line of `list --json`; the names are a contract."""
    values: dict[str, Any] = dict(zip(_KEYS, one, strict=True))
    for name in _MOMENTS:
        values[name] = moment(values[name])
    return values


def _print_json(rows: Iterator[Listed]) -> int:
    found = 0
    for row in rows:
        data(encode_plain(listed_object(row)))
        found += 1
    return found


def _print_lines(rows: Iterator[Listed], now: int) -> int:
    found, wide = 0, width(default=200)
    for row in rows:
        data(_line(row, now, wide))
        found += 1
    return found


def _line(row: Listed, now: int, wide: int) -> str:
    """One conversation in one line: number, time left, status, stance, feeling, place, who, whose, words."""
    due = time_left(row.due_at - now) if row.due_at is not None else ""
    cells = (
        f"{row.id:>5}",
        f"{'!' if row.critical else ' '}{due:>5}",
        f"{row.status:<9}",
        f"{RELATIONS.get(row.relation, ''):<8}",
        f"{row.feeling:<11}",
        _cell(row.network, 9),
        _cell("@" + row.author, 16),
        _cell(row.assignee or "", 8),
        "",
    )
    head = "  ".join(cells)
    words = snippet(row.text, max(20, wide - columns(head)))
    return ink(head, *((RED, BOLD) if row.critical else ())) + ink(words)


def _cell(text: str, wide: int) -> str:
    short = snippet(text, wide)
    return short + " " * (wide - columns(short))
