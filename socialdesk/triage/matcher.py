"""Triage room: finds every form of every word of the team in one pass over a text's words."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.model import Feeling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from socialdesk.model import Term

# Words with their apostrophes, hashtags, handles on any network (@name, @name@host, @name.host), and the
# marks that end a thought. A phrase does not reach over such a mark.
_WORD = re.compile(
    r"\w+(?:['’]\w+)*|#\w+|(?<![\w@.])@\w+(?:[.\-]\w+)*(?:@\w+(?:[.\-]\w+)*)?|[.!?;\n…。！？]+"
)
_LINK = re.compile(r"https?://\S+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
# Scripts that put no blanks between words: their forms are looked for anywhere in the text.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TRIPLES = tuple(letter * 3 for letter in ascii_lowercase)
_STRONGEST_FIRST = (Feeling.BELLIGERENT, Feeling.UPSET, Feeling.THANKFUL)
_MARKS = frozenset(".!?;\n…。！？")

MOST_REMEMBERED = 30_000
"""Words whose opening is remembered, about 5 MB when full; then the memory starts afresh."""

Place = tuple[int, int]
"""The characters [start, end) of a text."""


class Form(NamedTuple):
    """One form and everything that the team means by it.

    `feeling` is its feeling (empty: none, the strongest first), `topics` and `risks` its labels;
    `names_us` tells whether it is a name or hashtag of the brand.
    """

    words: tuple[str, ...]
    terms: tuple[Term, ...]
    feeling: str
    topics: tuple[str, ...]
    risks: tuple[str, ...]
    names_us: bool
    is_spam: bool


def make_form(words: tuple[str, ...], terms: Iterable[Term]) -> Form:
    """The form of `words`, with what `terms` say of it sorted by kind."""
    terms = tuple(terms)
    labels: dict[str, list[str]] = {}
    for term in terms:
        labels.setdefault(term.kind, []).append(term.label)
    feelings = labels.get("feeling", [])
    return Form(
        words,
        terms,
        next((feeling for feeling in _STRONGEST_FIRST if feeling in feelings), ""),
        tuple(dict.fromkeys(labels.get("topic", ()))),
        tuple(dict.fromkeys(labels.get("risk", ()))),
        "name" in labels or "hashtag" in labels,
        "spam" in labels,
    )


class Hit(NamedTuple):
    """A form found at word `at`, `length` words long."""

    form: Form
    at: int
    length: int


class Matcher:
    """The forms of a lexicon, arranged by their first words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        spoken: dict[tuple[str, ...], list[Term]] = {}
        tags: dict[str, list[Term]] = {}
        literals: dict[str, list[Term]] = {}
        for term in terms:
            form = term.form.strip().lower()
            words = tuple(_words_of_form(form.lstrip("#")))
            if words and (term.kind == "hashtag" or form[0] == "#"):
                tags.setdefault("".join(words), []).append(term)
            elif not words or _UNSPACED.search(form) is not None:
                literals.setdefault(form, []).append(term)
            else:
                spoken.setdefault(words, []).append(term)
        # A phrase run together is that phrase, too: "#acmewidget", "thankyou".
        for words, found in list(spoken.items()):
            spoken.setdefault(("".join(words),), found)
        # By first word the form of that word alone, and by second word the phrases, longest first.
        self._first: dict[str, tuple[Form | None, dict[str, list[Form]]]] = {}
        for words, found in sorted(spoken.items(), key=lambda item: -len(item[0])):
            alone, phrases = self._first.get(words[0], (None, {}))
            if len(words) == 1:
                alone = make_form(words, found)
            else:
                phrases.setdefault(words[1], []).append(make_form(words, found))
            self._first[words[0]] = (alone, phrases)
        self._known = frozenset(word for words in spoken for word in words)
        self._tags = {tag: make_form((f"#{tag}",), found) for tag, found in tags.items()}
        self._literals = [(form, make_form((form,), found)) for form, found in literals.items() if form]
        self._ascii_literals = [pair for pair in self._literals if pair[0].isascii()]
        self._foreign_signs = frozenset(sign for form, _ in self._literals for sign in form if sign > "\x7f")
        self._opened: dict[str, tuple[str, ...]] = {}

    def read(self, text: str) -> list[str]:
        """The words of `text` as forms are compared with them: lower case, no apostrophes, tags opened up."""
        if "://" in text:
            text = _LINK.sub(_blank, text)
        if "#" in text or not text.isascii():
            return self._opened_words(_WORD.findall(text))
        text = text.lower()
        words: list[str] = _WORD.findall(text)
        if "'" in text:
            words = [self._plain(word) if "'" in word else word for word in words]
        if _is_stretched(text):
            words = [self._plain(word) for word in words]
        return words

    def places(self, text: str) -> list[Place]:
        """Where each word of `read(text)` stands in `text`."""
        if "://" in text:
            text = _LINK.sub(_blank, text)
        places: list[Place] = []
        for found in _WORD.finditer(text):
            start, end = found.span()
            if found[0][0] != "#":
                places.append((start, end))
                continue
            if found[0][1:].lower() in self._tags:
                places.append((start, end))
            places.extend(hump.span() for hump in _HUMP.finditer(text, start + 1, end))
        return places

    def find(self, words: list[str]) -> list[Hit]:
        """Every form among `words`, also forms inside longer ones; in order, longer ones first."""
        hits: list[Hit] = []
        first = self._first
        last = len(words) - 1
        for at, word in enumerate(words):
            entry = first.get(word)
            if entry is not None:
                alone, phrases = entry
                if phrases and at < last:
                    for form in phrases.get(words[at + 1], ()):
                        length = len(form.words)
                        if length == 2 or tuple(words[at : at + length]) == form.words:
                            hits.append(Hit(form, at, length))
                if alone is not None:
                    hits.append(Hit(alone, at, 1))
            elif word[0] == "#":
                hits.append(Hit(self._tags[word[1:]], at, 1))
        return hits

    def find_literals(self, text: str) -> list[tuple[Form, Place]]:
        """The forms without words (signs, and scripts without blanks) in `text`, each at its first place."""
        lowered = text.lower()
        literals = self._literals
        # An emoji alone does not make a text one in which foreign literals could stand.
        if lowered.isascii() or self._foreign_signs.isdisjoint(_NOT_ASCII.findall(lowered)):
            literals = self._ascii_literals
        found: list[tuple[Form, Place]] = []
        for literal, form in literals:
            at = lowered.find(literal)
            if at >= 0:
                # Lower-casing can lengthen a text; a place never lies outside of it.
                found.append((form, (min(at, len(text)), min(at + len(literal), len(text)))))
        return found

    def _plain(self, word: str) -> str:
        """`word` without its apostrophe; a possessive and a stretched word as the word the team knows."""
        if "'" in word:
            bare = word.replace("'", "")
            if bare not in self._known and word.endswith("'s"):
                bare = word[:-2].replace("'", "")
            word = bare
        if word not in self._known and _STRETCHED.search(word) is not None:
            for times in (r"\1\1", r"\1"):
                shorter = _STRETCHED.sub(times, word)
                if shorter in self._known:
                    return shorter
        return word

    def _opened_words(self, found: list[str]) -> list[str]:
        """Every word opened up; a word opens always in the same way, so that is remembered."""
        opened = self._opened
        words: list[str] = []
        for word in found:
            known = opened.get(word)
            if known is None:
                if len(opened) >= MOST_REMEMBERED:
                    opened.clear()
                known = opened[word] = tuple(self._open(word))
            words.extend(known)
        return words

    def _open(self, found: str) -> list[str]:
        if found[0] != "#":
            return [self._plain(found.lower().replace("’", "'"))]
        opened = [self._plain(hump.lower()) for hump in _HUMP.findall(found, 1)]
        tag = found[1:].lower()
        return [f"#{tag}", *opened] if tag in self._tags else opened


def _is_stretched(text: str) -> bool:
    # A third of the time that the expression with its back reference takes.
    return any(map(text.__contains__, _TRIPLES))


def _blank(link: re.Match[str]) -> str:
    return " " * len(link[0])


def _words_of_form(form: str) -> list[str]:
    words = [word.replace("’", "").replace("'", "") for word in _WORD.findall(form)]
    while words and words[-1][0] in _MARKS:
        words.pop()
    return words
