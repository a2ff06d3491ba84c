"""A small inbox full of odd rows, and the same rows as subjects: what conditions are compared on."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.conditions.fields import FIELDS, FieldType
from socialdesk.conditions.words import handle_words
from socialdesk.inbox import facts, issues, migrations, people
from socialdesk.model import Millis

if TYPE_CHECKING:
    import sqlite3

NOW = Millis(1_795_000_000_000)
WORDS = ("Charged", "twice", "REFUND", "refunds", "don't", "two-step", "a", "it_is", "x1")
LABELS = ("widget", "broken", "late delivery", "a", "Ärger")
NAMES = ("ana", "Ana", "ANA", "Ärger", "ärger", "O%b", "o_b", "oxb", "none", "ÅSA")
SITES = ("reddit.com", "old.reddit.com", "notreddit.com", "Reddit.com", "x%.com", "a.x%.com", "a.xyz.com")
LANGUAGES = ("en", "EN", "en-GB", "eng", "de", "pt-BR", "pt")
CHANNELS = {1: "Care", 2: "news feed"}
AGES = tuple(NOW - n * 1000 for n in range(-2, 6))

Row = Mapping[str, object]

_SMALL = tuple(range(6))
_LABELLED = ("", *(f"|{a}|" for a in LABELS), *(f"|{a}|{b}|" for a in LABELS for b in LABELS if a != b))
_CLOSED = ("resolved", "dismissed")


def _all_of(name: str) -> tuple[object, ...]:
    return FIELDS[name].values or ()


POOLS: Mapping[str, tuple[object, ...]] = {
    **{name: (None, *_all_of(name)) for name in ("relation", "sentiment", "feeling")},
    **dict.fromkeys(("topics", "risks", "tags", "products"), _LABELLED),
    **dict.fromkeys(("reach", "urgency", "engagement", "reply_count", "message_count"), _SMALL),
    **dict.fromkeys(("spam", "vip", "advocate", "colleague", "critical", "history", "private"), (0, 1)),
    **dict.fromkeys(("verified", "bot"), (None, 0, 1)),
    **dict.fromkeys(("first_at", "last_at"), AGES),
    **dict.fromkeys(("last_inbound_at", "unanswered_since", "due_at"), (None, *AGES)),
    "status": (*_all_of("status"), *_CLOSED * 8),
    "visibility": _all_of("visibility"),
    "followers": (None, *_SMALL),
    "network": ("spool", "Feed", "feed"),
    "language": (None, *LANGUAGES),
    "site": (None, "", *SITES),
    "author": ("", *NAMES),
    "assignee": (None, *NAMES),
    "playbook": ("", "acme-widget", "praise"),
    "case_name": ("", "addressed"),
    "merged_into": (None, None, 1),
    "channel_id": (None, 1, 2),
    "profile_id": (None, *range(1, 31)),
    "issue_id": (None, 1, 2),
}


class Owner(NamedTuple):
    """A customer: since when, tags, product, open ticket."""

    bought: int | None
    tags: str
    product: str | None
    ticket: str | None


CUSTOMERS = {
    1: Owner(NOW - 3000, "|gold|Late Delivery|", "Widget", "T-1"),
    2: Owner(None, "", None, None),
    3: Owner(NOW + 5000, "|a|", "a", ""),
    4: Owner(NOW - 1000, "|gold|", "", None),
}
HANDLES = ("dana_okafor", "DanaOkafor", "charged.twice", "a", "X1refund", "Ärger@x1.example", "ana-okafor")
CALLED = (None, "Dana Okafor", "", "refund charged", "Okafor, Ana", "ÅSA 🙂 Twice", "refunds")
PEOPLE = {
    number: (
        HANDLES[number % len(HANDLES)] + (str(number) if number > len(HANDLES) else ""),
        CALLED[number % 5 + number % 3],
    )
    for number in range(1, 31)
}
"""Handles and names by profile."""

OWNER_OF = {profile: (profile + 2) // 3 if profile <= 12 else None for profile in range(1, 31)}
ISSUE_PEOPLE = ((1, 1), (1, 30), (2, 13))


class Said(NamedTuple):
    """A message: its text, its writer's profile, its direction."""

    text: str
    profile: int
    direction: str


