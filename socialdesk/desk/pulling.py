"""Desk room: pulling the configured channels; each under a lease, its cursor stored with what it brought."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from socialdesk.clock import MINUTE, iso
from socialdesk.config import ChannelSetting
from socialdesk.desk.importing import store_posts
from socialdesk.desk.session import Desk
from socialdesk.errors import FeedUnusable, NotFound, SocialdeskError
from socialdesk.inbox import channels, events
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import writing
from socialdesk.inbox.rows import Channel
from socialdesk.model import SYSTEM, Mention, Refusal
from socialdesk.networks import registry
from socialdesk.networks.base import FeedTrouble, Network

LEASE = 5 * MINUTE
LONGEST_PAUSE = 60 * MINUTE
"""How long a failing channel is left alone at most; the pause doubles with every failure."""


@dataclass(slots=True)
class PullResult:
    """How one channel's pull went; `error` is the sentence for people, `skipped` why it was not asked."""

    channel: str
    stored: int = 0
    updated: int = 0
    known: int = 0
    refused: int = 0
    error: str | None = None
    skipped: str | None = None


def pull(desk: Desk, *, only_due: bool = False, holder: str = "pull") -> list[PullResult]:
    """Pull every configured channel once; one that fails says so and does not keep the others from it.

    With `only_due`, those whose time has not come are left out.
    """
    if not desk.config.channels and not only_due:
        where = desk.config.file or "the configuration file"
        raise NotFound(f"no channel is configured; add one under channels: in {where}")
    results = []
    for setting in desk.config.channels:
        channel = _known(desk, setting)
        if only_due and channel.next_at is not None and channel.next_at > desk.clock.now():
            continue
        results.append(_pull_one(desk, setting, channel, holder))
    return results


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

    host = urlsplit(setting.source).hostname
    return (host,) if host else ()


def _known(desk: Desk, setting: ChannelSetting) -> Channel:
    with writing(desk.connection):
        return channels.ensure(desk.connection, setting.name, setting.network, shown(setting))


def _pull_one(desk: Desk, setting: ChannelSetting, channel: Channel, holder: str) -> PullResult:
    result = PullResult(setting.name)
    now = desk.clock.now()
    lease = f"channel:{setting.name}"
    with writing(desk.connection):
        if not timer_table.lease(desk.connection, lease, holder, now, now + LEASE):
            result.skipped = "another desk is pulling it"
            return result
    try:
        asyncio.run(_fetch(desk, setting, channel, result))
        _succeeded(desk, setting, channel)
    except SocialdeskError as error:
        result.error = str(error)
        _failed(desk, setting, channel, error)
    finally:
        with writing(desk.connection):
            timer_table.release(desk.connection, lease, holder)
    return result


async def _fetch(desk: Desk, setting: ChannelSetting, channel: Channel, result: PullResult) -> None:
    network = network_of(desk, setting)
    async for batch in network.fetch(channel.cursor):
        rows: list[Mention | Refusal] = [*batch.mentions, *batch.refusals]

        def move_cursor(cursor: str | None = batch.cursor) -> None:
            channels.update(desk.connection, channel.id, {"cursor": cursor})

        tally = store_posts(desk, rows, channel=channel.id, origin=setting.name, cursor=move_cursor)
        result.stored += tally.stored
        result.updated += tally.updated
        result.known += tally.known
        result.refused += len(batch.refusals)


def _pause(setting: ChannelSetting, error: SocialdeskError, failing_for: int) -> int:
    """How long a failing channel is left alone: what its server asks for, else twice as long as it has failed."""
    if isinstance(error, FeedTrouble) and error.retry_after is not None:
        return max(setting.every, error.retry_after)
    return min(max(setting.every, 2 * failing_for), LONGEST_PAUSE)


def _succeeded(desk: Desk, setting: ChannelSetting, channel: Channel) -> None:
    now = desk.clock.now()
    with writing(desk.connection):
        channels.update(
            desk.connection,
            channel.id,
            {"synced_at": now, "failing_since": None, "last_error": None, "next_at": now + setting.every},
        )
        if channel.failing_since is not None:
            events.append(desk.connection, "channel_back", SYSTEM, now, body={"channel": channel.name})
            desk.notices.append(("information", f"{channel.name} works again"))


def _failed(desk: Desk, setting: ChannelSetting, channel: Channel, error: SocialdeskError) -> None:
    """Say it where people look: the channel's line, a notice the first time, the refusals if nothing came."""
    now = desk.clock.now()
    since = channel.failing_since or now
    pause = _pause(setting, error, now - since)
    with writing(desk.connection):
        channels.update(
            desk.connection,
            channel.id,
            {"failing_since": since, "last_error": str(error), "next_at": now + pause},
        )
        if channel.failing_since is None:
            events.append(desk.connection, "channel_failed", SYSTEM, now, body={"channel": channel.name})
    if isinstance(error, FeedUnusable):
        store_posts(
            desk, [Refusal(shown(setting), None, str(error), "")], channel=channel.id, origin=setting.name
        )
    desk.notices.append(("error", f"{channel.name} fails since {iso(since)}: {error}"))
