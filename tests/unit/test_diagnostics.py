"""An error tells file, line, column, the line with a caret, what was expected and the nearest name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.diagnostics import Diagnostic, in_order, nearest
from socialdesk.text import clean

UNKNOWN = Diagnostic(
    "SD101",
    "error",
    "playbooks/widget.yaml",
    4,
    5,
    "unknown field 'folowers'",
    "a field of the condition language",
    "followers",
    "    folowers: 50k+",
)


def test_an_error_is_rendered_with_the_line_a_caret_and_what_would_have_been_right() -> None:
    assert UNKNOWN.render() == "\n".join(
        [
            "playbooks/widget.yaml:4:5: SD101 unknown field 'folowers'",
            "  4 |     folowers: 50k+",
            "    |     ^",
            "  expected: a field of the condition language",
            "  did you mean followers?",
        ]
    )


def test_one_line_says_which_kind_it_is() -> None:
    warning = Diagnostic("SD201", "warning", "team.yaml", 2, 1, "ana has no shift")
    assert UNKNOWN.one_line() == "playbooks/widget.yaml:4:5: SD101 unknown field 'folowers'"
    assert warning.one_line() == "team.yaml:2:1: SD201 warning: ana has no shift"
    assert (
        Diagnostic("SD003", "error", "order.yaml", 0, 0, "missing").one_line() == "order.yaml: SD003 missing"
    )


def test_the_json_form_has_every_fact() -> None:
    facts = json.loads(json.dumps(UNKNOWN.as_json()))
    assert Diagnostic(**facts) == UNKNOWN


def test_the_caret_stands_under_the_character_after_wide_ones_and_tabs() -> None:
    lines = Diagnostic("SD1", "error", "f", 1, 5, "here", excerpt="好好\tx: y").render().splitlines()
    assert lines[1:] == ["  1 | 好好 x: y", "    |       ^"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    lines = (
        Diagnostic("SD1", "error", "f", 7, 501, "here", excerpt="a" * 500 + "!" + "b" * 500)
        .render()
        .splitlines()
    )
    assert lines[1].startswith("  7 | …")
    assert lines[1].endswith("b…")
    assert len(lines[1]) < 120
    assert lines[1][lines[2].index("^")] == "!"


@settings(max_examples=100)
@given(st.text(max_size=20), st.text(max_size=20), st.integers(-1, 30))
def test_nothing_of_a_foreign_file_reaches_the_terminal_raw(name: str, line: str, column: int) -> None:
    hostile = "\x1b]52;c;aGk=\x07\x9b31m\u202e"
    shown = Diagnostic(
        "SD1", "error", hostile + name, 1, column, hostile + line, hostile, hostile, hostile + line
    )
    for row in (*shown.render().split("\n"), shown.one_line()):
        assert not any(character in row for character in "\x1b\x07\x9b\u202e\n")
        assert "aGk" not in row.partition("|")[0]


def test_errors_are_told_once_and_in_the_order_of_the_file() -> None:
    first = Diagnostic("SD1", "error", "a.yaml", 2, 9, "x")
    second = Diagnostic("SD1", "error", "a.yaml", 10, 1, "x")
    other = Diagnostic("SD1", "error", "b.yaml", 1, 1, "x")
    assert in_order([other, second, first, second]) == (first, second, other)


def test_the_excerpt_is_taken_from_the_file_unless_there_is_one() -> None:
    bare = Diagnostic("SD1", "error", "f", 2, 1, "x")
    assert bare.with_excerpt(["one", "two"]).excerpt == "two"
    assert bare.with_excerpt(["one"]).excerpt is None
    assert UNKNOWN.with_excerpt(["a", "b", "c", "d"]) is UNKNOWN


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("folowers", "followers"),
        ("Followers", "followers"),
        ("any-of", "any_of"),
        ("statu", "status"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_offered_only_when_it_is_near(word: str, meant: str | None) -> None:
    assert nearest(word, ["followers", "any_of", "status", "topic"]) == meant


def test_there_is_no_nearest_among_none() -> None:
    assert nearest("x", []) is None


def test_what_is_rendered_is_already_clean() -> None:
    assert clean(UNKNOWN.render()) == UNKNOWN.render()
