"""Desk room: reviews: where a place gives stars, a post speaks to us, and few stars are a complaint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from socialdesk.desk.absorbing import site_of
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.inbox import channels
from socialdesk.model import Feeling, Relation, Sentiment, Signals
from socialdesk.policy.model import Policy
from socialdesk.policy.networks import Norms

_STARS = re.compile(r"\s*(★+)(☆*)")
_NUMBER = re.compile(r"\s*(\d)(?:[.,]\d)?\s*(?:/|out of|of)\s*(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stars:
    """How many stars somebody gives, of how many."""

    given: int
    of: int


def stars_of(text: str) -> Stars | None:
    """The stars at the beginning of a review, as ★★☆☆☆, 2/5 or 2 out of 5; None where there are none."""
    drawn = _STARS.match(text)
    if drawn is not None:
        return Stars(len(drawn[1]), max(5, len(drawn[1]) + len(drawn[2])))
    written = _NUMBER.match(text)
    if written is not None and 0 < int(written[1]) <= int(written[2]):
        return Stars(int(written[1]), int(written[2]))
    return None


class Places:
    """Which of a policy's places give stars; asked for every post of a batch, so answers are kept."""

    def __init__(self, policy: Policy, channel: str | None) -> None:
        networks = policy.networks
        every = (*networks.networks.values(), *networks.feeds.values(), *networks.sites.values())
        self._networks = networks
        self._channel = channel
        self.exist = networks.defaults.rating is not None or any(place.rating for place in every)
        self._known: dict[tuple[str, str | None], Norms] = {}

    def norms(self, network: str, site: str | None) -> Norms | None:
        """The norms of a place that gives stars; None for all others."""
        if not self.exist:
            return None
        found = self._known.get((network, site))
        if found is None:
            found = self._networks.norms(network, channel=self._channel, site=site)
            self._known[network, site] = found
        return found if found.rating is not None else None

    def rated(self, network: str, site: str | None, text: str, signals: Signals) -> Signals:
        """The signals of a post in the light of where it stands and how many stars it gives."""
        norms = self.norms(network, site)
        if norms is None or norms.rating is None or signals.relation is Relation.FROM_US:
            return signals
        signals = replace(signals, relation=Relation.TO_US)
        stars = stars_of(text)
        if stars is None:
            return signals
        if stars.given * norms.rating.out_of <= norms.rating.complaint_up_to * stars.of:
            upset = signals.feeling in (Feeling.CALM, Feeling.THANKFUL)
            feeling = Feeling.UPSET if upset else signals.feeling
            return replace(signals, sentiment=Sentiment.NEGATIVE, feeling=feeling)
        if stars.given == stars.of and signals.feeling is Feeling.CALM:
            return replace(signals, sentiment=Sentiment.POSITIVE, feeling=Feeling.THANKFUL)
        return signals


def places_of(changes: Changes, channel: int | None) -> Places:
    """The places that give stars, for posts that come through this channel."""
    name = None if channel is None else channels.name_of(changes.connection, channel)
    return Places(changes.policy, name)


def rate(changes: Changes, judged: Sequence[Judged], channel: int | None) -> None:
    """See every post of a batch in the light of the place where it stands."""
    places = places_of(changes, channel)
    if not places.exist:
        return
    for one in judged:
        m = one.mention
        one.signals = places.rated(m.network, site_of(m.url), m.text, one.signals)
