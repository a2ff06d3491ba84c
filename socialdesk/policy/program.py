"""A policy's conditions made fast: each field is asked once, and equal answers are decided once.

What a decision depends on is which tests hold. The tests of cheap fields (those that need no look into
the inbox) are answered together: one look-up per field gives the bits of all its tests. The bits name
a rest, made once and kept: the conditions with those answers filled in, of which mostly nothing is
left. So a decision costs about the same for two playbooks and for two hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from socialdesk.conditions.ast import Always, And, Node, Not, Or, Test, walk
from socialdesk.conditions.evaluate import compile_test
from socialdesk.conditions.fields import FIELDS, FieldType
from socialdesk.conditions.subject import Subject, Values

if TYPE_CHECKING:
    from socialdesk.policy.model import Case, Policy

Holds: TypeAlias = Callable[[Subject], bool]

_KEPT = 20_000
"""How many answers are kept, per field and in all: a fire hose of follower counts must not fill memory."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left to ask; a None in place of a condition holds for certain."""

    playbooks: tuple[tuple[Holds | None, tuple[tuple[Holds | None, Case], ...]], ...]
    standing: tuple[tuple[Holds | None, int], ...]
    settled: tuple[Case | None, tuple[int, ...]] | None


class Program:
    """Answers for one policy which case takes a subject and which standing orders hold."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._rests: dict[int, _Rest] = {}
        self._tests: dict[Test, int] = {}
        for node in _conditions(policy):
            for test in walk(node):
                if _cheap(test):
                    self._tests.setdefault(test, len(self._tests))
        by_field: dict[str, list[tuple[int, Holds]]] = {}
        for test, bit in self._tests.items():
            by_field.setdefault(test.field, []).append((1 << bit, compile_test(test)))
        self._fields: tuple[tuple[str, dict[object, int], list[tuple[int, Holds]]], ...] = tuple(
            (field, {}, tests) for field, tests in by_field.items()
        )

    def settle(self, subject: Subject) -> tuple[Case | None, tuple[int, ...]]:
        """The case that takes `subject` or None, and the positions of the standing orders that hold."""
        value = subject.value
        bits = 0
        for field, known, tests in self._fields:
            found = value(field)
            answer = known.get(found)
            bits |= _answer(field, found, known, tests) if answer is None else answer
        rest = self._rests.get(bits)
        if rest is None:
            if len(self._rests) >= _KEPT:
                self._rests.clear()
            rest = self._rests[bits] = self._rest(bits)
        if rest.settled is not None:
            return rest.settled
        return _first(rest, subject), tuple(
            [n for holds, n in rest.standing if holds is None or holds(subject)]
        )

    def _rest(self, bits: int) -> _Rest:
        playbooks = tuple(self._open_playbooks(bits))
        standing = tuple(
            (holds, at)
            for at, order in enumerate(self._policy.always)
            for holds in self._left(order.condition, bits)
        )
        certain = not playbooks or (playbooks[0][0] is None and playbooks[0][1][0][0] is None)
        settled: tuple[Case | None, tuple[int, ...]] | None = None
        if certain and all(holds is None for holds, _ in standing):
            case = playbooks[0][1][0][1] if playbooks else None
            settled = (case, tuple(at for _, at in standing))
        return _Rest(playbooks, standing, settled)

    def _open_playbooks(
        self, bits: int
    ) -> Iterator[tuple[Holds | None, tuple[tuple[Holds | None, Case], ...]]]:
        for book in self._policy.playbooks:
            for holds in self._left(book.condition, bits):
                cases = tuple(
                    (case_holds, case)
                    for case in book.cases
                    if not case.only_by_go_to
                    for case_holds in self._left(case.condition, bits)
                )
                if cases:
                    yield holds, cases

    def _left(self, condition: Node | None, bits: int) -> Iterator[Holds | None]:
        """What is left of a condition: nothing when it fails, None when it holds, else what to ask."""
        left = True if condition is None else self._filled(condition, bits)
        if left is True:
            yield None
        elif left is not False:
            yield compile_test(left)

    def _filled(self, node: Node, bits: int) -> Node | bool:
        """The condition with every answer that `bits` has put in; a bool when that settles it."""
        match node:
            case Always():
                return True
            case Test():
                bit = self._tests.get(node)
                return node if bit is None else bool(bits >> bit & 1)
            case Not():
                part = self._filled(node.part, bits)
                return not part if isinstance(part, bool) else Not(part, node.source)
            case And() | Or():
                settles = isinstance(node, Or)
                parts = [self._filled(part, bits) for part in node.parts]
                if settles in parts:
                    return settles
                left = tuple(part for part in parts if not isinstance(part, bool))
                return type(node)(left, node.source) if left else not settles


def _answer(field: str, value: object, known: dict[object, int], tests: list[tuple[int, Holds]]) -> int:
    subject = Values({field: value})
    bits = sum(bit for bit, holds in tests if holds(subject))
    if len(known) >= _KEPT:
        known.clear()
    known[value] = bits
    return bits


def _first(rest: _Rest, subject: Subject) -> Case | None:
    for holds, cases in rest.playbooks:
        if holds is None or holds(subject):
            for case_holds, case in cases:
                if case_holds is None or case_holds(subject):
                    return case
    return None


def _cheap(test: Test) -> bool:
    """Whether the subject knows the value without looking into the inbox, and values repeat."""
    field = FIELDS[test.field]
    return not (field.needs_facts or test.args or field.type is FieldType.TEXT)


def _conditions(policy: Policy) -> Iterator[Node]:
    for book in policy.playbooks:
        if book.condition is not None:
            yield book.condition
        yield from (case.condition for case in book.cases if case.condition is not None)
    yield from (order.condition for order in policy.always)
