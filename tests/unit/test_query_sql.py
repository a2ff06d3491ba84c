"""The evaluator and the SQL compiler hold each other equal, on the inbox's own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test
from socialdesk.conditions.evaluate import explain, matches
from socialdesk.conditions.fields import FIELDS, Field, FieldType
from socialdesk.conditions.query import parse_query
from socialdesk.conditions.words import phrase_of
from socialdesk.errors import UsageError
from socialdesk.inbox import migrations
from socialdesk.inbox.compile import match_expression, searches_text, to_sql, to_sql_per_row
from socialdesk.model import Millis

NOW = Millis(1_795_000_000_000)
WORDS = ("Charged", "twice", "REFUND", "refunds", "don't", "two-step", "a", "it_is", "x1")
LABELS = ("widget", "broken", "late delivery", "a", "Ärger")
NAMES = ("ana", "Ana", "ANA", "Ärger", "ärger", "O%b", "o_b", "none", "ÅSA")
SITES = ("reddit.com", "old.reddit.com", "notreddit.com", "Reddit.com", "x%.com", "a.x%.com")
LANGUAGES = ("en", "EN", "en-GB", "eng", "de", "pt-BR", "pt")
SMALL = st.integers(0, 5)
AGES = st.integers(-2, 5).map(lambda n: NOW - n * 1000)

Row = Mapping[str, object]


def maybe(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


def closed(name: str) -> st.SearchStrategy[object]:
    return st.sampled_from(FIELDS[name].values or ())


def joined(labels: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    return labels.map(lambda found: "|" + "|".join(found) + "|" if found else "")


TRUTH = st.integers(0, 1)
LABELLED = joined(st.lists(st.sampled_from(LABELS), max_size=2))
COLUMNS: dict[str, st.SearchStrategy[object]] = {
    **{name: maybe(closed(name)) for name in ("relation", "sentiment", "feeling")},
    **{name: closed(name) for name in ("status", "visibility")},
    **dict.fromkeys(("topics", "risks", "tags", "products"), LABELLED),
    **dict.fromkeys(("reach", "urgency", "engagement", "reply_count", "message_count"), SMALL),
    **dict.fromkeys(("spam", "vip", "advocate", "colleague", "critical", "history", "private"), TRUTH),
    **dict.fromkeys(("verified", "bot"), maybe(TRUTH)),
    **dict.fromkeys(("first_at", "last_at"), AGES),
    **dict.fromkeys(("last_inbound_at", "unanswered_since", "due_at"), maybe(AGES)),
    "followers": maybe(SMALL),
    "network": st.sampled_from(("spool", "Feed", "feed")),
    "language": maybe(st.sampled_from(LANGUAGES)),
    "site": maybe(st.sampled_from(SITES)),
    "author": st.sampled_from(("", *NAMES)),
    "assignee": maybe(st.sampled_from(NAMES)),
    "playbook": st.sampled_from(("", "acme-widget", "praise")),
    "case_name": st.sampled_from(("", "addressed")),
    "merged_into": maybe(st.just(1)),
    "channel_id": maybe(st.sampled_from((1, 2))),
    "profile_id": maybe(st.sampled_from((1, 2, 3))),
}
CHANNELS = {1: "Care", 2: "news feed"}
CUSTOMERS: dict[int, tuple[int | None, str] | None] = {
    1: (NOW - 3000, "|gold|Late Delivery|"),
    2: (None, ""),
    3: None,
}
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), max_size=2)
ROWS = st.tuples(st.fixed_dictionaries(COLUMNS), TEXTS)


class RowSubject:
    """One conversation's row and messages, read the way the registry says."""

    def __init__(self, number: int, row: Row, texts: list[str]) -> None:
        self._row: Row = {**row, "id": number}
        self._texts = texts

    def value(self, field: str, args: Mapping[str, int] | None = None, /) -> object:
        own = {
            "text": lambda: tuple(self._texts),
            "channel": lambda: CHANNELS.get(self._number("channel_id")),
            "is": self._states,
            "known_customer": lambda: self._customer() is not None,
            "product_age": lambda: self._age(self._part(0)),
            "customer_tag": lambda: self._part(1),
        }
        found = own[field]() if field in own else self._row[FIELDS[field].column or ""]
        if FIELDS[field].type is FieldType.DURATION and field != "product_age":
            found = self._age(found)
        if FIELDS[field].type is FieldType.FLAG and found is not None:
            found = bool(found)
        if FIELDS[field].multi and isinstance(found, str):
            found = tuple(found.strip("|").split("|")) if found else ()
        return found

    def _number(self, column: str) -> int:
        value = self._row[column]
        return value if isinstance(value, int) else 0

    def _customer(self) -> tuple[int | None, str] | None:
        return CUSTOMERS.get(self._number("profile_id"))

    def _part(self, at: int) -> object:
        customer = self._customer()
        return None if customer is None else customer[at]

    def _age(self, moment: object) -> int | None:
        return NOW - moment if isinstance(moment, int) else None

    def _states(self) -> tuple[str, ...]:
        row, due = self._row, self._row["due_at"]
        held = {
            "history": bool(row["history"]),
            "private": bool(row["private"]),
            "overdue": isinstance(due, int) and due < NOW,
            "snoozed": row["status"] == "snoozed",
            "unassigned": row["assignee"] is None,
            "closed": row["status"] in ("resolved", "dismissed"),
            "merged": row["merged_into"] is not None,
        }
        return tuple(name for name, yes in held.items() if yes)


