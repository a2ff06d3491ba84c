"""Diagnostics room: what is wrong with a file people wrote, said with its place, the line and a caret."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from socialdesk.text import clean, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Severity = Literal["error", "warning"]

_WINDOW = 100
"""Columns of an excerpt that are shown; a longer line is cut around the caret."""

_NEAR_ENOUGH = 60.0
"""Least similarity, of 100, for a name to be offered; below it a guess misleads more than it helps."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong in one place of one file.

    `code` is `SD` and three digits; `line` and `column` count from 1 (0: the whole file).
    `expected` says what would have been right, `nearest` the known name that looks like the one
    given, `excerpt` is the line as it stands in the file.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    message: str
    expected: str | None = None
    nearest: str | None = None
    excerpt: str | None = None

    @property
    def place(self) -> str:
        """`file:line:col`, or the file alone where the whole file is meant."""
        name = _inline(self.file)
        return f"{name}:{self.line}:{self.column}" if self.line > 0 else name

    def one_line(self) -> str:
        """`file:line:col: SD101 message`, safe to print."""
        marker = "" if self.severity == "error" else "warning: "
        return f"{self.place}: {self.code} {marker}{_inline(self.message)}"

    def render(self) -> str:
        """Several lines: the place and message, the line with a caret, then expected and nearest name."""
        lines = [self.one_line()]
        if self.excerpt is not None and self.line > 0:
            shown, column = _window(self.excerpt, self.column)
            gutter = str(self.line)
            lines.append(f"  {gutter} | {shown}")
            lines.append(f"  {' ' * len(gutter)} | {' ' * column}^")
        if self.expected is not None:
            lines.append(f"  expected: {_inline(self.expected)}")
        if self.nearest is not None:
            lines.append(f"  did you mean {_inline(self.nearest)}?")
        return "\n".join(lines)

    def as_json(self) -> dict[str, str | int | None]:
        """The same facts as a flat mapping, for `--json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "expected": self.expected,
            "nearest": self.nearest,
            "excerpt": self.excerpt,
        }

    def with_excerpt(self, lines: Sequence[str]) -> Diagnostic:
        """The same diagnostic with its line taken from the file's `lines`, where there is such a line."""
        if self.excerpt is not None or not 0 < self.line <= len(lines):
            return self
        return replace(self, excerpt=lines[self.line - 1])


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions and as a reader meets them: by file, line and column."""
    return tuple(
        sorted(dict.fromkeys(diagnostics), key=lambda d: (d.file, d.line, d.column, d.code, d.message))
    )


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None where none is like it; case does not count."""
    from rapidfuzz import fuzz, process  # 12 ms: only an error path needs it

    known = list(candidates)
    found = process.extractOne(word, known, scorer=fuzz.ratio, processor=_fold, score_cutoff=_NEAR_ENOUGH)
    return None if found is None else str(found[0])


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _inline(words: str) -> str:
    return clean(words).replace("\n", " ")


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of `line` around 1-based `column`, and how many cells stand before the caret."""
    # Each character is made harmless by itself, so that the caret keeps its place.
    harmless = [character if character.isprintable() else " " for character in line]
    at = min(max(column - 1, 0), len(harmless))
    start = 0 if len(harmless) <= _WINDOW or at <= _WINDOW // 2 else at - _WINDOW // 2
    before = "…" * (start > 0)
    after = "…" * (len(harmless) > start + _WINDOW)
    shown = before + "".join(harmless[start : start + _WINDOW]) + after
    return shown, len(before) + columns("".join(harmless[start:at]))
