"""Networks room: which networks there are, and how a configured channel becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from socialdesk.clock import Clock
    from socialdesk.networks.base import Network


@dataclass(frozen=True, slots=True)
class Channel:
    """One configured account, file, folder or address.

    `kind` is a name of `KINDS`; `source` a path or an http(s) address; `network` the name that
    mentions go under where they name none themselves; `columns` is a spool's `--map`; `allow_hosts`
    names hosts in private networks that a feed may be read from.
    """

    kind: str
    source: str
    network: str | None = None
    columns: str | None = None
    allow_hosts: tuple[str, ...] = ()


def connect(channel: Channel, clock: Clock | None = None) -> Network:
    """The network behind a channel, whose module is imported only now; raises `UsageError`."""
    try:
        make = KINDS[channel.kind]
    except KeyError:
        from socialdesk.diagnostics import nearest  # loads rapidfuzz, and only for a mistake

        close = nearest(channel.kind, list(KINDS))
        hint = f"; did you mean {close!r}?" if close else f"; there are {', '.join(KINDS)}"
        raise UsageError(f"there is no network {channel.kind!r}{hint}") from None
    return make(channel, clock)


def _spool(channel: Channel, clock: Clock | None) -> Network:
    from socialdesk.networks.mapping import parse_map
    from socialdesk.networks.spool_network import SpoolNetwork

    columns = parse_map(channel.columns) if channel.columns else None
    return SpoolNetwork(channel.source, columns, channel.network)


def _feed(channel: Channel, clock: Clock | None) -> Network:
    from socialdesk.networks.feed import FeedNetwork

    return FeedNetwork(channel.source, channel.network, channel.allow_hosts, clock)


def _sandbox(channel: Channel, clock: Clock | None) -> Network:
    from socialdesk.networks.sandbox import NAME, SandboxNetwork

    return SandboxNetwork(channel.source, clock, channel.network or NAME)


KINDS: Final[dict[str, Callable[[Channel, Clock | None], Network]]] = {
    "spool": _spool,
    "feed": _feed,
    "sandbox": _sandbox,
}
