"""Whether conditions hold, with reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from socialdesk.conditions.ast import Node, fields_used
from socialdesk.conditions.describe import describe
from socialdesk.conditions.evaluate import compile_test, explain, matches
from socialdesk.conditions.fields import ALIASES, FIELDS, policy_names, query_names, unsearchable
from socialdesk.conditions.normal import Json, from_json, to_json
from socialdesk.conditions.parser import parse_mapping
from socialdesk.conditions.subject import Values

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(data: object) -> Node:
    node, diagnostics = parse_mapping(data, {("feeling",): At()}, (), "p.yaml")
    assert diagnostics == []
    return node


class At:
    line = 4
    col = 7


def holds(data: object, **values: object) -> bool:
    return matches(read(data), Values(values))


WIDGET = {"topic": "widget", "any_of": [{"feeling": ["upset", "belligerent"]}, {"topic": "broken"}]}


def test_the_widget_playbook_takes_complaints_and_leaves_praise() -> None:
    assert holds(WIDGET, topic=("widget", "broken"), feeling="calm")
    assert holds(WIDGET, topic=("widget",), feeling="upset")
    assert not holds(WIDGET, topic=("widget",), feeling="thankful")
    assert not holds(WIDGET, topic=("broken",), feeling="upset")


@pytest.mark.parametrize("field", ["topic", "followers", "bot", "waiting", "text", "site", "language"])
def test_unknown_makes_a_test_false_and_its_negation_true(field: str) -> None:
    value = {"followers": "0+", "bot": "no", "waiting": "0s+"}.get(field, "x")
    assert not holds({field: value})
    assert holds({"none_of": {field: value}})


def test_no_is_not_unknown() -> None:
    assert holds({"bot": "no"}, bot=False)
    assert not holds({"bot": "no"}, bot=None)
    assert holds({"bot": "none"}, bot=None)
    assert not holds({"bot": "any"}, bot=None)


def test_nothing_counts_as_none() -> None:
    assert holds({"topic": "none"}, topic=())
    assert holds({"assignee": "none"}, assignee="")
    assert not holds({"topic": "any"}, topic=())
    assert holds({"followers": "any"}, followers=0)


def test_a_language_holds_for_its_regions_and_a_site_for_its_subdomains() -> None:
    assert holds({"language": "EN"}, language="en-GB")
    assert not holds({"language": "en-GB"}, language="en")
    assert not holds({"language": "e"}, language="en")
    assert holds({"site": "reddit.com"}, site="old.Reddit.com")
    assert not holds({"site": "reddit.com"}, site="notreddit.com")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("I was charged twice, again", True),
        ("CHARGED   twice", True),
        ("charged-twice", True),
        ("charged it twice", False),
        ("discharged twice", False),
        ("charged twicely", False),
        ("", False),
    ],
)
def test_text_holds_for_whole_words_in_order(text: str, held: bool) -> None:
    assert holds({"text": "charged twice"}, text=text) is held


def test_text_must_stand_in_one_message_and_accents_do_not_count() -> None:
    assert not holds({"text": "charged twice"}, text=("charged", "twice"))
    assert holds({"text": "charged twice"}, text=("hello", "charged twice"))
    assert holds({"text": "cafe"}, text="das CAFÉ war zu")
    assert holds({"text": "Ärger"}, text="nur arger")


def test_the_span_of_a_count_reaches_the_subject() -> None:
    asked: list[tuple[str, Mapping[str, int] | None]] = []

    class Counting:
        def value(self, field: str, args: Mapping[str, int] | None = None, /) -> object:
            asked.append((field, args))
            return 2

    assert compile_test(read({"different_customers": {"at_least": 2, "within": "24h"}}))(Counting())
    assert asked == [("different_customers", {"within": 86_400_000})]


def test_explain_tells_every_line_with_what_it_found() -> None:
    reason = explain(read(WIDGET), Values({"topic": ("widget",), "feeling": "calm"}))
    assert (reason.held, reason.test) == (False, "all of")
    topic, group = reason.children
    assert (topic.held, topic.test, topic.actual) == (True, "topic is widget", "widget")
    assert (group.held, group.test) == (False, "any of")
    assert [(c.held, c.test, c.actual) for c in group.children] == [
        (False, "feeling is upset or belligerent", "calm"),
        (False, "topic is broken", "widget"),
    ]


def test_explain_says_where_the_line_is_written_and_which_words_held() -> None:
    assert explain(read({"feeling": "upset"}), Values({})).source == "p.yaml:4:7"
    assert explain(read({"feeling": "upset"}), Values({})).actual == "not known"
    reason = explain(read({"text": "charged twice"}), Values({"text": "You Charged  me; charged, TWICE!"}))
    assert (reason.held, reason.words) == (True, "charged, TWICE")
    negated = explain(read({"none_of": [{"spam": True}]}), Values({"spam": True}))
    assert (negated.held, negated.test) == (False, "none of")
    assert [(c.held, c.test) for c in negated.children] == [(True, "spam is yes")]


def test_conditions_are_told_in_plain_words() -> None:
    node = read(
        {
            "topic": "widget",
            "any_of": [{"followers": "50k+"}, {"waiting": "under 2h"}],
            "none_of": {"said": "from_us"},
            "different_customers": {"at_least": 2, "within": "1d"},
        }
    )
    assert describe(node) == (
        "topic is widget and (followers at least 50,000 or waiting under 2h) and not (relation is from us)"
        " and different customers at least 2 within 1d"
    )


def test_explain_and_evaluation_agree_when_nothing_is_known() -> None:
    node = read({"any_of": [{"spam": True}, {"none_of": {"topic": "x"}}]})
    assert explain(node, Values({})).held is matches(node, Values({})) is True


def test_the_normal_form_survives_json() -> None:
    node = read(
        {
            **WIDGET,
            "followers": ["50k+", "under 5"],
            "none_of": {"text": "a b", "bot": "none", "vip": True},
            "contacts": {"at_least": 3, "within": "7d"},
        }
    )
    again = from_json(json.loads(json.dumps(to_json(node))))
    assert again == node
    assert describe(again) == describe(node)
    assert explain(again, Values({})) == explain(node, Values({}))


@pytest.mark.parametrize(
    "data", [{}, {"and": [1]}, {"field": "topic", "op": "is", "value": []}, {"field": 1}]
)
def test_what_is_no_normal_form_is_refused(data: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match="normal form"):
        from_json(data)


def test_the_registry_is_one_table() -> None:
    assert fields_used(read(WIDGET)) == {"topic", "feeling"}
    assert not set(ALIASES) & set(FIELDS)
    assert "before" not in policy_names()
    assert "before" in query_names()
    assert "office_hours" in policy_names()
    assert "office_hours" not in query_names()
    asked = read({"office_hours": True, "any_of": [{"spam": True}, {"different_customers": "2+"}]})
    assert [test.field for test in unsearchable(asked)] == ["office_hours", "different_customers"]
    assert {"said", "relation"} <= set(policy_names()) & set(query_names())
