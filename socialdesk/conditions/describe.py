"""Describe room: conditions in plain words, for explanations, the policy manual and the desk."""

from __future__ import annotations

from socialdesk.clock import iso
from socialdesk.conditions.ast import Always, And, Node, Not, Op, Or, Range, Test, ranges_of, words_of
from socialdesk.conditions.fields import FIELDS, FieldType
from socialdesk.conditions.units import format_duration, format_number


def describe(node: Node) -> str:
    """The condition as part of a sentence: `topic is widget and (feeling is upset or followers 50k+)`."""
    match node:
        case Always():
            return "always"
        case And(parts=()):
            return "always"
        case Or(parts=()):
            return "never"
        case And():
            return " and ".join(map(_inside, node.parts))
        case Or():
            return " or ".join(map(_inside, node.parts))
        case Not():
            return f"not ({describe(node.part)})"
        case Test():
            return describe_test(node)


def describe_test(test: Test) -> str:
    """One test in words: `followers at least 50,000`, `feeling is upset or belligerent`."""
    name = test.field.replace("_", " ")
    within = "".join(f" {key} {format_duration(length)}" for key, length in test.args)
    match test.op:
        case Op.ONE_OF:
            return f"{name} is {' or '.join(map(_plain, words_of(test)))}{within}"
        case Op.STARTS:
            return f"{name} begins with {' or '.join(words_of(test))}"
        case Op.CONTAINS:
            return f"{name} has " + " and ".join(f"“{phrase}”" for phrase in words_of(test))
        case Op.BETWEEN:
            return f"{name} {' or '.join(_range(test.field, part) for part in ranges_of(test))}{within}"
        case Op.KNOWN:
            return f"{name} is known" if test.operand else f"{name} is none or not known"
        case Op.IS:
            return f"{name} is {'yes' if test.operand else 'no'}"


def describe_value(field: str, value: object) -> str:
    """A field's actual value in words; `not known` for None."""
    match value:
        case None | "" | ():
            return "not known" if value is None else "none"
        case bool():
            return "yes" if value else "no"
        case int():
            return _amount(field, value)
        case tuple():
            return ", ".join(_plain(str(part)) for part in value)
        case _:
            return _plain(str(value))


def _inside(node: Node) -> str:
    words = describe(node)
    return f"({words})" if isinstance(node, And | Or) and len(node.parts) > 1 else words


def _range(field: str, part: Range) -> str:
    low, high = part.low, part.high
    if low is None and high is None:
        return "of any size"
    if low is None:
        return f"at most {_amount(field, high)}" if not part.words.startswith(_UNDER) else part.words
    if high is None:
        return f"at least {_amount(field, low)}" if not part.words.startswith(_OVER) else part.words
    return _amount(field, low) if low == high else f"{_amount(field, low)} to {_amount(field, high)}"


_UNDER = ("under", "below", "less", "fewer", "younger", "shorter", "before")
_OVER = ("over", "above", "more", "older", "longer")


def _amount(field: str, value: int | None) -> str:
    number = value or 0
    kind = FIELDS[field].type if field in FIELDS else FieldType.NUMBER
    if kind is FieldType.DURATION:
        return format_duration(number)
    if kind is FieldType.MOMENT:
        return iso(number)
    return str(number) if field == "id" else format_number(number)


def _plain(word: str) -> str:
    return word.replace("_", " ")
