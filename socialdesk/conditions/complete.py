"""Suggestions room: what could stand at the cursor of the query bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.conditions.fields import Field, FieldType, field_named, query_names

if TYPE_CHECKING:
    from socialdesk.conditions.values import Known

MOST = 12
"""Suggestions at a time; more than fit under the bar help nobody."""

_EXAMPLES: dict[FieldType, tuple[str, ...]] = {
    FieldType.FLAG: ("yes", "no"),
    FieldType.NUMBER: ("10+", "1k+", "50k+"),
    FieldType.DURATION: ("15m+", "1h+", "1d+"),
    FieldType.MOMENT: ("today", "yesterday", "2d", "7d"),
    FieldType.LANGUAGE: ("en", "de", "es", "fr"),
}
_MAY_BE_NONE = ("assignee", "topic", "risk", "tag", "product", "playbook", "language", "site")


def complete(text: str, cursor: int, known: Known | None = None) -> list[str]:
    """Words to put in place of `text[slice(*word_at(text, cursor))]`, the likeliest first, at most `MOST`.

    A field's name is suggested with its colon, a value with its field; `known` lists the values of
    open fields, by field name. Inside quotes nothing is suggested.
    """
    start, end = word_at(text, cursor)
    if text[:start].count('"') % 2:
        return []
    typed = text[start:end].lower()
    name, colon, value = typed.partition(":")
    if not colon:
        return [f"{field}:" for field in query_names() if field.startswith(name)][:MOST] if name else []
    field = field_named(name)
    if field is None or not field.searchable:
        return []
    done, comma, begun = value.rpartition(",")
    given = done.split(",")
    return [
        f"{name}:{done}{comma}{_written(word)}"
        for word in _values(field, known or {})
        if word.lower().startswith(begun) and word not in given
    ][:MOST]


def word_at(text: str, cursor: int) -> tuple[int, int]:
    """Where the word that the cursor stands in or behind begins and ends, without `-` and brackets."""
    start = cursor = max(0, min(cursor, len(text)))
    while start > 0 and not (text[start - 1].isspace() or text[start - 1] in "()"):
        start -= 1
    if text[start:cursor].startswith("-"):
        start += 1
    end = cursor
    while end < len(text) and not (text[end].isspace() or text[end] in "()"):
        end += 1
    return start, end


def _values(field: Field, known: Known) -> tuple[str, ...]:
    words = (*(field.values or ()), *known.get(field.name, ()), *_EXAMPLES.get(field.type, ()))
    return (*words, "none") if field.name in _MAY_BE_NONE and "none" not in words else words


def _written(word: str) -> str:
    return f'"{word}"' if any(c.isspace() or c in '(),"' for c in word) else word
