"""The query bar's language and its suggestions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test
from socialdesk.conditions.complete import complete, word_at
from socialdesk.conditions.fields import FIELDS
from socialdesk.conditions.query import QueryError, parse_query, parse_typed
from socialdesk.errors import UsageError
from socialdesk.model import Millis

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = Millis(int(NOON.timestamp() * 1000))
DAY = 86_400_000
OPEN, FEED = Test("status", Op.ONE_OF, ("open",)), Test("network", Op.ONE_OF, ("feed",))


def read(text: str) -> Node:
    return parse_query(text, NOW)


def refusal(query: str) -> QueryError | None:
    try:
        read(query)
    except QueryError as error:
        return error
    return None


def words(*phrases: str, field: str = "anywhere") -> Test:
    return Test(field, Op.CONTAINS, phrases)


def test_the_whole_language_in_one_query() -> None:
    node = read(
        'status:open -network:feed (topic:billing OR feeling:belligerent) followers:10k+ "Charged twice"'
    )
    assert node == And(
        (
            OPEN,
            Not(FEED),
            Or((Test("topic", Op.ONE_OF, ("billing",)), Test("feeling", Op.ONE_OF, ("belligerent",)))),
            Test("followers", Op.BETWEEN, (Range(10_000, None),)),
            words("charged twice"),
        )
    )


def test_words_are_searched_together_wherever_they_stand() -> None:
    assert read("refund status:open Don't refund") == And((words("refund", "don t"), OPEN))
    assert read("refund OR broken") == Or((words("refund"), words("broken")))
    assert read("-refund broken") == And((Not(words("refund")), words("broken")))


def test_words_of_messages_and_of_people_can_be_asked_for_by_themselves() -> None:
    assert read("text:refund text:twice dana person:okafor") == And(
        (words("refund", "twice", field="text"), words("dana"), words("okafor", field="person"))
    )


def test_a_star_ends_a_prefix() -> None:
    assert read("dan* refund") == words("dan*", "refund")
    assert read("text:dan* person:@dana_ok*") == And(
        (words("dan*", field="text"), words("dana ok*", field="person"))
    )
    assert read('"dan*" d* dan-*') == words("dan", "d")
    assert read("author:@Dana*,Lee*") == Test("author", Op.STARTS, ("dana", "lee"))
    assert read("author:dana*,lee") == Or(
        (Test("author", Op.STARTS, ("dana",)), Test("author", Op.ONE_OF, ("lee",)))
    )
    assert read('author:"dana*"') == Test("author", Op.ONE_OF, ("dana*",))


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("dan", "dan*"),
        ("refund dan", "refund dan*"),
        ("-dan", "-dan*"),
        ("text:dan", "text:dan*"),
        ("author:dan", "author:dan"),
        ("d", '"d"'),
        ("dan ", '"dan"'),
        ("dan refund!", '"dan" "refund"'),
        ("don't", '"don t"'),
        ('"dan"', '"dan"'),
        ("(dan)", '"dan"'),
        ("topic:widget", "topic:widget"),
        ("", ""),
    ],
)
def test_the_last_word_may_go_on_while_it_is_typed(typed: str, whole: str) -> None:
    assert parse_typed(typed, NOW) == read(whole)


def test_what_is_wrong_with_a_typed_query_is_told_in_its_own_words() -> None:
    with pytest.raises(QueryError) as caught:
        parse_typed("(broken OR dan", NOW)
    assert str(caught.value).splitlines() == ["this bracket is never closed", "  (broken OR dan", "  ^"]


def test_and_binds_closer_than_or_and_brackets_closest() -> None:
    assert read("status:open AND a OR b") == Or((And((OPEN, words("a"))), words("b")))
    assert read("status:open (a OR b)") == And((OPEN, Or((words("a"), words("b")))))
    assert read("NOT (a | b)") == read("-(a OR b)") == Not(Or((words("a"), words("b"))))


def test_commas_are_or_and_quotes_keep_a_value_together() -> None:
    assert read("status:new,open") == Test("status", Op.ONE_OF, ("new", "open"))
    assert read('tag:"no refund",vip') == Test("tag", Op.ONE_OF, ("no refund", "vip"))
    assert read('author:"none"') == Test("author", Op.ONE_OF, ("none",))
    assert read("author:none") == Test("author", Op.KNOWN, False)
    assert read("followers:10,000+") == Test("followers", Op.BETWEEN, (Range(10_000, None),))
    assert read("followers:5,10") == Test("followers", Op.BETWEEN, (Range(5, 5), Range(10, 10)))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [(">10k", 10_001, None), ("<=5", None, 5), ("3..10", 3, 10), ("3-10", 3, 10), ('"3 to 10"', 3, 10)],
)
def test_numbers_read_in_the_short_forms_too(written: str, low: int | None, high: int | None) -> None:
    assert read(f"followers:{written}") == Test("followers", Op.BETWEEN, (Range(low, high),))


@pytest.mark.parametrize("empty", ["", "   ", "AND"])
def test_an_empty_query_finds_everything(empty: str) -> None:
    assert read(empty) == Always()


def test_what_only_looks_like_a_field_is_text() -> None:
    assert read("17:30") == words("17 30")
    assert read("https://acme.example") == words("https acme example")
    assert read("@AcmeCustServ #widget OR-gate") == words("acmecustserv", "widget", "or gate")


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("before:2d", None, NOW - 2 * DAY - 1),
        ("after:today", NOW - DAY // 2, None),
        ("since:yesterday", NOW - DAY * 3 // 2, None),
        ("after:2026-11-21T09:30", NOW - 9_000_000, None),
        ("after:2026-11-21T09:30Z", NOW - 9_000_000, None),
        ("after:2026-11", NOW - DAY * 41 // 2, None),
        ("before:now", None, NOW - 1),
    ],
)
def test_moments_are_settled_when_the_query_is_read(written: str, low: int | None, high: int | None) -> None:
    assert read(written) == Test("before" if high else "after", Op.BETWEEN, (Range(low, high),))


def test_a_day_begins_in_the_agents_own_zone() -> None:
    node = parse_query("after:today", NOW, zone=timezone(timedelta(hours=-5)))
    assert node == Test("after", Op.BETWEEN, (Range(NOW - 7 * 3_600_000, None),))


def test_me_is_the_agent_at_the_desk() -> None:
    assert parse_query("assignee:me", NOW, me="ana") == Test("assignee", Op.ONE_OF, ("ana",))
    with pytest.raises(QueryError, match="--agent NAME"):
        parse_query("assignee:me", NOW)


@pytest.mark.parametrize(
    ("query", "position", "nearest"),
    [
        ("statsu:open", 0, "status"),
        ("refund status:opne", 14, "open"),
        ("status:new,opne", 11, "open"),
        ("office_hours:yes", 0, None),
        ("status:", 7, None),
        ("followers:lots", 10, None),
        ("a (b OR c", 2, None),
        ("a b)", 3, None),
        ("a OR", 4, None),
        ("OR a", 0, None),
        ("()", 1, None),
        ("a -", 2, None),
        ("NOT", 3, None),
        ('a "b', 2, None),
        ("a !!!", 2, None),
        ("before:soon", 7, None),
        ("before:2026-13-01", 7, None),
        ("before:0000", 7, None),
        ("spam:perhaps", 5, None),
        ("tag:a|b", 4, None),
        ("-" * 60 + "a", 20, None),
        ("(" * 60 + "a", 20, None),
        ("id:" + ",".join("1" * 300), 403, None),
        ("x" * 3_000, 2_000, None),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(query: str, position: int, nearest: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        read(query)
    error = caught.value
    assert isinstance(error, QueryError)
    assert (error.position, error.nearest) == (position, nearest)


def test_the_message_points_at_the_word() -> None:
    with pytest.raises(QueryError) as caught:
        read("謝謝 statsu:open")
    assert str(caught.value).splitlines() == [
        "there is no field `statsu`; did you mean `status`?",
        "  謝謝 statsu:open",
        "       ^",
    ]


def test_a_value_that_does_not_exist_is_told_with_the_nearest_one() -> None:
    known = {"topic": ["Widget", "billing"]}
    assert parse_query("topic:widget", NOW, known=known) == Test("topic", Op.ONE_OF, ("widget",))
    with pytest.raises(QueryError, match="did you mean `Widget`"):
        parse_query("topic:wigdet", NOW, known=known)


@given(st.text(alphabet='ab:,"()-|< \\\x1b\n謝é1kOR', max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_in_printable_words(query: str) -> None:
    error = refusal(query)
    if error is not None:
        assert 0 <= error.position <= len(query)
        assert all(line.isprintable() for line in str(error).split("\n"))


def test_suggestions_begin_with_what_was_typed() -> None:
    assert complete("stat", 4) == ["status:"]
    assert complete("a -net", 6) == ["network:"]
    assert complete("(status:wa", 10) == ["status:watching", "status:waiting"]
    assert complete("status:new,wa", 13) == ["status:new,watching", "status:new,waiting"]
    assert complete("topic:", 6, {"topic": ["widget", "late delivery"]}) == [
        "topic:widget",
        'topic:"late delivery"',
        "topic:none",
    ]


@pytest.mark.parametrize("text", ["", "nosuch:", "office_hours:", '"sta', "xyzzy"])
def test_nothing_is_suggested_where_nothing_fits(text: str) -> None:
    assert complete(text, len(text)) == []


def test_the_word_at_the_cursor_leaves_out_signs_and_brackets() -> None:
    assert word_at("a -net b", 6) == (3, 6)
    assert word_at("(status:open)", 5) == (1, 12)
    assert word_at("abc", 99) == (0, 3)


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.searchable])
def test_every_suggested_value_can_be_read(name: str) -> None:
    for suggestion in complete(f"{name}:", len(name) + 1):
        assert read(suggestion) is not None
