"""Word search room: tests on words as SQL over `conversations c`, by the word indexes of messages and people.

Words are found from the index first, once per statement; what that costs grows with the messages that
hold them, half a millisecond a thousand. For lists of which a page is read newest first, a very
frequent word is therefore looked for among the newest conversations alone as long as those fill the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Test, words_of
from socialdesk.conditions.fields import ANYWHERE, PERSON
from socialdesk.conditions.words import STAR

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

Sql = tuple[str, list[object]]
"""A fragment and its parameters, in the order of its question marks."""

FREQUENT = 10_000
"""Messages or people that a search by the index first may pass."""

WINDOWS = (2_000, 20_000, 200_000)
"""How many of the newest conversations are searched first, next and so on, before all others."""

_CONVERSATIONS = (
    "SELECT m.conversation_id FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid"
    " WHERE messages_fts MATCH ?"
)
_MESSAGES = "SELECT f.rowid FROM messages_fts f WHERE messages_fts MATCH ?"
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
        return f"c.id IN ({_CONVERSATIONS})", [every]
    mixed, parameters = _mixed("x", phrases, ())
    return f"c.id IN ({_CONVERSATIONS} UNION ALL {_OF_PEOPLE}{mixed})", [every, _any_of(phrases), *parameters]


def found_newest_first(test: Test, starts: Sequence[int]) -> Sql:
    """As `found`, for rows that are passed newest first and seldom to the end; `starts` from `window_starts`."""
    phrases = words_of(test)
    every = _all_of(phrases)
    if test.field == PERSON:
        return f"+c.profile_id IN ({_PEOPLE})", [every]
    held, parameters = _by_window("c.id", _CONVERSATIONS, every, starts)
    if test.field != ANYWHERE:
        return held, parameters
    mixed, more = _mixed("c", phrases, starts)
    return f"({held} OR (+c.profile_id IN ({_PEOPLE}){mixed}))", [*parameters, _any_of(phrases), *more]


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


def window_starts(connection: sqlite3.Connection, windows: Sequence[int]) -> list[int]:
    """The number behind which each window's conversations come; those that hold everything are left out."""
    newest = int(connection.execute("SELECT ifnull(max(id), 0) FROM conversations").fetchone()[0])
    return [newest - window for window in windows if window < newest]


def _by_window(what: str, those: str, match: str, starts: Sequence[int]) -> Sql:
    """`what` is one of `those`, which SQLite works out for a window when the first row of it is passed.

    A window's messages are no older than the oldest of its conversations', whatever was merged since.
    """
    if not starts:
        return f"{what} IN ({those})", [match]
    # The sign keeps the minimum from being looked for by number, through every message there is.
    oldest = "SELECT min(+n.id) FROM messages n WHERE n.conversation_id >"
    windows = [
        f"WHEN c.id > {start:d} THEN {what} IN ({those} AND f.rowid >= ({oldest} {start:d}))"
        for start in starts
    ]
    return f"CASE {' '.join(windows)} ELSE {what} IN ({those}) END", [match] * (len(starts) + 1)


def _mixed(alias: str, phrases: tuple[str, ...], starts: Sequence[int]) -> Sql:
    """What else holds of a conversation whose writer's names hold one of several phrases.

    Either the names hold the others too, or one message holds all that the names do not.
    """
    if len(phrases) == 1:
        return "", []
    parameters: list[object] = [_all_of(phrases)]
    each = []
    for match in map(_match, phrases):
        held, more = _by_window("+m.id", _MESSAGES, match, starts)
        each.append(f"({alias}.profile_id IN ({_PEOPLE}) OR {held})")
        parameters += [match, *more]
    sql = (
        f" AND ({alias}.profile_id IN ({_PEOPLE}) OR EXISTS (SELECT 1 FROM messages m"
        f" WHERE m.conversation_id = {alias}.id AND {' AND '.join(each)}))"
    )
    return sql, parameters


def _all_of(phrases: tuple[str, ...]) -> str:
    return " AND ".join(map(_match, phrases))


def _any_of(phrases: tuple[str, ...]) -> str:
    return " OR ".join(map(_match, phrases))


def _match(phrase: str) -> str:
    # Words are letters and digits only (conditions.words), so quotes cannot be broken out of.
    return f'"{phrase.removesuffix(STAR)}"{" *" if phrase.endswith(STAR) else ""}'
