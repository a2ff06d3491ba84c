"""Screen room: how rows, moments and foreign text are put into plain words and cells."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.text import clean

FEELINGS = {
    "calm": ("·", "calm"),
    "upset": ("▲", "upset"),
    "belligerent": ("◆", "hostile"),
    "thankful": ("♥", "thanks"),
}
"""Each feeling's sign and its short word; the sign alone stands where there is no room."""

RELATIONS = {"to_us": "to us", "about_us": "about us", "from_us": "from us", "none": "not about us"}


def inert(text: str) -> str:
    """Foreign text on one line without anything that a terminal obeys; cheap for what intake has cleaned."""
    if text.isprintable():
        return text
    return clean(text).replace("\n", " ")


def inert_lines(text: str) -> str:
    """Foreign text with its line ends, without anything that a terminal obeys."""
    return text if text.isprintable() else clean(text)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: padded, or cut with an ellipsis; wide characters are never halved."""
    if len(text) <= width and text.isascii():
        return text.ljust(width)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)


def span(millis: int) -> str:
    """A length of time in its largest fitting unit: `40s`, `12m`, `3h`, `2d`."""
    millis = abs(millis)
    if millis < MINUTE:
        return f"{millis // 1000}s"
    if millis < HOUR:
        return f"{millis // MINUTE}m"
    if millis < 2 * DAY:
        return f"{millis // HOUR}h"
    return f"{millis // DAY}d" if millis < 1000 * DAY else "years"


def due_words(due_at: int | None, first_at: int, now: int) -> str:
    """The queue's first column: `12m` left, `late 5m`, or `3h ago` where nothing is due."""
    if due_at is None:
        return f"{span(now - first_at)} ago"
    return f"{span(due_at - now)}" if due_at > now else f"late {span(now - due_at)}"


def people(number: int | None) -> str:
    """A number of followers in at most five cells: `950`, `12k`, `3.1M`; empty when unknown."""
    if number is None:
        return ""
    number = max(0, min(number, 999_000_000_000))
    if number < 1_000:
        return str(number)
    if number < 1_000_000:
        return f"{number / 1000:.0f}k" if number >= 10_000 else f"{number / 1000:.1f}k"
    if number < 1_000_000_000:
        return f"{number / 1_000_000:.1f}M" if number < 100_000_000 else f"{number // 1_000_000}M"
    return f"{number // 1_000_000_000}G"
