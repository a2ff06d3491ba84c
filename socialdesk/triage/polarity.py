"""Triage room: TextBlob's sentiment, the same numbers at several times its speed.

TextBlob splits a text by some forty regular-expression passes and looks every word up through a
lazy dictionary. Its rules only ever look at what stands between two blanks and at two flags that
they carry along, so each such word is split once and remembered, and the flags are carried by a
plain loop. Texts in which a face could be read (":-)", "x D", "(!)") go to TextBlob's own scorer.
"""

from __future__ import annotations

import re
from functools import cache

from socialdesk.triage.pattern import NEGATIONS, Entry, load_lexicon, original

PUNCTUATION = ",;:!?()[]{}`'\"@#$^&*+-|=~_"
"""What TextBlob splits off a word; the full stop has rules of its own."""

_ABBREVIATIONS = (
    "a. adj. adv. al. a.m. c. cf. comp. conf. def. ed. e.g. esp. etc. ex. f. fig. gen. id. i.e. int. l. m. "
    "Med. Mil. Mr. n. n.q. orig. pl. pred. pres. p.m. ref. v. vs. w/"
)
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""What keeps its full stop; a test compares both constants with TextBlob's own."""

LONGEST_REMEMBERED = 32
MOST_REMEMBERED = 60_000
"""Bounds of the memory of split words: about 10 MB when full, then it starts afresh."""

_INITIALS = re.compile(r"([A-Za-z]\.)+$|[A-Z][bcdfghjklmnpqrstvwxz|]+.$")
_QUOTES = str.maketrans({quote: f" {quote} " for quote in "“”‘’'\""})
_LONGEST_ABBREVIATION = max(map(len, ABBREVIATIONS))

# TextBlob reads a face where a blank follows once it has split its marks off: after a letter only at
# a blank, the end or a mark, after a bracket anywhere.
_END = r"(?=\s|$|[.,;:!?()\[\]{}`'\"@#$^&*+\-|=~_“”‘’]|n't)"
# The class in front lets the search skip ahead; what follows then looks back at what it found.
_FACE = re.compile(
    r"[♥°E(<>:;=xX8*oO](?:(?<=[♥°])|(?<=E)ND-OF-SENTENCE|(?<=\()\s*!\s*\)"
    rf"|(?<=[:;=])\s*(?:['\-oOc^]\s*)*(?:[()\[\]{{}}.]|[DdPpbcCoOsS<\\/>3]{_END})"
    rf"|(?<=<)\s*3{_END}|(?<=>)\s*\.\s*>{_END}"
    rf"|(?<=[xX])(?:\s+D|\s*-\s*[dD]){_END}"
    rf"|(?<=8)\s*(?:-\s*)?(?:\)|[dD]{_END})|(?<=\*)\s*(?:-\s*)?\)"
    rf"|(?<=[oO])\s*[_.]\s*[oO]{_END})"
)

Step = tuple[Entry | None, bool, bool, bool, bool, bool]
"""One token as the loop needs it: its entry (None when unknown), whether it negates, ends in "-ly", is
longer than one character, is longer than two, and is an exclamation mark."""

Steps = tuple[Step, ...]

_PLAIN: Step = (None, False, False, True, True, False)
_RESET: Steps = ()
"""A single unknown word of three letters or more, three words in four: it ends whatever was carried."""

Carried = tuple[bool, bool, bool]
"""Whether a modifier goes before the next word, whether it ends in "-ly", and whether a negation does."""

_NOTHING: Carried = (False, False, False)
_SHOUT = frozenset("!")


