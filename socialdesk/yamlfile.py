"""YAML room: reads files that people wrote, with YAML 1.2 scalars, every place kept and every error told."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from socialdesk.diagnostics import Diagnostic, in_order
from socialdesk.yamlnodes import (
    MAX_ALIASES,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    Mark,
    Node,
    compose,
    lines_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "MAX_ALIASES",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_NODES",
    "Mark",
    "Path",
    "Value",
    "YamlDocument",
    "load",
    "load_all",
    "scalar",
]

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
"""What a file can say. Keys are always text, as written."""

Path: TypeAlias = "tuple[str | int, ...]"
"""The way from the top of a document to a value: keys of mappings and positions in lists."""


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document: its data, where each value and each key stands, and what is wrong with it.

    `data` is None for an empty document and where the syntax is broken. `marks` has the place of
    every value, `key_marks` that of the key it stands under; the empty path is the whole document.
    `written` is the text of every unquoted number, boolean and null, so that a telephone number
    can keep its zero.
    """

    file: str
    data: Value
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    key_marks: Mapping[Path, Mark] = field(default_factory=dict)
    errors: tuple[Diagnostic, ...] = ()
    lines: Sequence[str] = ()
    written: Mapping[Path, str] = field(default_factory=dict)

    def as_text(self, path: Path) -> str | None:
        """The scalar at `path` as the file writes it, or None where no scalar stands."""
        if path in self.written:
            return self.written[path]
        value: Value = self.data
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value if isinstance(value, str) else None

    def mark(self, path: Path) -> Mark:
        """Where the value at `path` stands, or the nearest thing around it that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return Mark(1, 1)

    def key_mark(self, path: Path) -> Mark:
        """Where the key of `path` stands; for a list's item, where the item stands."""
        found = self.key_marks.get(path)
        return found if found is not None else self.mark(path)

    def at_value(
        self, path: Path, code: str, message: str, expected: str | None = None, nearest: str | None = None
    ) -> Diagnostic:
        """An error about the value at `path`."""
        return self._error(self.mark(path), code, message, expected, nearest)

    def at_key(
        self, path: Path, code: str, message: str, expected: str | None = None, nearest: str | None = None
    ) -> Diagnostic:
        """An error about the key of `path`."""
        return self._error(self.key_mark(path), code, message, expected, nearest)

    def _error(
        self, mark: Mark, code: str, message: str, expected: str | None, nearest: str | None
    ) -> Diagnostic:
        found = Diagnostic(code, "error", self.file, *mark, message, expected, nearest)
        return found.with_excerpt(self.lines)


def load(name: str, text: str) -> YamlDocument:
    """The one document of the file `name`; a second one is an error. What is broken is in `errors`."""
    documents = load_all(name, text)
    first = documents[0]
    if len(documents) == 1:
        return first
    second = documents[1].at_value((), "SD006", "a second document begins here", expected="one document")
    return replace(first, errors=in_order([*(e for d in documents for e in d.errors), second]))


def load_all(name: str, text: str) -> tuple[YamlDocument, ...]:
    """Every document of the file `name`, in order, at least one; an empty file is an empty document.

    Broken syntax ends the reading; its error stands with the last document.
    """
    text = text.removeprefix("\ufeff")
    lines = lines_of(text)
    nodes, problems = compose(name, text)
    documents = [_document(name, node, lines) for node in nodes]
    if not documents:
        documents = [YamlDocument(name, None, {(): Mark(1, 1)}, lines=lines)]
    last = documents.pop()
    return (*documents, replace(last, errors=in_order([*last.errors, *problems])))


def scalar(text: str) -> bool | int | float | str | None:
    """What an unquoted `text` means in the core schema of YAML 1.2.

    `no`, `on`, `17:00` and dates are text. So are `.inf`, `.nan` and whole numbers of more than 18
    digits, which are ids and not amounts.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text.lstrip("+-")) <= 18 else text
    if _BASED.fullmatch(text) and len(text) <= 17:
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class _Reader:
    """Walks one document's nodes: values, places, and the errors that are not of syntax."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.marks: dict[Path, Mark] = {}
        self.key_marks: dict[Path, Mark] = {}
        self.written: dict[Path, str] = {}
        self.errors: list[Diagnostic] = []

    def value(self, node: Node, path: Path) -> Value:
        """The data of `node`; its depth was bounded when it was composed."""
        self.marks[path] = node.mark
        if node.kind == "list":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.items)]
        if node.kind == "mapping":
            return self._mapping(node, path)
        found = scalar(node.text) if node.plain else node.text
        if not isinstance(found, str):
            self.written[path] = node.text
        return found

    def _mapping(self, node: Node, path: Path) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, mark, item in node.entries:
            here = (*path, key.text)
            if key.kind != "scalar":
                self._error(
                    mark, "SD005", f"a {key.kind} cannot be a key", "quotes around a text with { or ["
                )
            elif key.text in found:
                first = self.key_marks[here].line
                self._error(mark, "SD002", f"{key.text!r} is already set in line {first}", "each key once")
            else:
                self.key_marks[here] = mark
                found[key.text] = self.value(item, here)
        return found

    def _error(self, mark: Mark, code: str, message: str, expected: str) -> None:
        self.errors.append(Diagnostic(code, "error", self.name, *mark, message, expected))


def _document(name: str, node: Node, lines: Sequence[str]) -> YamlDocument:
    reader = _Reader(name)
    data = reader.value(node, ())
    errors = in_order(error.with_excerpt(lines) for error in reader.errors)
    return YamlDocument(name, data, reader.marks, reader.key_marks, errors, lines, reader.written)
