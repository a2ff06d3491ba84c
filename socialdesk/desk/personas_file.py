"""Desk room: reads `personas.yaml`, and tells everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from socialdesk import yamlfile
from socialdesk.conditions.units import DURATION_HINT, parse_duration
from socialdesk.desk.personas import (
    PLACEHOLDER,
    PLACEHOLDERS,
    Bystander,
    Colleague,
    Line,
    Mood,
    Personas,
    Rejection,
)
from socialdesk.diagnostics import Diagnostic, in_order, nearest
from socialdesk.errors import FeedUnusable, PolicyInvalid
from socialdesk.model import Feeling, Handle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path as File

    from socialdesk.yamlfile import Path, Value, YamlDocument

TOP = ("bystanders", "people", "feelings", "posts", "colleagues")
MOOD = ("mood", "weight", "turns", "joins")
LINE = ("says", "after", "hears", "kind", "language", "silent", "by", "chance")
KINDS = ("reply", "private")


def load(file: File) -> Personas:
    """The personas of `file`; raises `FeedUnusable` where it cannot be read, else as `read`."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FeedUnusable(f"{file} cannot be read: {error}") from error
    return read(str(file), text)


def read(name: str, text: str) -> Personas:
    """The personas that `text` describes; raises `PolicyInvalid` with every error and its place."""
    document = yamlfile.load(name, text)
    reader = _Reader(document)
    personas = reader.personas() if not document.errors else Personas()
    problems = in_order([*document.errors, *reader.problems])
    if problems:
        lines = "\n".join(problem.one_line() for problem in problems)
        raise PolicyInvalid(f"{name} cannot be used:\n{lines}", problems)
    return personas


