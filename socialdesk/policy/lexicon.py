"""Lexicon room: compiles words.yaml into the words that triage looks for, each with its line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from socialdesk.model import Lexicon, Term

SourceOf = Callable[[tuple[str | int, ...]], str]

_TOPIC, _SPAM = "topic", "spam"
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'"})


def folded(written: str) -> str:
    """`written` as texts are compared with it: lower case, one kind of apostrophe, single blanks."""
    return " ".join(written.translate(_APOSTROPHES).lower().split())


def order_pattern(written: str) -> str:
    """The regular expression of an order number: `AC-999999` with 9 for any digit, or an expression itself.

    Raises `ValueError` with a sentence when it cannot be read.
    """
    pattern = written if "\\" in written or "[" in written else re.sub("9", r"\\d", re.escape(written))
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"`{written}` is not a pattern: {error}") from None
    return pattern


def build(plain: Mapping[str, Any], source_of: SourceOf) -> Lexicon:
    """The lexicon of words.yaml's plain form; its `hash` (SHA-256) changes with the words only."""
    return Lexicon(
        hash=hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        terms=tuple(_unique(_terms(plain, source_of))),
        handles=_accounts(plain["handles"]),
        colleagues=_accounts(plain["colleagues"]),
        vips=_accounts(plain["vips"]),
        advocates=_accounts(plain["advocates"]),
        products=frozenset(plain["products"]),
        faults=frozenset(name for name, entry in plain["topics"].items() if entry["fault"]),
        everyday=frozenset(name for name, entry in plain["products"].items() if entry["everyday"]),
        order_numbers=tuple(order_pattern(written) for written in plain["order_numbers"]),
    )


def _accounts(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _terms(plain: Mapping[str, Any], source_of: SourceOf) -> Iterator[Term]:
    for kind, section in (("handle", "handles"), ("name", "names"), ("hashtag", "hashtags")):
        for at, written in enumerate(plain[section]):
            yield Term(kind, folded(written), folded(written), source_of((section, at)))
    # A product is a topic too, so that a playbook may say `topic: widget`.
    for kind, section in (
        (_TOPIC, "products"),
        (_TOPIC, "topics"),
        ("risk", "risks"),
        ("feeling", "feelings"),
    ):
        for label, entry in plain[section].items():
            yield from _grouped(kind, label, entry["forms"], (section, label, "forms"), source_of)
    yield from _grouped(_SPAM, _SPAM, plain["spam"], (_SPAM,), source_of)


def _grouped(
    kind: str, label: str, groups: Sequence[Sequence[str]], path: tuple[str | int, ...], source_of: SourceOf
) -> Iterator[Term]:
    for at, group in enumerate(groups):
        source = source_of((*path, at))  # a place per group: 3,000 look-ups would cost a command 20 ms
        for written in group:
            yield Term(kind, label, folded(written), source)


def _unique(terms: Iterator[Term]) -> Iterator[Term]:
    seen: set[tuple[str, str, str]] = set()
    for term in terms:
        key = (term.kind, term.label, term.form)
        if key not in seen:
            seen.add(key)
            yield term
