"""Condition compiler room: the one condition language as a WHERE fragment over `conversations c`.

Every fragment may be NULL where the evaluator says False; negation is therefore written
NOT COALESCE(x, 0), which makes the two agree on everything unknown. Words are stored as they come
and compared NOCASE, which folds ASCII only, as the evaluator does; the closed lists of the registry
are stored in lower case and compared as they are, so that an index can answer them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test, ranges_of, words_of
from socialdesk.conditions.fields import FIELDS, WITHIN, Field, FieldType
from socialdesk.errors import UsageError
from socialdesk.inbox import wordsearch
from socialdesk.inbox.wordsearch import Sql

if TYPE_CHECKING:
    import sqlite3

    from socialdesk.model import Millis

_MAY_FAIL = "this depends on the moment: playbooks can ask it, a search cannot"
_OWNER = "FROM profiles p JOIN customers k ON k.id = p.customer_id WHERE p.id = c.profile_id"
_PERSON = (
    "SELECT c.profile_id UNION SELECT o.id FROM profiles p JOIN profiles o ON o.customer_id = p.customer_id"
    " WHERE p.id = c.profile_id"
)
"""Every account of the writer's customer."""

_EXPRESSIONS: Mapping[str, str] = {
    "channel": "(SELECT h.name FROM channels h WHERE h.id = c.channel_id)",
    "known_customer": "EXISTS (SELECT 1 FROM profiles p WHERE p.id = c.profile_id AND p.customer_id > 0)",
    "product": f"(c.products || COALESCE((SELECT '|' || k.product || '|' {_OWNER}), ''))",
    "product_age": f"(SELECT k.bought {_OWNER})",
    "customer_tag": f"(SELECT k.tags {_OWNER})",
    "open_case": f"(EXISTS (SELECT 1 {_OWNER} AND k.open_ticket <> '') OR EXISTS (SELECT 1"
    f" FROM conversations x WHERE x.profile_id IN ({_PERSON}) AND x.id <> c.id AND x.merged_into IS NULL"
    " AND x.history = 0 AND x.status NOT IN ('resolved', 'dismissed')))",
    "same_author_again": "(SELECT count(*) > 1 FROM messages m WHERE m.conversation_id = c.id"
    " AND m.profile_id = c.profile_id AND m.direction = 'in')",
    "joint_reach": "(SELECT ifnull((SELECT r.reach FROM issues r WHERE r.id = c.issue_id), 0)"
    " + ifnull(sum(p.followers), 0) FROM profiles p WHERE p.id IN (SELECT m.profile_id"
    " FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'in')"
    " AND NOT EXISTS (SELECT 1 FROM issue_people i WHERE i.issue_id = c.issue_id AND i.profile_id = p.id))",
}
"""What stands for a field that is no column of its own; for durations a moment, as everywhere.

Those about people say what `inbox.facts` and `inbox.people` answer for one conversation."""


def to_sql(node: Node, now: Millis) -> Sql:
    """The condition as a WHERE fragment over alias `c` and its parameters; durations count up to `now`.

    Right for every list and for reading one to its end. Raises `UsageError` for a field that only
    the desk's facts can answer.
    """
    return _node(node, now, wordsearch.found)


def to_sql_newest_first(
    connection: sqlite3.Connection,
    node: Node,
    now: Millis,
    *,
    frequent: int = wordsearch.FREQUENT,
    windows: Sequence[int] = wordsearch.WINDOWS,
) -> Sql:
    """As `to_sql`, for a list newest first of which a page at a time is read, as while a query is typed.

    Words that `frequent` messages or people hold are looked for in the newest of the `windows`
    of conversations first; which words those are is read from the word indexes.
    """
    starts = wordsearch.window_starts(connection, windows)

    def found(test: Test) -> Sql:
        if wordsearch.is_frequent(connection, test, frequent):
            return wordsearch.found_newest_first(test, starts)
        return wordsearch.found(test)

    return _node(node, now, found)


_Found = Callable[[Test], Sql]


def _node(node: Node, now: Millis, found: _Found) -> Sql:
    match node:
        case Always():
            return "1", []
        case And():
            return _joined([_node(part, now, found) for part in node.parts], " AND ", "1")
        case Or():
            return _joined([_node(part, now, found) for part in node.parts], " OR ", "0")
        case Not():
            inner, parameters = _node(node.part, now, found)
            return f"NOT COALESCE({inner}, 0)", parameters
        case Test():
            return _test(node, now, found)


def _joined(parts: list[Sql], word: str, nothing: str) -> Sql:
    if not parts:
        return nothing, []
    return "(" + word.join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


