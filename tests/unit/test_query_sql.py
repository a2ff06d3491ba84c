"""The evaluator and the SQL compiler hold each other equal, on the inbox's own tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test
from socialdesk.conditions.evaluate import compile_test, explain
from socialdesk.conditions.fields import FIELDS, Field, FieldType
from socialdesk.conditions.query import parse_query, parse_typed
from socialdesk.conditions.words import lower_ascii, phrase_of, prefix_of
from socialdesk.errors import UsageError
from socialdesk.inbox import people
from socialdesk.inbox.compile import to_sql, to_sql_newest_first
from tests.unit.condition_rows import (
    AGES,
    LABELS,
    LANGUAGES,
    NAMES,
    NOW,
    SITES,
    WORDS,
    Row,
    RowSubject,
    Said,
    furnish,
    random_rows,
    store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = st.integers(0, 5)
LENGTHS = st.integers(-2, 5).map(lambda n: n * 1000)
COMMON = ("feed", "care", "news feed", "acme-widget", "addressed", "gold", *LABELS)
WORDS_OF = {"language": LANGUAGES, "site": SITES, "author": NAMES, "assignee": NAMES}
SAID = {
    "text": WORDS,
    "person": ("Dana", "okafor", "a", "x1", "example", "Ärger", "refund", "twice"),
    "anywhere": (*WORDS, "dana", "Okafor", "asa"),
}
BEGINNINGS = ("a", "an", "ana", "o", "o_", "o%", "x", "å", "ä")
SEARCHABLE = [field for field in FIELDS.values() if field.searchable]


def ranges(field: Field) -> st.SearchStrategy[Range]:
    own = {FieldType.MOMENT: st.sampled_from(AGES), FieldType.DURATION: LENGTHS}
    ends = st.none() | own.get(field.type, SMALL)
    return st.builds(Range, ends, ends)


def asking(field: Field) -> st.SearchStrategy[Test]:
    """Any test that a parser could make of `field`."""
    if field.type is FieldType.TEXT:
        written = st.lists(st.sampled_from(SAID[field.name]), min_size=1, max_size=2).map(" ".join)
        phrases = written.map(phrase_of) | written.map(lambda words: prefix_of(phrase_of(words)[:-1]) or "a")
        found = st.lists(phrases, min_size=1, max_size=3).map(tuple)
        return found.map(lambda operand: Test(field.name, Op.CONTAINS, operand))
    known = st.booleans().map(lambda wanted: Test(field.name, Op.KNOWN, wanted))
    if field.type is FieldType.FLAG:
        return known | st.booleans().map(lambda wanted: Test(field.name, Op.IS, wanted))
    if field.type in (FieldType.NUMBER, FieldType.DURATION, FieldType.MOMENT):
        several = st.lists(ranges(field), min_size=1, max_size=2).map(tuple)
        spans = st.sampled_from(((), (("within", 2_000),))) if field.args else st.just(())
        return known | st.builds(Test, st.just(field.name), st.just(Op.BETWEEN), several, st.just(""), spans)
    word = st.sampled_from(field.values or WORDS_OF.get(field.name, COMMON)).map(lower_ascii)
    words = st.lists(word, min_size=1, max_size=2).map(tuple)
    one_of = known | words.map(lambda operand: Test(field.name, Op.ONE_OF, operand))
    if field.type is not FieldType.HANDLE:
        return one_of
    starts = st.lists(st.sampled_from(BEGINNINGS), min_size=1, max_size=2).map(tuple)
    return one_of | starts.map(lambda operand: Test(field.name, Op.STARTS, operand))


NODES: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from(SEARCHABLE).flatmap(asking) | st.just(Always()),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=6,
)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "inbox.db", isolation_level=None)) as connection:
        furnish(connection)
        yield connection


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


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, list[RowSubject]]]:
    path = tmp_path_factory.mktemp("conditions") / "inbox.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        furnish(connection)
        yield connection, store(connection, random_rows(80, seed=2026))


def found(connection: sqlite3.Connection, sql: str, parameters: list[object]) -> set[int]:
    return {row[0] for row in connection.execute(f"SELECT c.id FROM conversations c WHERE {sql}", parameters)}


def agree(crowd: tuple[sqlite3.Connection, list[RowSubject]], node: Node) -> None:
    connection, subjects = crowd
    holds = compile_test(node)
    held = {number for number, subject in enumerate(subjects, 1) if holds(subject)}
    assert found(connection, *to_sql(node, NOW)) == held
    assert found(connection, *to_sql_newest_first(connection, node, NOW, frequent=1, window=20)) == held


@pytest.mark.parametrize("field", SEARCHABLE, ids=lambda field: field.name)
def test_the_evaluator_and_sql_agree_on_each_field_and_its_negation(
    crowd: tuple[sqlite3.Connection, list[RowSubject]], field: Field
) -> None:
    @settings(max_examples=25, deadline=None)
    @given(asking(field))
    def each(test: Test) -> None:
        agree(crowd, test)
        agree(crowd, Not(test))

    each()


@settings(max_examples=300, deadline=None)
@given(node=NODES)
def test_the_evaluator_and_sql_agree_on_conditions_of_any_shape(
    crowd: tuple[sqlite3.Connection, list[RowSubject]], node: Node
) -> None:
    agree(crowd, node)


@settings(max_examples=50, deadline=None)
@given(node=NODES)
def test_explain_says_what_the_evaluator_says(
    crowd: tuple[sqlite3.Connection, list[RowSubject]], node: Node
) -> None:
    holds = compile_test(node)
    assert all(explain(node, subject).held is holds(subject) for subject in crowd[1][:20])


@pytest.mark.parametrize("field", SEARCHABLE, ids=lambda field: field.name)
def test_each_searchable_field_finds_some_rows_and_leaves_others(
    inbox: sqlite3.Connection, field: Field
) -> None:
    """Guards the properties above against agreeing on nothing."""
    plain: Row = {"author": "ana", "network": "feed", "first_at": NOW, "last_at": NOW}
    rich: Row = {
        **dict.fromkeys(("author", "network", "site", "language", "playbook", "case_name", "assignee"), "x"),
        **dict.fromkeys(("topics", "risks", "tags", "products"), "|x|"),
        **dict.fromkeys(("reach", "followers", "engagement", "urgency", "reply_count", "message_count"), 9),
        **dict.fromkeys(
            ("verified", "bot", "spam", "vip", "advocate", "colleague", "critical", "private"), 1
        ),
        **dict.fromkeys(("first_at", "unanswered_since", "last_inbound_at", "due_at"), NOW - 9_000),
        "relation": "to_us",
        "sentiment": "negative",
        "feeling": "upset",
        "status": "open",
        "visibility": "private",
        "channel_id": 1,
        "profile_id": 1,
        "last_at": NOW - 1,
    }
    by_type = {FieldType.FLAG: "yes", FieldType.NUMBER: "9+", FieldType.DURATION: "9s+"}
    asked = {
        **dict.fromkeys(("contacts", "joint_reach"), "1+"),
        "product_age": "3s+",
        "id": "2",
        **dict.fromkeys(("text", "anywhere"), '"charged twice"'),
        "person": "danaokafor",
        "before": "5s",
        "after": "now",
        "channel": "care",
        "relation": "to_us",
        "sentiment": "negative",
        "feeling": "upset",
        "status": "open",
        "visibility": "private",
        "is": "overdue",
        "customer_tag": "gold",
    }
    node = parse_query(f"{field.name}:{asked.get(field.name, by_type.get(field.type, 'X'))}", NOW)
    store(inbox, [(plain, [Said("hello", 30, "in")]), (rich, [Said("charged twice", 1, "in")] * 2)])
    assert found(inbox, *to_sql(node, NOW)) == ({1} if field.name == "after" else {2})


def test_what_only_facts_know_cannot_be_searched() -> None:
    with pytest.raises(UsageError, match="different_customers"):
        to_sql(Test("different_customers", Op.BETWEEN, (Range(2, None),)), NOW)


def found_as_typed(connection: sqlite3.Connection, text: str) -> set[int]:
    node = parse_typed(text, NOW)
    held = found(connection, *to_sql(node, NOW))
    assert found(connection, *to_sql_newest_first(connection, node, NOW, frequent=1, window=1)) == held
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


def test_a_renamed_account_is_found_by_its_new_name_alone(inbox: sqlite3.Connection) -> None:
    row: Row = {"author": "dana", "network": "feed", "first_at": NOW, "last_at": NOW, "profile_id": 1}
    store(inbox, [(row, [Said("hello", 1, "in")])])
    for name in ("Mrs Okafor", "Mrs Smith"):
        people.make_findable(inbox, [(1, "dana", name)])
    assert found_as_typed(inbox, "okafor") == set()
    assert found_as_typed(inbox, "smith dana hello") == {1}


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


@pytest.mark.parametrize(
    "hostile",
    ['"', "' OR 1=1 --", 'a" OR "b', "NEAR(a b)", "a* ^b {c}:", "col:x", "\x00a", "%_\\", "a AND b"],
)
def test_no_text_breaks_out_of_its_parameter(inbox: sqlite3.Connection, hostile: str) -> None:
    store(inbox, [({"author": "b", "network": "feed", "first_at": NOW, "last_at": NOW}, [])])
    names = ("author", "site", "tag", "language", "channel")
    tests = [Test(name, Op.ONE_OF, (hostile,)) for name in names]
    words = [Test(name, Op.CONTAINS, (prefix_of(hostile) or "a",)) for name in SAID]
    for test in (Test("author", Op.STARTS, (hostile,)), *words, *tests):
        assert found(inbox, *to_sql(test, NOW)) == set()
        assert found(inbox, *to_sql_newest_first(inbox, test, NOW, frequent=1)) == set()


def test_the_longest_query_is_one_that_sqlite_takes(inbox: sqlite3.Connection) -> None:
    assert found(inbox, *to_sql(parse_query(" OR ".join(["-a"] * 200), NOW), NOW)) == set()
    assert found(inbox, *to_sql(parse_query("-(" * 10 + "a" + ")" * 10, NOW), NOW)) == set()
