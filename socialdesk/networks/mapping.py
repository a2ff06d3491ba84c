"""Networks room: which column of a CSV file holds what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIRED: Final = ("text", "id", "author", "created")

# The headers of exports met so far, the surest first: the data sets of the care research
# community, the networks' own archives, and the names people give by hand.
_COMMON: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text", "full_text", "tweet_text", "tweet", "content", "body", "message", "comment", "post"),
    "id": ("id", "id_str", "tweet_id", "status_id", "message_id", "post_id", "mention_id", "comment_id",
           "review_id", "external_id"),
    "created": ("created", "created_at", "tweet_created", "created_time", "created_utc", "created_date",
                "published_at", "published", "posted_at", "timestamp", "datetime", "date", "time"),
    "author": ("author", "author_handle", "author_username", "screen_name", "user_screen_name", "username",
               "user_name", "handle", "from_user", "author_id", "user", "user_id", "from", "name"),
    "reply_to": ("reply_to", "in_response_to_tweet_id", "in_reply_to_status_id", "in_reply_to_id",
                 "in_reply_to", "reply_to_id", "parent_id", "in_response_to"),
    "name": ("author_name", "display_name", "full_name", "name"),
    "followers": ("followers", "followers_count", "follower_count", "author_followers",
                  "user_followers_count"),
    "language": ("language", "lang"),
    "url": ("url", "link", "permalink", "tweet_url", "post_url"),
    "network": ("network", "platform"),
    "quote_of": ("quote_of", "quoted_status_id", "quoted_id", "quote_id"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns by name; a required part that has none here is looked for by its usual names."""

    text: str | None = None
    id: str | None = None
    author: str | None = None
    created: str | None = None
    reply_to: str | None = None
    name: str | None = None
    followers: str | None = None
    language: str | None = None
    url: str | None = None
    network: str | None = None
    quote_of: str | None = None


PARTS: Final = tuple(part.name for part in fields(Mapping))


def parse_map(written: str) -> Mapping:
    """`text=COL,id=COL,…` as a `Mapping`; UsageError where it is not written so."""
    found: dict[str, str] = {}
    for pair in written.split(","):
        part, equals, column = pair.partition("=")
        part, column = part.strip(), column.strip()
        if not equals or not column:
            raise UsageError(f"--map wants PART=COLUMN pairs with commas between them, not {pair.strip()!r}")
        if part not in PARTS:
            known = ", ".join(PARTS)
            raise UsageError(f"--map knows no {part!r}{_did_you_mean(part, PARTS)}; it knows {known}")
        if part in found:
            raise UsageError(f"--map names {part} twice")
        found[part] = column
    return Mapping(**found)


def find_columns(header: Sequence[str], mapping: Mapping | None, file: str) -> dict[str, int]:
    """Each part's column index; UsageError where a named or a required column is missing."""
    places: dict[str, int] = {}
    for index, column in enumerate(header):
        places.setdefault(_plain(column), index)
    found: dict[str, int] = {}
    named = {} if mapping is None else {part: getattr(mapping, part) for part in PARTS}
    for part, wanted in named.items():
        if wanted is not None:
            found[part] = _place(wanted, header, places, file)
    for part in PARTS if mapping is None else REQUIRED:
        if part not in found:
            usual = [places[name] for name in _COMMON[part] if name in places]
            free = [index for index in usual if index not in found.values()]
            if free:
                found[part] = free[0]
    missing = [part for part in REQUIRED if part not in found]
    if missing:
        columns = ", ".join(repr(column[:40]) for column in header[:30])
        raise UsageError(
            f"{file}: no column found for {', '.join(missing)};"
            f" say --map {','.join(f'{part}=COLUMN' for part in missing)}; the columns are {columns}"
        )
    return found


def _place(column: str, header: Sequence[str], places: dict[str, int], file: str) -> int:
    if column in header:
        return header.index(column)
    if _plain(column) in places:
        return places[_plain(column)]
    raise UsageError(f"{file}: there is no column {column!r}{_did_you_mean(column, header)}")


def _plain(column: str) -> str:
    return column.strip().casefold().replace(" ", "_")


def _did_you_mean(word: str, candidates: Sequence[str]) -> str:
    from socialdesk.diagnostics import nearest  # loads rapidfuzz, and only for a mistake

    close = nearest(word, [candidate for candidate in candidates if candidate])
    return f"; did you mean {close!r}?" if close else ""
