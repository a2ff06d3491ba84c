"""What is measured of a text without the team's words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.triage import measure, measure_many
from socialdesk.triage.emoji import MOOD, emoji_mood, telling_emoji
from socialdesk.triage.language import is_english, primary


def test_voices_links_and_names_are_counted() -> None:
    measures = measure(
        "@Acme WHY is #AcmeWidget down?! See https://a.example/#x and @b@c.example, me@d.example!!"
    )
    assert (measures.questions, measures.exclamations) == (1, 3)
    assert (measures.links, measures.mentions, measures.hashtags) == (1, 2, 1)
    assert measures.words == 10


def test_handles_hashtags_and_links_do_not_raise_their_voice() -> None:
    assert measure("@ACMECUSTSERV #ACMEFAIL my widget is fine").capitals == 0
    assert measure("MY WIDGET IS DEAD").capitals == 1
    assert measure("ÄRGER mit ÜBER").capitals == pytest.approx(9 / 12, abs=0.001)
    assert measure("").capitals == measure("12:30 !?").capitals == 0


def test_full_width_and_arabic_marks_count_too() -> None:
    assert measure("壊れた！！").exclamations == 2
    assert measure("なぜ？").questions == measure("لماذا؟").questions == 1


@pytest.mark.parametrize(
    ("text", "language", "judged"),
    [
        ("my widget is great", None, True),
        ("my widget is great", "en-GB", True),
        ("my widget is great", "de", False),
        ("my widget is great", "und", True),
        ("Mein Widget ist kaputt und niemand hilft", None, False),
        ("Mon widget est en panne depuis hier", None, False),
        ("mi widget no funciona desde hace tres días", None, False),
        ("El Niño is the widget of my life", None, True),
        ("ウィジェットが壊れました", None, False),
        ("الجهاز لا يعمل منذ أيام", None, False),
        ("мой виджет сломался", None, False),
        ("my widget says ошибка, what does that mean for me", None, True),
        ("👍", None, True),
        ("", None, True),
    ],
)
def test_only_english_is_judged_by_the_english_lexicon(text: str, language: str | None, judged: bool) -> None:
    assert is_english(text, language) is judged
    assert (measure(text, language).polarity is not None) is judged


@pytest.mark.parametrize(
    ("tag", "language"), [("pt_BR", "pt"), ("EN", "en"), ("zxx", None), ("", None), (None, None)]
)
def test_a_tag_is_cut_to_its_language(tag: str | None, language: str | None) -> None:
    assert primary(tag) == language


def test_emoji_speak_in_any_language() -> None:
    measures = measure("ウィジェット 😡😡", "ja")
    assert (measures.polarity, measures.emoji, measures.emoji_count) == (None, -2.0, 2)
    assert measure("danke ❤️🙏", "de").emoji == pytest.approx(1.8)
    assert emoji_mood("🚗 © ① →") == (0.0, 1)


def test_every_emoji_with_a_mood_is_seen() -> None:
    for sign, mood in MOOD.items():
        assert emoji_mood(f"ok {sign}") == (mood, 1), sign
        assert telling_emoji(f"ok {sign}") == [(3, mood)]


def test_many_texts_are_measured_as_one_is() -> None:
    texts = [("good", None), ("gut", "de"), ("bad :(", "en")]
    assert measure_many(texts) == [measure(text, language) for text, language in texts]


def test_only_the_beginning_of_an_endless_text_is_measured() -> None:
    assert measure("good " * 4_000 + "bad " * 40_000) == measure("good " * 4_000)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from([None, "en", "ja", "und", "??", "-"]))
def test_whatever_is_measured_stays_within_its_bounds(text: str, language: str | None) -> None:
    measures = measure(text, language)
    assert 0 <= measures.capitals <= 1
    assert measures.polarity is None or -1 <= measures.polarity <= 1
    assert measures.subjectivity is None or 0 <= measures.subjectivity <= 1
    assert 0 <= measures.emoji_count <= len(text)
    assert abs(measures.emoji) <= measures.emoji_count
