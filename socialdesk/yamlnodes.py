"""YAML's lower room: turns a file into nodes with their places, within bounds, or says why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaml import Event, MarkedYAMLError

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 50
MAX_NODES = 100_000
MAX_ALIASES = 100
"""Bounds of one file. No policy comes near them; what does is a mistake or an attack."""

_TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})
# Line breaks as YAML's scanner counts them.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Written as what is forbidden: the complement, which the specification lists, takes 3 ms to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_HINTS = (
    ("mapping values are not allowed", "quotes around a text that contains a colon"),
    ("did not find expected key", "every key of a mapping in the same column, and quotes closed"),
    ("did not find expected '-'", "every item of a list in the same column"),
    ("cannot start any token", "quotes around a text that begins with a sign such as @ ` or %"),
    ("unexpected end of stream", "a closing quote"),
    ("could not find expected ':'", "a colon and a space after the key"),
)
"""What the parser says when it stumbles over the usual slips, and what would have been right."""


class Mark(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


class Node:
    """A value as the file writes it. An alias is the very node it names; `size` bounds a walk over it.

    `kind` is scalar, list or mapping; `plain` tells a scalar without quotes. `entries` are key,
    the key's place and value, doubles included.
    """

    __slots__ = ("entries", "height", "items", "kind", "mark", "plain", "size", "text")

    def __init__(self, kind: str, mark: Mark, text: str = "", *, plain: bool = False) -> None:
        self.kind = kind
        self.mark = mark
        self.text = text
        self.plain = plain
        self.items: list[Node] = []
        self.entries: list[tuple[Node, Mark, Node]] = []
        self.size = 1
        self.height = 1


_PLACEHOLDER_FIRST = re.compile(r"[:-] +\{[\w. ]+\}")
"""`text: {first_name}, thanks`, which YAML takes for a mapping and then for rubbish."""


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a file as YAML counts them."""
    return tuple(_BREAK.split(text))


def compose(name: str, text: str) -> tuple[list[Node], list[Diagnostic]]:
    """The documents of `text` as nodes, and what is wrong with its characters, syntax and size.

    Reading ends at the first broken syntax; the documents before it are there.
    """
    lines = lines_of(text)
    problems = list(_unreadable(name, text, lines)) or list(_unmerged(name, lines))
    if problems:
        return [], problems
    composer = _Composer(name, lines)
    composer.read(text)
    return composer.roots, [problem.with_excerpt(lines) for problem in composer.problems]


class _TooMuchError(Exception):
    """The file breaks a bound and is read no further."""

    def __init__(self, mark: Mark, message: str) -> None:
        super().__init__(message)
        self.mark = mark


