"""Normal form room: condition trees as plain JSON data and back, for policy bundles and stored views."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from socialdesk.conditions.ast import (
    Always,
    And,
    Node,
    Not,
    Op,
    Operand,
    Or,
    Range,
    Test,
    ranges_of,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def to_json(node: Node) -> dict[str, Json]:
    """The tree, with the places it is written at, as data that `json.dumps` takes and `from_json` reads."""
    data: dict[str, Json] = {"at": node.source} if node.source else {}
    match node:
        case Always():
            data["always"] = True
        case And():
            data["and"] = [to_json(part) for part in node.parts]
        case Or():
            data["or"] = [to_json(part) for part in node.parts]
        case Not():
            data["not"] = to_json(node.part)
        case Test():
            data |= {"field": node.field, "op": str(node.op), "value": _operand(node)}
            if node.args:
                data["args"] = dict(node.args)
    return data


def from_json(data: Mapping[str, Json]) -> Node:
    """The tree that `to_json` wrote; raises `ValueError` for anything else."""
    source = str(data.get("at", ""))
    match data:
        case {"always": True}:
            return Always(source)
        case {"and": list(parts)}:
            return And(tuple(map(_child, parts)), source)
        case {"or": list(parts)}:
            return Or(tuple(map(_child, parts)), source)
        case {"not": part}:
            return Not(_child(part), source)
        case {"field": str(field), "op": str(op), "value": value}:
            args = data.get("args", {})
            pairs = args.items() if isinstance(args, dict) else ()
            kept = tuple((name, length) for name, length in pairs if isinstance(length, int))
            return Test(field, Op(op), _read(Op(op), value), source, kept)
        case _:
            raise ValueError("this is no condition in normal form")


def _operand(test: Test) -> Json:
    if isinstance(test.operand, bool):
        return test.operand
    return [[part.low, part.high, part.words] for part in ranges_of(test)] or list(words_of(test))


def _read(op: Op, value: Json) -> Operand:
    match op, value:
        case ((Op.IS | Op.KNOWN), bool(truth)):
            return truth
        case ((Op.ONE_OF | Op.STARTS | Op.CONTAINS), list(words)):
            return tuple(map(str, words))
        case Op.BETWEEN, list(ranges):
            return tuple(map(_range, ranges))
        case _:
            raise ValueError(f"`{op}` has no such operand in normal form")


def _range(value: Json) -> Range:
    match value:
        case [int() | None as low, int() | None as high, str(words)]:
            return Range(low, high, words)
        case _:
            raise ValueError("this is no range in normal form")


def _child(data: Json) -> Node:
    if isinstance(data, dict):
        return from_json(data)
    raise ValueError("this is no condition in normal form")