def ranges(field: Field) -> st.SearchStrategy[Range]:
    if field.type is FieldType.MOMENT:
        ends: st.SearchStrategy[int] = AGES
    elif field.type is FieldType.DURATION:
        ends = st.integers(-2, 5).map(lambda n: n * 1000)
    else:
        ends = SMALL
    return st.builds(Range, maybe(ends), maybe(ends))


def words_for(field: Field) -> st.SearchStrategy[str]:
    if field.values is not None:
        return st.sampled_from(field.values)
    special = {
        "language": LANGUAGES,
        "site": SITES,
        "author": NAMES,
        "assignee": NAMES,
        "customer_tag": ("gold",),
    }
    common = ("feed", "care", "news feed", "acme-widget", "addressed", *LABELS)
    # The parsers fold words to lower case in ASCII; so do these.
    fold = str.maketrans({chr(c): chr(c + 32) for c in range(65, 91)})
    return st.sampled_from(special.get(field.name, common)).map(lambda word: word.translate(fold))


def asking(field: Field) -> st.SearchStrategy[Test]:
    if field.type is FieldType.TEXT:
        phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join).map(phrase_of)
        found = st.lists(phrases, min_size=1, max_size=2).map(tuple)
        return found.map(lambda operand: Test("text", Op.CONTAINS, operand))
    known = st.booleans().map(lambda wanted: Test(field.name, Op.KNOWN, wanted))
    if field.type is FieldType.FLAG:
        return known | st.booleans().map(lambda wanted: Test(field.name, Op.IS, wanted))
    if field.type in (FieldType.NUMBER, FieldType.DURATION, FieldType.MOMENT):
        several = st.lists(ranges(field), min_size=1, max_size=2).map(tuple)
        return known | several.map(lambda operand: Test(field.name, Op.BETWEEN, operand))
    words = st.lists(words_for(field), min_size=1, max_size=2).map(tuple)
    return known | words.map(lambda operand: Test(field.name, Op.ONE_OF, operand))


SEARCHABLE = [field for field in FIELDS.values() if field.searchable]
TESTS = st.sampled_from(SEARCHABLE).flatmap(asking)
NODES: st.SearchStrategy[Node] = st.recursive(
    TESTS | st.just(Always()),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = Path(tmp_path_factory.mktemp("conditions")) / "inbox.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(connection)
    connection.executemany(
        "INSERT INTO channels (id, name, network) VALUES (?, ?, 'feed')", list(CHANNELS.items())
    )
    for profile, customer in CUSTOMERS.items():
        if customer is not None:
            connection.execute(
                "INSERT INTO customers (id, bought, tags, created_at) VALUES (?, ?, ?, 0)",
                (profile, *customer),
            )
        connection.execute(
            "INSERT INTO profiles (id, network, handle, customer_id, first_at, last_at)"
            " VALUES (?, 'n', ?, ?, 0, 0)",
            (profile, f"p{profile}", None if customer is None else profile),
        )
    yield connection
    connection.close()


def store(connection: sqlite3.Connection, rows: list[tuple[Row, list[str]]]) -> list[RowSubject]:
    """Insert the conversations with their messages, indexed as an import indexes them."""
    subjects = []
    for number, (row, texts) in enumerate(rows, 1):
        names = ("id", "stored_at", *row)
        connection.execute(
            f"INSERT INTO conversations ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (number, NOW, *row.values()),
        )
        for at, text in enumerate(texts):
            connection.execute(
                "INSERT INTO messages (conversation_id, network, external_id, direction, kind, created_at,"
                " fetched_at, text, salt, commitment) VALUES (?, 'n', ?, 'in', 'post', 0, 0, ?, x'', x'')",
                (number, f"{number}.{at}", text),
            )
        subjects.append(RowSubject(number, row, texts))
    connection.execute("INSERT INTO messages_fts (rowid, text) SELECT id, text FROM messages")
    return subjects


def found(connection: sqlite3.Connection, sql: str, parameters: list[object]) -> set[int]:
    return {row[0] for row in connection.execute(f"SELECT c.id FROM conversations c WHERE {sql}", parameters)}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES, rows=st.lists(ROWS, min_size=1, max_size=4))
