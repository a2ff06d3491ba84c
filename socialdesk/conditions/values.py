"""Values room: how the value of a condition is written, the same in policy files and in the query bar."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, TypeAlias

from socialdesk.conditions.ast import Node, Op, Operand, Or, Range, Test, ranges_of, words_of
from socialdesk.conditions.fields import Field, FieldType
from socialdesk.conditions.units import parse_duration, parse_number
from socialdesk.conditions.words import STAR, lower_ascii, phrase_of
from socialdesk.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

TRUTH: Mapping[str, bool] = {"yes": True, "true": True, "no": False, "false": False}
KNOWN: Mapping[str, bool] = {"any": True, "none": False}
BOUNDS = ("at_least", "at_most", "over", "under", "exactly")

_EXPECTED: Mapping[FieldType, str] = {
    FieldType.NUMBER: "a number or a range: 500, 50k+, under 500, 3 to 10",
    FieldType.DURATION: "a duration or a range: 2h+, under 730d, 1h to 3d",
    FieldType.FLAG: "yes or no",
    FieldType.TEXT: "words to look for",
}
_SIGILS: Mapping[str, str] = {"author": "@", "topic": "#", "tag": "#"}
_BEFORE: Mapping[str, str] = {
    **dict.fromkeys(("at least", "not under", ">="), "at_least"),
    **dict.fromkeys(("at most", "up to", "not over", "no more than", "<="), "at_most"),
    **dict.fromkeys(("over", "above", "more than", "older than", "longer than", ">"), "over"),
    **dict.fromkeys(
        ("under", "below", "less than", "fewer than", "younger than", "shorter than", "<"), "under"
    ),
    **dict.fromkeys(("exactly", "="), "exactly"),
}
_AFTER: Mapping[str, str] = {
    **dict.fromkeys(("+", "or more", "or longer", "or older", "and more"), "at_least"),
    **dict.fromkeys(("or less", "or fewer", "or younger"), "at_most"),
}


def _one_of(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# Patterns stay text until one is needed: compiling them costs more than importing the module.
_BOUNDED = rf"(?s:(?:({_one_of(_BEFORE)})\s*)?(.*?)(?:\s*({_one_of(_AFTER)}))?)"
_BETWEEN = r"(?:between |from )?(.+?)(?:\s+(?:to|and)\s+|\s*\.\.\s*|\s*[-–]\s*)(.+)"


Known: TypeAlias = Mapping[str, Collection[str]]
"""The values that exist for open fields, by field name: topics, networks, playbooks, agents, tags."""


class BadValueError(ValueError):
    """A value that its field cannot have: the sentence, what was expected, the nearest name."""

    def __init__(self, message: str, expected: str | None = None, like: str | None = None) -> None:
        super().__init__(message)
        self.expected = expected
        self.nearest = like


def read_value(field: Field, text: str) -> tuple[Op, Operand]:
    """What `text` asks of `field`, which is no MOMENT; raises `BadValueError`.

    A handle that ends in a star is the beginning of handles.
    """
    word = text.strip().lower()
    if word in KNOWN and word not in (field.values or ()) and field.type is not FieldType.TEXT:
        return Op.KNOWN, KNOWN[word]
    if field.type is FieldType.HANDLE and word.endswith(STAR):
        return Op.STARTS, (_read_word(field, word.removesuffix(STAR)),)
    return read_literal(field, text)


def read_literal(field: Field, text: str) -> tuple[Op, Operand]:
    """As `read_value`, but `any` and `none` are words like others; what stands in quotes."""
    words = " ".join(text.split())
    lower = words.lower()
    match field.type:
        case FieldType.NUMBER | FieldType.DURATION:
            return Op.BETWEEN, (read_range(field, lower),)
        case FieldType.FLAG:
            if lower not in TRUTH:
                raise BadValueError(f"`{field.name}` is not `{text}`", _EXPECTED[field.type])
            return Op.IS, TRUTH[lower]
        case FieldType.TEXT:
            phrase = phrase_of(words)
            if not phrase:
                raise BadValueError(f"there is no word to look for in `{text}`", _EXPECTED[field.type])
            return Op.CONTAINS, (phrase,)
        case _:
            return Op.ONE_OF, (_read_word(field, words),)


def check_known(field: Field, op: Op, operand: Operand, known: Known) -> None:
    """Raise `BadValueError` with the nearest name when a word of the operand does not exist."""
    names = known.get(field.name)
    if names is None or op is not Op.ONE_OF or isinstance(operand, bool):
        return
    existing = {lower_ascii(name) for name in names}
    for word in operand:
        if isinstance(word, str) and word not in existing:
            raise BadValueError(
                f"there is no {field.name} `{word}`", f"a known {field.name}", nearest(word, names)
            )


def expected_of(field: Field) -> str:
    """What a value of `field` looks like, for messages."""
    if field.values is not None:
        return "one of " + ", ".join(field.values)
    return _EXPECTED.get(field.type, "a word or a list of words")


def read_range(field: Field, text: str) -> Range:
    """The range that `50k+`, `under 2h` or `3 to 10` means for `field`; raises `BadValueError`."""
    found = re.fullmatch(_BOUNDED, text)
    before, middle, after = found.groups() if found is not None else (None, text, None)
    between = None if before else re.fullmatch(_BETWEEN, text)  # "up to 5" is no range from "up"
    if between is not None:
        low, high = (_number(field, end) for end in between.groups())
        return _checked(field, Range(low, high, text))
    if before and after:
        raise BadValueError(f"`{text}` has a bound at either end", expected_of(field))
    bound = _BEFORE[before] if before else _AFTER[after] if after else _bare(field)
    return _checked(field, bounded(bound, _number(field, middle), text))


def bounded(bound: str, number: int, words: str = "") -> Range:
    """The range from one of `BOUNDS` on; whole numbers, so `over 5` is 6 and more."""
    match bound:
        case "at_least":
            return Range(number, None, words)
        case "at_most":
            return Range(None, number, words)
        case "over":
            return Range(number + 1, None, words)
        case "under":
            return Range(None, number - 1, words)
        case _:
            return Range(number, number, words)


def read_bounds(field: Field, given: Mapping[str, str]) -> Range:
    """The range of a mapping such as `{at_least: 2, under: 10}`; raises `BadValueError`."""
    parts = [bounded(bound, _number(field, text)) for bound, text in given.items()]
    words = " and ".join(f"{bound.replace('_', ' ')} {text}" for bound, text in given.items())
    low = max((part.low for part in parts if part.low is not None), default=None)
    high = min((part.high for part in parts if part.high is not None), default=None)
    return _checked(field, Range(low, high, words))


def either(tests: Sequence[Test]) -> Node:
    """One node that holds when one of `tests` does; values of the same field become one test."""
    merged: list[Test] = []
    for test in tests:
        last = merged[-1] if merged else None
        if last is not None and _same_question(last, test):
            numbers = ranges_of(last) + ranges_of(test)
            operand: Operand = numbers or words_of(last) + words_of(test)
            merged[-1] = Test(last.field, last.op, operand, last.source, last.args)
        else:
            merged.append(test)
    return merged[0] if len(merged) == 1 else Or(tuple(merged), merged[0].source if merged else "")


def _same_question(a: Test, b: Test) -> bool:
    return (
        a.op is b.op and a.op in (Op.ONE_OF, Op.STARTS, Op.BETWEEN) and (a.field, a.args) == (b.field, b.args)
    )


def _number(field: Field, text: str) -> int:
    try:
        return parse_duration(text) if field.type is FieldType.DURATION else parse_number(text)
    except ValueError as error:
        raise BadValueError(str(error), expected_of(field)) from None


def _bare(field: Field) -> str:
    # Nobody waits for exactly two hours to the millisecond.
    return "at_least" if field.type is FieldType.DURATION else "exactly"


def _checked(field: Field, found: Range) -> Range:
    if found.low is not None and found.high is not None and found.low > found.high:
        raise BadValueError(f"nothing lies in `{found.words}`", expected_of(field))
    return found


def _read_word(field: Field, words: str) -> str:
    word = lower_ascii(words.removeprefix(_SIGILS.get(field.name, "\0")))
    if not word:
        raise BadValueError(f"`{field.name}` needs a value", expected_of(field))
    if field.values is not None:
        word = word.replace("-", "_").replace(" ", "_")
        if word not in field.values:
            like = nearest(word, field.values)
            raise BadValueError(f"`{field.name}` is never `{words}`", expected_of(field), like)
    if field.multi and "|" in word:
        raise BadValueError(f"`{words}` cannot contain `|`", expected_of(field))
    return word
