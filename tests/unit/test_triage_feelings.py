"""How the writer stands towards us, from words, voice and emoji together."""

from __future__ import annotations

import pytest

from socialdesk.model import Handle, Signals
from socialdesk.triage import Tagger, measure
from tests.unit.triage_words import LEXICON

TAGGER = Tagger(LEXICON)


def signals(text: str, language: str | None = None) -> Signals:
    return TAGGER.tag(text, measure(text, language), Handle("somebody"), language)


@pytest.mark.parametrize(
    ("text", "sentiment", "feeling"),
    [
        ("@AcmeCustServ my widget broke again, five days now", "negative", "upset"),
        ("I was charged twice", "negative", "upset"),
        ("Oh great, my card was charged twice", "negative", "upset"),
        ("Great, thanks for losing my widget", "negative", "upset"),
        ("thanks for nothing", "negative", "upset"),
        ("Still waiting on hold. Lovely music though, such great fun", "negative", "upset"),
        ("You people are liars, what a scam", "negative", "belligerent"),
        ("SHAME ON YOU", "negative", "belligerent"),
        ("Thank you so much, it works again!", "positive", "thankful"),
        ("much appreciated", "positive", "thankful"),
        ("I love my new widget, it is wonderful", "positive", "calm"),
        ("What are your opening hours?", "neutral", "calm"),
        ("Could you send me my invoice please? Thanks", "neutral", "calm"),
        ("How do I log in on my phone?", "neutral", "calm"),
        ("no problem at all", "neutral", "calm"),
        ("no thanks", "neutral", "calm"),
        ("not impressed", "negative", "upset"),
        ("so it arrived 😡😡", "negative", "upset"),
        ("so it arrived 🎉😍", "positive", "calm"),
        ("the widget caught fire", "negative", "upset"),
        ("my heart 💔", "negative", "upset"),
        ("", "neutral", "calm"),
    ],
)
def test_mood_and_feeling(text: str, sentiment: str, feeling: str) -> None:
    judged = signals(text)
    assert (judged.sentiment, judged.feeling) == (sentiment, feeling)


def test_a_trouble_told_politely_is_calm_and_told_loudly_is_not() -> None:
    assert signals("There is a problem with my widget, could you look please?").feeling == "calm"
    assert signals("There is a PROBLEM with my widget!! could you look please?!").feeling == "upset"
    assert signals("There is a problem with my widget, still waiting, please").feeling == "upset"


def test_thanks_after_the_repair_are_thanks() -> None:
    judged = signals("My widget was broken but it works again, thank you, well done!")
    assert (judged.sentiment, judged.feeling) == ("positive", "thankful")


@pytest.mark.parametrize(
    ("text", "language", "sentiment"),
    [
        ("Wann kommt mein Paket", "de", "not_judged"),
        ("Ich bin sehr enttäuscht", "de", "negative"),
        ("Danke euch", None, "positive"),
        ("Wann kommt mein Paket 😡", "de", "negative"),
        ("荷物はいつ届きますか", None, "not_judged"),
        ("ウィジェットが壊れた 😭", "ja", "negative"),
        ("شكرا جزيلا", "ar", "not_judged"),
        ("who wrote this great thing", "fr", "not_judged"),
    ],
)
def test_other_languages_are_judged_by_words_and_emoji_only(
    text: str, language: str | None, sentiment: str
) -> None:
    assert signals(text, language).sentiment == sentiment


@pytest.mark.parametrize("neutral", ["my parcel", "the blue one", "on Tuesday"])
def test_each_added_trouble_lowers_the_mood(neutral: str) -> None:
    scores = [
        TAGGER.read(text, measure(text)).mood.score
        for text in (
            neutral,
            f"{neutral} is late",
            f"{neutral} is late, no reply",
            f"{neutral} is late, no reply, liars",
        )
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
