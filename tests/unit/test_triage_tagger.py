"""A text becomes signals, and each signal can be traced to words, numbers and sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.model import Evidence, Handle, Relation, Signals
from socialdesk.triage import Tagger, fault_key, measure, reach_of, same_words
from tests.unit.triage_words import FORMS, LEXICON

TAGGER = Tagger(LEXICON)


def tag(text: str, author: str = "somebody", replies_to_us: bool = False) -> Signals:
    return TAGGER.tag(text, measure(text), Handle(author), None, 120, 3, replies_to_us)


def evidence(text: str, author: str = "somebody") -> tuple[Evidence, ...]:
    return TAGGER.evidence(text, measure(text), Handle(author), "en-GB", 120, 3)


@pytest.mark.parametrize(
    ("text", "author", "relation"),
    [
        ("@AcmeCustServ my phone is slow", "somebody", "to_us"),
        ("hello @acmecustserv@mastodon.example", "somebody", "to_us"),
        ("hello @acme.bsky.social!", "somebody", "to_us"),
        ("hello @acmeish and @acme_fan", "somebody", "none"),
        ("write to me@acme", "somebody", "about_us"),
        ("my #Acme phone", "somebody", "about_us"),
        ("love #AcmePlus", "somebody", "about_us"),
        ("this #MyAcmePhone", "somebody", "about_us"),
        ("Acme's phone", "somebody", "about_us"),
        ("my widget", "somebody", "about_us"),
        ("acmeology is broken", "somebody", "none"),
        ("@AcmeCustServ hello", "acme", "from_us"),
        ("hello", "ACMECUSTSERV", "from_us"),
        ("hello", "@acme.bsky.social", "from_us"),
        ("hello", "lee_at_acme", "from_us"),
        ("hello", "acme@evil.example", "none"),
        ("hello", "acme.evil.example", "none"),
    ],
)
def test_relation(text: str, author: str, relation: str) -> None:
    assert tag(text, author).relation == relation


def test_an_answer_in_our_thread_is_to_us_without_a_name() -> None:
    assert tag("it is fine now", replies_to_us=True).relation is Relation.TO_US


def test_topics_risks_and_marks_of_the_author() -> None:
    signals = tag("@acme the #AcmeWidget caught fire, packed up, I was charged twice", "ValentinaRuiz")
    assert set(signals.topics) == {"widget", "broken", "billing"}
    assert signals.risks == ("safety",)
    assert (signals.vip, signals.advocate, signals.colleague) == (True, False, False)
    assert tag("hello", "@HVAC_Harriet").advocate
    assert tag("hello", "Lee_at_Acme").colleague


@pytest.mark.parametrize(
    ("form", "topic"), [(form, topic) for topic, forms in FORMS["topic"].items() for form in forms]
)
def test_every_form_of_a_topic_is_that_topic(form: str, topic: str) -> None:
    assert topic in tag(f"well, {form.upper() if form.isascii() else form}!").topics


def test_spam_needs_the_teams_words_or_a_linking_bot_that_does_not_speak_of_us() -> None:
    text = "deals https://a.example"
    assert tag("free followers, all of you").spam
    assert not tag(text).spam
    assert TAGGER.tag(text, measure(text), Handle("b"), bot=True).spam
    assert not TAGGER.tag(f"acme {text}", measure(text), Handle("b"), bot=True).spam


def test_personal_data_is_a_risk() -> None:
    assert tag("my card is 4111 1111 1111 1111, my lawyer knows").risks == ("legal", "personal_data")
    assert tag("order 1234567890123 of 2026-11-21").risks == ()


def test_our_own_order_numbers_are_neither_cards_nor_telephones() -> None:
    text = "order 0151-23456789 is late"
    tagger = Tagger(replace(LEXICON, order_numbers=(r"\d{4}-\d{8}",)))
    assert tag(text).risks == ("personal_data",)
    assert tagger.tag(text, measure(text), Handle("a")).risks == ()
    (order,) = (
        item for item in tagger.evidence(text, measure(text), Handle("a")) if item.signal == "order_number"
    )
    assert order.words == "0151-23456789"


def test_a_product_with_an_everyday_name_does_not_show_that_we_are_meant() -> None:
    tagger = Tagger(replace(LEXICON, everyday=frozenset({"dock"})))
    signals = tagger.tag("the charging dock is full of ships", measure("x"), Handle("a"))
    assert (signals.relation, signals.topics) == ("none", ("dock",))
    assert tag("the charging dock is full of ships").relation == "about_us"


def test_the_network_tells_the_language() -> None:
    assert TAGGER.tag("x", measure("x"), Handle("a"), "pt-BR").language == "pt"
    assert TAGGER.tag("x", measure("x"), Handle("a"), "und").language is None


def test_evidence_stands_where_it_says() -> None:
    text = "@AcmeCustServ my widget STOPPED WORKING, isn’t it broken? 💔😡 mail me@home.example"
    told = evidence(text)
    words = {(item.signal, item.value, item.words) for item in told}
    assert ("relation", "to_us", "@AcmeCustServ") in words
    assert ("topic", "broken", "STOPPED WORKING") in words
    assert ("feeling", "upset", "broken") in words
    assert ("feeling", "upset", "💔") in words
    assert ("personal_data", "email", "me@home.example") in words
    assert all(text[item.start : item.end] == item.words for item in told if item.start >= 0)
    assert {item.source for item in told if item.signal == "topic"} == {"words.yaml:1", "words.yaml:3"}
    assert next(item for item in told if item.signal == "polarity").number == measure(text).polarity
    assert ("language", "en", "") in words


def test_evidence_tells_the_same_as_the_signals() -> None:
    text = "liars! my widget is dead, my lawyer will call you people"
    signals, told = tag(text), evidence(text)
    assert {item.value for item in told if item.signal == "topic"} == set(signals.topics)
    assert {item.value for item in told if item.signal == "risk"} == set(signals.risks)
    assert str(signals.sentiment) in {item.value for item in told if item.signal == "sentiment"}
    assert str(signals.feeling) in {item.value for item in told if item.signal == "feeling"}
    assert {item.value for item in told if item.signal == "relation"} == {"about_us"}


PIECES = [form for labels in FORMS.values() for forms in labels.values() for form in forms]
TEXT = st.lists(
    st.sampled_from(
        [
            *PIECES,
            "@acme",
            "#AcmeWidget",
            "not",
            "😡",
            "4111111111111111",
            "a@b.co",
            "\n",
            "?!",
            "https://x.y",
        ]
    )
    | st.text(max_size=8),
    max_size=10,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    TEXT,
    st.sampled_from(["a", "acme", "", "@"]),
    st.sampled_from([None, "en", "ja", "??"]),
    st.integers(0, 10**9),
)
def test_any_text_can_be_tagged_and_explained(
    text: str, author: str, language: str | None, followers: int
) -> None:
    measures = measure(text, language)
    signals = TAGGER.tag(text, measures, Handle(author), language, followers, None)
    assert 0 <= signals.reach <= 100
    assert len(set(signals.topics)) == len(signals.topics)
    for item in TAGGER.evidence(text, measures, Handle(author), language, followers, None):
        assert item.start == item.end == -1 or 0 <= item.start < item.end <= len(text)
        assert item.start < 0 or text[item.start : item.end] == item.words


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**8), st.integers(0, 10**6), st.integers(0, 10**5))
def test_reach_never_falls_with_a_larger_audience(followers: int, engagement: int, more: int) -> None:
    assert 0 <= reach_of(followers, engagement) <= reach_of(followers + more, engagement + more) <= 100


def test_reach_is_nothing_where_nothing_is_known() -> None:
    assert reach_of(None, None) == reach_of(-5, -5) == 0
    assert (reach_of(100, 0), reach_of(50_000, 0), reach_of(10_000_000, 0)) == (29, 67, 100)


def test_two_customers_with_the_same_fault_share_a_key() -> None:
    first = fault_key(tag("my #Acme widget has been broken for days"), LEXICON)
    second = fault_key(tag("so's my acme widget, stopped working, the third one"), LEXICON)
    assert first == second == (("widget", "broken"),)
    assert fault_key(tag("Acme is dead for me"), LEXICON) == (("", "broken"),)
    assert fault_key(tag("widget and dock broke"), LEXICON) == (("dock", "broken"), ("widget", "broken"))


def test_our_own_posts_spam_and_strangers_report_no_fault() -> None:
    assert fault_key(tag("the widget is broken, we are on it", "acme"), LEXICON) == ()
    assert fault_key(tag("broken widget? click here to win"), LEXICON) == ()
    assert fault_key(tag("my car is broken"), LEXICON) == ()
    assert fault_key(tag("my widget is blue"), LEXICON) == ()


def test_copies_share_their_words() -> None:
    assert same_words("Widget DOWN again!! @acme https://a.example/1") == same_words(
        "widget down again @acme2 #fail"
    )
    assert same_words("widget down") != same_words("widget up")
