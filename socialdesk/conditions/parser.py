"""Condition parser room: the `if:` blocks of policy files, with every error at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from socialdesk.conditions.ast import Always, And, Args, Node, Not, Op, Operand, Or, Test
from socialdesk.conditions.fields import Field, FieldType, field_named, policy_names
from socialdesk.conditions.units import DURATION_HINT, parse_duration
from socialdesk.conditions.values import (
    BOUNDS,
    BadValueError,
    Known,
    check_known,
    either,
    expected_of,
    read_bounds,
    read_value,
)
from socialdesk.diagnostics import Diagnostic, nearest

UNKNOWN_FIELD = "SD201"
BAD_VALUE = "SD202"
BAD_SHAPE = "SD203"
UNKNOWN_KEY = "SD204"
TOO_DEEP = "SD205"

GROUPS = ("any_of", "all_of", "none_of")
_DEEPEST = 20

Path = tuple[str | int, ...]


class Place(Protocol):
    """Where something stands in a file, counted from 1."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def col(self) -> int:
        """The column."""
        ...


def parse_mapping(
    data: object, marks: Mapping[Path, Place], path: Path, file: str, *, known: Known | None = None
) -> tuple[Node, list[Diagnostic]]:
    """The tree of one `if:` block, already loaded as `data`, and everything wrong with it.

    With `known`, a topic (or what else it lists) that does not exist is an error with the nearest name.
    `path` leads to the block inside its file and `marks` tells where each path stands. Lines are
    AND, lists are OR; nothing at all is `Always`. What could not be read is left out of the tree, so
    a tree with diagnostics must not be put in force.
    """
    reader = _Reader(marks, file, known or {})
    return reader.block(data, path, 0), reader.diagnostics


