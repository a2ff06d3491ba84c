"""Word search room: tests on words as SQL over `conversations c`, by the word indexes of messages and people.

Words are found from the index first, once per statement; what that costs grows with the messages that
hold them, half a millisecond a thousand. For lists of which a page is read newest first, a very
frequent word is therefore looked for in the newest conversations alone as long as those fill the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Test, words_of
from socialdesk.conditions.fields import ANYWHERE, PERSON
from socialdesk.conditions.words import STAR

if TYPE_CHECKING:
    import sqlite3

Sql = tuple[str, list[object]]
"""A fragment and its parameters, in the order of its question marks."""

FREQUENT = 10_000
"""Messages or people that a search by the index first may pass."""

WINDOW = 5_000
"""The newest conversations that are searched before all others."""

_MESSAGES = (
    "SELECT m.conversation_id FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid"
    " WHERE messages_fts MATCH ?"
)
_PEOPLE = "SELECT rowid FROM profiles_fts WHERE profiles_fts MATCH ?"
_OF_PEOPLE = (
    "SELECT x.id FROM profiles_fts p CROSS JOIN conversations x ON x.profile_id = p.rowid"
    " WHERE profiles_fts MATCH ?"
)


def found(test: Test) -> Sql:
    """The conversations that hold the words, from the index; negated it costs the same."""
    phrases = words_of(test)
    every = _all_of(phrases)
    if test.field == PERSON:
        return f"c.id IN ({_OF_PEOPLE})", [every]
    if test.field != ANYWHERE:
        return f"c.id IN ({_MESSAGES})", [every]
    mixed, parameters = _mixed("x", phrases)
    return f"c.id IN ({_MESSAGES} UNION ALL {_OF_PEOPLE}{mixed})", [every, _any_of(phrases), *parameters]


def found_newest_first(test: Test, newest: int) -> Sql:
    """As `found`, for rows passed newest first: those up to conversation `newest` are looked for when reached.

    The messages of later conversations are newer than the oldest of them, whatever was merged since.
    """
    phrases = words_of(test)
    every = _all_of(phrases)
    if test.field == PERSON:
        return f"+c.profile_id IN ({_PEOPLE})", [every]
    # The sign keeps the minimum from being looked for by number, through every message there is.
    oldest = f"(SELECT min(+n.id) FROM messages n WHERE n.conversation_id > {newest:d})"
    held = (
        f"CASE WHEN c.id > {newest:d} THEN c.id IN ({_MESSAGES} AND f.rowid >= {oldest})"
        f" ELSE c.id IN ({_MESSAGES}) END"
    )
    if test.field != ANYWHERE:
        return held, [every, every]
    mixed, parameters = _mixed("c", phrases)
    return (
        f"({held} OR (+c.profile_id IN ({_PEOPLE}){mixed}))",
        [every, every, _any_of(phrases), *parameters],
    )


def is_frequent(connection: sqlite3.Connection, test: Test, frequent: int) -> bool:
    """Whether `frequent` messages or people hold the words, so that a page is better found newest first.

    Counts no further, so that a whole word costs less than a millisecond.
    """
    phrases = words_of(test)
    asked = []
    if test.field != PERSON:
        asked.append(("messages_fts", _all_of(phrases)))
    if test.field in (PERSON, ANYWHERE):
        asked.append(("profiles_fts", _all_of(phrases) if test.field == PERSON else _any_of(phrases)))
    return any(
        connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT {frequent:d})", (match,)
        ).fetchone()[0]
        >= frequent
        for index, match in asked
    )


def before_newest(connection: sqlite3.Connection, window: int) -> int:
    """The number behind which the newest `window` conversations come."""
    return int(connection.execute("SELECT ifnull(max(id), 0) FROM conversations").fetchone()[0]) - window


def _mixed(alias: str, phrases: tuple[str, ...]) -> Sql:
    """What else holds of a conversation whose writer's names hold one of several phrases.

    Either the names hold the others too, or one message holds all that the names do not.
    """
    if len(phrases) == 1:
        return "", []
    either = (
        f"({alias}.profile_id IN ({_PEOPLE})"
        " OR +m.id IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?))"
    )
    sql = (
        f" AND ({alias}.profile_id IN ({_PEOPLE}) OR EXISTS (SELECT 1 FROM messages m"
        f" WHERE m.conversation_id = {alias}.id AND {' AND '.join([either] * len(phrases))}))"
    )
    return sql, [_all_of(phrases), *(_match(phrase) for phrase in phrases for _ in range(2))]


def _all_of(phrases: tuple[str, ...]) -> str:
    return " AND ".join(map(_match, phrases))


def _any_of(phrases: tuple[str, ...]) -> str:
    return " OR ".join(map(_match, phrases))


def _match(phrase: str) -> str:
    # Words are letters and digits only (conditions.words), so quotes cannot be broken out of.
    return f'"{phrase.removesuffix(STAR)}"{" *" if phrase.endswith(STAR) else ""}'
