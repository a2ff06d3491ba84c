"""Text room: makes foreign text inert, and words numbers and moments for people."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_LIMIT = 20_000
"""Longest text kept, in code points: twice the longest post of the networks known here (Reddit, 10,000)."""


def clean(text: str, limit: int = DEFAULT_LIMIT) -> str:
    r"""`text` made safe for terminal, database and matching; at most `limit` code points.

    Escape sequences go whole, with what they carry; of the control characters only `\n` stays
    (tabs become a space, other line ends a newline); bidi controls, invisible noise and stray
    joiners go, while emoji sequences and joining scripts keep theirs; a lone surrogate becomes
    U+FFFD; piles of marks are cut to five. NFC. Cleaning twice changes nothing more. Entities are
    not decoded here: decode first, clean afterwards.
    """
    if len(text) <= limit and text.isascii() and (text.isprintable() or text.replace("\n", "").isprintable()):
        return text
    return _foreign()(text, limit)


@cache
def _foreign() -> Callable[[str, int], str]:
    from socialdesk.inert import clean_foreign  # its patterns take 2 ms to compile; ASCII needs none of them

    return clean_foreign


def unescape_html(text: str) -> str:
    """`text` with HTML's entities decoded once; what comes out is foreign still: clean it."""
    if "&" not in text:
        return text
    from html import unescape  # 5 ms, most of it the table of entities

    return unescape(text)


def from_html(html: str) -> str:
    """The clean text of an HTML fragment: paragraphs, lists and the targets of links are kept."""
    from socialdesk.htmltext import to_text  # only some networks and feeds write HTML

    return clean(to_text(html))


def columns(text: str) -> int:
    """How many columns of a terminal one line of clean `text` takes; emoji sequences rather too many."""
    if text.isascii():
        return len(text)
    return len(text) + sum(_columns_of(character) - 1 for character in text if character >= _NARROW_BELOW)


_NARROW_BELOW = "\u0300"
"""In front of it every character takes one column; most characters of most texts do."""


def _columns_of(character: str) -> int:
    if character < _NARROW_BELOW:
        return 1
    if character == "\ufe0f":  # asks for the emoji form, which is two columns wide
        return 1
    if category(character) in _NO_COLUMN:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


_NO_COLUMN = frozenset({"Mn", "Me", "Cf"})


def snippet(text: str, width: int) -> str:
    """The first words of clean `text` on one line of at most `width` columns, `…` where more follows."""
    # Four characters a column are enough for what is seen, marks included; the rest is not looked at.
    words = text[: 4 * width + 4].split()
    line = " ".join(words)
    if len(text) <= 4 * width + 4 and columns(line) <= width:
        return line
    if width < 1:
        return ""
    end = width - 1 if line.isascii() else _fitting(line, width - 1)
    blank = line.rfind(" ", 0, end + 1)
    # Between words where that costs little; a long word or a script without spaces is cut where it is full.
    if blank >= end - max(width // 4, 1) and blank > 0:
        end = blank
    return line[:end].rstrip() + "…"


def _fitting(line: str, width: int) -> int:
    """Where to cut `line` so that at most `width` columns are before it and no visible character is split."""
    from socialdesk.inert import continues

    end, used = 0, 0
    while end < len(line):
        used += 1 if line[end] < _NARROW_BELOW else _columns_of(line[end])
        if used > width:
            break
        end += 1
    while 0 < end < len(line) and continues(line, end):
        end -= 1
    return end


_SPANS = ((100 * 60, 60, "m"), (48 * 3_600, 3_600, "h"), (100 * 86_400, 86_400, "d"))


def time_left(millis: int) -> str:
    """A length of time in one number for a narrow column: `45s 12m 3h 2d 20w`, overdue `-5m`.

    Whole units, rounded towards zero, so that a deadline is never shown further off than it is.
    """
    seconds = abs(millis) // 1_000
    sign = "-" if millis < 0 and seconds else ""
    if seconds < 60:
        return f"{sign}{seconds}s"
    for below, unit, letter in _SPANS:
        if seconds < below:
            return f"{sign}{seconds // unit}{letter}"
    return f"{sign}{seconds // 604_800}w"


def ago(millis: int) -> str:
    """How long ago something was, `millis` being its age: `just now`, `5m ago`."""
    return "just now" if millis < 60_000 else f"{time_left(millis)} ago"
