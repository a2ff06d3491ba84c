"""Networks room: feeds, from a file, a folder or an address; read only."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from socialdesk.clock import SystemClock
from socialdesk.errors import FeedUnusable, SendFailed
from socialdesk.model import Millis
from socialdesk.networks.base import Batch, Capabilities
from socialdesk.networks.cells import refusal
from socialdesk.networks.feed_entry import Broken
from socialdesk.networks.files import FEEDS, Unreadable, files_of, named, open_file, plain, waiting_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterator

    from socialdesk.clock import Clock
    from socialdesk.model import Mention, Outgoing, Receipt, Refusal

NAME: Final = "feed"
SIZE_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of one feed in a file; the same as over HTTP."""
_ENDINGS: Final = (*FEEDS, ".json")
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What one reading of a feed brought; `status` is HTTP's, 304 where nothing has changed, 200 for files.

    `etag` and `last_modified` are to be sent the next time (none after a feed that broke off, whose
    rest is still wanted), `moved_to` is where the feed has moved for good, `retry_after` how long the
    answer stays fresh.
    """

    mentions: tuple[Mention, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    status: int = 200
    moved_to: str | None = None
    retry_after: Millis | None = None


def is_address(source: str) -> bool:
    """Whether a feed's source is an http(s) address rather than a path."""
    return source.lower().startswith(("http://", "https://"))


def parse_feed(body: bytes, source: str, network: str, now: Millis) -> tuple[list[Mention], list[Refusal]]:
    """The entries of RSS, Atom or JSON Feed as mentions, and what cannot be one.

    `source` names the feed in refusals; an entry without a date is dated `now`. Raises
    `FeedUnusable` where it is no feed at all.
    """
    body = body.removeprefix(_MARK).lstrip()
    if not body:
        raise FeedUnusable(f"{source} is empty")
    if body[:1] in b"{[":
        from socialdesk.networks.feed_json import parse_json

        return parse_json(body, source, network, now)
    from socialdesk.networks.feed_xml import parse_xml

    return parse_xml(body, source, network, now)


def read_feed_files(path: str | Path, network: str = NAME) -> Iterator[tuple[Path, FeedResult]]:
    """The feed in a file, or those in a folder by name; entries without a date get the file's.

    Raises `FeedUnusable` where a single file is no feed; in a folder that is a refusal.
    """
    path = Path(path)
    for file in files_of(path, _ENDINGS):
        try:
            yield file, read_feed_file(file, network)
        except FeedUnusable as error:
            if file == path:
                raise
            yield file, FeedResult(refusals=(refusal(str(file), None, str(error), ""),))


async def read_feed(
    address: str,
    *,
    network: str = NAME,
    etag: str | None = None,
    last_modified: str | None = None,
    allow_hosts: Collection[str] = (),
    now: Millis | None = None,
) -> FeedResult:
    """The feed at an http(s) address, asked for only if it has changed.

    Raises `FeedTrouble` where the server answers without a feed (429, 410, 500…), else `FeedUnusable`.
    """
    from socialdesk.networks.http import get, shown_address

    now = now if now is not None else SystemClock().now()
    answer = await get(address, etag=etag, last_modified=last_modified, allow_hosts=allow_hosts)
    mentions: list[Mention] = []
    refusals: list[Refusal] = []
    if answer.status != 304:
        source = shown_address(address)
        mentions, refusals = await asyncio.to_thread(parse_feed, answer.body, source, network, now)
        etag = last_modified = None
    whole = not any(isinstance(one, Broken) for one in refusals)
    return FeedResult(
        tuple(mentions),
        tuple(refusals),
        (answer.etag or etag) if whole else None,
        (answer.last_modified or last_modified) if whole else None,
        answer.status,
        answer.moved_to,
        answer.retry_after,
    )


class FeedNetwork:
    """One feed, or a folder of them, as a channel; nothing can be sent there.

    The cursor holds what the server gave for the next time and a mark of the address it is for, or
    each file's size and time of change.
    `result` is what the last reading of an address said besides its mentions.
    """

    capabilities = Capabilities(fetch=True)

    def __init__(
        self,
        source: str,
        network: str | None = None,
        allow_hosts: Collection[str] = (),
        clock: Clock | None = None,
    ) -> None:
        self.name = network or NAME
        self.result: FeedResult | None = None
        self._source = source
        self._allow_hosts = allow_hosts
        self._clock = clock if clock is not None else SystemClock()

    async def fetch(self, cursor: str | None) -> AsyncIterator[Batch]:
        """What has changed since `cursor`; raises `FeedUnusable`, of which `FeedTrouble` knows more."""
        known = _known(cursor)
        if is_address(self._source):
            yield await self._over_http(known)
            return
        files = await asyncio.to_thread(_versions, Path(self._source))
        changed = [file for file, version in files.items() if known.get(file) != version]
        done = {file: version for file, version in files.items() if file not in changed}
        for file in changed:
            try:
                result = await asyncio.to_thread(read_feed_file, Path(file), self.name)
                done[file] = files[file]
            except FeedUnusable as error:
                if file == str(Path(self._source)):
                    raise
                result = FeedResult(refusals=(refusal(file, None, str(error), ""),))
                if not isinstance(error, Unreadable):
                    done[file] = files[file]
            yield Batch(result.mentions, result.refusals, json.dumps(done, sort_keys=True))

    async def _over_http(self, known: dict[str, Any]) -> Batch:
        mark = blake2b(self._source.encode("utf-8", "replace"), digest_size=8).hexdigest()
        if known.get("address") != mark:  # another server's ETag would hide what this one has
            known = {}
        result = self.result = await read_feed(
            self._source,
            network=self.name,
            etag=_text_or_none(known.get("etag")),
            last_modified=_text_or_none(known.get("last_modified")),
            allow_hosts=self._allow_hosts,
            now=self._clock.now(),
        )
        cursor = json.dumps({"address": mark, "etag": result.etag, "last_modified": result.last_modified})
        return Batch(result.mentions, result.refusals, cursor)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Always refused: a feed is read only."""
        raise SendFailed("a feed is read only; answer where the post stands")

    async def find_sent(self, key: str) -> Receipt | None:
        """Nothing was ever sent here."""
        return None


def read_feed_file(file: Path, network: str | None = None) -> FeedResult:
    """The feed in one file; entries without a date get the file's. Raises `FeedUnusable`."""
    with open_file(file) as opened:
        try:
            changed = Millis(os.fstat(opened.fileno()).st_mtime_ns // 1_000_000)
            body = opened.read(SIZE_LIMIT + 1)
        except OSError as error:
            raise Unreadable(f"{file} cannot be read: {plain(error)}") from error
    if len(body) > SIZE_LIMIT:
        raise FeedUnusable(f"{file} is larger than {SIZE_LIMIT // 1024 // 1024} MiB")
    mentions, refusals = parse_feed(body, named(file), network or NAME, changed)
    return FeedResult(tuple(mentions), tuple(refusals))


def _versions(path: Path) -> dict[str, list[int]]:
    """Size and time of change of each feed file."""
    found: dict[str, list[int]] = {}
    for file in waiting_in(path, _ENDINGS):
        with suppress(OSError):  # removed a moment ago
            stat = file.stat()
            found[str(file)] = [stat.st_size, stat.st_mtime_ns]
    return found


def _known(cursor: str | None) -> dict[str, Any]:
    """The cursor's content; an unreadable one means reading everything, which doubles nothing."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
