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
from socialdesk.conditions.query import parse_query
from socialdesk.conditions.words import lower_ascii, phrase_of, prefix_of
from socialdesk.errors import UsageError
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
    assert found(connection, *to_sql_newest_first(connection, node, NOW, frequent=1, windows=(5, 20))) == held


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
