"""Query lexer room: the query bar's text as words that know where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import east_asian_width

from socialdesk.errors import UsageError

LONGEST = 2_000
"""Characters of a query; one that is longer was pasted by mistake."""


class QueryError(UsageError):
    """A query that cannot be read. `str()` shows the sentence, the query and a caret under the place.

    `sentence` is the first line alone, `position` the 0-based character, `nearest` the name meant.
    """

    def __init__(self, sentence: str, text: str, position: int, nearest: str | None = None) -> None:
        whole = sentence if nearest is None else f"{sentence}; did you mean `{nearest}`?"
        self.sentence = _printable(whole)
        self.position = position
        self.nearest = nearest
        super().__init__(f"{self.sentence}\n  {_pointed(text, position)}")


class Kind(StrEnum):
    """What a word of a query is."""

    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    NOT = "NOT"
    TEXT = "text"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a field: its text, where it begins, whether it stood in quotes."""

    text: str
    position: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query. FIELD has a `name` and `items`, TEXT one item, the others none."""

    kind: Kind
    position: int
    name: str = ""
    items: tuple[Item, ...] = ()


_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z_]+):(?!//)")
_BARE = re.compile(r'[^\s()"]+')
_ITEM = re.compile(r'[^\s()",]*')
_KEYWORDS = {"OR": Kind.OR, "|": Kind.OR, "NOT": Kind.NOT}


def tokens_of(text: str) -> list[Token]:
    """The words of a query from left to right; raises `QueryError`."""
    if len(text) > LONGEST:
        raise QueryError(f"a query has at most {LONGEST:,} characters", text, LONGEST)
    found: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        token, at = _next(text, at)
        if token is not None:
            found.append(token)
        at = _skip(text, at)
    return found


def _next(text: str, at: int) -> tuple[Token | None, int]:
    character = text[at]
    if character in "()":
        return Token(Kind(character), at), at + 1
    if character == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token(Kind.NOT, at), at + 1
    if character == '"':
        item, end = _quoted(text, at)
        return Token(Kind.TEXT, at, items=(item,)), end
    field = _FIELD.match(text, at)
    if field is not None:
        items, end = _items(text, field.end())
        return Token(Kind.FIELD, at, field.group(1).lower(), items), end
    end = _end(_BARE, text, at)
    word = text[at:end]
    if word == "AND":
        return None, end
    if word in _KEYWORDS:
        return Token(_KEYWORDS[word], at), end
    return Token(Kind.TEXT, at, items=(Item(word, at),)), end


def _items(text: str, at: int) -> tuple[tuple[Item, ...], int]:
    """The values after `field:`, separated by commas."""
    items: list[Item] = []
    while True:
        if text[at : at + 1] == '"':
            item, at = _quoted(text, at)
        else:
            end = _end(_ITEM, text, at)
            item, at = Item(text[at:end], at), end
        items.append(item)
        if text[at : at + 1] != ",":
            return tuple(items), at
        at += 1


def _quoted(text: str, at: int) -> tuple[Item, int]:
    end = text.find('"', at + 1)
    if end < 0:
        raise QueryError("the quotation mark is never closed", text, at)
    return Item(text[at + 1 : end], at, quoted=True), end + 1


def _skip(text: str, at: int) -> int:
    return _end(_SPACE, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


_SHOWN = 60


def _pointed(text: str, position: int) -> str:
    """The part of the query around `position`, made harmless, and a caret below it."""
    start = max(0, position - _SHOWN)
    shown = _printable(text[start : position + _SHOWN])
    before = shown[: position - start]
    cells = sum(2 if east_asian_width(c) in "WF" else 1 for c in before)
    return f"{shown}\n  {' ' * cells}^"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
