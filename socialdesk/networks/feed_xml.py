"""Networks room: RSS and Atom, well-formed or not, read by feedparser."""

from __future__ import annotations

import calendar
import io
import re
from functools import partial
from typing import Any, Final

from socialdesk.errors import FeedUnusable
from socialdesk.model import Millis
from socialdesk.networks import cells
from socialdesk.networks.dates import LATEST, DateReader
from socialdesk.networks.feed_entry import Entry, Feed, Parsed, broken, collect, raw_of, words_of

_FEED_TAG: Final = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
# RSS writes `mail (name)`; feedparser makes `name (mail)` of what Atom keeps apart.
_AUTHOR: Final = re.compile(r"\S+@\S+\s+\((?P<name>.+)\)|(?P<other>.+?)\s+[(<]\S+@\S+[)>]", re.DOTALL)
_BEGINNING: Final = 64 * 1024
# feedparser's words for what it has put right without loss.
_HARMLESS: Final = frozenset({"CharacterEncodingOverride", "NonXMLContentType"})


def parse_xml(body: bytes, source: str, network: str, now: Millis) -> Parsed:
    """The entries of an RSS or Atom feed, in its order; raises `FeedUnusable` where it is neither.

    A broken feed gives what can be read of it, and one refusal that says where it breaks.
    """
    # Sixteen-bit encodings put a NUL beside each letter of a tag.
    if not _FEED_TAG.search(body[:_BEGINNING].replace(b"\0", b"")):
        raise FeedUnusable(f"{source} is no feed: it begins neither as RSS nor as Atom nor as JSON Feed")
    import feedparser  # 60 ms; needed for feeds alone

    # A stream, never the bytes themselves: feedparser would open the file whose name they spell.
    try:
        found = feedparser.parse(io.BytesIO(body))
    except Exception as error:  # it raises all sorts of things at what no feed should hold
        raise FeedUnusable(f"{source} cannot be read as a feed ({type(error).__name__})") from None
    problem = found.get("bozo_exception")
    if not found.entries and not found.version:
        raise FeedUnusable(f"{source} is no feed{_where(problem)}")
    head = found.feed
    link = head.get("link")
    feed = Feed(
        source=source,
        network=network,
        now=now,
        address=link if isinstance(link, str) else "",
        author=cells.words(_author(head)),
        title=cells.words(head.get("title")),
        language=cells.language(head.get("language")),
    )
    mentions, refusals = collect(found.entries, feed, partial(_entry, DateReader()))
    if found.bozo and type(problem).__name__ not in _HARMLESS:
        reason = f"the feed is broken{_where(problem)}; what could be read of it has gone in"
        refusals.append(broken(source, _line(problem), reason, _excerpt(body, _line(problem))))
    return mentions, refusals


def _entry(dates: DateReader, found: Any) -> Entry:
    contents = [part for part in found.get("content", ()) if part.get("value")]
    content = contents[0] if contents else found.get("summary_detail") or {}
    title = found.get("title_detail") or {}
    parent = found.get("thr_in-reply-to")
    return Entry(
        raw=raw_of(found),
        identifier=found.get("id"),
        link=found.get("link"),
        title=words_of(title.get("value"), html="html" in str(title.get("type"))),
        body=words_of(content.get("value"), html=content.get("type") != "text/plain"),
        author=_author(found),
        published=_time(found, "published", dates),
        updated=_time(found, "updated", dates),
        language=found.get("language") or content.get("language") or title.get("language"),
        reply_to=parent.get("ref") if isinstance(parent, dict) else None,
        replies=cells.count(found.get("slash_comments") or found.get("thr_total")),
    )


def _author(found: dict[str, Any]) -> object:
    """The author's name, else the mail address; feedparser's own split stops after `.exam`."""
    written = found.get("author")
    parts = _AUTHOR.fullmatch(written.strip()) if isinstance(written, str) else None
    return (parts["name"] or parts["other"]) if parts else written


def _time(found: dict[str, Any], kind: str, dates: DateReader) -> Millis | None:
    # dict.get: feedparser's own would answer with the other date, and warn about it.
    parsed = dict.get(found, f"{kind}_parsed")
    if parsed is None:
        written = dict.get(found, kind)
        return dates.read(written) if isinstance(written, str) else None
    try:
        millis = calendar.timegm(parsed) * 1_000
    except (ValueError, OverflowError):
        return None
    return Millis(millis) if 0 <= millis < LATEST else None


def _line(problem: object) -> int | None:
    tell = getattr(problem, "getLineNumber", None)
    line = tell() if callable(tell) else None
    return line if isinstance(line, int) and line > 0 else None


def _where(problem: object) -> str:
    """The parser's words, with the line where it knows one."""
    if problem is None:
        return ""
    say = getattr(problem, "getMessage", None)
    words = cells.line(str(say() if callable(say) else problem))[:120]
    line = _line(problem)
    return f" ({words} at line {line})" if line else f" ({words})"


def _excerpt(body: bytes, line: int | None) -> str:
    """The line before, the line itself and the one after."""
    if line is None:
        return ""
    return b"\n".join(body.splitlines()[max(0, line - 2) : line + 1]).decode("utf-8", "replace")
