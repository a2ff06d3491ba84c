"""Evaluator room: whether a condition holds for a subject, and the reasons line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Test, ranges_of, words_of
from socialdesk.conditions.describe import describe, describe_test, describe_value
from socialdesk.conditions.fields import ANYWHERE, FIELDS, PERSON, FieldType
from socialdesk.conditions.subject import Subject
from socialdesk.conditions.words import excerpt, finder, fold, lower_ascii
from socialdesk.model import Reason

Check: TypeAlias = Callable[[Subject], bool]
_Finder: TypeAlias = Callable[[str], bool]
_Asked: TypeAlias = Callable[[object], bool]


def matches(node: Node, subject: Subject) -> bool:
    """Whether the condition holds; whoever asks more than once keeps `compile_test(node)` instead."""
    return compile_test(node)(subject)


def compile_test(node: Node) -> Check:
    """The condition as one function of a subject; about a microsecond for a simple test."""
    match node:
        case Always():
            return _always
        case Not():
            return _negated(compile_test(node.part))
        case And():
            return _all_of([compile_test(part) for part in node.parts])
        case Or():
            return _any_of([compile_test(part) for part in node.parts])
        case Test():
            return _check_of(node)


def explain(node: Node, subject: Subject) -> Reason:
    """Every line of the condition with what it tested, the actual value and whether it held.

    All parts are asked, also those after the one that settled the matter: a lead wants to see every
    line that would have had to be different.
    """
    match node:
        case Test():
            return _explain_test(node, subject)
        case Not():
            inner = explain(node.part, subject)
            # "None of" already says that its lines are alternatives.
            children = inner.children if isinstance(node.part, Or) else (inner,)
            return Reason(not inner.held, "none of", "", node.source, "", children)
        case And() | Or():
            children = tuple(explain(part, subject) for part in node.parts)
            held = all(c.held for c in children) if isinstance(node, And) else any(c.held for c in children)
            return Reason(
                held, "all of" if isinstance(node, And) else "any of", "", node.source, "", children
            )
        case Always():
            return Reason(True, describe(node), "", node.source)


def _explain_test(test: Test, subject: Subject) -> Reason:
    if test.field == ANYWHERE:
        value: object = (*_texts(subject.value("text")), *_texts(subject.value(PERSON)))
    else:
        value = subject.value(test.field, dict(test.args) or None)
    held = _check_of(test)(subject)
    if test.op is not Op.CONTAINS:
        return Reason(held, describe_test(test), describe_value(test.field, value), test.source)
    found = [excerpt(phrase, text) for phrase in words_of(test) for text in _texts(value)]
    words = ", ".join(dict.fromkeys(filter(None, found)))
    actual = "not known" if value is None else f"“{words}”" if words else "not in the text"
    return Reason(held, describe_test(test), actual, test.source, words)


def _always(_: Subject) -> bool:
    return True


def _negated(check: Check) -> Check:
    return lambda subject: not check(subject)


def _all_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(subject: Subject) -> bool:
        return all(part(subject) for part in checks)

    return check


def _any_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(subject: Subject) -> bool:
        return any(part(subject) for part in checks)

    return check


def _check_of(test: Test) -> Check:
    if test.field == ANYWHERE:
        return _anywhere(test)
    field, asked = test.field, _asked_by(test)
    if not test.args:
        return lambda subject: asked(subject.value(field))
    args: Mapping[str, int] = dict(test.args)
    return lambda subject: asked(subject.value(field, args))


def _asked_by(test: Test) -> _Asked:
    """What the test asks of the value alone."""
    match test.op:
        case Op.KNOWN:
            return _is_known if test.operand else _is_unknown
        case Op.IS:
            return _is_true if test.operand else _is_false
        case Op.BETWEEN:
            return _between(test)
        case Op.CONTAINS:
            return _contains(test)
        case Op.STARTS:
            return _starts(test)
        case Op.ONE_OF:
            return _one_of(test)


def _is_known(value: object) -> bool:
    return value is not None and value != "" and value != ()


def _is_unknown(value: object) -> bool:
    return value is None or value == "" or value == ()


def _is_true(value: object) -> bool:
    return value is not None and bool(value)


def _is_false(value: object) -> bool:
    return value is not None and not value


def _between(test: Test) -> _Asked:
    ranges = ranges_of(test)
    if len(ranges) == 1:
        low, high = ranges[0].low, ranges[0].high
        if high is None and low is not None:
            return lambda value: isinstance(value, int) and value >= low
        if low is None and high is not None:
            return lambda value: isinstance(value, int) and value <= high
    return lambda value: isinstance(value, int) and any(value in part for part in ranges)


def _contains(test: Test) -> _Asked:
    finders = [finder(phrase) for phrase in words_of(test)]
    if test.field == PERSON:  # handle and name are one person's, so each phrase may stand in either
        return lambda value: not _missing_in(list(map(fold, _texts(value))), finders)

    def asked(value: object) -> bool:
        for text in _texts(value):
            folded = fold(text)
            if all(found(folded) for found in finders):
                return True
        return False

    return asked


def _anywhere(test: Test) -> Check:
    """Every phrase in one message or in its conversation's writer's handle or name."""
    finders = [finder(phrase) for phrase in words_of(test)]

    def check(subject: Subject) -> bool:
        names = [fold(name) for name in _texts(subject.value(PERSON))]
        asked = _missing_in(names, finders)
        return not asked or any(not _missing_in([fold(t)], asked) for t in _texts(subject.value("text")))

    return check


def _missing_in(folded: list[str], finders: list[_Finder]) -> list[_Finder]:
    """Those phrases that none of the texts holds."""
    return [found for found in finders if not any(map(found, folded))]


def _starts(test: Test) -> _Asked:
    beginnings = words_of(test)
    return lambda value: isinstance(value, str) and lower_ascii(value).startswith(beginnings)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else ()


def _one_of(test: Test) -> _Asked:
    wanted = frozenset(words_of(test))
    kind = FIELDS[test.field].type if test.field in FIELDS else FieldType.WORD
    if kind in _PARTIAL:
        separator, from_end = _PARTIAL[kind]
        return _one_of_family(wanted, separator, from_end)

    def asked(value: object) -> bool:
        if isinstance(value, str):
            return value in wanted or lower_ascii(value) in wanted
        if isinstance(value, tuple):
            return not (wanted.isdisjoint(value) and wanted.isdisjoint(map(lower_ascii, value)))
        return False

    return asked


_PARTIAL: Mapping[FieldType, tuple[str, bool]] = {
    FieldType.LANGUAGE: ("-", False),
    FieldType.SITE: (".", True),
}
"""Types where a value also holds for its own kind: `en` for en-GB, `reddit.com` for old.reddit.com."""


def _one_of_family(wanted: frozenset[str], separator: str, from_end: bool) -> _Asked:
    ends = tuple(separator + word if from_end else word + separator for word in wanted)

    def asked(value: object) -> bool:
        if not isinstance(value, str):
            return False
        word = lower_ascii(value)
        return word in wanted or (word.endswith(ends) if from_end else word.startswith(ends))

    return asked