@dataclass
class _Reader:
    """Walks the document once; what does not fit goes to `problems`, and something harmless stands in."""

    document: YamlDocument
    problems: list[Diagnostic] = field(default_factory=list)
    bystanders: dict[str, Bystander] = field(default_factory=dict)

    def personas(self) -> Personas:
        top = self._mapping((), self.document.data, TOP)
        for handle, path, value in self._entries(("bystanders",), top.get("bystanders")):
            told = self._mapping(path, value, ("name", "followers"))
            self.bystanders[handle] = Bystander(
                Handle(handle),
                self._word((*path, "name"), told.get("name", handle)),
                self._whole((*path, "followers"), told.get("followers", 0)),
            )
        return Personas(
            {
                handle.lower(): self._moods(path, value)
                for handle, path, value in self._entries(("people",), top.get("people"))
            },
            {
                Feeling(name): self._moods(path, value)
                for name, path, value in self._entries(("feelings",), top.get("feelings"))
                if self._known(path, name, tuple(Feeling))
            },
            self._lines(("posts",), top.get("posts")),
            tuple(self._colleague(*item) for item in self._items(("colleagues",), top.get("colleagues"))),
        )

    def _moods(self, path: Path, value: Value) -> tuple[Mood, ...]:
        moods = []
        for place, item in self._items(path, value):
            told = self._mapping(place, item, MOOD)
            moods.append(
                Mood(
                    self._word((*place, "mood"), told.get("mood")),
                    self._whole((*place, "weight"), told.get("weight", 1)),
                    tuple(
                        self._lines(turn, lines)
                        for turn, lines in self._items((*place, "turns"), told.get("turns"))
                    ),
                    self._lines((*place, "joins"), told.get("joins")),
                )
            )
        if moods and not any(mood.weight for mood in moods):
            self._wrong(path, "no mood here can ever be picked", expected="a weight above 0")
        return tuple(moods)

    def _lines(self, path: Path, value: Value) -> tuple[Line, ...]:
        return tuple(self._line(place, item) for place, item in self._items(path, value))

    def _line(self, path: Path, value: Value) -> Line:
        told = self._mapping(path, value, LINE)
        silent = told.get("silent", False) is True
        says = self._texts((*path, "says"), told.get("says"))
        if not says and not silent:
            self._wrong(path, "this line says nothing", expected="`says` with a text, or `silent: true`")
        earliest, latest = self._span((*path, "after"), told.get("after", "0s"))
        return Line(
            says,
            earliest,
            latest,
            self._words((*path, "hears"), told.get("hears")),
            self._kind((*path, "kind"), told.get("kind")),
            self._optional((*path, "language"), told.get("language")),
            silent,
            self._bystander((*path, "by"), told.get("by")),
            self._chance((*path, "chance"), told.get("chance", 1)),
        )

    def _colleague(self, path: Path, value: Value) -> Colleague:
        told = self._mapping(path, value, ("name", "after", "rejects"))
        rejects = []
        for place, item in self._items((*path, "rejects"), told.get("rejects")):
            words = self._mapping(place, item, ("hears", "reason"))
            rejects.append(
                Rejection(
                    self._words((*place, "hears"), words.get("hears")),
                    self._word((*place, "reason"), words.get("reason")),
                )
            )
        after, _ = self._span((*path, "after"), told.get("after", "0s"))
        return Colleague(self._word((*path, "name"), told.get("name")), after, tuple(rejects))

    # ------------------------------------------------------------ single values

    def _span(self, path: Path, value: Value) -> tuple[int, int]:
        written = value if isinstance(value, str) else str(value)
        first, _, last = written.partition(" to ")
        try:
            earliest = parse_duration(first)
            return earliest, max(earliest, parse_duration(last) if last else earliest)
        except ValueError as error:
            self._wrong(path, str(error), expected=f"{DURATION_HINT}, or `20s to 45s`")
            return 0, 0

    def _kind(self, path: Path, value: Value) -> str | None:
        kind = self._optional(path, value)
        return kind if kind is not None and self._known(path, kind, KINDS) else None

    def _bystander(self, path: Path, value: Value) -> Bystander | None:
        handle = self._optional(path, value)
        if handle is None or not self._known(path, handle, tuple(self.bystanders)):
            return None
        return self.bystanders[handle]

    def _chance(self, path: Path, value: Value) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self._wrong(path, f"`{value}` is no chance", expected="a number from 0 to 1")
        return 0.0

    def _whole(self, path: Path, value: Value) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._wrong(path, f"`{value}` is no whole number", expected="0 or more")
        return 0

    def _optional(self, path: Path, value: Value) -> str | None:
        return None if value is None else self._word(path, value)

    def _word(self, path: Path, value: Value) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._wrong(path, "some words belong here", expected="text")
        return ""

    def _words(self, path: Path, value: Value) -> tuple[str, ...]:
        if isinstance(value, list):
            return tuple(self._word((*path, index), item) for index, item in enumerate(value))
        return () if value is None else (self._word(path, value),)

    def _texts(self, path: Path, value: Value) -> tuple[str, ...]:
        texts = self._words(path, value)
        for index, text in enumerate(texts):
            place = (*path, index) if isinstance(value, list) else path
            for match in PLACEHOLDER.finditer(text):
                if match[1] not in PLACEHOLDERS:
                    self._wrong(place, f"`{match[1]}` is unknown here", ", ".join(PLACEHOLDERS))
            if "{" in PLACEHOLDER.sub("", text):
                self._wrong(place, "a brace begins no placeholder", expected="{name} or {name or words}")
        return texts

    # ------------------------------------------------------------ shapes

    def _mapping(self, path: Path, value: Value, keys: Sequence[str]) -> Mapping[str, Value]:
        if not isinstance(value, dict):
            self._wrong(path, "this is no set of keys", expected=", ".join(keys))
            return {}
        for key in value:
            self._known((*path, key), key, keys)
        return value

    def _entries(self, path: Path, value: Value) -> Iterator[tuple[str, Path, Value]]:
        if isinstance(value, dict):
            yield from ((key, (*path, key), item) for key, item in value.items())
        elif value is not None:
            self._wrong(path, "this is no set of keys", expected="`name:` with something below it")

    def _items(self, path: Path, value: Value) -> Iterator[tuple[Path, Value]]:
        if isinstance(value, list):
            yield from (((*path, index), item) for index, item in enumerate(value))
        elif value is not None:
            self._wrong(path, "this is no list", expected="lines that begin with `-`")

    def _known(self, path: Path, word: str, known: Sequence[str]) -> bool:
        if word in known:
            return True
        message, expected = f"`{word}` is unknown here", ", ".join(known)
        self.problems.append(
            self.document.at_key(path, "SD802", message, expected=expected, nearest=nearest(word, known))
        )
        return False

    def _wrong(self, path: Path, message: str, expected: str) -> None:
        self.problems.append(self.document.at_value(path, "SD801", message, expected=expected))
