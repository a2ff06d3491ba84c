"""Files of mentions as exports bring them: threads in any order, edits, repetitions and rows that cannot be used."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NOW = 1_790_000_000_000
"""A moment after every post of these files, UTC milliseconds."""

WORDS = (
    "@AcmeCustServ my widget has been broken for days",
    "my #Acme widget is dead again, third one this year",
    "so's mine, the widget just stopped working",
    "@acme thank you, that was quick!",
    "@AcmeCustServ do you ship to Malta?",
    "my widget caught fire last night #acme",
    "@AcmeCustServ I was charged twice and nobody answers, I'll call my lawyer",
    "is the acme app down for anybody else?",
    "lovely morning, coffee first",
    "Mein Widget ist kaputt, @acme",
)


@dataclass(frozen=True)
class Posts:
    """Rows for a file, and what an inbox must hold once they have been read."""

    rows: list[dict[str, Any]]
    texts: Mapping[str, str]
    replies: Mapping[str, str]
    refused: int

    def write(self, path: Path) -> Path:
        """The rows as JSON Lines."""
        path.write_text("".join(json.dumps(row) + "\n" for row in self.rows), encoding="utf-8")
        return path


def posts(number: int, seed: int, *, first: int = 0, size: int | None = None) -> Posts:
    """`number` posts numbered from `first`, in no order: a third are replies, to earlier and to later rows.

    Two cuts out of a whole of the same `size` have their common posts in common.

    One in twenty comes again edited, one in thirty comes twice, one in fifty cannot be used.
    """
    dice = random.Random(seed)
    rows = [_post(index, size or number, random.Random(index)) for index in range(first, first + number)]
    texts = {row["id"]: row["text"] for row in rows}
    replies = {row["id"]: row["reply_to"] for row in rows if row["reply_to"]}
    again, refused = [], 0
    for row in rows:
        index = int(row["id"][1:])
        if index % 20 == 7:
            edited = {**row, "text": row["text"] + " (edited)", "edited": _at(NOW - 1_000)}
            texts[row["id"]] = edited["text"]
            again.append(edited)
        if index % 30 == 11:
            again.append(row)
        if index % 50 == 13:
            refused += 1
            again.append({"id": f"bad{index}", "text": "when was this?", "author": "x", "created": "no day"})
    rows += again
    dice.shuffle(rows)
    return Posts(rows, texts, replies, refused)


def _post(index: int, number: int, dice: random.Random) -> dict[str, Any]:
    parent = None
    if dice.random() < 0.33:
        other = dice.randrange(max(0, index - 40), index + 40)
        parent = f"p{other}" if other != index else None
    return {
        "id": f"p{index}",
        "text": f"{dice.choice(WORDS)} {index}",
        "author": f"person{dice.randrange(max(10, number // 3))}",
        "created": _at(NOW - 3_600_000 + index * 1_000),
        "followers": dice.choice([3, 80, 900, 70_000]),
        "reply_to": parent,
    }


def _at(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat()


def components(ids: Iterable[str], replies: Mapping[str, str]) -> set[frozenset[str]]:
    """The threads: which of `ids` hang together by reply links between them."""
    parent = {one: one for one in ids}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for child, above in replies.items():
        if child in parent and above in parent:
            parent[root(child)] = root(above)
    found: dict[str, set[str]] = {}
    for one in parent:
        found.setdefault(root(one), set()).add(one)
    return {frozenset(group) for group in found.values()}