class RowSubject:
    """One conversation's row and messages, read the way the registry says."""

    def __init__(self, inbox: sqlite3.Connection, number: int, row: Row, thread: list[Said]) -> None:
        self._inbox = inbox
        self._own = number
        self._row: Row = {**row, "id": number}
        self._thread = thread
        self._seen: dict[tuple[str, int | None], object] = {}
        self._special: Mapping[str, Callable[[int | None], object]] = {
            "text": lambda _: tuple(said.text for said in self._thread),
            "person": lambda _: self._names(),
            "channel": lambda _: CHANNELS.get(self._number("channel_id")),
            "is": lambda _: self._states(),
            "known_customer": lambda _: self._owner() is not None,
            "product": lambda _: self._products(),
            "product_age": lambda _: getattr(self._owner(), "bought", None),
            "customer_tag": lambda _: getattr(self._owner(), "tags", None),
            "open_case": lambda _: self._open_case(),
            "contacts": self._contacts,
            "same_author_again": lambda _: self._posts() > 1,
            "joint_reach": lambda _: facts.joint_reach(inbox, number, self._number("issue_id")),
        }

    def value(self, field: str, args: Mapping[str, int] | None = None, /) -> object:
        within = (args or {}).get("within")
        if (field, within) not in self._seen:
            self._seen[field, within] = self._value(field, within)
        return self._seen[field, within]

    def _value(self, field: str, within: int | None) -> object:
        special = self._special.get(field)
        found = special(within) if special else self._row[FIELDS[field].column or ""]
        if FIELDS[field].type is FieldType.DURATION:
            return max(0, NOW - found) if isinstance(found, int) else None
        if FIELDS[field].type is FieldType.FLAG:
            return None if found is None else bool(found)
        if FIELDS[field].multi and isinstance(found, str):
            return tuple(filter(None, found.split("|")))
        return found

    def _number(self, column: str) -> int:
        value = self._row.get(column)
        return value if isinstance(value, int) else 0

    def _names(self) -> tuple[str, ...]:
        handle, name = PEOPLE.get(self._number("profile_id"), ("", None))
        return handle_words(handle), name or ""

    def _owner(self) -> Owner | None:
        number = OWNER_OF.get(self._number("profile_id"))
        return None if number is None else CUSTOMERS[number]

    def _products(self) -> str:
        return f"{self._row.get('products', '')}|{getattr(self._owner(), 'product', None) or ''}"

    def _open_case(self) -> bool:
        if getattr(self._owner(), "ticket", None):
            return True
        return facts.other_open_conversation(self._inbox, self._own, self._number("profile_id"))

    def _contacts(self, within: int | None) -> int:
        profile = self._number("profile_id")
        since = 0 if within is None else NOW - within
        return people.contacts(self._inbox, profile, OWNER_OF.get(profile), since, NOW)

    def _posts(self) -> int:
        return facts.posts_of_author(self._inbox, self._own, self._number("profile_id"))

    def _states(self) -> tuple[str, ...]:
        row, due = self._row, self._row["due_at"]
        held = {
            "history": bool(row["history"]),
            "private": bool(row["private"]),
            "overdue": isinstance(due, int) and due < NOW,
            "snoozed": row["status"] == "snoozed",
            "unassigned": row["assignee"] is None,
            "closed": row["status"] in _CLOSED,
            "merged": row["merged_into"] is not None,
        }
        return tuple(name for name, yes in held.items() if yes)


def furnish(connection: sqlite3.Connection) -> None:
    """Make the tables, the channels, the customers and their accounts."""
    migrations.apply(connection)
    connection.executemany(
        "INSERT INTO channels (id, name, network) VALUES (?, ?, 'feed')", list(CHANNELS.items())
    )
    connection.executemany(
        "INSERT INTO customers (id, bought, tags, product, open_ticket, created_at)"
        " VALUES (?, ?, ?, ?, ?, 0)",
        [(number, *owner) for number, owner in CUSTOMERS.items()],
    )
    connection.executemany(
        "INSERT INTO profiles (id, network, handle, name, followers, customer_id, first_at, last_at)"
        " VALUES (?1, 'n', ?2, ?3, ?1 % 3, ?4, 0, 0)",
        [(number, *PEOPLE[number], customer) for number, customer in OWNER_OF.items()],
    )
    people.make_findable(connection, [(number, *person) for number, person in PEOPLE.items()])
    connection.executemany(
        "INSERT INTO issues (id, product, fault, title, first_at, last_at) VALUES (?, '', '', '', 0, 0)",
        [(issue,) for issue in sorted({issue for issue, _ in ISSUE_PEOPLE})],
    )
    for issue, profile in ISSUE_PEOPLE:
        issues.add_report(connection, issue, profile, 0, 1)


def random_rows(count: int, seed: int) -> list[tuple[Row, list[Said]]]:
    """`count` rows of odd values, with threads of up to three messages."""
    chosen = random.Random(seed)
    rows: list[tuple[Row, list[Said]]] = []
    for _ in range(count):
        row = {name: chosen.choice(pool) for name, pool in POOLS.items()}
        own = row["profile_id"] if isinstance(row["profile_id"], int) else 1
        thread = [
            Said(
                " ".join(chosen.choices(WORDS, k=chosen.randrange(5))),
                chosen.choice((own, own, 2, 29)),
                chosen.choice(("in", "in", "out")),
            )
            for _ in range(chosen.randrange(4))
        ]
        rows.append((row, thread))
    return rows


def store(connection: sqlite3.Connection, rows: list[tuple[Row, list[Said]]]) -> list[RowSubject]:
    """Insert the conversations with their messages, indexed as an import indexes them; ids from 1 on."""
    for number, (row, thread) in enumerate(rows, 1):
        names = ("id", "stored_at", *row)
        connection.execute(
            f"INSERT INTO conversations ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (number, NOW, *row.values()),
        )
        connection.executemany(
            "INSERT INTO messages (conversation_id, network, external_id, direction, kind, created_at,"
            " fetched_at, profile_id, text, salt, commitment)"
            " VALUES (?, 'n', ?, ?, 'post', 0, 0, ?, ?, x'', x'')",
            [(number, f"{number}.{at}", s.direction, s.profile, s.text) for at, s in enumerate(thread)],
        )
    connection.execute("INSERT INTO messages_fts (rowid, text) SELECT id, text FROM messages")
    return [RowSubject(connection, number, row, thread) for number, (row, thread) in enumerate(rows, 1)]
