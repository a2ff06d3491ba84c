"""Inbox room: profiles, customers and the links between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from socialdesk.conditions.words import handle_words
from socialdesk.inbox.rows import Customer, Profile, join_words, split_words

PROFILE_COLUMNS = (
    "id",
    "network",
    "handle",
    "name",
    "followers",
    "verified",
    "bot",
    "url",
    "details",
    "customer_id",
    "first_at",
    "last_at",
)


def make_findable(connection: sqlite3.Connection, people: Iterable[tuple[object, object, object]]) -> None:
    """Let searches find accounts, new ones or renamed ones: (id, handle, name) each.

    One statement for a batch; `handle_words` says by which words a handle is found.
    """
    connection.executemany(
        "INSERT OR REPLACE INTO profiles_fts (rowid, handle, name) VALUES (?, ?, ?)",
        [(number, handle_words(str(handle)), name) for number, handle, name in people],
    )


def profiles_by_handle(
    connection: sqlite3.Connection, network: str, handles: Sequence[str]
) -> dict[str, sqlite3.Row]:
    """The stored profiles among `handles` of a network, by lower-case handle."""
    rows = connection.execute(
        f"SELECT {', '.join(PROFILE_COLUMNS)} FROM profiles WHERE network = ?"
        " AND handle IN (SELECT value FROM json_each(?))",
        (network, json.dumps(handles)),
    )
    return {row["handle"].lower(): row for row in rows}


def customers_of_handles(
    connection: sqlite3.Connection, network: str, handles: Sequence[str]
) -> dict[str, int]:
    """Which of these handles the customer records name, by lower-case handle."""
    rows = connection.execute(
        "SELECT handle, customer_id FROM customer_handles WHERE network IN ('', ?)"
        " AND handle IN (SELECT value FROM json_each(?)) ORDER BY network",
        (network, json.dumps(handles)),
    )
    return {row[0].lower(): row[1] for row in rows}


def has_customers(connection: sqlite3.Connection) -> bool:
    """Whether any customer record was ever imported."""
    return connection.execute("SELECT 1 FROM customer_handles LIMIT 1").fetchone() is not None


def profile(connection: sqlite3.Connection, profile_id: int) -> Profile | None:
    """One profile."""
    row = connection.execute(
        "SELECT id, network, handle, name, followers, ifnull(verified, 0), ifnull(bot, 0), url, customer_id,"
        " first_at, last_at FROM profiles WHERE id = ?",
        (profile_id,),
    ).fetchone()
    return (
        None
        if row is None
        else Profile(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            bool(row[5]),
            bool(row[6]),
            row[7],
            row[8],
            row[9],
            row[10],
        )
    )


def profiles_of_customer(connection: sqlite3.Connection, customer_id: int) -> list[Profile]:
    """Every account linked to a customer."""
    ids = connection.execute(
        "SELECT id FROM profiles WHERE customer_id = ? ORDER BY id", (customer_id,)
    ).fetchall()
    found = (profile(connection, row[0]) for row in ids)
    return [one for one in found if one is not None]


def customer(connection: sqlite3.Connection, customer_id: int) -> Customer | None:
    """One customer record."""
    row = connection.execute(
        "SELECT id, reference, name, email, product, bought, open_ticket, tags, vip FROM customers WHERE id = ?",
        (customer_id,),
    ).fetchone()
    return (
        None
        if row is None
        else Customer(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], split_words(row[7]), bool(row[8])
        )
    )


def save_customer(
    connection: sqlite3.Connection,
    record: Mapping[str, object],
    at: int,
    *,
    handles: Sequence[tuple[str, str]],
    tags: Sequence[str],
) -> tuple[int, str]:
    """Insert or update a customer by reference, else by e-mail, else by its first handle.

    `record` has any of reference, name, email, product, bought (millis) and open_ticket; `handles` are
    (handle, network or ''). Returns the id and 'stored', 'updated' or 'known'.
    """
    known = _find_customer(connection, record, handles)
    columns = ("reference", "name", "email", "product", "bought", "open_ticket")
    values = {name: record[name] for name in columns if record.get(name) not in (None, "")}
    if tags:
        values["tags"] = join_words(list(tags))
        values["vip"] = int("vip" in tags)
    if known is None:
        names = ["created_at", *values]
        row = connection.execute(
            f"INSERT INTO customers ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) RETURNING id",
            (at, *values.values()),
        ).fetchone()
        outcome, number = "stored", int(row[0])
    else:
        number = known["id"]
        changed = {name: value for name, value in values.items() if known[name] != value}
        if changed:
            connection.execute(
                f"UPDATE customers SET {', '.join(f'{name} = ?' for name in changed)} WHERE id = ?",
                (*changed.values(), number),
            )
        outcome = "updated" if changed else "known"
    linked = [_remember_handle(connection, handle, network, number, at) for handle, network in handles]
    return number, "updated" if outcome == "known" and any(linked) else outcome


def _find_customer(
    connection: sqlite3.Connection, record: Mapping[str, object], handles: Sequence[tuple[str, str]]
) -> sqlite3.Row | None:
    found: sqlite3.Row | None = None
    for column in ("reference", "email"):
        if record.get(column) and found is None:
            found = connection.execute(
                f"SELECT * FROM customers WHERE {column} = ?", (record[column],)
            ).fetchone()
    if found is None and not record.get("reference") and handles:
        found = connection.execute(
            "SELECT c.* FROM customers c JOIN customer_handles h ON h.customer_id = c.id"
            " WHERE h.handle = ? AND h.network = ?",
            handles[0],
        ).fetchone()
    return found


def _remember_handle(
    connection: sqlite3.Connection, handle: str, network: str, customer_id: int, at: int
) -> bool:
    before = connection.total_changes
    connection.execute(
        "INSERT INTO customer_handles VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET customer_id = excluded.customer_id"
        " WHERE customer_id <> excluded.customer_id",
        (handle, network, customer_id),
    )
    for row in connection.execute(
        "SELECT id FROM profiles WHERE handle = ? AND (? = '' OR network = ?) AND ifnull(customer_id, 0) <> ?",
        (handle, network, network, customer_id),
    ).fetchall():
        link(
            connection,
            row[0],
            customer_id,
            evidence=f"the customer record names @{handle}",
            agent="import",
            at=at,
        )
    return connection.total_changes > before


def link(
    connection: sqlite3.Connection, profile_id: int, customer_id: int, *, evidence: str, agent: str, at: int
) -> None:
    """Say that an account belongs to a customer; the edge can be undone and keeps its evidence."""
    connection.execute("UPDATE profiles SET customer_id = ? WHERE id = ?", (customer_id, profile_id))
    connection.execute(
        "INSERT INTO profile_links (profile_id, customer_id, evidence, agent, at) VALUES (?, ?, ?, ?, ?)",
        (profile_id, customer_id, evidence, agent, at),
    )


def contacts(
    connection: sqlite3.Connection, profile_id: int, customer_id: int | None, since: int, before: int
) -> int:
    """How many conversations this person (any linked account) started in [since, before)."""
    if customer_id is None:
        where, value = "c.profile_id = ?", profile_id
    else:
        where, value = "c.profile_id IN (SELECT id FROM profiles WHERE customer_id = ?)", customer_id
    return int(
        connection.execute(
            f"SELECT count(*) FROM conversations c WHERE {where} AND c.merged_into IS NULL"
            " AND c.first_at >= ? AND c.first_at < ?",
            (value, since, before),
        ).fetchone()[0]
    )


def earlier_conversations(
    connection: sqlite3.Connection, profile_id: int, customer_id: int | None, but: int, limit: int = 20
) -> list[int]:
    """Ids of this person's other conversations, newest first."""
    if customer_id is None:
        where, value = "c.profile_id = ?", profile_id
    else:
        where, value = "c.profile_id IN (SELECT id FROM profiles WHERE customer_id = ?)", customer_id
    rows = connection.execute(
        f"SELECT c.id FROM conversations c WHERE {where} AND c.merged_into IS NULL AND c.id <> ?"
        " ORDER BY c.last_at DESC LIMIT ?",
        (value, but, limit),
    )
    return [row[0] for row in rows]


def own_profile(connection: sqlite3.Connection, network: str, handle: str, at: int) -> int:
    """Our own account on a network, made when it is first needed."""
    row = connection.execute(
        "INSERT INTO profiles (network, handle, first_at, last_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (network, handle) DO UPDATE SET last_at = max(last_at, excluded.last_at)"
        " RETURNING id, handle, name",
        (network, handle, at, at),
    ).fetchone()
    make_findable(connection, [row])
    return int(row[0])
