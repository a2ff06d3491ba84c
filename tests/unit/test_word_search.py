"""Words, names and handles are found by an index, and the same while a query is typed as when it is asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from socialdesk.conditions.ast import Node
from socialdesk.conditions.query import parse_query, parse_typed
from socialdesk.inbox import people
from socialdesk.inbox.compile import to_sql, to_sql_newest_first
from tests.unit.condition_rows import NOW, Row, Said, furnish, store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """1 by @dana_okafor (Dana Okafor), 2 names Dana, 3 is by @DanaKim, 4 has nothing to do with either."""
    plain: Row = {"network": "feed", "first_at": NOW, "last_at": NOW}
    people_here = [(1, "dana_okafor", "Dana Okafor"), (2, "lee", None), (3, "DanaKim", None), (4, "tom", "T")]
    authors = ("dana_okafor", "lee", "Dan%", "Dan_b")
    said = ("no refund yet", "Dana was kind", "a refund, please", "kind of")
    path = tmp_path_factory.mktemp("cast") / "inbox.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        furnish(connection)
        people.make_findable(connection, people_here)
        rows = enumerate(zip(authors, said, strict=True), 1)
        store(
            connection,
            [({**plain, "author": a, "profile_id": n}, [Said(text, n, "in")]) for n, (a, text) in rows],
        )
        yield connection


def found(connection: sqlite3.Connection, sql: str, parameters: list[object]) -> set[int]:
    return {row[0] for row in connection.execute(f"SELECT c.id FROM conversations c WHERE {sql}", parameters)}


def found_as_typed(connection: sqlite3.Connection, text: str) -> set[int]:
    node = parse_typed(text, NOW)
    held = found(connection, *to_sql(node, NOW))
    assert found(connection, *to_sql_newest_first(connection, node, NOW, frequent=1, windows=(1, 3))) == held
    return held


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dana ", {1, 2, 3}),
        ("-dana ", {4}),
        ("dan ", set()),
        ("dan", {1, 2, 3}),
        ("-dan", {4}),
        ("d", set()),
        ("okafor dana", {1}),
        ('"dana okafor"', {1}),
        ('"okafor dana"', set()),
        ("@dana_okafor", {1}),
        ("danakim kim", {3}),
        ("dana refund", {1, 3}),
        ("refund dana kind", set()),
        ("kind dana", {2}),
        ("text:dana", {2}),
        ("person:dana", {1, 3}),
        ("author:dana_okafor", {1}),
        ("author:dana*", {1}),
        ("author:dan*,LE*", {1, 2, 3, 4}),
        ("author:DAN%*", {3}),
        ("author:dan_*", {4}),
        ("-author:dan*", {2}),
    ],
)
def test_people_are_found_by_their_handles_and_names(
    cast: sqlite3.Connection, typed: str, expected: set[int]
) -> None:
    assert found_as_typed(cast, typed) == expected


def plan_of(connection: sqlite3.Connection, node: Node) -> str:
    sql, parameters = to_sql(node, NOW)
    statement = f"EXPLAIN QUERY PLAN SELECT c.id FROM conversations c WHERE {sql} ORDER BY c.id DESC LIMIT 50"
    return "\n".join(row[3] for row in connection.execute(statement, parameters))


@pytest.mark.parametrize("query", ["refund", "refund dan*", "person:dana", "text:refund", "author:dana*"])
def test_an_index_answers_words_and_handles_once_for_the_whole_list(
    cast: sqlite3.Connection, query: str
) -> None:
    plan = plan_of(cast, parse_query(query, NOW))
    assert "SEARCH c USING INTEGER PRIMARY KEY" in plan
    assert "SCAN c " not in plan
    assert "SCAN m " not in plan
    assert "SCAN x " not in plan


def test_an_exact_handle_is_looked_up(cast: sqlite3.Connection) -> None:
    assert "conversations_by_author (author=?)" in plan_of(cast, parse_query("author:dana", NOW))


@pytest.mark.parametrize("query", [" OR ".join(["-dana"] * 200), "dana " + " ".join(map(str, range(199)))])
def test_the_longest_query_is_one_that_sqlite_takes(cast: sqlite3.Connection, query: str) -> None:
    assert found_as_typed(cast, query) == ({4} if "OR" in query else set())


def test_the_deepest_query_is_one_that_sqlite_takes(cast: sqlite3.Connection) -> None:
    assert found_as_typed(cast, "-(" * 10 + "a " + ")" * 10) == {3}