def test_the_evaluator_and_sql_agree(
    inbox: sqlite3.Connection, node: Node, rows: list[tuple[Row, list[str]]]
) -> None:
    inbox.execute("BEGIN")
    try:
        subjects = store(inbox, rows)
        held = {number for number, subject in enumerate(subjects, 1) if matches(node, subject)}
        assert found(inbox, *to_sql(node, NOW)) == held
        assert found(inbox, *to_sql_per_row(node, NOW)) == held
        assert {number for number, subject in enumerate(subjects, 1) if explain(node, subject).held} == held
    finally:
        inbox.execute("ROLLBACK")


@pytest.mark.parametrize("field", SEARCHABLE, ids=lambda field: field.name)
def test_each_searchable_field_finds_some_rows_and_leaves_others(
    inbox: sqlite3.Connection, field: Field
) -> None:
    """Guards the property above against agreeing on nothing."""
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
    asked = {
        FieldType.FLAG: "yes",
        FieldType.NUMBER: "9+",
        FieldType.DURATION: "9s+",
        "product_age": "3s+",
        "id": "2",
        "text": '"charged twice"',
        "before": "5s",
        "after": "now",
        "relation": "to_us",
        "sentiment": "negative",
        "feeling": "upset",
        "status": "open",
        "visibility": "private",
        "channel": "care",
        "is": "overdue",
        "customer_tag": "gold",
    }
    value = asked.get(field.name, asked.get(field.type, "X"))
    node = parse_query(f"{field.name}:{value}", NOW)
    inbox.execute("BEGIN")
    try:
        store(inbox, [(plain, ["hello"]), (rich, ["nothing", "charged twice"])])
        assert found(inbox, *to_sql(node, NOW)) == ({1} if field.name == "after" else {2})
    finally:
        inbox.execute("ROLLBACK")


def test_what_only_facts_know_cannot_be_searched() -> None:
    with pytest.raises(UsageError, match="contacts"):
        to_sql(Test("contacts", Op.BETWEEN, (Range(2, None),)), NOW)


def test_an_index_answers_a_status_and_the_word_index_a_word(inbox: sqlite3.Connection) -> None:
    def plan(sql: str, parameters: list[object]) -> str:
        rows = inbox.execute(f"EXPLAIN QUERY PLAN SELECT c.id FROM conversations c WHERE {sql}", parameters)
        return "\n".join(row[3] for row in rows)

    words = to_sql(parse_query("refund", NOW), NOW)
    assert "USING INTEGER PRIMARY KEY" in plan(*words)
    assert "SCAN f VIRTUAL TABLE INDEX" in plan(*words)


def test_the_match_expression_is_what_every_hit_must_satisfy() -> None:
    assert (
        match_expression(parse_query('refund status:open "charged twice"', NOW))
        == '"refund" AND "charged twice"'
    )
    assert match_expression(parse_query("refund OR status:open", NOW)) is None
    assert match_expression(parse_query("-refund", NOW)) is None
    assert searches_text(parse_query("-refund", NOW))
    assert not searches_text(parse_query("status:open", NOW))


@pytest.mark.parametrize(
    "hostile", ['"', "' OR 1=1 --", 'a" OR "b', "NEAR(a b)", "a* ^b {c}:", "col:x", "\x00a", "%_\\"]
)
def test_no_text_breaks_out_of_its_parameter(inbox: sqlite3.Connection, hostile: str) -> None:
    phrase = phrase_of(hostile) or "a"
    for node in (
        Test("text", Op.CONTAINS, (phrase,)),
        *(Test(name, Op.ONE_OF, (hostile,)) for name in ("author", "site", "tag", "language", "channel")),
    ):
        assert found(inbox, *to_sql(node, NOW)) == set()
        assert found(inbox, *to_sql_per_row(node, NOW)) == set()


def test_the_longest_query_is_one_that_sqlite_takes(inbox: sqlite3.Connection) -> None:
    many = parse_query(" OR ".join(["-a"] * 200), NOW)
    assert found(inbox, *to_sql(many, NOW)) == set()
    assert found(inbox, *to_sql(parse_query("-(" * 10 + "a" + ")" * 10, NOW), NOW)) == set()
