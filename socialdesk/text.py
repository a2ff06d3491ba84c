"""Text room: makes foreign text inert, and words numbers and moments for people."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width, is_normalized, normalize

DEFAULT_LIMIT = 20_000
"""Longest text kept, in code points: twice the longest post of the networks known here (Reddit, 10,000)."""

# Control characters but newline; soft hyphen and other invisible noise; bidi controls; line and
# paragraph separators; surrogates; tag characters.
_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Marks that stack on the letter before them, variation selectors included.
_MARK_CLASS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
# Five in a row are more than any orthography stacks; the rest of a pile paints over other lines.
_MARKS_KEPT = 5

# Written twice, because a class in front lets the search skip at four times the speed.
_PILED = re.compile(f"[{_MARK_CLASS}][{_MARK_CLASS}]{{{_MARKS_KEPT}}}")
_PILE = re.compile(f"([{_MARK_CLASS}]{{{_MARKS_KEPT}}})[{_MARK_CLASS}]+")

# ECMA-48 and the DEC parser as terminals implement them: a string (OSC, DCS, SOS, PM, APC, and the
# title of screen) runs to ST, is cut short by CAN, SUB, ESC or another C1, and OSC ends at BEL too.
# One that never ends is taken to the end of its line. C1 stops each run, so the match is linear.
_ESCAPES = re.compile(
    r"(?:\x1b\]|\x9d)(?:[^\x07\x18\x1a\x1b\x80-\x9f]*(?:\x07|\x1b\\|[\x18\x1a\x9c]|(?=[\x1b\x80-\x9f]))"
    r"|[^\x07\x18\x1a\x1b\x80-\x9f\n]*)"
    r"|(?:\x1b[PX^_k]|[\x90\x98\x9e\x9f])(?:[^\x18\x1a\x1b\x80-\x9f]*(?:\x1b\\|[\x18\x1a\x9c]|(?=[\x1b\x80-\x9f]))"
    r"|[^\x18\x1a\x1b\x80-\x9f\n]*)"
    r"|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?"
    r"|\x1b[\x20-\x2f]*[\x30-\x7e]?"
)
# UTF-8 that somebody read as Latin-1. Left alone, the last byte of a curly quote (0x9D) would be
# an operating-system command that swallows the customer's sentence.
_MISREAD = re.compile(
    r"(?=[\xc2-\xf4][\x80-\xbf]?[\x80-\xbf]?[\x80-\x9f])"
    r"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
)
_C1 = re.compile("[\x80-\x9f]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What a terminal passes over, even inside a sequence; and what is left when the sequences are gone.
_NOISE = re.compile(
    "[\x00-\x06\x08\x0e-\x17\x19\x1c-\x1f\x7f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
_CONTROLS = re.compile("[\x07\x18\x1a\x1b\x80-\x9f]")
_EMOJI = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# Scripts in which a joiner or non-joiner changes what is read: Arabic, Syriac, the Indic ones,
# Myanmar, Khmer, Mongolian and their relatives.
_JOINING = (
    "\u0600-\u06ff\u0700-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1b00-\u1b7f\ua840-\ua8ff\ua980-\ua9ff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010d00-\U00010d3f\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_STRAY = re.compile(
    "[\u200c\u200d]"
    f"(?:(?<![{_JOINING}]\u200c)(?<![{_JOINING}{_EMOJI}\ufe0f\U000e007f]\u200d)"
    f"|(?<=[{_EMOJI}\ufe0f\U000e007f]\u200d)(?![{_EMOJI}]))"
)
# Tags are visible in the flags of England, Scotland and Wales alone; elsewhere they smuggle text.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e007a]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")


def clean(text: str, limit: int = DEFAULT_LIMIT) -> str:
    r"""`text` made safe for terminal, database and matching; at most `limit` code points.

    Escape sequences go whole, with what they carry; of the control characters only `\n` stays
    (tabs become a space, other line ends a newline); bidi controls, invisible noise and stray
    joiners go, while emoji sequences and joining scripts keep theirs; a lone surrogate becomes
    U+FFFD; piles of marks are cut to five. NFC. Cleaning twice changes nothing more. Entities are
    not decoded here: decode first, clean afterwards.
    """
    if len(text) <= limit and _is_clean(text):
        return text
    # What is longer is cut before the work, generously, so that a huge body costs no more than a large one.
    return _cut(_clean_slowly(text[: 4 * limit + 1024]), limit)


def _is_clean(text: str) -> bool:
    if text.isascii():
        return text.isprintable() or text.replace("\n", "").isprintable()
    return (
        _ODD.search(text) is None
        and _PILED.search(text) is None
        and is_normalized("NFC", text)
        and not (("\u200d" in text or "\u200c" in text) and _STRAY.search(text) is not None)
    )


def _clean_slowly(text: str) -> str:
    if not text.isascii():
        # Pairs become their character, lone ones the replacement character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if _C1.search(text) is not None:
            text = _MISREAD.sub(_read_again, text)
    text = _ESCAPES.sub("", _NOISE.sub("", text))
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return _settle(_CONTROLS.sub("", text))


def _settle(text: str) -> str:
    """`text` in NFC without stray joiners, tags and piles; repeated until still, as one may bare another."""
    while not text.isascii():
        before = text
        # Piles first: ordering a long run of marks is quadratic in CPython.
        text = _TAGS.sub(r"\1", _PILE.sub(r"\1", text))
        text = normalize("NFC", _STRAY.sub("", text))
        if text == before:
            break
    return text


def _read_again(misread: re.Match[str]) -> str:
    try:
        return misread.group().encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return misread.group()


def _cut(text: str, limit: int) -> str:
    """`text` cut to `limit` code points without splitting a visible character of up to 64 of them."""
    if len(text) <= limit:
        return text
    at = limit
    while at > max(limit - 64, 0) and _continues(text, at):
        at -= 1
    kept = text[: at if not _continues(text, at) else limit]
    return _settle(kept)


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the visible character before it."""
    here, before = text[at], text[at - 1]
    if before == "\u200d" or here in "\u200c\u200d" or category(here)[0] == "M":
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0000" <= here <= "\U000e007f":
        return True
    if not "\U0001f1e6" <= here <= "\U0001f1ff":
        return False
    start = at
    while start > max(at - 64, 0) and "\U0001f1e6" <= text[start - 1] <= "\U0001f1ff":
        start -= 1
    return (at - start) % 2 == 1


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
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if character < "\u0300":
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
    end, used = 0, 0
    while end < len(line):
        used += _columns_of(line[end])
        if used > width - 1:
            break
        end += 1
    while end < len(line) and end > 0 and _continues(line, end):
        end -= 1
    blank = line.rfind(" ", 0, end + 1)
    # Between words where that costs little; a long word or a script without spaces is cut where it is full.
    if blank >= end - max(width // 4, 1) and blank > 0:
        end = blank
    return line[:end].rstrip() + "…"


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