class _Composer:
    """Builds nodes from the parser's events without recursion, so that depth cannot overflow a stack."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        self._name = name
        self._lines = lines
        self._open: list[tuple[Node, str | None]] = []
        self._keys: list[tuple[Node, Mark] | None] = []
        self._anchors: dict[str, Node | None] = {}
        self._aliases = 0
        self._total = 0
        self.problems: list[Diagnostic] = []
        self.roots: list[Node] = []

    def read(self, text: str) -> None:
        """Compose every document of `text` into `roots`; what is wrong goes to `problems`."""
        import yaml  # 15 ms: a warm headless command reads a bundle instead of YAML

        loader = getattr(
            yaml, "CSafeLoader", yaml.SafeLoader
        )  # libyaml, where there is one, is ten times as fast
        try:
            for event in yaml.parse(text, Loader=loader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            self.problems.append(self._syntax(error))
        except _TooMuchError as error:
            self._problem(error.mark, "SD003", str(error))

    def _take(self, event: Event) -> None:
        import yaml

        start = event.start_mark
        mark = Mark(1, 1) if start is None else Mark(start.line + 1, start.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), mark)
        elif isinstance(event, yaml.ScalarEvent):
            self._tagged(event.tag, mark)
            node = Node("scalar", mark, event.value, plain=event.tag is None and event.implicit[0])
            if event.anchor is not None:
                self._anchors[event.anchor] = node
            self._attach(node, mark)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._tagged(event.tag, mark)
            if len(self._open) >= MAX_DEPTH:
                raise _TooMuchError(mark, f"nested more than {MAX_DEPTH} deep")
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
            self._open.append((Node(kind, mark), event.anchor))
            self._keys.append(None)
            if event.anchor is not None:
                self._anchors[event.anchor] = None
        elif isinstance(event, yaml.CollectionEndEvent):
            node, anchor = self._open.pop()
            self._keys.pop()
            if anchor is not None:
                self._anchors[anchor] = node
            self._attach(node, node.mark)

    def _alias(self, anchor: str, mark: Mark) -> None:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise _TooMuchError(mark, f"more than {MAX_ALIASES} aliases")
        if anchor not in self._anchors:
            self._problem(mark, "SD004", f"nothing is named &{anchor} above this line")
            self._attach(Node("scalar", mark, plain=True), mark)
            return
        node = self._anchors[anchor]
        if node is None:
            raise _TooMuchError(mark, f"*{anchor} contains itself")
        if len(self._open) + node.height > MAX_DEPTH:
            raise _TooMuchError(mark, f"nested more than {MAX_DEPTH} deep")
        self._total += node.size - 1
        self._attach(node, mark)

    def _attach(self, node: Node, mark: Mark) -> None:
        self._total += 1
        if self._total > MAX_NODES:
            raise _TooMuchError(mark, f"more than {MAX_NODES:,} values, aliases included")
        if not self._open:
            self.roots.append(node)
            return
        (parent, _), key = self._open[-1], self._keys[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if parent.kind == "list":
            parent.items.append(node)
        elif key is None:
            self._keys[-1] = (node, mark)
        else:
            parent.entries.append((*key, node))
            self._keys[-1] = None

    def _tagged(self, tag: str | None, mark: Mark) -> None:
        if tag is not None and tag not in _TEXT_TAGS:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                mark, "SD004", f"the tag {shown} is not used here", "the plain value, quoted if it is text"
            )

    def _problem(self, mark: Mark, code: str, message: str, expected: str | None = None) -> None:
        self.problems.append(Diagnostic(code, "error", self._name, *mark, message, expected))

    def _syntax(self, error: MarkedYAMLError) -> Diagnostic:
        problem = error.problem or "broken syntax"
        place = self._place(error)
        message = problem
        if error.context and error.context_mark is not None and error.context_mark.line + 1 != place.line:
            message = f"{problem}, {error.context} that begins in line {error.context_mark.line + 1}"
        hint = next((words for sign, words in _HINTS if sign in problem), None)
        if self._lines[place.line - 1][place.column - 1 :].startswith("\t"):
            hint = "spaces; a tab cannot indent"
        if _PLACEHOLDER_FIRST.search(self._lines[place.line - 1][: place.column - 1]):
            hint = "quotes around a text that begins with {"
        return Diagnostic("SD001", "error", self._name, *place, f"not YAML: {message}", hint)

    def _place(self, error: MarkedYAMLError) -> Mark:
        """Where the parser stumbled; after the last line there is nothing to show, so its end is meant."""
        mark = error.problem_mark or error.context_mark
        if error.problem and "expected ':'" in error.problem:
            mark = error.context_mark or mark  # the key that lacks it; the parser notices a line later
        if mark is None:
            return Mark(1, 1)
        if mark.line >= len(self._lines):
            return Mark(len(self._lines), len(self._lines[-1]) + 1)
        return Mark(mark.line + 1, mark.column + 1)


def _unmerged(name: str, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Where git has left both sides of a conflict, of which no parser can make sense."""
    for number, line in enumerate(lines, 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            message = "a merge was left half done here"
            expected = "one of the two versions, without the lines <<<<<<<, ======= and >>>>>>>"
            yield Diagnostic("SD001", "error", name, number, 1, message, expected, excerpt=line)


def _unreadable(name: str, text: str, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Characters that YAML forbids, each with its place, and a file beyond the bound."""
    if len(text) > MAX_CHARACTERS:
        message = f"the file has {len(text):,} characters"
        yield Diagnostic("SD003", "error", name, 0, 0, message, f"at most {MAX_CHARACTERS:,}")
    elif _FORBIDDEN.search(text) is not None:
        for number, line in enumerate(lines, 1):
            for found in _FORBIDDEN.finditer(line):
                message = f"the invisible character U+{ord(found.group()):04X} is not allowed"
                yield Diagnostic("SD001", "error", name, number, found.start() + 1, message, excerpt=line)
