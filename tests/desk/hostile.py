"""Texts of people who wish a terminal ill. Whatever stands between ESC and the end of a sequence says MARK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.desk.posts_of_a_day import NOW
from tests.desk.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MARK = "7f3aMARK"
"""Stands inside every sequence; on a terminal it is a trace of one that got through."""

DATA = ROOT.parent / "shared" / "data"

_BODIES = (f"52;c;{MARK}", f"0;{MARK}", f"8;;https://evil.example/{MARK}", f"1337;File={MARK}", f"777;{MARK}")
SEQUENCES = (
    *(f"{start}{body}{end}" for body in _BODIES for start, end in (("\x1b]", "\x07"), ("\x9d", "\x9c"))),
    *(f"\x1b]{body}\x1b\\" for body in _BODIES),
    *(f"\x1b{start}{MARK}\x1b\\" for start in "PX^_"),
    *(f"{start}{MARK}\x9c" for start in "\x90\x98\x9e\x9f"),
    *(
        f"{start}{body}"
        for start in ("\x1b[", "\x9b")
        for body in ("7;9;53m", "2J", "6n", "?1049h", "20t", "1;1H")
    ),
    *("\x1bc", "\x1b#8", "\x1b(0", "\x1bZ", "\x1b7", "\x1b%G", "\x8d", "\x84", "\x9a"),
    *(f"\x1b]{body}" for body in _BODIES),  # never ended
    *("\x1b[", "\x1b", "\x9b", "\x1b]", "\x1bP"),
)
CHARACTERS = (
    *map(chr, (*range(32), *range(127, 160))),
    *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\U000e0041",
)
WORDS = (
    *(
        "[red]x[/red]",
        "[/]",
        "[@click=app.quit]here[/]",
        "[link=https://evil.example]x[/link]",
        "{0}",
        "%s",
        "\\[b]",
    ),
    *(
        "my widget broke",
        "@AcmeCustServ",
        "👩‍👩‍👧",
        "مرحبا",
        "日本語",
        "Z͑ͫ̓ͪ̂ͫ",
        "a\r\nb",
        "a\rb",
        "=cmd|' /C calc'!A0",
    ),
)

texts: st.SearchStrategy[str] = st.lists(
    st.one_of(
        st.sampled_from(SEQUENCES), st.sampled_from(CHARACTERS), st.sampled_from(WORDS), st.text(max_size=5)
    ),
    min_size=1,
    max_size=12,
).map("".join)


def naughty_strings() -> list[str]:
    """The collected naughty strings where they are at hand, else none."""
    file = DATA / "torture" / "blns.json"
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


def write_hostile(path: Path, wanted: Sequence[str]) -> Path:
    """One conversation in which everybody says one of the texts, has it as a name, an address, a language."""
    rows: list[dict[str, Any]] = []
    for index, words in enumerate(wanted):
        rows.append(
            {
                "id": f"h{index}" if index % 7 else f"h{index}{words}",
                "text": f"@AcmeCustServ {words} my widget is broken",
                "author": f"a{index}{words}"[:80],
                "name": words,
                "url": f"https://evil.example/{words}",
                "language": words[:10],
                "created": NOW - 1_000_000 + index * 1_000,
                "reply_to": "h1" if index % 2 == 0 else None,
                "metrics": {words: 1},
            }
        )
    rows.append({"id": "refused", "text": "".join(wanted[:20]), "author": "x", "created": "never"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
