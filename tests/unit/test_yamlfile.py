"""YAML means what it says, every value has a place, and what is wrong is told and never raised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.yamlfile import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    Mark,
    YamlDocument,
    load,
    load_all,
    scalar,
)


def places(document: YamlDocument) -> list[str]:
    return [f"{error.line}:{error.column} {error.code}" for error in document.errors]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("17:00", "17:00"),
        ("2026-11-21", "2026-11-21"),
        ("0123", 123),
        ("-7", -7),
        ("-100000000000000000", -(10**17)),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("1794038571234567890", "1794038571234567890"),
        ("50k+", "50k+"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
    ],
)
def test_a_scalar_means_what_yaml_12_says(written: str, meant: object) -> None:
    document = load("f.yaml", f"key: {written}\n")
    assert document.errors == ()
    assert document.data == {"key": meant}
    assert isinstance(document.data, dict)
    assert type(document.data["key"]) is type(meant)


def test_an_unquoted_number_can_be_had_as_it_was_written() -> None:
    document = load("f.yaml", "phone: 0123\nwho: [ana, 07]\n")
    assert document.as_text(("phone",)) == "0123"
    assert document.as_text(("who", 0)) == "ana"
    assert document.as_text(("who", 1)) == "07"
    assert document.as_text(("who",)) is None
    assert document.as_text(("nobody", 3)) is None


def test_every_value_and_every_key_has_its_place() -> None:
    document = load("f.yaml", "# first\nif:\n  topic: [billing, {a: 1}]\n  any_of:\n    - feeling: upset\n")
    assert document.marks[("if", "topic")] == Mark(3, 10)
    assert document.key_marks[("if", "topic")] == Mark(3, 3)
    assert document.marks[("if", "topic", 1, "a")] == Mark(3, 24)
    assert document.marks[("if", "any_of", 0)] == Mark(5, 7)
    assert document.key_mark(("if", "any_of", 0)) == Mark(5, 7)
    assert document.mark(("if", "topic", "missing", "deep")) == Mark(3, 10)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert load("f.yaml", "{1: a, no: b, ~: c, 08:00: d}").data == {
        "1": "a",
        "no": "b",
        "~": "c",
        "08:00": "d",
    }


def test_a_key_that_stands_twice_is_an_error_at_the_second_and_the_first_counts() -> None:
    document = load("f.yaml", "a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert places(document) == ["2:11 SD002", "3:1 SD002"]
    assert "line 1" in document.errors[1].message
    assert document.errors[1].excerpt == "a: 3"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1,\nb: 2", "2:5 SD001"),
        ("a: b: c", "1:5 SD001"),
        ("a:\n\t- b", "2:1 SD001"),
        ("@acme: 1", "1:1 SD001"),
        ("a: 'never closed", "1:17 SD001"),
        ("ok: yes\nbad: \x1b[31m", "2:6 SD001"),
        ("half: \ud83d", "1:7 SD001"),
        ("x: !!python/object:os.system id", "1:4 SD004"),
        ("a: *nobody", "1:4 SD004"),
        ("? [a, b]\n: c", "1:3 SD005"),
        ("a: 1\n---\nb: 2", "3:1 SD006"),
        ("a: &x [*x]", "1:8 SD003"),
        ("[" * 60, f"1:{MAX_DEPTH + 1} SD003"),
        ("- " * 60 + "x", f"1:{2 * MAX_DEPTH + 1} SD003"),
    ],
)
def test_what_is_broken_is_told_at_its_place(text: str, place: str) -> None:
    assert places(load("f.yaml", text)) == [place]


def test_a_tab_is_named_as_the_culprit() -> None:
    (error,) = load("f.yaml", "a:\n\t- b").errors
    assert error.expected is not None
    assert "tab" in error.expected


def test_a_laugh_of_aliases_is_refused_and_a_few_are_welcome() -> None:
    laugh = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert [error.code for error in load("f.yaml", laugh).errors] == ["SD003"]
    assert load("f.yaml", "a: &x {b: 1}\nc: *x\n").data == {"a": {"b": 1}, "c": {"b": 1}}
    assert [e.code for e in load("f.yaml", "a: &x 1\nb: [" + "*x, " * 101 + "]").errors] == ["SD003"]


def test_a_file_beyond_the_bounds_is_refused() -> None:
    assert [e.code for e in load("f.yaml", "x" * (MAX_CHARACTERS + 1)).errors] == ["SD003"]
    assert [e.code for e in load("f.yaml", "[" + "1," * MAX_NODES + "]").errors] == ["SD003"]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "\ufeff", "---\n"])
def test_an_empty_file_is_an_empty_document(text: str) -> None:
    document = load("f.yaml", text)
    assert document.data is None
    assert document.errors == ()


def test_several_documents_keep_their_places_in_the_file() -> None:
    first, second = load_all("f.yaml", "a: 1\n---\nb: 2\n")
    assert first.data == {"a": 1}
    assert second.marks[("b",)] == Mark(3, 4)
    assert second.at_key(("b",), "SD101", "unknown").excerpt == "b: 2"


def test_the_documents_before_broken_syntax_are_there_and_the_error_too() -> None:
    documents = load_all("f.yaml", "a: 1\n---\nb: [\n")
    assert documents[0].data == {"a": 1}
    assert [e.code for d in documents for e in d.errors] == ["SD001"]


def test_windows_line_ends_and_a_byte_order_mark_do_not_move_a_place() -> None:
    document = load("f.yaml", "\ufeffa: 1\r\nb: 2\r\n")
    assert document.marks[("b",)] == Mark(2, 4)
    assert document.lines[1] == "b: 2"


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(codec="ascii"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc:#- {", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=80)
@given(trees)
def test_json_is_read_as_the_yaml_it_is(tree: object) -> None:
    document = load("f.yaml", json.dumps(tree))
    assert document.errors == ()
    assert document.data == tree


@settings(max_examples=150)
@given(st.text(st.sampled_from("a:-?[]{}&*!|>'\"%@`#,\n \t~<1\x07é"), max_size=30) | st.text(max_size=30))
def test_nothing_that_people_type_raises_and_every_place_is_in_the_file(text: str) -> None:
    for document in load_all("f.yaml", text):
        for error in document.errors:
            assert 1 <= error.line <= len(document.lines)
            assert 1 <= error.column <= len(document.lines[error.line - 1]) + 1
            assert error.render()


@given(st.text("0123456789.+-eExo_:kn", max_size=12))
def test_a_scalar_is_finite_or_stays_as_written(text: str) -> None:
    meant = scalar(text)
    assert meant == text if isinstance(meant, str) else meant is None or abs(meant) < 1e309
