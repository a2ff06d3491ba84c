"""Desk room: pulling the configured channels; each under a lease, its cursor stored with what it brought."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from socialdesk.clock import DAY, MINUTE, iso
from socialdesk.config import ChannelSetting, Config
from socialdesk.desk.importing import IN_COMPANY, store_posts
from socialdesk.desk.redeciding import redecide
from socialdesk.desk.session import Desk
from socialdesk.errors import FeedUnusable, InboxUnusable, NotFound, PolicyInvalid, SocialdeskError
from socialdesk.inbox import channels, events
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import writing
from socialdesk.inbox.rows import Channel
from socialdesk.model import SYSTEM, Mention, Millis, Refusal
from socialdesk.networks import registry
from socialdesk.networks.base import Batch, FeedTrouble, Network
from socialdesk.text import clean

LEASE = 2 * MINUTE
"""How long a desk that has died in the middle of a pull keeps others from the channel; prolonged with
every batch. A server gets half a minute, and parsing the largest feed takes as long."""

LONGEST_PAUSE = 60 * MINUTE
"""How long a failing channel is left alone at most; the pause doubles with every failure."""

GONE = 410
"""HTTP's word for an address that will never come back."""


@dataclass(slots=True)
class PullResult:
    """How one channel's pull went; `refused` are refusals that are new.

    `error` is the sentence for people, `skipped` why the channel was not asked.
    """

    channel: str
    stored: int = 0
    updated: int = 0
    known: int = 0
    refused: int = 0
    error: str | None = None
    skipped: str | None = None
    _cause: Exception | None = None

    @property
    def cause(self) -> Exception | None:
        """The mistake inside the program that made the pull fail, for whoever mends it."""
        return self._cause


class _OvertakenError(Exception):
    """Another desk holds the channel's lease."""


def pull(desk: Desk, *, only_due: bool = False, holder: str = "pull") -> list[PullResult]:
    """Pull every configured channel once; one that fails says so and does not keep the others from it.

    With `only_due`, those whose time has not come are left out, and a failure that is no news is not
    told again. What an older policy decided is decided again first. Raises `PolicyInvalid` where no
    policy is in force, for then nothing could be decided.
    """
    redecide(desk, f"{holder}-{os.getpid()}")
    results = []
    for setting in desk.config.channels:
        channel = _known(desk, setting)
        if only_due and channel.next_at is not None and channel.next_at > desk.clock.now():
            continue
        pulling = _Pulling(desk, setting, channel, f"{holder}-{os.getpid()}", tells_all=not only_due)
        results.append(pulling.run())
    return results


def require_channels(config: Config) -> None:
    """Raise `NotFound` with what to do where no channel is configured."""
    if not config.channels:
        begin = "make a configuration with: socialdesk init, and"
        where = f"add one under channels: in {config.file}" if config.file else f"{begin} add one there"
        raise NotFound(f"no channel is configured; {where}")


def network_of(desk: Desk, setting: ChannelSetting) -> Network:
    """The network object behind a configured channel."""
    columns = ",".join(f"{part}={column}" for part, column in setting.columns.items())
    channel = registry.Channel(
        setting.network, setting.source, columns=columns or None, allow_hosts=_named_host(setting)
    )
    return registry.connect(channel, desk.clock)


def shown(setting: ChannelSetting) -> str:
    """The channel's source as it may be kept and shown: an address without its tokens and passwords."""
    if not setting.is_address:
        return setting.source
    from socialdesk.networks.http import shown_address

    return shown_address(setting.source)


