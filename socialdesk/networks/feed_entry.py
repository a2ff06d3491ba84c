"""Networks room: what every feed format has in common, an entry that becomes a mention."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from socialdesk.model import Handle, Mention, Refusal
from socialdesk.networks import cells
from socialdesk.networks.cells import RowError, refusal
from socialdesk.text import clean, from_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from socialdesk.model import Millis

Parsed = tuple[list[Mention], list[Refusal]]


class Broken(Refusal):
    """It is the feed that is broken, not one entry: the next answer may hold what is missing in this one."""

    __slots__ = ()


ENTRY_LIMIT: Final = 5_000
"""Entries of one feed; the longest real one met so far has 730."""
_GLOBAL_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class Feed:
    """Where entries come from, and what stands in for what they lack.

    `source` names the feed in refusals, `now` dates an entry without a date, `address` is the site
    that the feed speaks of. An entry without an author is by the feed's, or by its host under the
    feed's title.
    """

    source: str
    network: str
    now: Millis
    address: str = ""
    author: str | None = None
    title: str | None = None
    language: str | None = None

    @property
    def host(self) -> str:
        """The site's host, or the feed's own."""
        return _host(self.address) or _host(self.source)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its format spells it; title and body are text already, the rest is foreign."""

    raw: str
    identifier: object
    link: object
    title: str
    body: str
    author: object
    published: Millis | None
    updated: Millis | None
    language: object
    reply_to: object = None
    replies: int | None = None


def broken(source: str, line: int | None, reason: str, raw: str) -> Broken:
    """The refusal that says where a feed breaks."""
    one = refusal(source, line, reason, raw)
    return Broken(one.source, one.line, one.reason, one.raw)


def raw_of(found: object) -> str:
    """An entry as it is kept: JSON that can be stored, whatever halves of characters stand in it."""
    return json.dumps(found, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()


def collect(entries: Iterable[Any], feed: Feed, build: Callable[[Any], Entry]) -> Parsed:
    """Each entry as a mention, or as a refusal that tells its place in the feed."""
    mentions: list[Mention] = []
    refusals: list[Refusal] = []
    for number, found in enumerate(entries, start=1):
        if number > ENTRY_LIMIT:
            reason = f"the feed has more than {ENTRY_LIMIT:,} entries; the rest was left out"
            refusals.append(refusal(feed.source, None, reason, ""))
            break
        try:
            entry = build(found)
        except RowError as why:
            refusals.append(refusal(feed.source, None, f"entry {number}: {why}", str(found)))
            continue
        try:
            mentions.append(_mention(entry, feed))
        except RowError as why:
            refusals.append(refusal(feed.source, None, f"entry {number}: {why}", entry.raw))
    return mentions, refusals


def words_of(value: object, *, html: bool) -> str:
    """The text of a title or body; empty where there is none."""
    if not isinstance(value, str):
        return ""
    return (from_html(value) if html else clean(value)).strip()


def _mention(entry: Entry, feed: Feed) -> Mention:
    text = _joined(entry.title, entry.body)
    if not text:
        raise RowError("it has neither a title nor a text")
    address = _address(entry.link, feed)
    created = entry.published or entry.updated or feed.now
    name = cells.words(entry.author) or feed.author
    who = cells.handle(name.removeprefix("/u/")) if name else feed.host
    return Mention(
        network=feed.network,
        external_id=_identity(entry.identifier, address, text, feed),
        text=text,
        author=Handle(who or "unknown"),
        created=created,
        name=name or feed.title,
        language=cells.language(entry.language) or feed.language,
        url=address,
        reply_to=cells.link(entry.reply_to),
        edited=entry.updated if entry.updated and entry.updated > created else None,
        metrics={"replies": entry.replies} if entry.replies is not None else None,
        raw=entry.raw,
        origin=feed.source,
    )


def _joined(title: str, body: str) -> str:
    """Title and text, without saying twice what the text begins with; cut to what a message may hold."""
    if not title or body.startswith(title.removesuffix("…").removesuffix("...").rstrip()):
        return body or title
    return clean(f"{title}\n\n{body}").strip()


def _address(link: object, feed: Feed) -> str | None:
    if not isinstance(link, str) or not link:
        return None
    try:
        return cells.address(urljoin(feed.address or feed.source, link))
    except ValueError:  # an address such as http://[half
        return None


def _identity(identifier: object, address: str | None, text: str, feed: Feed) -> str:
    """The entry's id, else its address, else a hash of its words.

    An id that is unique in its own feed alone gets the host in front.
    """
    own = cells.words(str(identifier)) if isinstance(identifier, str | int) else None
    if own is None or len(own) >= cells.LINE:
        own = address
    if own is None:
        from hashlib import blake2b

        own = blake2b(text.encode(), digest_size=12).hexdigest()
    return own if _GLOBAL_ID.match(own) else f"{feed.host or 'feed'}/{own.lstrip('/')}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
