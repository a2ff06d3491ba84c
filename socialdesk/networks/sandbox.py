"""Networks room: the network that sends without an account, into a file; for the demo and for tests."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from socialdesk.clock import SystemClock
from socialdesk.errors import FeedUnusable, SendFailed
from socialdesk.model import Millis, Outgoing, Receipt, Visibility
from socialdesk.networks.base import Batch, Capabilities, Idempotency, PrivateStart, SendUnsure

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from socialdesk.clock import Clock

NAME: Final = "sandbox"
_O_BINARY: Final[int] = getattr(os, "O_BINARY", 0)  # Windows alone has it


class Fault(StrEnum):
    """What can go wrong with one send."""

    REFUSED = "refused"
    """The network says no; nothing went out."""
    LOST = "lost"
    """The message is lost on its way; the sender cannot know."""
    ANSWER_LOST = "answer_lost"
    """The message went out, its receipt is lost; the sender cannot know."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it stands in the file."""

    outgoing: Outgoing
    receipt: Receipt


class SandboxNetwork:
    """Delivers into an append-only JSON Lines file, one line a message, flushed to the disk.

    Any number of processes may send: the file is locked, and a key that is in it already gets the
    receipt it got then. A line cut short by a kill was never delivered and is passed over. Replies
    to unknown or deleted posts are delivered, as real networks do. The n-th entry of `faults`
    befalls the n-th send.
    """

    capabilities = Capabilities(
        fetch=False,
        reply=frozenset(Visibility),
        post=True,
        private=PrivateStart.ALWAYS,
        read_back=True,
        idempotency=Idempotency.CLIENT_ID,
    )

    def __init__(
        self,
        path: str | Path,
        clock: Clock | None = None,
        name: str = NAME,
        faults: Iterable[Fault | None] = (),
    ) -> None:
        self.name = name
        self._path = Path(path)
        self._clock = clock if clock is not None else SystemClock()
        self._faults = iter(faults)
        self._receipts: dict[str, Receipt] = {}
        self._read = 0
        self._torn = False

    async def fetch(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Nothing: what people say in a sandbox comes through a spool."""
        nothing: tuple[Batch, ...] = ()
        for batch in nothing:
            yield batch

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver; `SendFailed` where nothing went out, `SendUnsure` where nobody can know."""
        return await asyncio.to_thread(self.deliver, outgoing)

    async def find_sent(self, key: str) -> Receipt | None:
        """The receipt of the message sent with this key, read back from the file."""
        return await asyncio.to_thread(self.find, key)

    def deliver(self, outgoing: Outgoing) -> Receipt:
        """As `send`, without an event loop."""
        if outgoing.kind == "private" and not outgoing.recipient:
            raise SendFailed("a private message needs exactly one recipient")
        try:
            with self._locked() as file:
                return self._deliver(file, outgoing)
        except OSError as error:
            raise SendUnsure(f"{self._path}: {(error.strerror or str(error)).lower()}") from error

    def _deliver(self, file: int, outgoing: Outgoing) -> Receipt:
        self._catch_up(file)
        fault = next(self._faults, None)
        if fault is Fault.REFUSED:
            raise SendFailed(f"{self.name} refused the message")
        if fault is Fault.LOST:
            raise SendUnsure(f"{self.name} did not answer")
        receipt = self._receipts.get(outgoing.key)
        if receipt is None:
            receipt = Receipt(_external_id(self.name, outgoing.key), self._clock.now())
            # A line that was cut short is ended first, so that this one begins a line of its own.
            line = ("\n" if self._torn else "") + json.dumps(_written(outgoing, receipt)) + "\n"
            _write(file, line.encode())
            self._catch_up(file)
        if fault is Fault.ANSWER_LOST:
            raise SendUnsure(f"{self.name} did not answer")
        return receipt

    def find(self, key: str) -> Receipt | None:
        """As `find_sent`, without an event loop."""
        if not self._path.exists():
            return None
        try:
            with self._locked() as file:
                self._catch_up(file)
        except OSError as error:
            raise FeedUnusable(f"{self._path}: {(error.strerror or str(error)).lower()}") from error
        return self._receipts.get(key)

    def _catch_up(self, file: int) -> None:
        """Read what others have appended since; only while the lock is held."""
        size = os.fstat(file).st_size
        if size < self._read:  # another file has taken its place
            self._read, self._receipts = 0, {}
        lines, self._read = _lines_from(file, self._read)
        os.lseek(file, max(size - 1, 0), os.SEEK_SET)
        self._torn = os.read(file, 1) not in (b"", b"\n")
        for line in lines:
            sent = _parsed(line)
            if sent is not None:
                self._receipts.setdefault(sent.outgoing.key, sent.receipt)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The open file, under a lock that the system drops when the process dies."""
        fresh = not self._path.exists()
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _O_BINARY, 0o600)
        try:
            _lock(file)
            if fresh:
                _sync_folder(self._path.parent)
            yield file
        finally:
            os.close(file)  # which unlocks


def sent_since(path: str | Path, place: int = 0) -> tuple[list[Sent], int]:
    """The messages in a sandbox's file from byte `place` on, and the place to go on from."""
    try:
        with Path(path).open("rb") as file:
            lines, place = _lines_from(file.fileno(), place)
    except FileNotFoundError:
        return [], 0
    return [sent for line in lines if (sent := _parsed(line)) is not None], place


def _lines_from(file: int, place: int) -> tuple[list[bytes], int]:
    """The whole lines from byte `place` on, and where they end; one that lacks but its end is whole."""
    os.lseek(file, place, os.SEEK_SET)
    parts = []
    while part := os.read(file, 1 << 20):
        parts.append(part)
    lines = b"".join(parts).splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n") and _parsed(lines[-1]) is None:
        lines.pop()
    return lines, place + sum(map(len, lines))


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable; Windows cannot open folders and needs it not."""
    if sys.platform != "win32":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _lock(file: int) -> None:
    if sys.platform == "win32":
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _external_id(name: str, key: str) -> str:
    return f"{name}-{blake2b(key.encode(), digest_size=8).hexdigest()}"


def _written(outgoing: Outgoing, receipt: Receipt) -> dict[str, Any]:
    return {**asdict(outgoing), "external_id": receipt.external_id, "at": receipt.at}


def _parsed(line: bytes) -> Sent | None:
    """The message on a line; None where the line was cut short."""
    try:
        found = json.loads(line)
        receipt = Receipt(found.pop("external_id"), Millis(found.pop("at")))
        found["visibility"] = Visibility(found["visibility"])
        return Sent(Outgoing(**found), receipt)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