def _named_host(setting: ChannelSetting) -> tuple[str, ...]:
    """The host that the configuration itself names may be a private one; where it redirects to may not."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(setting.source).hostname
    except ValueError:  # `http://[half`; fetching it says so
        host = None
    return (host,) if host else ()


def _known(desk: Desk, setting: ChannelSetting) -> Channel:
    with writing(desk.connection):
        return channels.ensure(desk.connection, setting.name, setting.network, clean(shown(setting)))


@dataclass(slots=True)
class _Pulling:
    """One pull of one channel."""

    desk: Desk
    setting: ChannelSetting
    channel: Channel
    holder: str
    tells_all: bool

    def run(self) -> PullResult:
        """Fetch, store and keep the channel's books; a failure is in the result."""
        result = PullResult(self.setting.name)
        if not self._lease():
            result.skipped = "another desk is pulling it"
            return result
        try:
            asyncio.run(self._fetch(result))
            self._succeeded()
        except _OvertakenError:
            result.skipped = "another desk has taken over, for this one was too slow"
        except (InboxUnusable, PolicyInvalid, sqlite3.Error):
            raise  # not the channel's fault
        except SocialdeskError as error:
            result.error = clean(str(error))
            result.refused += self._failed(error)
        except Exception as error:  # a mistake of ours, which must not keep other channels waiting
            result.error = f"something went wrong inside socialdesk ({type(error).__name__})"
            result._cause = error
            self._failed(SocialdeskError(result.error))
        finally:
            with writing(self.desk.connection):
                timer_table.release(self.desk.connection, self._lease_name, self.holder)
        return result

    @property
    def _lease_name(self) -> str:
        return f"channel:{self.setting.name}"

    def _lease(self) -> bool:
        with writing(self.desk.connection):
            return self._prolong()

    def _prolong(self) -> bool:
        now = self.desk.clock.now()
        return timer_table.lease(self.desk.connection, self._lease_name, self.holder, now, now + LEASE)

    async def _fetch(self, result: PullResult) -> None:
        network = network_of(self.desk, self.setting)
        async for batch in network.fetch(self.channel.cursor):
            for rows, is_last in _portions(batch):
                self._store(rows, batch.cursor if is_last else None, result)

    def _store(self, rows: list[Mention | Refusal], cursor: str | None, result: PullResult) -> None:
        """One transaction: posts, refusals, the lease and, with a batch's last posts, the cursor."""

        def keep_place() -> None:
            if not self._prolong():
                raise _OvertakenError
            if cursor is not None:
                channels.update(self.desk.connection, self.channel.id, {"cursor": cursor})

        tally = store_posts(
            self.desk, rows, channel=self.channel.id, origin=self.setting.name, cursor=keep_place
        )
        result.stored += tally.stored
        result.updated += tally.updated
        result.known += tally.known
        result.refused += tally.refused

    def _succeeded(self) -> None:
        desk, channel, now = self.desk, self.channel, self.desk.clock.now()
        with writing(desk.connection):
            channels.update(
                desk.connection,
                channel.id,
                {
                    "synced_at": now,
                    "failing_since": None,
                    "last_error": None,
                    "next_at": now + self.setting.every,
                },
            )
            if channel.failing_since is not None:
                events.append(desk.connection, "channel_back", SYSTEM, now, body={"channel": channel.name})
                desk.notices.append(("information", f"{channel.name} works again"))

    def _failed(self, error: SocialdeskError) -> int:
        """Say it where people look: the channel's line, a notice, and the refusals; how many are new there."""
        desk, channel, now = self.desk, self.channel, self.desk.clock.now()
        since = channel.failing_since or now
        words = clean(str(error))
        is_news = channel.failing_since is None or words != channel.last_error
        with writing(desk.connection):
            channels.update(
                desk.connection,
                channel.id,
                {
                    "failing_since": since,
                    "last_error": words,
                    "next_at": now + _pause(self.setting, error, Millis(now - since)),
                },
            )
            if channel.failing_since is None:
                events.append(desk.connection, "channel_failed", SYSTEM, now, body={"channel": channel.name})
        if is_news or self.tells_all:
            desk.notices.append(("error", f"{channel.name} fails since {iso(since)}: {words}"))
        if not (is_news and isinstance(error, FeedUnusable)):
            return 0
        refusal = Refusal(clean(shown(self.setting)), None, words, "")
        return store_posts(desk, [refusal], channel=channel.id, origin=self.setting.name).refused


def _portions(batch: Batch) -> Iterator[tuple[list[Mention | Refusal], bool]]:
    """A batch in transactions short enough for company at the inbox, and which one is the last."""
    rows: list[Mention | Refusal] = [*batch.mentions, *batch.refusals]
    starts = range(0, max(len(rows), 1), IN_COMPANY)
    for start in starts:
        yield rows[start : start + IN_COMPANY], start == starts[-1]


def _pause(setting: ChannelSetting, error: SocialdeskError, failing_for: Millis) -> int:
    """How long a failing channel is left alone: what its server asks for, else twice as long as it has failed."""
    if isinstance(error, FeedTrouble) and error.retry_after is not None:
        return max(setting.every, error.retry_after)
    if isinstance(error, FeedTrouble) and error.status == GONE:
        return DAY
    return min(max(setting.every, 2 * failing_for), LONGEST_PAUSE)
