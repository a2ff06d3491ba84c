"""Condition tree room: the frozen nodes that the parsers make and both evaluators read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Op(StrEnum):
    """What a test asks of its field."""

    ONE_OF = "one_of"
    BETWEEN = "between"
    IS = "is"
    KNOWN = "known"
    CONTAINS = "contains"
    STARTS = "starts"


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers (or milliseconds) from `low` to `high`, both included; None leaves that end open.

    `words` is how a person wrote it and takes no part in comparisons.
    """

    low: int | None
    high: int | None
    words: str = dataclasses.field(default="", compare=False)

    def __contains__(self, value: int) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


Operand: TypeAlias = tuple[str, ...] | tuple[Range, ...] | bool
"""ONE_OF and STARTS: words in lower case, one of which the value is or begins with; BETWEEN: ranges,
one of which must hold the value; IS and KNOWN: the answer wanted; CONTAINS: phrases (folded words joined
by one space, the last one a prefix when a star follows) that one text must all contain."""

Args: TypeAlias = tuple[tuple[str, int], ...]
"""What narrows a counting field, sorted by name: `within` in milliseconds."""


@dataclass(frozen=True, slots=True)
class Test:
    """One question about one field; `source` is the `file:line:col` it is written at, "" in the query bar."""

    __test__ = False  # pytest would collect a class of this name

    field: str
    op: Op
    operand: Operand
    source: str = dataclasses.field(default="", compare=False)
    args: Args = ()


@dataclass(frozen=True, slots=True)
class And:
    """Holds when all parts hold; without parts it holds."""

    parts: tuple[Node, ...]
    source: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Holds when one part holds; without parts it does not."""

    parts: tuple[Node, ...]
    source: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part does not."""

    part: Node
    source: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever the subject; what a missing `if:` means."""

    source: str = dataclasses.field(default="", compare=False)


Node: TypeAlias = And | Or | Not | Test | Always


def words_of(test: Test) -> tuple[str, ...]:
    """The operand of a ONE_OF, STARTS or CONTAINS test."""
    if isinstance(test.operand, tuple):
        return tuple(part for part in test.operand if isinstance(part, str))
    return ()


def ranges_of(test: Test) -> tuple[Range, ...]:
    """The operand of a BETWEEN test."""
    if isinstance(test.operand, tuple):
        return tuple(part for part in test.operand if isinstance(part, Range))
    return ()


def walk(node: Node) -> Iterator[Test]:
    """Every test of a tree, as written from top to bottom."""
    match node:
        case And() | Or():
            for part in node.parts:
                yield from walk(part)
        case Not():
            yield from walk(node.part)
        case Test():
            yield node


def fields_used(node: Node) -> frozenset[str]:
    """The names of the fields that a tree asks about."""
    return frozenset(test.field for test in walk(node))
