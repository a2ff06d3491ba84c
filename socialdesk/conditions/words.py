"""Words room: how `text` tests see a message, the way the full-text index sees it.

SQLite's unicode61 takes runs of letters and digits as words, without accents and case; this is the
same rule for one text at a time. A phrase that ends in a star goes on: its last word is a prefix.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(
    r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9]|[A-Z][a-z])|(?<=[0-9])(?=[A-Za-z])",
    re.ASCII,
)
STAR = "*"
"""What a phrase ends in whose last word is a prefix; no word of a text holds it."""

SHORTEST_PREFIX = 2
"""Letters that a prefix has at least; a single one would begin half of all words."""


def fold(text: str) -> str:
    """`text` in lower case and without accents; ASCII, the usual case, costs one call."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in parts if not unicodedata.combining(c))


def phrase_of(text: str) -> str:
    """The folded words of `text` joined by one space; "" when it has no letter and no digit."""
    return " ".join(_WORD.findall(fold(text)))


def prefix_of(text: str) -> str:
    """As `phrase_of`, for a text whose last word may go on: the phrase with a star.

    Without one where the last word has ended (`don'`) or is shorter than `SHORTEST_PREFIX`.
    """
    phrase = phrase_of(text)
    goes_on = text[-1:].isalnum() and len(phrase.rpartition(" ")[2]) >= SHORTEST_PREFIX
    return phrase + STAR if goes_on else phrase


def handle_words(handle: str) -> str:
    """A handle as people look for it: itself and, where it runs words together, those words too.

    `DanaOkafor` is found by `danaokafor`, `dana` and `okafor`, `dana_1984` by its words as it stands.
    """
    words = _HUMP.sub(" ", handle)
    return handle if words == handle else f"{handle} {words}"


def finder(phrase: str) -> Callable[[str], bool]:
    """A test whether a folded text holds the words of `phrase` as whole words next to each other."""
    words = phrase.split(" ")
    first = words[0].removesuffix(STAR)
    search = _pattern(words).search

    def holds(folded: str) -> bool:
        return first in folded and search(folded) is not None

    return holds


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def lower_ascii(word: str) -> str:
    """`word` with A to Z in lower case and everything else as it is, as SQLite's own folding does."""
    return word.lower() if word.isascii() else word.translate(_LOWER)


def excerpt(phrase: str, text: str) -> str:
    """The words of `text` that make `phrase` hold, as they stand there; "" when it does not hold.

    Where folding changed the length of the text the folded words are given instead.
    """
    folded = fold(text)
    found = _pattern(phrase.split(" ")).search(folded)
    if found is None:
        return ""
    return text[found.start() : found.end()] if len(folded) == len(text) else found.group()


def _pattern(words: list[str]) -> re.Pattern[str]:
    *whole, last = words
    end = r"[^\W_]*" if last.endswith(STAR) else r"(?![^\W_])"
    spelled = [re.escape(word) for word in (*whole, last.removesuffix(STAR))]
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(spelled) + end)
