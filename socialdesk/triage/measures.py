"""Triage room: what can be measured of a text without the team's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from socialdesk.model import Measures
from socialdesk.triage.emoji import emoji_mood
from socialdesk.triage.language import is_english
from socialdesk.triage.polarity import scorer

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 20_000
"""What is measured of a text, in characters: as much as intake keeps of it."""

_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"(?<![\w@.])@\w")
_HASHTAG = re.compile(r"(?<![\w#&/])#\w")
# Handles, hashtags and links do not raise their voice.
_NOT_SPOKEN = re.compile(r"https?://\S+|[@#]\S+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_NOT_CAPITALS = bytes(code for code in range(128) if not chr(code).isupper())


def measure(text: str, language: str | None = None) -> Measures:
    """Measure `text`; `language` is the network's tag, None where it gives none.

    `polarity` and `subjectivity` are those of TextBlob, None unless the tag, or script and small
    words in its absence, say English. Of a longer text the first 20,000 characters are measured.
    """
    text = text[:LONGEST]
    polarity: float | None = None
    subjectivity: float | None = None
    if is_english(text, language):
        polarity, subjectivity = scorer()(text)
    emoji, emoji_count = 0.0, 0
    exclamations, questions = text.count("!"), text.count("?")
    if not text.isascii():
        emoji, emoji_count = emoji_mood(text)
        exclamations += text.count("！")
        questions += text.count("？") + text.count("؟")
    return Measures(
        polarity,
        subjectivity,
        _capitals(text),
        exclamations,
        questions,
        emoji,
        emoji_count,
        len(_LINK.findall(text)) if "://" in text else 0,
        len(_MENTION.findall(text)) if "@" in text else 0,
        len(_HASHTAG.findall(text)) if "#" in text else 0,
        len(text.split()),
    )


def measure_many(texts: Iterable[tuple[str, str | None]]) -> list[Measures]:
    """Measure each (text, language), in order."""
    return [measure(text, language) for text, language in texts]


def _capitals(text: str) -> float:
    """The share of capitals among the cased letters that are spoken, 0 to 1, to three decimals."""
    if "@" in text or "#" in text or "://" in text:
        text = _NOT_SPOKEN.sub(" ", text)
    spoken = text.encode("ascii", "ignore")
    letters = len(spoken.translate(None, _NOT_LETTERS))
    capitals = len(spoken.translate(None, _NOT_CAPITALS))
    if len(spoken) != len(text):
        for letter in _NOT_ASCII.findall(text):
            if letter.isupper():
                capitals += 1
                letters += 1
            elif letter.islower():
                letters += 1
    return round(capitals / letters, 3) if letters else 0.0
