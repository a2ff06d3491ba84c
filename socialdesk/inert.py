"""The slow road of text cleaning: what is not plain ASCII, and what somebody meant for the terminal."""

from __future__ import annotations

import re
from unicodedata import category, is_normalized, normalize

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


def clean_foreign(text: str, limit: int) -> str:
    """What `text.clean` promises, for any text; most of what people write passes in 2 µs."""
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
    while at > max(limit - 64, 0) and continues(text, at):
        at -= 1
    kept = text[: at if not continues(text, at) else limit]
    return _settle(kept)


def continues(text: str, at: int) -> bool:
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
