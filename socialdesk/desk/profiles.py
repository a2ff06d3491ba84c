"""Desk room: the accounts that posts come from, made or brought up to date before their posts are stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from socialdesk.desk.changes import Changes
from socialdesk.inbox import people, store
from socialdesk.inbox.connection import Row
from socialdesk.model import Mention


@dataclass(frozen=True, slots=True)
class Writer:
    """A stored account; `fresh` when this batch brought it."""

    id: int
    customer_id: int | None
    fresh: bool


def writers_of(changes: Changes, mentions: Sequence[Mention]) -> dict[tuple[str, str], Writer]:
    """The account of every mention, by network and lower-case handle; new ones are linked to known customers."""
    newest: dict[str, dict[str, Mention]] = {}
    oldest: dict[tuple[str, str], int] = {}
    for m in mentions:
        key = m.author.lower()
        held = newest.setdefault(m.network, {})
        if key not in held or held[key].created <= m.created:
            held[key] = m
        oldest[m.network, key] = min(oldest.get((m.network, key), m.created), m.created)
    writers: dict[tuple[str, str], Writer] = {}
    has_customers = people.has_customers(changes.connection)
    for network, held in newest.items():
        known = people.profiles_by_handle(changes.connection, network, list(held))
        fresh = {key: m for key, m in held.items() if key not in known}
        customers = (
            people.customers_of_handles(changes.connection, network, list(fresh)) if has_customers else {}
        )
        first = store.next_id(changes.connection, "profiles")
        rows = []
        for number, (key, m) in enumerate(fresh.items(), first):
            customer = customers.get(key)
            rows.append(_row(number, m, customer, oldest[network, key]))
            writers[network, key] = Writer(number, customer, True)
        store.insert_rows(changes.connection, "profiles", people.PROFILE_COLUMNS, rows)
        people.make_findable(changes.connection, [(row[0], row[2], row[3]) for row in rows])
        for key, customer in customers.items():
            people.link(
                changes.connection,
                writers[network, key].id,
                customer,
                evidence=f"the customer record names @{key}",
                agent=changes.person.agent,
                at=changes.now,
            )
        _bring_up_to_date(changes, known, held)
        for key, row in known.items():
            writers[network, key] = Writer(row["id"], row["customer_id"], False)
    return writers


def _row(number: int, m: Mention, customer: int | None, first_at: int) -> tuple[object, ...]:
    return (
        number,
        m.network,
        m.author,
        m.name,
        m.followers,
        m.verified,
        m.bot,
        None,
        json.dumps(dict(m.profile)) if m.profile else None,
        customer,
        first_at,
        m.created,
    )


def _bring_up_to_date(changes: Changes, known: dict[str, Row], held: dict[str, Mention]) -> None:
    """Followers, names and badges of known accounts as their newest post tells them."""
    changed = []
    renamed = []
    for key, row in known.items():
        m = held[key]
        if m.created <= row["last_at"]:
            continue
        told = (m.name, m.followers, m.verified, m.bot)
        was = (row["name"], row["followers"], row["verified"], row["bot"])
        now = tuple(new if new is not None else old for new, old in zip(told, was, strict=True))
        changed.append((*now, m.created, row["id"]))
        if now[0] != row["name"]:
            renamed.append((row["id"], row["handle"], now[0]))
    store.update_rows(
        changes.connection, "profiles", ("name", "followers", "verified", "bot", "last_at"), changed
    )
    people.make_findable(changes.connection, renamed)
