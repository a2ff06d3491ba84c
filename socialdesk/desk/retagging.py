"""Desk room: a stored case told again from its messages, by the signals they have or by the words now in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from socialdesk.desk import absorbing
from socialdesk.desk.absorbing import site_of
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged, addressed, made_ready, tagger_of
from socialdesk.desk.ratings import places_of
from socialdesk.desk.threads import Arrival, in_time
from socialdesk.inbox import conversations, store, work
from socialdesk.inbox.conversations import Post
from socialdesk.inbox.rows import Message, join_words
from socialdesk.model import (
    Feeling,
    Handle,
    Measures,
    Mention,
    Millis,
    Relation,
    Sentiment,
    Signals,
    Visibility,
)

FROM_THREAD = (
    "root_message_id",
    "profile_id",
    "author",
    "name",
    "snippet",
    "url",
    "site",
    "followers",
    "verified",
    "bot",
    "visibility",
    "engagement",
    "relation",
    "sentiment",
    "feeling",
    "language",
    "topics",
    "products",
    "risks",
    "reach",
    "spam",
    "vip",
    "advocate",
    "colleague",
    "first_at",
    "last_at",
    "last_inbound_at",
    "last_outbound_at",
    "unanswered_since",
    "message_count",
    "reply_count",
    "private",
)
"""The columns of a conversation that follow from its messages alone, in whatever order these came in."""

NEWEST_ONLY = frozenset({"sentiment", "feeling"})
"""Signals of the newest words: a correction holds until the customer writes again."""


def tell_again(changes: Changes, case: Case) -> list[tuple[Judged, int]]:
    """Recount a case from its stored messages; corrections stay. Returns what was said to us, by whom."""
    posts = conversations.posts_of(changes.connection, case.id)
    judged = [_judged(changes, post, _signals_as_stored(changes, post)) for post in posts]
    return _retell(changes, case, posts, judged)


def tag_again(changes: Changes, case: Case) -> list[tuple[Judged, int]]:
    """Recount a case with the words now in force; its messages keep the new signals, corrections stay."""
    posts = conversations.posts_of(changes.connection, case.id)
    places = places_of(changes, case.channel_id)
    judged = []
    for post in posts:
        m, signals = post.message, _signals_anew(changes, post)
        judged.append(_judged(changes, post, places.rated(m.network, site_of(m.url), m.text, signals)))
    for post, one in zip(posts, judged, strict=True):
        s = one.signals
        store.set_message(
            changes.connection,
            post.message.id,
            {
                "relation": s.relation,
                "sentiment": s.sentiment,
                "feeling": s.feeling,
                "topics": join_words(s.topics),
                "risks": join_words(s.risks),
            },
        )
    return _retell(changes, case, posts, judged)


def _retell(
    changes: Changes, case: Case, posts: Sequence[Post], judged: Sequence[Judged]
) -> list[tuple[Judged, int]]:
    products = changes.policy.lexicon.products
    told = Case(id=case.id, network=case.network, fresh=True)
    arrivals = [_arrival(post.message) for post in posts]
    for at in in_time(arrivals):
        m = posts[at].message
        absorbing.absorb(
            told, judged[at], m.id, m.profile_id or 0, ours=m.direction == "out", products=products
        )
    for name in FROM_THREAD:
        setattr(case, name, getattr(told, name))
    kept = (tag for tag in case.tags if not tag.startswith(absorbing.BYSTANDER))
    case.tags = tuple(dict.fromkeys([*kept, *told.tags]))
    heard = max((p.message.fetched_at for p in posts if p.message.profile_id == case.profile_id), default=0)
    for signal, value, at in work.corrections_of(changes.connection, case.id):
        if signal not in NEWEST_ONLY or at >= heard:
            put_right(case, signal, value)
    return [
        (one, post.message.profile_id or 0)
        for post, one in zip(posts, judged, strict=True)
        if post.message.direction == "in"
    ]


def _arrival(m: Message) -> Arrival:
    return Arrival((m.network, m.external_id), m.reply_to, m.direction == "out", m.created_at)


def _mention(post: Post) -> Mention:
    m = post.message
    return Mention(
        network=m.network,
        external_id=m.external_id,
        text=m.text,
        author=Handle(m.author),
        created=Millis(m.created_at),
        name=m.name,
        followers=m.followers,
        verified=post.verified,
        bot=post.bot,
        language=m.language,
        url=m.url,
        reply_to=m.reply_to,
        visibility=Visibility(m.visibility),
        edited=m.edited_at,
        deleted=m.deleted_at is not None,
        metrics=json.loads(post.metrics) if post.metrics else None,
    )


def _judged(changes: Changes, post: Post, signals: Signals) -> Judged:
    return made_ready(_mention(post), _measures(post), signals)


def _measures(post: Post) -> Measures:
    return Measures(*json.loads(post.measures)) if post.measures else Measures(None, None)


def _signals_anew(changes: Changes, post: Post) -> Signals:
    m = post.message
    engagement = sum(json.loads(post.metrics).values()) if post.metrics else 0
    signals = tagger_of(changes.policy.lexicon).tag(
        m.text, _measures(post), Handle(m.author), m.language, m.followers, engagement, False, post.bot
    )
    if m.direction == "out":
        return replace(signals, relation=Relation.FROM_US)
    alone = m.visibility == Visibility.PRIVATE
    return addressed(signals) if alone or _answers_us(changes, post) else signals


def _answers_us(changes: Changes, post: Post) -> bool:
    m = post.message
    if m.reply_to is None:
        return False
    parent = conversations.message_by_source(changes.connection, m.network, m.reply_to)
    return parent is not None and parent.direction == "out"


def _signals_as_stored(changes: Changes, post: Post) -> Signals:
    """What a message keeps, with what follows from its author and numbers by the words now in force."""
    m = post.message
    now = _signals_anew(changes, post) if m.direction == "in" else Signals()
    return replace(
        now,
        relation=Relation(m.relation or Relation.NONE),
        sentiment=Sentiment(m.sentiment or Sentiment.UNJUDGED),
        feeling=Feeling(m.feeling or Feeling.CALM),
        topics=m.topics,
        risks=m.risks,
    )


def put_right(case: Case, signal: str, value: str) -> None:
    """Put a correction on the case: a value for relation, sentiment and feeling; a name to add, or `-name`."""
    if signal in ("relation", "sentiment", "feeling"):
        setattr(case, signal, value)
        return
    name = f"{signal}s"
    kept = tuple(one for one in getattr(case, name) if one != value.removeprefix("-"))
    setattr(case, name, kept if value.startswith("-") else (*kept, value))
