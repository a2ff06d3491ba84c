"""Network norms room: what is customary on each network, feed and site, and what we do there."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from socialdesk.model import Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Rating:
    """How a review's stars are read: `complaint_up_to` of `out_of` is a complaint."""

    out_of: int = 5
    complaint_up_to: int = 2


@dataclass(frozen=True, slots=True)
class Norms:
    """What is customary in one place; None where nothing is said.

    `engage` is respond, watch, ignore or agent_decides; `private` is yes, no, if_they_follow or
    if_they_wrote; `limit` counts as the network counts.
    """

    title: str | None = None
    engage: str | None = None
    limit: int | None = None
    visibility: Visibility | None = None
    private: str | None = None
    norms: str | None = None
    terms: str | None = None
    rating: Rating | None = None
    source: str = ""

    def over(self, around: Norms) -> Norms:
        """These norms, with what they leave out taken from the place `around`."""
        said = {
            part.name: value for part in fields(self) if (value := getattr(self, part.name)) not in (None, "")
        }
        return replace(around, **said)


@dataclass(frozen=True, slots=True)
class Networks:
    """Everything in networks.yaml: a site wins over its feed, a feed over its network, then `defaults`."""

    defaults: Norms = Norms()
    networks: Mapping[str, Norms] = field(default_factory=dict)
    feeds: Mapping[str, Norms] = field(default_factory=dict)
    sites: Mapping[str, Norms] = field(default_factory=dict)

    def norms(self, network: str, *, channel: str | None = None, site: str | None = None) -> Norms:
        """What is customary for a post on `network`, fetched through `channel`, on the host `site`."""
        found = self.networks.get(network, Norms()).over(self.defaults)
        if channel is not None and channel in self.feeds:
            found = self.feeds[channel].over(found)
        for host in _hosts(site):
            if host in self.sites:
                return self.sites[host].over(found)
        return found


def _hosts(site: str | None) -> list[str]:
    """`old.reddit.com` and what it belongs to, the nearest first."""
    parts = site.lower().split(".") if site else []
    return [".".join(parts[at:]) for at in range(len(parts) - 1)]


def build(plain: Mapping[str, Any], source_of: Callable[[tuple[str | int, ...]], str]) -> Networks:
    """The norms of networks.yaml's plain form."""

    def norms(section: str) -> dict[str, Norms]:
        return {name: _norms(entry, source_of((section, name))) for name, entry in plain[section].items()}

    return Networks(
        defaults=_norms(plain["defaults"], source_of(("defaults",))),
        networks=norms("networks"),
        feeds=norms("feeds"),
        sites=norms("sites"),
    )


def _norms(plain: Mapping[str, Any], source: str) -> Norms:
    said = {**plain, "source": source}
    said["visibility"] = None if plain["visibility"] is None else Visibility(plain["visibility"])
    said["rating"] = None if plain["rating"] is None else Rating(**plain["rating"])
    return Norms(**said)
