"""Triage room: mood and feeling, from the team's feeling words, TextBlob's polarity, emoji and voice.

TextBlob alone finds a third of the negative posts, and calls "Oh great, my card was charged twice"
positive. So the words of care weigh more than adjectives do, and a friendly word beside a trouble is
politeness or sarcasm until something was solved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from socialdesk.model import Feeling, Sentiment
from socialdesk.triage.matcher import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from socialdesk.model import Measures
    from socialdesk.triage.matcher import Form

UPSET_WEIGHT = 0.35
BELLIGERENT_WEIGHT = 0.7
FAULT_WEIGHT = 0.1
"""A fault's name is a fact before it is a mood: people also ask about batteries and passwords."""

NEGATION_WEIGHT = 0.06
SPAN_WEIGHT = 0.12
"""What "can't" and "not", and a time told in hours or days, add: customers in trouble use both."""

THANKS_WEIGHT = 0.4
EMOJI_WEIGHT = 0.4
POLITE_SHARE = 0.25
"""What is left of a friendly word beside a trouble or a request."""

POLITENESS, DECLINED = "politeness", "declined"
QUESTION_SHARE = 0.5
"""What is left of a friendly word in a question: "is it any good?"."""

SOLVED_SHARE = 0.5
"""What is left of troubles and unfriendly words when thanks outnumber them."""

NEGATIVE_FROM = -0.08
POSITIVE_FROM = 0.2
"""Where neutral ends, on the scale of TextBlob's polarity."""

SHOUTING = 0.6
"""The share of capitals from which three words or more are shouted."""

_NEGATION_WORDS = (
    "no not never without isnt wasnt arent werent aint hasnt havent hadnt dont doesnt didnt wont wouldnt "
    "cant cannot couldnt"
)
NEGATIONS = frozenset(_NEGATION_WORDS.split())
REACH_OF_THANKS = 6
"""How many words after "thanks for" a trouble is still what we are thanked for."""

CALM_RISKS = frozenset({"press", "phishing"})
"""Risks that are spoken of in a calm voice; words of fire, harm and lawyers are words of upset people."""

NOWHERE = -1
"""Where a form stands that was found without words."""

_BETWEEN = frozenset(["a", "an", "any", "the", "so", "too", "very", "really", "that", "all", "been", "even"])
_PLEASE = frozenset(["please", "pls", "plz", "kindly"])
_SPAN_WORDS = "min mins minutes hr hrs hour hours days weeks wks months years"
_SPANS = frozenset(_SPAN_WORDS.split())
_NUMBER_WORDS = "two three four five six seven eight nine ten twelve several few many"
_NUMBERS = frozenset(_NUMBER_WORDS.split())
_SIGH_WORDS = "oh well just how so ah wow yeah"
_SIGHS = frozenset(_SIGH_WORDS.split())
_PRAISE_WORDS = "great brilliant wonderful fantastic lovely perfect awesome nice super excellent"
_PRAISE = frozenset(_PRAISE_WORDS.split())


@dataclass(slots=True)
class Mood:
    """What speaks for the mood of one text; `score` is on the scale of polarity, open at both ends."""

    upset: list[Hit] = field(default_factory=list)
    belligerent: list[Hit] = field(default_factory=list)
    thankful: list[Hit] = field(default_factory=list)
    faults: list[Hit] = field(default_factory=list)
    thanks: float = 0.0
    polarity: float = 0.0
    score: float = 0.0
    sentiment: Sentiment = Sentiment.UNJUDGED
    feeling: Feeling = Feeling.CALM
    cues: list[str] = field(default_factory=list)


def judge(
    words: list[str],
    hits: Iterable[Hit],
    faults: frozenset[str],
    measures: Measures,
    signs: Iterable[Form] = (),
) -> Mood:
    """The mood of a text, given its words, the forms found in them, and the topics that are faults.

    `signs` are forms found without words. Where the language is not judged, only feeling words and
    emoji speak; when none does, the sentiment stays `not_judged`.
    """
    mood = Mood()
    _collect(mood, words, hits, faults)
    for form in signs:
        if _speaks(form, faults):
            _sort_in(mood, Hit(form, NOWHERE, 0), False)
    trouble = UPSET_WEIGHT * len(mood.upset) + BELLIGERENT_WEIGHT * len(mood.belligerent)
    _weigh_thanks(mood, words, measures)
    _weigh_polarity(mood, words, measures, trouble > 0)
    if trouble and mood.thanks >= THANKS_WEIGHT:
        # More thanks than troubles: the troubles are told because they are over.
        trouble *= SOLVED_SHARE
        mood.polarity = max(mood.polarity, mood.polarity * SOLVED_SHARE)
    mood.score = mood.polarity + mood.thanks - trouble + EMOJI_WEIGHT * max(-2.0, min(measures.emoji, 2.0))
    mood.score -= FAULT_WEIGHT * min(len(mood.faults), 2) * (QUESTION_SHARE if measures.questions else 1.0)
    if measures.polarity is not None and not mood.thankful:
        mood.score -= _weigh_circumstances(mood, words)
    if measures.polarity is None and not (trouble or mood.thankful or mood.faults or measures.emoji):
        return mood
    mood.sentiment = _sentiment(mood.score)
    mood.feeling = _feeling(mood, words, measures)
    return mood


def _collect(mood: Mood, words: list[str], hits: Iterable[Hit], faults: frozenset[str]) -> None:
    # The longest form wins, so that "thanks for nothing" thanks nobody.
    spoken_for = 0
    for hit in hits:
        if hit.at >= spoken_for and _speaks(hit.form, faults):
            _sort_in(mood, hit, is_negated(words, hit.at))
            spoken_for = hit.at + hit.length


