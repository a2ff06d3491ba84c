"""Networks room: the spool as a channel that is pulled, reading only what is new."""

from __future__ import annotations

import asyncio
import json
import time
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from socialdesk.errors import FeedUnusable, SendFailed, UsageError
from socialdesk.model import Mention, Refusal
from socialdesk.networks.base import BATCH, Batch, Capabilities
from socialdesk.networks.cells import refusal
from socialdesk.networks.dates import DateReader
from socialdesk.networks.files import CSV, Kind, Unreadable, kind_of, named, open_file, waiting_in
from socialdesk.networks.lines import Overlong, Progress, lines_of, peek, wide_encoding
from socialdesk.networks.spool import ENDINGS, NAME, read_one
from socialdesk.networks.spool_jsonl import read_jsonl

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from socialdesk.model import Outgoing, Receipt
    from socialdesk.networks.mapping import Mapping

SETTLED: Final = 1.0
"""Seconds without a change after which a CSV file is taken to be complete."""
TORN: Final = 60.0
"""Seconds after which the rest of a last line is no longer expected."""
_HEAD: Final = 1_024
"""Bytes by which a file that has grown is told from another one of the same name."""


class SpoolNetwork:
    """A file or folder that other programs fill; nothing can be sent there.

    The cursor is a JSON object that tells for each file how far it was read. JSON Lines files are
    read on from there, and an unfinished last line is left for the next time; CSV files and feeds
    are read again as a whole once they have changed, and CSV files once their columns are named anew.
    """

    capabilities = Capabilities(fetch=True)

    def __init__(self, path: str | Path, mapping: Mapping | None = None, network: str | None = None) -> None:
        self._path = Path(path)
        self._mapping = mapping
        self._network = network
        self.name = network or NAME

    async def fetch(self, cursor: str | None) -> AsyncIterator[Batch]:
        """What is new since `cursor`, in batches; raises `FeedUnusable` where nothing can be read."""
        reading = _Reading(self._path, self._mapping, self._network, cursor)
        found = reading.items()
        while True:
            part = await asyncio.to_thread(list, islice(found, BATCH))
            mentions = tuple(item for item in part if isinstance(item, Mention))
            refusals = tuple(item for item in part if isinstance(item, Refusal))
            if part or reading.cursor() != cursor:
                cursor = reading.cursor()
                yield Batch(mentions, refusals, cursor)
            if len(part) < BATCH:
                return

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Always refused: a spool is read only."""
        raise SendFailed(f"{self._path} is a spool; answer where the post stands")

    async def find_sent(self, key: str) -> Receipt | None:
        """Nothing was ever sent here."""
        return None


class _Reading:
    """One pass over the files; `cursor()` is right after every item."""

    def __init__(self, path: Path, mapping: Mapping | None, network: str | None, cursor: str | None) -> None:
        self._path = path
        self._mapping = mapping
        self._network = network
        self._places = _places(cursor)
        self._following: _Following | None = None
        self._again = False

    def cursor(self) -> str:
        """How far every file has been read."""
        places = dict(self._places)
        if self._following is not None:
            places[self._following.file] = self._following.place()
        return json.dumps(places, sort_keys=True)

    def items(self) -> Iterator[Mention | Refusal]:
        files = {str(file): file for file in waiting_in(self._path, ENDINGS)}
        self._places = {name: place for name, place in self._places.items() if name in files}
        for name, file in files.items():
            version = _settled(file) | self._columns()
            place = self._places.get(name, {})
            if version.items() <= place.items():
                continue
            yield from self._one(file, place)
            done = self._following.place() if self._following is not None else {}
            self._following = None
            self._places[name] = done if self._again else {**done, **version}

    def _torn(self, file: Path, following: _Following) -> Iterator[Refusal]:
        """A last line that nobody has ended is refused in the end; should the rest come, it is read whole."""
        if following.torn:
            self._again = time.time() - _version(file)["changed"] / 1e9 < TORN
            if not self._again:
                reason = "the file ends in the middle of this line"
                yield refusal(named(file), following.line + 1, reason, following.torn)

    def _columns(self) -> dict[str, int]:
        """What changes when the configuration names other columns: rows refused before may be read now."""
        return {} if self._mapping is None else {"columns": crc32(repr(self._mapping).encode())}

    def _one(self, file: Path, place: dict[str, Any]) -> Iterator[Mention | Refusal]:
        self._again = False
        name = named(file)
        try:
            with open_file(file) as opened:
                sample = peek(opened)
                head = opened.read(_HEAD)
                grows = kind_of(file, sample) is Kind.JSON_LINES and wide_encoding(head) is None
                if grows:
                    self._following = following = _Following(file, head, place)
                    opened.seek(following.offset)
                    lines = following.complete(lines_of(opened, following.progress))
                    yield from read_jsonl(
                        lines, name, self._network or NAME, DateReader(), following.line + 1
                    )
                    yield from self._torn(file, following)
            if not grows:
                yield from read_one(file, self._mapping, self._network, Progress())
        except (UsageError, FeedUnusable, OSError) as error:
            if self._path == file:
                raise FeedUnusable(str(error)) from error
            self._again = isinstance(error, OSError | Unreadable)
            yield refusal(name, None, str(error), "")


class _Following:
    """Where one growing JSON Lines file has been read to."""

    def __init__(self, file: Path, head: bytes, place: dict[str, Any]) -> None:
        self.file = str(file)
        self._head = head
        known = place.get("head_size")
        same = isinstance(known, int) and place.get("head") == _mark(head[:known])
        same = same and int(place.get("offset", 0)) <= _version(file)["size"]
        self.offset = int(place.get("offset", 0)) if same else 0
        self.line = int(place.get("line", 0)) if same else 0
        self.progress = Progress(bytes_read=self.offset, file=named(file))
        self.torn = ""

    def place(self) -> dict[str, Any]:
        """What the cursor keeps of this file."""
        size = min(len(self._head), self.offset)
        return {"offset": self.offset, "line": self.line, "head_size": size, "head": _mark(self._head[:size])}

    def complete(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines but for a last one that is still being written; counts what it passes on."""
        for line in lines:
            if not line.endswith("\n") and line.__class__ is not Overlong and not _whole(line):
                self.torn = line
                return
            self.line += 1
            self.offset = self.progress.bytes_read
            yield line


def _settled(file: Path) -> dict[str, int]:
    """The version of a file; of a CSV file only once nobody has written to it for a second.

    Half of its last row would be another post, or the same one with half of its words. One that never
    settles is read as it is, and again the next time.
    """
    version = _version(file)
    if file.suffix.lower() in CSV:
        for _ in range(3):
            age = time.time() - version["changed"] / 1e9
            if not 0 <= age < SETTLED:
                break
            time.sleep(SETTLED - age)
            version = _version(file)
    return version


def _version(file: Path) -> dict[str, int]:
    """What changes when a file is written; of one that has just been removed, nothing."""
    try:
        stat = file.stat()
    except OSError:
        return {"size": -1, "changed": -1}
    return {"size": stat.st_size, "changed": stat.st_mtime_ns}


def _whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _mark(head: bytes) -> str:
    return blake2b(head, digest_size=8).hexdigest()


def _places(cursor: str | None) -> dict[str, dict[str, Any]]:
    """The cursor's places; an unreadable cursor means reading from the beginning, which doubles nothing."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): place for name, place in found.items() if isinstance(place, dict)}
