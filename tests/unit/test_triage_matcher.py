"""Every form of every word, in one pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.model import Term
from socialdesk.triage.matcher import Matcher

FORMS = {
    "broken": ["broken", "dead", "packed up", "stopped working", "isn't working", "won’t turn on", "壊れた"],
    "widget": ["widget", "widgets", "acme widget"],
    "waiting": ["still waiting", "still", "no answer"],
    "thanks": ["thanks", "thanks for nothing", "so", "sorry"],
    "money": ["$$$", "💸"],
}
TERMS = [Term("topic", label, form, "words.yaml:1") for label, forms in FORMS.items() for form in forms]
TERMS += [Term("hashtag", "tag", "#AcmeFail", "words.yaml:2"), Term("name", "name", "Acme", "words.yaml:3")]
MATCHER = Matcher(TERMS)


def found(text: str) -> set[str]:
    """What was found in `text`, as it stands there."""
    places = MATCHER.places(text)
    spoken = {
        text[places[at][0] : places[at + length - 1][1]] for _, at, length in MATCHER.find(MATCHER.read(text))
    }
    return spoken | {text[start:end] for _, (start, end) in MATCHER.find_literals(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my WIDGET is Broken", {"WIDGET", "Broken"}),
        ("brokenhearted widgetry", set()),
        ("it packed up. Up", {"packed up"}),
        ("it packed, up", {"packed, up"}),
        ("it packed. up", set()),
        ("it isn't working", {"isn't working"}),
        ("it isn’t working", {"isn’t working"}),
        ("it isnt working", {"isnt working"}),
        ("it wont turn on", {"wont turn on"}),
        ("Acme's widget", {"Acme's", "Acme's widget", "widget"}),
        ("deaddd widget, soooo sorryyy", {"deaddd", "widget", "soooo", "sorryyy"}),
        ("#widget", {"widget"}),
        ("#AcmeWidget dead", {"Acme", "Widget", "AcmeWidget", "dead"}),
        ("#acmewidget", {"acmewidget"}),
        ("#StillWaiting", {"StillWaiting", "Still"}),
        ("#acmefail", {"#acmefail"}),
        ("acmefail", set()),
        ("@widget @acme.dead", set()),
        ("see https://acme.example/dead-widget?broken#still", set()),
        ("thanks for nothing", {"thanks", "thanks for nothing"}),
        ("昨日、壊れたよ", {"壊れた"}),
        ("took my $$$ 💸", {"$$$", "💸"}),
        ("", set()),
    ],
)
def test_forms_are_found_where_they_stand(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_the_longer_form_comes_first() -> None:
    hits = MATCHER.find(MATCHER.read("still waiting"))
    assert [hit.form.words for hit in hits] == [("still", "waiting"), ("still",)]


def test_one_form_of_two_lists_is_one_hit_of_both() -> None:
    matcher = Matcher(
        [
            Term("topic", "broken", "dead", ""),
            Term("feeling", "upset", "dead", ""),
            Term("risk", "x", "dead", ""),
        ]
    )
    (hit,) = matcher.find(matcher.read("dead"))
    assert (hit.form.topics, hit.form.feeling, hit.form.risks) == (("broken",), "upset", ("x",))


PIECES = "my broken Widget #AcmeWidget #acmefail isn’t won't turn on soooo thanks for … İ ǅ 💸 壊れた ' # @"
TEXTS = st.lists(
    st.sampled_from([*PIECES.split(), "https://a.example", "@acme@b.example", "me@acme.example", "\n", ". "])
    | st.text(max_size=4),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["", " "]))
def test_every_word_read_has_its_place_inside_the_text(parts: list[str], between: str) -> None:
    text = between.join(parts)
    words, places = MATCHER.read(text), MATCHER.places(text)
    assert len(words) == len(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    for _, at, length in MATCHER.find(words):
        assert at + length <= len(words)
    assert all(0 <= start <= end <= len(text) for _, (start, end) in MATCHER.find_literals(text))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_plain_text_is_read_the_same_with_and_without_foreign_signs(parts: list[str]) -> None:
    text = " ".join(parts).replace("#", "").encode("ascii", "ignore").decode()
    # The sign behind sends the text down the path for text of any script.
    assert MATCHER.read(text + " .ß")[: len(MATCHER.read(text))] == MATCHER.read(text)
