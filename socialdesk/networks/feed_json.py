"""Networks room: JSON Feed (versions 1 and 1.1), also where it breaks off."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from socialdesk.errors import FeedUnusable
from socialdesk.networks import cells
from socialdesk.networks.cells import RowError
from socialdesk.networks.dates import DateReader
from socialdesk.networks.feed_entry import Entry, Feed, Parsed, broken, collect, raw_of, words_of

if TYPE_CHECKING:
    from socialdesk.model import Millis

_ITEMS: Final = re.compile(r'"items"\s*:\s*\[\s*')
_COMMA: Final = re.compile(r"\s*,\s*")
_decoder = json.JSONDecoder(strict=False)


def parse_json(body: bytes, source: str, network: str, now: Millis) -> Parsed:
    """The items of a JSON Feed, in its order; raises `FeedUnusable` where it is none.

    Of one that breaks off, the whole items are read, and a refusal says where it breaks.
    """
    written = body.decode(json.detect_encoding(body), "replace")
    problem = None
    try:
        found = _decoder.decode(written)
    except json.JSONDecodeError as error:
        found, problem = {"items": _whole_items(written)}, error
    except (ValueError, RecursionError):
        raise FeedUnusable(f"{source} is no feed (its JSON cannot be read)") from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or (problem is not None and not items):
        where = f" ({problem.msg} at line {problem.lineno})" if problem is not None else ""
        raise FeedUnusable(f"{source} is no feed: it is JSON without items{where}")
    feed = Feed(
        source=source,
        network=network,
        now=now,
        address=cells.address(found.get("home_page_url")) or "",
        author=_author(found),
        title=cells.words(found.get("title")),
        language=cells.language(found.get("language")),
    )
    mentions, refusals = collect(items, feed, partial(_entry, DateReader()))
    if problem is not None:
        reason = f"the feed breaks off ({problem.msg}); the items before that have gone in"
        refusals.append(broken(source, problem.lineno, reason, written[max(0, problem.pos - 500) :][:1_000]))
    return mentions, refusals


def _whole_items(written: str) -> list[Any]:
    """The items that stand whole before the place where the JSON breaks."""
    items: list[Any] = []
    start = _ITEMS.search(written)
    place = start.end() if start else len(written)
    while place < len(written):
        try:
            item, place = _decoder.raw_decode(written, place)
        except (ValueError, RecursionError):
            break
        items.append(item)
        comma = _COMMA.match(written, place)
        if not comma:
            break
        place = comma.end()
    return items


def _entry(dates: DateReader, found: Any) -> Entry:
    if not isinstance(found, dict):
        raise RowError("it is no JSON object")
    html = found.get("content_html")
    plain = found.get("content_text") or found.get("summary")
    return Entry(
        raw=raw_of(found),
        identifier=found.get("id"),
        link=found.get("url") or found.get("external_url"),
        title=words_of(found.get("title"), html=False),
        body=words_of(html, html=True) or words_of(plain, html=False),
        author=_author(found),
        published=_date(found.get("date_published"), dates),
        updated=_date(found.get("date_modified"), dates),
        language=found.get("language"),
    )


def _author(found: dict[str, Any]) -> str | None:
    """The first author's name; version 1 had but one."""
    several = found.get("authors")
    first = several[0] if isinstance(several, list) and several else found.get("author")
    return cells.words(first.get("name")) if isinstance(first, dict) else None


def _date(value: object, dates: DateReader) -> Millis | None:
    return dates.read(value) if isinstance(value, str) else None
