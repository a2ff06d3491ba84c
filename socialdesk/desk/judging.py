"""Desk room: measuring and tagging mentions, outside the write lock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from socialdesk.model import Lexicon, Measures, Mention, Relation, Signals, Visibility
from socialdesk.text import snippet
from socialdesk.triage import Tagger, measure

SNIPPET = 160
"""Columns of a post that lists can show; wider than the widest sensible list."""


@dataclass(slots=True)
class Judged:
    """A mention with its signals, and what can be made ready for the inbox without looking into it.

    `measures` is a JSON list in the order of `Measures`, `metrics` a JSON object, `snippet` the first
    words on one line, `engagement` likes, reposts, replies and quotes together.
    """

    mention: Mention
    signals: Signals
    measures: str
    metrics: str | None
    snippet: str
    engagement: int


_taggers: dict[str, Tagger] = {}


def tagger_of(lexicon: Lexicon) -> Tagger:
    """The compiled matcher of the team's words; made once per version of them."""
    found = _taggers.get(lexicon.hash)
    if found is None:
        if len(_taggers) > 4:
            _taggers.clear()
        found = _taggers[lexicon.hash] = Tagger(lexicon)
    return found


def judge(lexicon: Lexicon, mentions: Sequence[Mention]) -> list[Judged]:
    """Measure and tag mentions; pure, so that it can run while other desks write."""
    tag = tagger_of(lexicon).tag
    judged = []
    for m in mentions:
        measures = measure(m.text, m.language)
        engagement = sum(m.metrics.values()) if m.metrics else 0
        signals = tag(m.text, measures, m.author, m.language, m.followers, engagement, False, m.bot)
        if m.visibility == Visibility.PRIVATE:
            signals = addressed(signals)
        judged.append(made_ready(m, measures, signals))
    return judged


def made_ready(m: Mention, measures: Measures, signals: Signals) -> Judged:
    """A tagged mention as it goes into the inbox."""
    # Python writes finite numbers as JSON does.
    numbers = f"[{','.join(map(repr, _measured(measures)))}]".replace("None", "null")
    metrics, engagement = (_encode(dict(m.metrics)), sum(m.metrics.values())) if m.metrics else (None, 0)
    return Judged(m, signals, numbers, metrics, snippet(m.text, SNIPPET), engagement)


_encode = json.JSONEncoder().encode
_measured = attrgetter(*(f.name for f in fields(Measures)))


def addressed(signals: Signals) -> Signals:
    """The signals of somebody who answers something we wrote, or writes to us alone: that is said to us."""
    return signals if signals.relation is Relation.FROM_US else replace(signals, relation=Relation.TO_US)


def is_ours(signals: Signals) -> bool:
    """Whether the brand itself is speaking, rather than a colleague's private account."""
    return signals.relation is Relation.FROM_US and not signals.colleague