class FastScorer:
    """Scores texts as `TextBlob(text).sentiment` does, to the last bit."""

    def __init__(self) -> None:
        self._lexicon = load_lexicon()
        self._remembered: dict[str, Steps] = {}

    def __call__(self, text: str, /) -> tuple[float, float]:
        """Polarity (-1 to 1) and subjectivity (0 to 1) of `text`; both 0 when no word is known."""
        if _FACE.search(text) is not None:
            return original()(text)
        remembered = self._remembered
        hits: list[list[float]] = []
        carried = _NOTHING
        for word in text.split():
            steps = remembered.get(word)
            if steps is None:
                steps = self._learn(word)
            carried = _follow(steps, hits, carried) if steps else _NOTHING
        return _mean(hits) if hits else (0.0, 0.0)

    def _learn(self, word: str) -> Steps:
        steps = tuple(self._step(token) for token in split_word(word))
        if steps == (_PLAIN,):
            steps = _RESET
        if len(word) <= LONGEST_REMEMBERED:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = steps
        return steps

    def _step(self, token: str) -> Step:
        entry = self._lexicon.get(token)
        ly = entry is not None and token.endswith("ly")
        return entry, token in NEGATIONS, ly, len(token) > 1, len(token) > 2, token in _SHOUT


def split_word(word: str) -> list[str]:
    """The lower-case tokens into which TextBlob splits what stands between two blanks."""
    if word.isalnum():
        return [word.lower()]
    tokens: list[str] = []
    for part in word.replace("n't", " n't").translate(_QUOTES).split():
        inner = part.lstrip(PUNCTUATION)
        tokens.extend(part[: len(part) - len(inner)])
        end, tail = _strip_end(inner)
        if end:
            tokens.append(inner[:end])
        tokens.extend(reversed(tail))
    # Lower-casing last, because abbreviations are told by their capitals.
    return [token.lower() for token in tokens]


def _strip_end(word: str) -> tuple[int, list[str]]:
    """Where `word` ends once its closing marks are off, and these marks, last one first."""
    end = len(word)
    tail: list[str] = []
    while end and word[end - 1] in _CLOSING:
        if word[end - 1] != ".":
            end -= 1
            tail.append(word[end])
        if word.endswith("...", 0, end):
            tail.append("...")
            end -= 3
            while end and word[end - 1] == ".":
                end -= 1
        if end and word[end - 1] == ".":
            if _keeps_its_stop(word, end):
                break
            end -= 1
            tail.append(".")
    return end, tail


_CLOSING = frozenset(PUNCTUATION + ".")


def _keeps_its_stop(word: str, end: int) -> bool:
    if end <= _LONGEST_ABBREVIATION and word[:end] in ABBREVIATIONS:
        return True
    return _INITIALS.match(word, 0, end) is not None


def _follow(steps: Steps, hits: list[list[float]], carried: Carried) -> Carried:
    modifier, modifier_ly, negated = carried
    for entry, negates, ly, over_one, over_two, shout in steps:
        if entry is not None:
            _assess(hits, entry, modifier, negated)
            modifier, modifier_ly, negated = entry[3], ly, negates
            continue
        if negates:
            negated = True
        elif over_one:
            negated = False
        if negated and modifier and modifier_ly:
            hits[-1][3] = -1
            negated = False
        elif over_two:
            modifier = False
        if shout and hits:
            hits[-1][0] = max(-1.0, min(hits[-1][0] * 1.25, 1.0))
    return modifier, modifier_ly, negated


def _assess(hits: list[list[float]], entry: Entry, modifier: bool, negated: bool) -> None:
    polarity, subjectivity, intensity, _ = entry
    if not modifier:
        hits.append([polarity, subjectivity, intensity, 1])
    else:
        hit = hits[-1]
        strength = hit[2]
        hit[0] = max(-1.0, min(polarity * strength, 1.0))
        hit[1] = max(-1.0, min(subjectivity * strength, 1.0))
        hit[2] = intensity
    if negated:
        hits[-1][2] = 1.0 / hits[-1][2]
        hits[-1][3] = -1


def _mean(hits: list[list[float]]) -> tuple[float, float]:
    polarity: float = 0
    subjectivity: float = 0
    for score, subjective, _, sign in hits:
        polarity += score * -0.5 if sign < 0 else score
        subjectivity += subjective
    return polarity / len(hits), subjectivity / len(hits)


@cache
def scorer() -> FastScorer:
    """The one scorer of this process; the first call reads TextBlob's lexicon."""
    return FastScorer()
