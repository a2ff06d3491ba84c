"""Desk room: measuring and tagging mentions, outside the write lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from socialdesk.model import Measures, Mention, Relation, Signals
from socialdesk.policy.model import Policy
from socialdesk.triage import Tagger, measure


@dataclass(slots=True)
class Judged:
    """A mention with what triage measured and tagged."""

    mention: Mention
    measures: Measures
    signals: Signals


_taggers: dict[str, Tagger] = {}


def tagger_of(policy: Policy) -> Tagger:
    """The compiled matcher of a policy's words; made once per version of them."""
    found = _taggers.get(policy.lexicon.hash)
    if found is None:
        if len(_taggers) > 4:
            _taggers.clear()
        found = _taggers[policy.lexicon.hash] = Tagger(policy.lexicon)
    return found


def engagement_of(mention: Mention) -> int:
    """Likes, reposts, replies and quotes together."""
    return sum(mention.metrics.values()) if mention.metrics else 0


def judge(policy: Policy, mentions: Sequence[Mention]) -> list[Judged]:
    """Measure and tag mentions; pure, so that it can run while other desks write."""
    tag = tagger_of(policy).tag
    judged = []
    for m in mentions:
        measures = measure(m.text, m.language)
        signals = tag(m.text, measures, m.author, m.language, m.followers, engagement_of(m), False, m.bot)
        judged.append(Judged(m, measures, signals))
    return judged


def is_ours(policy: Policy, signals: Signals) -> bool:
    """Whether the brand itself is speaking, rather than a colleague's private account."""
    return signals.relation is Relation.FROM_US and not signals.colleague
