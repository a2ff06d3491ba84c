"""Query room: the query bar's one line read into the same tree as a playbook's condition.

A bare word is looked for in messages and in their writers' names (`anywhere`); a star ends a prefix.

query   = any ("OR" any)*          any  = part+             (AND needs no word)
part    = ("-" | "NOT") part | "(" query ")" | field ":" value ("," value)* | word | "words"
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Always, And, Node, Not, Op, Operand, Or, Range, Test, words_of
from socialdesk.conditions.fields import ANYWHERE, FIELDS, Field, FieldType, field_named, query_names
from socialdesk.conditions.lexer import Item, Kind, QueryError, Token, tokens_of
from socialdesk.conditions.moments import read_moment
from socialdesk.conditions.values import BadValueError, Known, check_known, either, read_literal, read_value
from socialdesk.conditions.words import STAR, prefix_of
from socialdesk.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from socialdesk.model import Millis

__all__ = ["QueryError", "parse_query", "parse_typed"]

_DEEPEST = 20
_MOST = 200
"""SQLite refuses expressions more than 1,000 deep, and each alternative is one deeper."""


def parse_query(
    text: str, now: Millis, *, me: str | None = None, known: Known | None = None, zone: tzinfo = UTC
) -> Node:
    """The condition of a query; raises `QueryError` with the place and the nearest name.

    `now` settles `before:2d`; a day begins at midnight in `zone`. `assignee:me` is the agent `me`.
    With `known`, a value that does not exist is an error; an empty query is `Always`.
    """
    return _Parser(text, tokens_of(text), now, me, known or {}, zone).query()


def parse_typed(
    text: str, now: Millis, *, me: str | None = None, known: Known | None = None, zone: tzinfo = UTC
) -> Node:
    """As `parse_query`, for a query that is still being typed: a word at its very end may go on.

    `dan` finds what `dan*` finds; a space, a quotation mark or a bracket behind the word ends it.
    """
    return _Parser(text, _going_on(text, tokens_of(text)), now, me, known or {}, zone).query()


class _Parser:
    def __init__(
        self, text: str, tokens: list[Token], now: Millis, me: str | None, known: Known, zone: tzinfo
    ) -> None:
        self._text = text
        self._now = now
        self._me = me
        self._known = known
        self._zone = zone
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._asked = 0

    def query(self) -> Node:
        if not self._tokens:
            return Always()
        node = self._any()
        if self._at < len(self._tokens):
            raise self._error("this bracket was never opened", self._tokens[self._at].position)
        return node

    def _any(self) -> Node:
        parts = [self._all()]
        while self._peek() is Kind.OR:
            self._at += 1
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts: list[Node] = []
        while self._peek() not in (None, Kind.OR, Kind.CLOSE):
            parts.append(self._part())
        if not parts:
            raise self._missing()
        return _joined(parts)

    def _part(self) -> Node:
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case Kind.NOT:
                if self._peek() in (None, Kind.OR, Kind.CLOSE):
                    raise self._missing()
                return Not(self._nested(self._part, token))
            case Kind.OPEN:
                node = self._nested(self._any, token)
                if self._peek() is not Kind.CLOSE:
                    raise self._error("this bracket is never closed", token.position)
                self._at += 1
                return node
            case Kind.FIELD:
                return self._field(token)
            case _:
                return self._value(FIELDS[ANYWHERE], token.items[0])

    def _nested(self, read: Callable[[], Node], token: Token) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"brackets stand more than {_DEEPEST} deep", token.position)
        node = read()
        self._depth -= 1
        return node

    def _field(self, token: Token) -> Node:
        field = field_named(token.name)
        if field is None:
            like = nearest(token.name, query_names())
            raise self._error(f"there is no field `{token.name}`", token.position, like)
        if not field.searchable:
            raise self._error(
                f"`{field.name}` depends on the moment: playbooks can ask it, a search cannot", token.position
            )
        items = _with_thousands(token.items) if field.type is FieldType.NUMBER else token.items
        return either([self._value(field, item) for item in items])

    def _value(self, field: Field, item: Item) -> Test:
        text = item.text
        self._asked += 1
        if self._asked > _MOST:
            raise self._error(f"a query asks at most {_MOST} things", item.position)
        if not text.strip():
            raise self._error(f"`{field.name}:` needs a value", item.position)
        try:
            if field.type is FieldType.MOMENT:
                return self._moment(field, text)
            if field.name == "assignee" and text.lower() == "me" and not item.quoted:
                text = self._own_name()
            op, operand = self._asked_of(field, item, text)
            check_known(field, op, operand, self._known)
        except BadValueError as error:
            expected = f"; expected {error.expected}" if error.expected and not error.nearest else ""
            raise self._error(f"{error}{expected}", item.position, error.nearest) from None
        return Test(field.name, op, operand)

    def _asked_of(self, field: Field, item: Item, text: str) -> tuple[Op, Operand]:
        if item.quoted:
            return read_literal(field, text)
        op, operand = read_value(field, text)
        if op is Op.CONTAINS and text.endswith(STAR):
            return op, (prefix_of(text.removesuffix(STAR)),)
        return op, operand

    def _moment(self, field: Field, text: str) -> Test:
        moment = read_moment(text, self._now, self._zone)
        span = Range(None, moment - 1) if field.name == "before" else Range(moment, None)
        return Test(field.name, Op.BETWEEN, (span,))

    def _own_name(self) -> str:
        if self._me is None:
            raise BadValueError("the desk does not know who `me` is", "a name, or a start with --agent NAME")
        return self._me

    def _peek(self) -> Kind | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None

    def _missing(self) -> QueryError:
        at = self._tokens[self._at].position if self._at < len(self._tokens) else len(self._text)
        return self._error("something to look for is missing here", at)

    def _error(self, sentence: str, position: int, like: str | None = None) -> QueryError:
        return QueryError(sentence, self._text, position, like)


def _going_on(text: str, tokens: list[Token]) -> list[Token]:
    """The words with a star behind the last one when nothing ends it."""
    if not tokens or text[-1].isspace():
        return tokens
    *before, last = tokens
    field = field_named(last.name) if last.kind is Kind.FIELD else FIELDS[ANYWHERE]
    if not last.items or field is None or field.type is not FieldType.TEXT:
        return tokens
    *items, item = last.items
    if item.quoted or not item.text:
        return tokens
    return [*before, replace(last, items=(*items, replace(item, text=item.text + STAR)))]


def _joined(parts: list[Node]) -> Node:
    """Parts that must all hold; the words of one field must stand in one message."""
    places: dict[str, int] = {}
    kept: list[Node] = []
    for part in parts:
        if not (isinstance(part, Test) and part.op is Op.CONTAINS):
            kept.append(part)
        elif part.field in places:
            held = kept[places[part.field]]
            words = words_of(held) + words_of(part) if isinstance(held, Test) else words_of(part)
            kept[places[part.field]] = replace(part, operand=tuple(dict.fromkeys(words)))
        else:
            places[part.field] = len(kept)
            kept.append(part)
    return kept[0] if len(kept) == 1 else And(tuple(kept))


_THOUSANDS = re.compile(r"\d{3}(?!\d)")


def _with_thousands(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """`10,000` as one number, although a comma separates values."""
    found: list[Item] = []
    for item in items:
        if found and found[-1].text[-1:].isdigit() and _THOUSANDS.match(item.text):
            found[-1] = Item(f"{found[-1].text},{item.text}", found[-1].position)
        else:
            found.append(item)
    return tuple(found)
