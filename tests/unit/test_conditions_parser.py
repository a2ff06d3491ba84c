"""The `if:` blocks of policy files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test, fields_used
from socialdesk.conditions.describe import describe
from socialdesk.conditions.evaluate import compile_test
from socialdesk.conditions.fields import FIELDS
from socialdesk.conditions.parser import GROUPS, parse_mapping
from socialdesk.conditions.subject import Values

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic

HOUR = 3_600_000


@dataclass(frozen=True)
class At:
    line: int
    col: int


def read(data: object) -> Node:
    node, diagnostics = parse_mapping(data, {}, (), "p.yaml")
    assert diagnostics == []
    return node


def faults(data: object) -> list[Diagnostic]:
    return parse_mapping(data, {}, (), "p.yaml")[1]


def test_lines_are_and_lists_are_or() -> None:
    node = read({"topic": "Widget", "feeling": ["upset", "belligerent"]})
    assert node == And(
        (Test("topic", Op.ONE_OF, ("widget",)), Test("feeling", Op.ONE_OF, ("upset", "belligerent")))
    )


def test_the_widget_playbook_reads_as_its_author_meant() -> None:
    node = read({"topic": "widget", "any_of": [{"feeling": ["upset", "belligerent"]}, {"topic": "broken"}]})
    assert node == And(
        (
            Test("topic", Op.ONE_OF, ("widget",)),
            Or((Test("feeling", Op.ONE_OF, ("upset", "belligerent")), Test("topic", Op.ONE_OF, ("broken",)))),
        )
    )


def test_a_list_of_blocks_is_or_and_none_of_is_neither() -> None:
    spam, bot = Test("spam", Op.IS, True), Test("bot", Op.IS, True)
    assert read([{"spam": True}, {"bot": "yes"}]) == Or((spam, bot))
    assert read({"none_of": {"spam": True, "bot": True}}) == Not(Or((spam, bot)))
    assert read({"all_of": [{"spam": True}, {"bot": True}]}) == And((spam, bot))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("50k+", 50_000, None),
        ("at least 50k", 50_000, None),
        ("500 or more", 500, None),
        ("over 500", 501, None),
        (">500", 501, None),
        (">= 500", 500, None),
        ("under 500", None, 499),
        ("less than 1.5k", None, 1_499),
        ("<500", None, 499),
        ("up to 500", None, 500),
        ("500 or fewer", None, 500),
        ("3 to 10", 3, 10),
        ("between 3 and 10", 3, 10),
        ("3-10", 3, 10),
        ("3..10", 3, 10),
        (120, 120, 120),
        ("10,000", 10_000, 10_000),
    ],
)
def test_numbers_read_in_every_form(written: object, low: int | None, high: int | None) -> None:
    assert read({"followers": written}) == Test("followers", Op.BETWEEN, (Range(low, high),))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("under 730d", None, 730 * 24 * HOUR - 1),
        ("2h+", 2 * HOUR, None),
        ("2h", 2 * HOUR, None),
        ("older than 1d", 24 * HOUR + 1, None),
        ("1h to 1h30m", HOUR, HOUR * 3 // 2),
    ],
)
def test_durations_read_in_every_form(written: str, low: int | None, high: int | None) -> None:
    assert read({"product_age": written}) == Test("product_age", Op.BETWEEN, (Range(low, high),))


def test_counts_take_bounds_and_a_span() -> None:
    node = read({"different_customers": {"at_least": 2, "within": "24h"}})
    assert node == Test("different_customers", Op.BETWEEN, (Range(2, None),), args=(("within", 24 * HOUR),))


def test_said_is_another_name_for_relation_and_spaces_are_forgiven() -> None:
    assert read({"said": "to us"}) == Test("relation", Op.ONE_OF, ("to_us",))


def test_none_and_any_ask_whether_a_value_is_known_unless_they_are_values() -> None:
    assert read({"assignee": "none"}) == Test("assignee", Op.KNOWN, False)
    assert read({"language": ["any"]}) == Test("language", Op.KNOWN, True)
    assert read({"said": "none"}) == Test("relation", Op.ONE_OF, ("none",))


def test_sigils_belong_to_the_writing_not_to_the_name() -> None:
    assert read({"author": "@Ana"}) == Test("author", Op.ONE_OF, ("ana",))
    assert read({"tag": "#refund"}) == Test("tag", Op.ONE_OF, ("refund",))


def test_text_is_a_phrase_and_a_list_gives_alternatives() -> None:
    node = read({"text": ["Charged twice!", "Café"]})
    assert node == Or((Test("text", Op.CONTAINS, ("charged twice",)), Test("text", Op.CONTAINS, ("cafe",))))


@pytest.mark.parametrize("nothing", [None, "always", {}])
def test_no_condition_always_holds(nothing: object) -> None:
    assert read(nothing) in (Always(), And(()))


def test_every_fault_is_told_at_once_with_its_place_and_the_nearest_name() -> None:
    data = {"topik": "widget", "feeling": ["upset", "beligerent"], "followers": "many", "spam": "perhaps"}
    marks = {
        ("if",): At(3, 1),
        ("if", "topik"): At(4, 3),
        ("if", "feeling"): At(5, 3),
        ("if", "feeling", 1): At(5, 20),
        ("if", "followers"): At(6, 3),
    }
    node, found = parse_mapping(data, marks, ("if",), "p.yaml")
    assert [(d.code, d.line, d.column, d.nearest) for d in found] == [
        ("SD201", 4, 3, "topic"),
        ("SD202", 5, 20, "belligerent"),
        ("SD202", 6, 3, None),
        ("SD202", 3, 1, None),  # an unmarked place is told as the block it stands in
    ]
    assert all(d.severity == "error" and d.file == "p.yaml" for d in found)
    assert fields_used(node) == {"feeling"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"any_off": [{"spam": True}]}, "SD201"),
        ({"before": "2d"}, "SD201"),
        ({"topic": None}, "SD202"),
        ({"topic": []}, "SD202"),
        ({"topic": ["a", ["b"]]}, "SD202"),
        ({"topic": "a|b"}, "SD202"),
        ({"author": "@"}, "SD202"),
        ({"text": "!!!"}, "SD202"),
        ({"followers": "10 to 3"}, "SD202"),
        ({"followers": "at least 3+"}, "SD202"),
        ({"waiting": 5}, "SD202"),
        ({"topic": {"at_least": 2}}, "SD203"),
        ({"contacts": {"within": "1d"}}, "SD203"),
        ({"contacts": {"at_leest": 1}}, "SD204"),
        ({"contacts": {"at_least": 1, "within": "soon"}}, "SD202"),
        ({"contacts": {"at_least": None}}, "SD202"),
        ({"followers": {"at_least": 2, "within": "1d"}}, "SD204"),
        ({"any_of": []}, "SD203"),
        ([], "SD203"),
        ("topic", "SD203"),
        (["topic"], "SD203"),
        (7, "SD203"),
    ],
)
def test_each_kind_of_fault_has_its_code(data: object, code: str) -> None:
    assert [d.code for d in faults(data)] == [code]


def test_a_bottomless_condition_is_refused() -> None:
    data: object = {"spam": True}
    for _ in range(50):
        data = {"any_of": [data]}
    assert [d.code for d in faults(data)] == ["SD205"]


def test_a_topic_that_does_not_exist_is_told_with_the_nearest_one() -> None:
    known = {"topic": {"Widget", "billing"}}
    _, found = parse_mapping({"topic": ["widget", "biling"], "tag": "new"}, {}, (), "p.yaml", known=known)
    assert [(d.code, d.nearest) for d in found] == [("SD202", "billing")]


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
keys = st.sampled_from([*FIELDS, *GROUPS, "at_least", "within"]) | st.text(max_size=5)


@given(
    st.recursive(
        scalars | st.sampled_from(["50k+", "under 2h", "3 to 10", "widget", "none"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_data_is_read_or_refused_never_a_crash(data: object) -> None:
    node, found = parse_mapping(data, {(): At(1, 1)}, (), "p.yaml")
    assert all(d.place == "p.yaml:1:1" and d.render() for d in found)
    compile_test(node)(Values({}))
    assert describe(node)