class _Reader:
    def __init__(self, marks: Mapping[Path, Place], file: str, known: Known) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._marks = marks
        self._file = file
        self._known = known

    def block(self, data: object, path: Path, depth: int) -> Node:
        """Lines (AND) or a list of them (OR)."""
        source = self._source(path)
        if depth > _DEEPEST:
            self._say(TOO_DEEP, path, f"conditions stand more than {_DEEPEST} deep")
            return Always(source)
        if data is None or data == "always":
            return Always(source)
        if isinstance(data, Mapping):
            lines = [self._line(str(key), value, (*path, key), depth) for key, value in data.items()]
            parts = tuple(line for line in lines if line is not None)
            return parts[0] if len(parts) == 1 else And(parts, source)
        if isinstance(data, list) and data:
            return Or(tuple(self._blocks(data, path, depth)), source)
        self._say(BAD_SHAPE, path, f"a condition cannot be `{data}`", "lines such as `topic: widget`")
        return Always(source)

    def _blocks(self, data: list[object], path: Path, depth: int) -> list[Node]:
        return [self.block(item, (*path, at), depth + 1) for at, item in enumerate(data)]

    def _line(self, key: str, value: object, path: Path, depth: int) -> Node | None:
        if key in GROUPS:
            return self._group(key, value, path, depth)
        field = field_named(key)
        if field is None or field.query_only:
            known = (*policy_names(), *GROUPS)
            self._say(
                UNKNOWN_FIELD,
                path,
                f"there is no field `{key}`",
                "a field or " + ", ".join(GROUPS),
                nearest(key, known),
            )
            return None
        if isinstance(value, Mapping):
            return self._bounds(field, value, path)
        items = value if isinstance(value, list) else [value]
        if not items:
            self._say(BAD_VALUE, path, f"`{key}` has an empty list", expected_of(field))
        tests = [
            test
            for at, item in enumerate(items)
            if (test := self._test(field, item, (*path, at) if isinstance(value, list) else path)) is not None
        ]
        return either(tests) if tests else None

    def _group(self, key: str, value: object, path: Path, depth: int) -> Node | None:
        source = self._source(path)
        if isinstance(value, list) and value:
            parts = self._blocks(value, path, depth)
        elif isinstance(value, Mapping) and value:
            lines = [self._line(str(name), item, (*path, name), depth + 1) for name, item in value.items()]
            parts = [line for line in lines if line is not None]
        else:
            self._say(BAD_SHAPE, path, f"`{key}` has nothing under it", "a list of conditions")
            return None
        if key == "all_of":
            return And(tuple(parts), source)
        some = Or(tuple(parts), source)
        return Not(some, source) if key == "none_of" else some

    def _test(self, field: Field, value: object, path: Path) -> Test | None:
        text = _scalar(value)
        if text is None:
            self._say(
                BAD_VALUE,
                path,
                f"`{field.name}` has no value here" if value is None else f"`{field.name}` cannot hold this",
                expected_of(field),
            )
            return None
        try:
            op, operand = read_value(field, text)
            check_known(field, op, operand, self._known)
        except BadValueError as error:
            self._say(BAD_VALUE, path, str(error), error.expected, error.nearest)
            return None
        return Test(field.name, op, operand, self._source(path))

    def _bounds(self, field: Field, given: Mapping[object, object], path: Path) -> Test | None:
        """A mapping such as `{at_least: 2, within: 24h}`."""
        if field.type not in (FieldType.NUMBER, FieldType.DURATION):
            self._say(BAD_SHAPE, path, f"`{field.name}` has no lines of its own", expected_of(field))
            return None
        bounds: dict[str, str] = {}
        args: list[tuple[str, int]] = []
        faults = len(self.diagnostics)
        for key, value in given.items():
            name, text, place = str(key), _scalar(value), (*path, str(key))
            if name in BOUNDS and text is not None:
                bounds[name] = text
            elif name in field.args and text is not None:
                self._arg(name, text, place, args)
            elif name in BOUNDS or name in field.args:
                self._say(BAD_VALUE, place, f"`{name}` has no value here", expected_of(field))
            else:
                known = (*BOUNDS, *field.args)
                self._say(
                    UNKNOWN_KEY,
                    place,
                    f"`{field.name}` knows no `{name}`",
                    "one of " + ", ".join(known),
                    nearest(name, known),
                )
        if not bounds and len(self.diagnostics) == faults:
            self._say(
                BAD_SHAPE, path, f"`{field.name}` does not say how many", "a line such as `at_least: 2`"
            )
        return self._bounded(field, bounds, tuple(sorted(args)), path) if bounds else None

    def _arg(self, name: str, text: str, path: Path, args: list[tuple[str, int]]) -> None:
        try:
            args.append((name, parse_duration(text)))
        except ValueError as error:
            self._say(BAD_VALUE, path, str(error), DURATION_HINT)

    def _bounded(self, field: Field, bounds: Mapping[str, str], args: Args, path: Path) -> Test | None:
        try:
            operand: Operand = (read_bounds(field, bounds),)
        except BadValueError as error:
            self._say(BAD_VALUE, path, str(error), error.expected, error.nearest)
            return None
        return Test(field.name, Op.BETWEEN, operand, self._source(path), args)

    def _source(self, path: Path) -> str:
        line, col = self._place(path)
        return f"{self._file}:{line}:{col}"

    def _place(self, path: Path) -> tuple[int, int]:
        while path not in self._marks and path:
            path = path[:-1]
        mark = self._marks.get(path)
        return (0, 0) if mark is None else (mark.line, mark.col)

    def _say(
        self, code: str, path: Path, message: str, expected: str | None = None, like: str | None = None
    ) -> None:
        line, col = self._place(path)
        self.diagnostics.append(Diagnostic(code, "error", self._file, line, col, message, expected, like))


def _scalar(value: object) -> str | None:
    """What a person wrote for a scalar, near enough; None for what is no scalar."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case str() | int():
            return str(value)
        case _:
            return None
