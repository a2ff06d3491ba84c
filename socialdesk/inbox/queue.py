"""Inbox room: the lists an agent works from, page by page from a known place, and how long they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from socialdesk.inbox.rows import QueueRow
from socialdesk.inbox.views import Listing as Listing
from socialdesk.inbox.views import standard_views as standard_views
from socialdesk.model import ConversationId, IssueId, Millis

COUNT_CAP = 1000
"""A list found by a query is counted up to here; the screen then says 999+."""

_COLUMNS = (
    "c.id, c.status, c.critical, c.due_at, c.due_kind, c.urgency, c.feeling, c.relation, c.network, c.author,"
    " c.snippet, c.followers, c.assignee, c.first_at, c.last_at, c.message_count, c.private, c.to_approve,"
    " c.issue_id, c.version, c.q1, c.q2, c.q3"
)


def page(
    connection: sqlite3.Connection, listing: Listing, limit: int, after: tuple[int, ...] | None = None
) -> list[QueueRow]:
    """The next `limit` rows behind the place `after` (from the top when None)."""
    return _read(connection, listing, limit, after, backwards_from=None)


def page_before(
    connection: sqlite3.Connection, listing: Listing, limit: int, before: tuple[int, ...] | None = None
) -> list[QueueRow]:
    """The `limit` rows in front of the place `before`, in list order (the last ones when None)."""
    rows = _read(connection, listing, limit, None, backwards_from=before or ())
    rows.reverse()
    return rows


def _read(
    connection: sqlite3.Connection,
    listing: Listing,
    limit: int,
    after: tuple[int, ...] | None,
    backwards_from: tuple[int, ...] | None,
) -> list[QueueRow]:
    backwards = backwards_from is not None
    place = backwards_from if backwards else after
    key = "c.id" if listing.newest_first else "c.q1, c.q2, c.q3, c.first_at, c.id"
    columns = key.split(", ")
    descending = listing.newest_first != backwards
    order = ", ".join(f"{column} {'DESC' if descending else 'ASC'}" for column in columns)
    bound = ""
    values: tuple[int, ...] = ()
    if place:
        values = tuple(place[-1:] if listing.newest_first else place)
        bound = f" AND ({key}) {'<' if descending else '>'} ({', '.join('?' * len(values))})"
    statement = (
        f"SELECT {_COLUMNS} FROM conversations c WHERE ({listing.where}){bound} ORDER BY {order} LIMIT ?"
    )
    return [_row(r) for r in connection.execute(statement, (*listing.parameters, *values, limit))]


def _row(r: sqlite3.Row) -> QueueRow:
    return QueueRow(
        ConversationId(r[0]),
        r[1],
        bool(r[2]),
        None if r[3] is None else Millis(r[3]),
        r[4],
        r[5],
        r[6] or "",
        r[7] or "",
        r[8],
        r[9],
        r[10],
        r[11],
        r[12],
        Millis(r[13]),
        Millis(r[14]),
        r[15],
        bool(r[16]),
        r[17],
        None if r[18] is None else IssueId(r[18]),
        r[19],
        (r[20], r[21], r[22], r[13], r[0]),
    )


def row_of(connection: sqlite3.Connection, listing: Listing, conversation: int) -> QueueRow | None:
    """The list's row for one conversation, or None when it does not stand in the list (any more)."""
    r = connection.execute(
        f"SELECT {_COLUMNS} FROM conversations c WHERE c.id = ? AND ({listing.where})",
        (conversation, *listing.parameters),
    ).fetchone()
    return None if r is None else _row(r)


def counts(connection: sqlite3.Connection, listings: Sequence[Listing]) -> dict[str, int]:
    """The length of each listing that has a maintained counter; costs one small read."""
    have = {row[0]: row[1] for row in connection.execute("SELECT name, n FROM counters")}
    lanes = ("queue", "watching", "waiting", "snoozed", "resolved", "dismissed", "history")
    have["all"] = sum(have.get(lane, 0) for lane in lanes)
    have["unclaimed"] = have.get("queue", 0) - have.get("claimed", 0)
    return {item.name: have.get(item.counter, 0) for item in listings if item.counter is not None}


def count_up_to_cap(connection: sqlite3.Connection, listing: Listing) -> int:
    """The length of a listing without a counter, capped at `COUNT_CAP`; for workers.

    Counted in the order in which the listing is quick to read.
    """
    order = " ORDER BY c.id DESC" if listing.newest_first else ""
    return int(
        connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM conversations c WHERE ({listing.where}){order} LIMIT {COUNT_CAP})",
            listing.parameters,
        ).fetchone()[0]
    )
