"""Command room: what a command says: data on stdout, talk on stderr, and nothing a stranger could steer."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from socialdesk.clock import iso
from socialdesk.text import clean, columns

# JSON escapes only C0; these would still steer a terminal (C1) or reorder a line (bidi), and lone
# surrogates cannot be written at all.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_MOMENTS = re.compile("^(?:.*_)?(?:at|by|until|before|since|bought)$")
"""How the rows of the inbox name their moments."""

_ASCII, _UNICODE = json.JSONEncoder(), json.JSONEncoder(ensure_ascii=False)
BOLD, DIM, RED, YELLOW, GREEN = "1", "2", "31", "33", "32"

RELATIONS = {"to_us": "to us", "about_us": "about us", "from_us": "from us", "none": "", "": ""}
"""The words on screen for how a post stands to the brand."""


def data(text: str) -> None:
    """One line, or several, of what was asked for, on stdout."""
    sys.stdout.write(text + "\n")


def talk(text: str) -> None:
    """Something about the work, on stderr; each line made harmless."""
    sys.stderr.write(clean(text) + "\n")


def prepare_streams() -> None:
    """Let a terminal that cannot show a character show a question mark, instead of failing half-way."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def encode(value: object) -> str:
    """`value` as one line of JSON: dataclasses as objects, their moments as ISO 8601 in UTC."""
    return encode_plain(plain(value))


def encode_plain(value: object) -> str:
    """What consists of JSON's own types (and tuples) already, as one line of JSON."""
    line = (_UNICODE if _unicode(sys.stdout) else _ASCII).encode(value)
    return line if line.isascii() else _STEERING.sub(_escaped, line)


def plain(value: object) -> Any:
    """`value` in JSON's own types; the moments of a dataclass become ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _field(f.name, getattr(value, f.name)) for f in fields(value) if f.name[0] != "_"}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value


def _field(name: str, value: object) -> Any:
    if isinstance(value, int) and _MOMENTS.search(name):
        return iso(value)
    return plain(value)


def moment(millis: int | None) -> str | None:
    """A moment as ISO 8601 in UTC, for JSON; None stays None."""
    return None if millis is None else iso(millis)


def local(millis: int, now: int | None = None) -> str:
    """A moment in the reader's own zone: `14:05` on the day of `now` (today), else `2026-11-21 14:05`."""
    there = _there(millis)
    today = _there(time.time_ns() // 1_000_000 if now is None else now)
    return there.strftime("%H:%M" if there.date() == today.date() else "%Y-%m-%d %H:%M")


def local_day(millis: int) -> str:
    """A day in the reader's own zone: `2026-11-21`."""
    return _there(millis).strftime("%Y-%m-%d")


def _there(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC).astimezone()


def _unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "").startswith("utf")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def coloured(stream: TextIO) -> bool:
    """Whether colours are welcome there: a terminal, and NO_COLOR unset (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def ink(text: str, *styles: str) -> str:
    """`text` in these styles where stdout is a terminal that wants them; harmless in any case."""
    text = clean(text)
    return f"\x1b[{';'.join(styles)}m{text}\x1b[0m" if styles and text and coloured(sys.stdout) else text


def width(default: int = 100) -> int:
    """Columns of the terminal, or `default` where stdout is none."""
    if not sys.stdout.isatty():
        return default
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or default
    except OSError:
        return default


def aligned(rows: Iterable[Sequence[str]], gap: int = 2) -> list[str]:
    """Rows of cells as lines with aligned columns; the last column is not padded."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*(row[:-1] for row in cells), strict=True)]
    lines = []
    for row in cells:
        padded = [
            cell + " " * (wide - columns(cell) + gap) for cell, wide in zip(row[:-1], widths, strict=True)
        ]
        lines.append(("".join(padded) + row[-1]).rstrip())
    return lines


def wrapped(text: str, indent: str, wide: int) -> list[str]:
    """Clean `text` in lines of at most `wide` columns behind `indent`; its own line breaks are kept."""
    from textwrap import wrap

    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines += [indent + line for line in wrap(paragraph, max(20, wide - len(indent)))] or [""]
    return lines


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 draft`, `3 drafts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