def _speaks(form: Form, faults: frozenset[str]) -> bool:
    return form.feeling != "" or not faults.isdisjoint(form.topics) or _is_grave(form)


def _is_grave(form: Form) -> bool:
    return bool(form.risks) and not CALM_RISKS.issuperset(form.risks)


def _sort_in(mood: Mood, hit: Hit, negated: bool) -> None:
    feeling = hit.form.feeling
    if feeling == Feeling.THANKFUL and negated and hit.form.words[0].startswith("thank"):
        mood.cues.append(DECLINED)  # "no thanks" neither thanks nor complains
    elif feeling == Feeling.THANKFUL:
        (mood.upset if negated else mood.thankful).append(hit)
    elif negated:
        mood.cues.append("negated")
    elif feeling == Feeling.BELLIGERENT:
        mood.belligerent.append(hit)
    elif feeling == Feeling.UPSET or _is_grave(hit.form):
        mood.upset.append(hit)
    else:
        mood.faults.append(hit)


def is_negated(words: list[str], at: int) -> bool:
    """Whether a negation stands before word `at`, at most a small word away."""
    if at > 0 and words[at - 1] in NEGATIONS:
        return True
    return at > 1 and words[at - 2] in NEGATIONS and words[at - 1] in _BETWEEN


def _weigh_thanks(mood: Mood, words: list[str], measures: Measures) -> None:
    if not mood.thankful:
        return
    many = len(mood.thankful)
    troubles = len(mood.upset) + len(mood.belligerent) + len(mood.faults)
    if _is_sarcastic(mood, words):
        mood.cues.append("sarcasm")
        mood.thanks = -THANKS_WEIGHT
    elif troubles >= many or (many == 1 and (measures.questions or not _PLEASE.isdisjoint(words))):
        mood.cues.append(POLITENESS)
        mood.thanks = THANKS_WEIGHT * POLITE_SHARE
    else:
        mood.thanks = THANKS_WEIGHT * min(many, 2)


def _is_sarcastic(mood: Mood, words: list[str]) -> bool:
    """Whether a trouble is what we are thanked for: "great, thanks for losing my order"."""
    for thanks in mood.thankful:
        end = thanks.at + thanks.length
        if thanks.at == NOWHERE or "for" not in (words[end - 1 : end + 1]):
            continue
        for trouble in (*mood.upset, *mood.belligerent, *mood.faults):
            if 0 <= trouble.at - end <= REACH_OF_THANKS and _same_thought(words, end, trouble.at):
                return True
    return False


def _same_thought(words: list[str], start: int, end: int) -> bool:
    return not any(word[0] in ".!?;\n…。！？" for word in words[start:end])


def _weigh_circumstances(mood: Mood, words: list[str]) -> float:
    """What negations and spans of time weigh, at most two of each."""
    negations = spans = 0
    if not NEGATIONS.isdisjoint(words):
        negations = sum(word in NEGATIONS for word in words)
    if not _SPANS.isdisjoint(words):
        before = ["", *words]
        spans = sum(
            word in _SPANS and (before[at].isdigit() or before[at] in _NUMBERS)
            for at, word in enumerate(words)
        )
    if negations:
        mood.cues.append("negation")
    if spans:
        mood.cues.append("time told in hours or days")
    return NEGATION_WEIGHT * min(negations, 2) + SPAN_WEIGHT * min(spans, 2)


def _opens_with_irony(words: list[str]) -> bool:
    """Whether the text opens with "oh great", "just wonderful" and the like, after the handles."""
    spoken = [word for word in words[:8] if word[0] != "@"][:2]
    return len(spoken) == 2 and spoken[0] in _SIGHS and spoken[1] in _PRAISE


def _weigh_polarity(mood: Mood, words: list[str], measures: Measures, trouble: bool) -> None:
    polarity = measures.polarity or 0.0
    if polarity > 0 and (trouble or mood.faults) and _opens_with_irony(words):
        mood.cues.append("sarcasm")
        polarity = 0.0
    elif polarity > 0 and trouble:
        mood.cues.append("friendly word beside a trouble")
        polarity *= POLITE_SHARE
    elif polarity > 0 and POLITENESS in mood.cues:
        polarity *= POLITE_SHARE
    elif polarity > 0 and measures.questions and not mood.thankful:
        polarity *= QUESTION_SHARE
    elif DECLINED in mood.cues and not trouble:
        polarity = max(polarity, 0.0)
    mood.polarity = polarity


def _sentiment(score: float) -> Sentiment:
    if score <= NEGATIVE_FROM:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if score >= POSITIVE_FROM else Sentiment.NEUTRAL


def _feeling(mood: Mood, words: list[str], measures: Measures) -> Feeling:
    if mood.belligerent and mood.sentiment is not Sentiment.POSITIVE:
        return Feeling.BELLIGERENT
    if mood.sentiment is Sentiment.NEGATIVE:
        raised = (
            (measures.exclamations >= 2)
            + (measures.capitals >= SHOUTING and measures.words >= 3)
            + ((measures.polarity or 0.0) <= -0.4)
            + (measures.emoji <= -0.7)
        )
        spoken = len(mood.upset)
        polite = POLITENESS in mood.cues or measures.questions > 0 or not _PLEASE.isdisjoint(words)
        return Feeling.UPSET if raised or spoken > 1 or (spoken and not polite) else Feeling.CALM
    if mood.thankful and mood.thanks >= THANKS_WEIGHT:
        return Feeling.THANKFUL
    return Feeling.CALM
