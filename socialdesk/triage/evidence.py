"""Triage room: why the signals of a message say what they say, with places, numbers and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialdesk.model import Evidence, Relation, Sentiment
from socialdesk.triage.emoji import telling_emoji

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.model import Handle, Measures, Signals
    from socialdesk.triage.matcher import Place
    from socialdesk.triage.tagger import Reading, Tagger

TEXTBLOB = "TextBlob's lexicon"
NETWORK = "the network"


@dataclass(frozen=True, slots=True)
class Told:
    """What the network told about a message besides its text."""

    author: Handle
    language: str | None
    followers: int | None
    engagement: int | None
    replies_to_us: bool
    bot: bool | None


def evidence_of(
    tagger: Tagger, reading: Reading, measures: Measures, told: Told, signals: Signals
) -> tuple[Evidence, ...]:
    """Every reason for `signals`, in the order in which an explanation reads."""
    places = tagger.places(reading)
    return (
        *_of_relation(tagger, reading, places, told, signals),
        *_of_mood(reading, measures, signals),
        *_of_words(reading, places),
        *tagger.personal_data(reading.text),
        *_of_orders(tagger, reading.text),
        *_of_author(told, signals),
    )


def _of_relation(
    tagger: Tagger, reading: Reading, places: list[Place], told: Told, signals: Signals
) -> Iterator[Evidence]:
    value = str(signals.relation)
    if signals.relation is Relation.FROM_US:
        yield Evidence("relation", value, "colleagues" if signals.colleague else "our handles", told.author)
        return
    at = tagger.relations.addressed_at(reading.words)
    if told.replies_to_us:
        yield Evidence("relation", value, "a reply to one of our messages")
    if at >= 0:
        start, end = places[at]
        yield Evidence("relation", value, "our handles", reading.text[start:end], start, end)
    naming = tagger.relations.names_us(reading.hits)
    if naming is not None and signals.relation is Relation.ABOUT_US:
        start, end = places[naming.at][0], places[naming.at + naming.length - 1][1]
        yield Evidence("relation", value, naming.form.terms[0].source, reading.text[start:end], start, end)
    elif signals.relation in (Relation.NONE, Relation.ABOUT_US):
        yield Evidence("relation", value, "the words of the text" if naming is None else "our names")


def _of_mood(reading: Reading, measures: Measures, signals: Signals) -> Iterator[Evidence]:
    value = str(signals.sentiment)
    mood = reading.mood
    if signals.sentiment is Sentiment.UNJUDGED:
        yield Evidence("sentiment", value, "no lexicon for this language, and neither emoji nor word speaks")
    else:
        yield Evidence("sentiment", value, "all cues together", number=round(mood.score, 3))
    if measures.polarity is not None:
        yield Evidence("polarity", f"{measures.polarity:+.2f}", TEXTBLOB, number=measures.polarity)
    for start, number in telling_emoji(reading.text):
        yield Evidence("sentiment", value, "emoji", reading.text[start : start + 1], start, start + 1, number)
    for cue in dict.fromkeys(mood.cues):
        yield Evidence("sentiment", value, cue)
    yield Evidence("feeling", str(signals.feeling), "feeling words, capitals, exclamation marks, emoji")


def _of_words(reading: Reading, places: list[Place]) -> Iterator[Evidence]:
    for hit in reading.hits:
        start, end = places[hit.at][0], places[hit.at + hit.length - 1][1]
        for term in hit.form.terms:
            yield Evidence(term.kind, term.label, term.source, reading.text[start:end], start, end)
    for form, (start, end) in reading.signs:
        for term in form.terms:
            yield Evidence(term.kind, term.label, term.source, reading.text[start:end], start, end)


def _of_orders(tagger: Tagger, text: str) -> Iterator[Evidence]:
    for start, end in tagger.order_numbers(text):
        if start < end:
            number = text[start:end]
            yield Evidence("order_number", number, "order_numbers in words.yaml", number, start, end)


def _of_author(told: Told, signals: Signals) -> Iterator[Evidence]:
    audience = [
        f"{number:,} {words}"
        for number, words in ((told.followers, "followers"), (told.engagement, "reactions"))
        if number is not None
    ]
    yield Evidence("reach", str(signals.reach), NETWORK, " and ".join(audience), number=float(signals.reach))
    if signals.language is not None:
        yield Evidence("language", signals.language, NETWORK)
    if signals.spam and told.bot:
        yield Evidence("spam", "bot", NETWORK)
    for label in ("vip", "advocate", "colleague"):
        if getattr(signals, label):
            yield Evidence(label, "yes", f"{label}s in words.yaml", told.author)
