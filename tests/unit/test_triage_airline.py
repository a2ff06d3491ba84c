"""A floor under sentiment, on real tweets that the shipped words were neither taken from nor fitted to."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from socialdesk.model import Handle, Lexicon, Term
from socialdesk.triage import Tagger, measure

ROOT = Path(__file__).parents[2]
TWEETS = ROOT.parent / "shared" / "data" / "airline" / "tweets.csv"
CLASSES = ("negative", "neutral", "positive")

pytestmark = pytest.mark.skipif(not TWEETS.exists(), reason=f"{TWEETS} is not on this machine")


def shipped_feelings() -> Lexicon:
    words = yaml.safe_load((ROOT / "policies" / "words.yaml").read_text(encoding="utf-8"))

    def flat(forms: list[object]) -> list[str]:
        return [word for form in forms for word in (flat(form) if isinstance(form, list) else [str(form)])]

    terms = [
        Term("feeling", feeling, form, "words.yaml")
        for feeling, forms in words["feelings"].items()
        for form in flat(forms)
    ]
    return Lexicon(hash="shipped", terms=tuple(terms))


def macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    """The mean F1 of the three classes, from counts of (said, right)."""
    scores = []
    for label in CLASSES:
        said = sum(many for (answer, _), many in pairs.items() if answer == label)
        right = sum(many for (_, truth), many in pairs.items() if truth == label)
        scores.append(2 * pairs[label, label] / max(1, said + right))
    return sum(scores) / len(scores)


def recall_of_negative(pairs: Counter[tuple[str, str]]) -> float:
    return pairs["negative", "negative"] / sum(
        many for (_, truth), many in pairs.items() if truth == "negative"
    )


def test_the_words_of_care_find_twice_the_negative_posts_that_textblob_finds() -> None:
    tagger = Tagger(shipped_feelings())
    ours: Counter[tuple[str, str]] = Counter()
    textblob: Counter[tuple[str, str]] = Counter()
    with TWEETS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text, truth = row["text"], row["airline_sentiment"]
            measures = measure(text)
            polarity = measures.polarity or 0.0
            ours[str(tagger.tag(text, measures, Handle("somebody")).sentiment), truth] += 1
            textblob["negative" if polarity < 0 else "positive" if polarity > 0 else "neutral", truth] += 1
    assert macro_f1(textblob) == pytest.approx(0.458, abs=0.01)
    assert recall_of_negative(textblob) == pytest.approx(0.35, abs=0.01)
    assert macro_f1(ours) >= 0.63
    assert recall_of_negative(ours) >= 0.70
