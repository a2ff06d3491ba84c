"""The policy as one text, so that a command can decide without YAML and without shapes.

A line of JSON per part: first the format and the hash, then each section, each file's places and each
file's text. A part is decoded when it is first asked for; a command that only lists conversations
decodes hardly any.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from socialdesk.errors import SocialdeskError
from socialdesk.policy.places import Places

FORMAT = 1
"""Raised when the normal form changes; a bundle of another format is made anew from its files."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a bundle holds; the fields are those of `Policy`."""

    hash: str
    sections: Mapping[str, Any]
    places: Mapping[str, Places]
    files: Mapping[str, str]


def write(policy: Stored) -> str:
    """The bundle of a policy."""
    lines = [_encode({"format": FORMAT, "hash": policy.hash})]
    lines += (_line("section", name, section) for name, section in policy.sections.items())
    lines += (_line("places", name, [places.file, places.packed]) for name, places in policy.places.items())
    lines += (_line("file", name, text) for name, text in policy.files.items())
    return "\n".join(lines)


def read(bundle: str) -> Stored:
    """What `write` wrote; raise `SocialdeskError` when another version of the program did."""
    head, *lines = bundle.split("\n")
    top = json.loads(head)
    if top["format"] != FORMAT:
        raise SocialdeskError(
            "the stored policy was written by another version of socialdesk: load the policy folder again"
        )
    encoded: dict[str, dict[str, str]] = {"section": {}, "places": {}, "file": {}}
    for line in lines:
        kind, name, value = line.split("\t", 2)
        encoded[kind][json.loads(name)] = value
    return Stored(
        top["hash"],
        _Decoded(encoded["section"], json.loads),
        _Decoded(encoded["places"], _places),
        _Decoded(encoded["file"], json.loads),
    )


class _Decoded(Mapping[str, Value], Generic[Value]):
    """Encoded parts by name, each decoded once, when it is first asked for."""

    def __init__(self, encoded: Mapping[str, str], decode: Callable[[str], Value]) -> None:
        self._encoded = encoded
        self._decode = decode
        self._known: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = self._decode(self._encoded[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


def _places(encoded: str) -> Places:
    file, packed = json.loads(encoded)
    return Places(file, packed)


def _line(kind: str, name: str, value: object) -> str:
    return f"{kind}\t{_encode(name)}\t{_encode(value)}"


def _encode(value: object) -> str:
    # Nothing but ASCII: no line of it can hold a line end.
    return json.dumps(value, separators=(",", ":"))