def _test(test: Test, now: Millis, found: _Found) -> Sql:
    field = FIELDS.get(test.field)
    if field is None or not field.searchable:
        raise UsageError(f"`{test.field}`: {_MAY_FAIL}")
    if test.op is Op.CONTAINS:
        return found(test)
    if field.name == "is":
        return _is(test, now)
    column = (
        _contacts(test, now)
        if field.name == "contacts"
        else _EXPRESSIONS.get(field.name, f"c.{field.column}")
    )
    match test.op:
        case Op.KNOWN:
            return _known(column, wanted=test.operand is True)
        case Op.IS:
            return (f"{column} <> 0" if test.operand else f"{column} = 0"), []
        case Op.BETWEEN:
            return _joined([_range(field, column, part, now) for part in ranges_of(test)], " OR ", "0")
        case Op.STARTS:
            return _joined([_beginning(field, word) for word in words_of(test)], " OR ", "0")
        case Op.ONE_OF:
            return _one_of(field, column, words_of(test))


def _contacts(test: Test, now: Millis) -> str:
    # Integers of our own stand in the text, for a column may be named several times in one test.
    since = now - dict(test.args).get(WITHIN, now)
    return (
        f"(SELECT count(*) FROM conversations x WHERE x.profile_id IN ({_PERSON}) AND x.merged_into IS NULL"
        f" AND x.first_at >= {since:d} AND x.first_at < {now:d})"
    )


def _known(column: str, *, wanted: bool) -> Sql:
    some = f"COALESCE({column}, '') <> ''"
    return (some if wanted else f"NOT ({some})"), []


def _range(field: Field, column: str, part: Range, now: Millis) -> Sql:
    low, high = part.low, part.high
    if field.type is FieldType.DURATION:
        low, high = _moments(low, high, now)
    if low is not None and high is not None:
        return f"{column} BETWEEN ? AND ?", [low, high]
    if low is not None:
        return f"{column} >= ?", [low]
    return (f"{column} <= ?", [high]) if high is not None else (f"{column} IS NOT NULL", [])


def _moments(low: int | None, high: int | None, now: Millis) -> tuple[int | None, int | None]:
    """The moments at which a length from `low` to `high` began: longer than 2h is before now - 2h.

    A moment still to come is no time ago, so a length is never below zero.
    """
    latest = None if low is None or low <= 0 else now - low
    if high is None:
        return None, latest
    return (now - high if high >= 0 else _NEVER), latest


_NEVER = 2**62
"""A moment that does not come."""


def _one_of(field: Field, column: str, words: tuple[str, ...]) -> Sql:
    if field.multi:
        return _joined([(f"instr(lower({column}), ?) > 0", [f"|{word}|"]) for word in words], " OR ", "0")
    marks = ", ".join("?" * len(words))
    values: list[object] = list(words)
    if field.values is not None:
        return f"{column} IN ({marks})", values
    same = f"{column} COLLATE NOCASE IN ({marks})"
    if field.type not in _FAMILIES:
        return same, values
    pattern = _FAMILIES[field.type]
    like = f"{column} LIKE ? ESCAPE '\\'"
    family: list[Sql] = [(like, [pattern.format(_escaped(word))]) for word in words]
    return _joined([(same, values), *family], " OR ", "0")


def _beginning(field: Field, word: str) -> Sql:
    # From the list of ids the index on authors is used whatever order the rows are wanted in.
    own = f"x.{field.column} COLLATE NOCASE"
    return (
        f"c.id IN (SELECT x.id FROM conversations x WHERE {own} >= ? AND {own} < ?)",
        [word, f"{word}{_LAST}"],
    )


_LAST = chr(0x10FFFF)
"""The character behind all others: no handle goes on with it."""

_FAMILIES: Mapping[FieldType, str] = {FieldType.LANGUAGE: "{0}-%", FieldType.SITE: "%.{0}"}


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _is(test: Test, now: Millis) -> Sql:
    if test.op is Op.KNOWN:
        every, parameters = _joined([_state(name, now) for name in FIELDS["is"].values or ()], " OR ", "0")
        return (every if test.operand is True else f"NOT COALESCE({every}, 0)"), parameters
    return _joined([_state(word, now) for word in words_of(test)], " OR ", "0")


_STATES: Mapping[str, str] = {
    "history": "c.history = 1",
    "private": "c.private > 0",
    "snoozed": "c.status = 'snoozed'",
    "unassigned": "c.assignee IS NULL",
    "closed": "c.status IN ('resolved', 'dismissed')",
    "merged": "c.merged_into IS NOT NULL",
}


def _state(name: str, now: Millis) -> Sql:
    return ("c.due_at < ?", [now]) if name == "overdue" else (_STATES[name], [])
