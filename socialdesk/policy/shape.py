"""Holds one YAML document against its shape; everything wrong becomes a diagnostic with its place."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from socialdesk.conditions.units import DURATION_HINT
from socialdesk.diagnostics import Diagnostic, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from socialdesk.policy.places import Path
    from socialdesk.yamlfile import YamlDocument

UNKNOWN_WORD, MISSING, WRONG_KIND, NOT_ONE_OF = "SD110", "SD111", "SD112", "SD113"
BAD_LENGTH, BAD_VALUE, NOT_ONE_THING = "SD114", "SD115", "SD116"

_CODES = {
    "extra_forbidden": UNKNOWN_WORD,
    "missing": MISSING,
    "literal_error": NOT_ONE_OF,
    "enum": NOT_ONE_OF,
    "duration": BAD_LENGTH,
    "does_nothing": NOT_ONE_THING,
    "step_kind": NOT_ONE_THING,
    "when_kind": NOT_ONE_THING,
}

_KINDS = {
    "string_type": "words",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "lines such as `name: value`",
    "mapping_type": "lines such as `name: value`",
    "model_type": "lines such as `name: value`",
    "model_attributes_type": "lines such as `name: value`",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
"""What a person should have written, by pydantic's name for the error."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A document's plain normal form, None where not even parts could be kept, and what is wrong.

    `whole` says that no name it may define is missing from the plain form.
    """

    plain: Any
    diagnostics: tuple[Diagnostic, ...]
    whole: bool = True


def hold_against(document: YamlDocument, data: Any, shape: type[BaseModel], at: Path = ()) -> Shaped:
    """The plain form of `data`, which stands at `at` in `document`.

    When something is wrong, the parts that are right are still returned, so that the check can go on
    and a lead sees every error at once; such a form must never be put in force.
    """
    try:
        return Shaped(_plain(shape.model_validate(data), document, at), ())
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=True)
    diagnostics = tuple(_diagnostics(document, found, shape, at))
    plain, removed = _rescue(document, data, shape, at, found)
    hidden = any(_hides_names(data, path) for path in removed)
    return Shaped(plain, diagnostics, whole=plain is not None and not hidden)


def _hides_names(data: Any, path: Path) -> bool:
    """Whether a name went with the value at `path`: `groups`, or `groups: legal`, but nothing of a group's own."""
    return len(path) == 2 or (len(path) == 1 and isinstance(_below(data, path[0]), dict | list)) or not path


def _plain(model: BaseModel, document: YamlDocument, at: Path) -> Any:
    """The normal form; numbers that became words are as the file writes them, zeros in front included."""
    plain = model.model_dump(mode="json")
    for path, text in document.written.items():
        if path[: len(at)] == at and len(path) > len(at):
            _respell(plain, path[len(at) :], text)
    return plain


def _respell(plain: Any, path: Path, text: str) -> None:
    *above, last = path
    for part in above:
        plain = _below(plain, part)
    value = _below(plain, last)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value[0] = text  # one word where a list may stand
    elif isinstance(value, str):
        plain[last] = text


def _below(plain: Any, part: str | int) -> Any:
    if isinstance(plain, list) and len(plain) == 1 and isinstance(part, str):
        plain = plain[0]
    if isinstance(plain, list) and isinstance(part, int) and part < len(plain):
        return plain[part]
    return plain.get(part) if isinstance(plain, dict) else None


def _rescue(
    document: YamlDocument, data: Any, shape: type[BaseModel], at: Path, found: Sequence[ErrorDetails]
) -> tuple[Any, list[Path]]:
    """The plain form without the entries that are wrong, None when that is not enough; and their places."""
    kept, removed = deepcopy(data), []
    for _ in range(3):
        removed += [_remove(kept, _written(document, (*at, *one["loc"]))[len(at) :]) for one in found]
        try:
            return _plain(shape.model_validate(kept), document, at), removed
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
    return None, removed


