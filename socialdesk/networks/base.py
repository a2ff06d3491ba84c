"""Networks room: the protocol every network keeps, what it can do, and how its failures are told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from socialdesk.errors import FeedUnusable, SendFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from socialdesk.model import Mention, Millis, Outgoing, Receipt, Refusal, Visibility

BATCH = 500
"""Mentions in one batch of `fetch`; small enough that storing one holds the write lock briefly."""


class SendUnsure(SendFailed):
    """Nobody knows whether the message went out; read back before any retry."""


class FeedTrouble(FeedUnusable):
    """A server answered, but with no feed.

    `status` is HTTP's (410 means gone for good), `retry_after` how long it wants to be left alone.
    """

    def __init__(self, message: str, status: int, retry_after: Millis | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Idempotency(StrEnum):
    """What makes a second send of one message harmless."""

    NATIVE_KEY = "native_key"
    CLIENT_ID = "client_id"
    NONE = "none"


class PrivateStart(StrEnum):
    """When a private conversation may be begun by us."""

    NEVER = "never"
    ALWAYS = "always"
    IF_FOLLOWED = "if_followed"
    IF_THEY_WROTE = "if_they_wrote"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network lets us do; front ends offer nothing that is not in here.

    `reply` holds the visibilities an answer can have, `edit_window` is how long a sent message can
    be changed (milliseconds; None for never), `max_length` is a limit that the server told, in the unit
    of `lengths.for_network` (None: as that says), `cost` is in US cents for one message.
    """

    fetch: bool = False
    search: bool = False
    thread: bool = False
    reply: frozenset[Visibility] = frozenset()
    post: bool = False
    private: PrivateStart = PrivateStart.NEVER
    edit_window: Millis | None = None
    delete: bool = False
    hide: bool = False
    stream: bool = False
    read_back: bool = False
    idempotency: Idempotency = Idempotency.NONE
    max_length: int | None = None
    cost: float = 0.0

    @property
    def sends(self) -> bool:
        """Whether anything can be sent at all."""
        return bool(self.reply) or self.post


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what a network delivered, and the cursor to store in the same transaction."""

    mentions: tuple[Mention, ...]
    refusals: tuple[Refusal, ...]
    cursor: str | None


class Network(Protocol):
    """One channel on one network."""

    @property
    def name(self) -> str:
        """The network's name, as conditions and lengths know it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What can be done here."""
        ...

    def fetch(self, cursor: str | None) -> AsyncIterator[Batch]:
        """What has come in since `cursor`; raises `FeedUnusable` where nothing can be read."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; `SendFailed` where it surely did not go out, else `SendUnsure`."""
        ...

    async def find_sent(self, key: str) -> Receipt | None:
        """Read back whether the message with this key went out; None where it did not."""
        ...