def _remove(data: Any, path: Path) -> Path:
    """Take the value at `path` out; never an item of a list, lest the others move: the whole list instead."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    for part in path[:-1]:
        data = _below(data, part)
    if path and isinstance(data, dict):
        data.pop(path[-1], None)
    return path


def _written(document: YamlDocument, loc: Path) -> Path:
    """`loc` as the file has it: without the positions and tags that the shapes put in."""
    path: Path = ()
    for part in loc:
        if (*path, part) in document.marks:
            path = (*path, part)
    return path


def _diagnostics(
    document: YamlDocument, found: Sequence[ErrorDetails], shape: type[BaseModel], at: Path
) -> Iterator[Diagnostic]:
    kinds: dict[Path, list[str]] = {}
    others: list[tuple[Path, ErrorDetails]] = []
    for detail in found:
        path = _written(document, (*at, *detail["loc"]))
        if detail["type"] in _KINDS:
            kinds.setdefault(path, []).append(_KINDS[detail["type"]])
        else:
            others.append((path, detail))
    for path, expected in kinds.items():
        # Where several kinds of value may stand, each kind complains; the deeper complaint is the one meant.
        if not any(other[: len(path)] == path for other, _ in others if len(other) > len(path)):
            given = _what_stands_there(document, path)
            yield document.at_value(
                path, WRONG_KIND, f"{_named(path)} cannot be {given}", expected=_or(dict.fromkeys(expected))
            )
    for path, detail in others:
        yield _diagnostic(document, path, detail, shape)


def _diagnostic(
    document: YamlDocument, path: Path, detail: ErrorDetails, shape: type[BaseModel]
) -> Diagnostic:
    kind, context = detail["type"], detail.get("ctx", {})
    code = _CODES.get(kind, BAD_VALUE)
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if code == UNKNOWN_WORD:
        known = sorted(_words_at(shape, detail["loc"][:-1]))
        return document.at_key(
            path,
            code,
            f"there is no `{last}` here",
            expected=_or(known) or None,
            nearest=nearest(last, known),
        )
    if code == MISSING:
        return document.at_key(path, code, f"`{last}` is missing{_under(path)}")
    if code == NOT_ONE_OF:
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        given = str(detail.get("input"))
        return document.at_value(
            path,
            code,
            f"{_named(path)} cannot be `{given}`",
            expected=_or(allowed),
            nearest=nearest(given, allowed),
        )
    if code == BAD_LENGTH:
        return document.at_value(path, code, str(detail["msg"]), expected=DURATION_HINT)
    message, expected = _BOUNDS.get(kind, (detail["msg"].removeprefix("Value error, "), None))
    expected = context.get("expected") or expected
    if kind in _BOUNDS:
        message = f"{_named(path)} {message}"
    return document.at_value(
        path, code, message, expected=str(expected).format(**context) if expected else None
    )


_BOUNDS = {
    "string_pattern_mismatch": (
        "is not a name others can refer to",
        "letters, digits, hyphens and underscores, no spaces",
    ),
    "string_too_short": ("is empty", "words"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
    "too_short": ("has nothing in it", "at least {min_length}"),
    "too_long": ("has too much in it", "at most {max_length}"),
    "greater_than": ("is too small", "more than {gt}"),
    "greater_than_equal": ("is too small", "{ge} or more"),
    "less_than": ("is too large", "less than {lt}"),
    "less_than_equal": ("is too large", "{le} or less"),
}


def _named(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "this file"


def _under(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f" under `{names[-1]}`" if names else ""


def _or(words: Sequence[str] | Mapping[str, None]) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + (" or " + listed[-1] if listed else "")


def _what_stands_there(document: YamlDocument, path: Path) -> str:
    value: Any = document.data
    for part in path:
        value = _below(value, part)
    match value:
        case None:
            return "empty"
        case bool():
            return "a yes-or-no"
        case int() | float():
            return "a number"
        case str():
            return "words"
        case list():
            return "a list"
        case {**entries} if list(entries.values()) == [None]:
            return f"{{{next(iter(entries))}}} without quotes around it"
        case _:
            return "a group of lines"


def _words_at(shape: type[BaseModel], loc: tuple[str | int, ...]) -> set[str]:
    """The words that the shape knows at `loc`."""
    here = list(_shapes(shape))
    for part in loc:
        # A part that leads nowhere is the tag of one of several shapes.
        here = [below for above in here for below in _step_into(above, part)] or here
    return {
        field.alias or name
        for entry in here
        if isinstance(entry, type) and issubclass(entry, BaseModel)
        for name, field in entry.model_fields.items()
    }


def _step_into(shape: Any, part: str | int) -> Iterator[Any]:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, field in shape.model_fields.items():
            if part in (name, field.alias):
                yield from _shapes(field.annotation)
    elif get_origin(shape) in (list, tuple) and isinstance(part, int):
        yield from _shapes(get_args(shape)[0])
    elif get_origin(shape) in (dict, Mapping):
        yield from _shapes(get_args(shape)[1])


def _shapes(annotation: Any) -> Iterator[Any]:
    """The alternatives that `annotation` allows, unwrapped."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _shapes(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _shapes(option)
    elif isinstance(annotation, type) and issubclass(annotation, RootModel):
        yield from _shapes(annotation.model_fields["root"].annotation)
    elif annotation is not type(None):
        yield annotation
