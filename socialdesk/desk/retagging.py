"""Desk room: the signals of a stored case computed anew, from its messages as they read now."""

from __future__ import annotations

import json

from socialdesk.desk import absorbing
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged, is_ours, made_ready, tagger_of
from socialdesk.inbox import conversations, store, work
from socialdesk.inbox.rows import Message, join_words
from socialdesk.model import Handle, Measures, Mention, Visibility

SIGNALS = (
    "relation",
    "sentiment",
    "feeling",
    "topics",
    "risks",
    "reach",
    "spam",
    "vip",
    "advocate",
    "colleague",
)


def tag_again(changes: Changes, case: Case) -> None:
    """Recompute the signals from the stored measures with the words now in force; corrections stay."""
    blank = Case(id=case.id, network=case.network, fresh=True)
    for message in conversations.thread_of(changes.connection, case.id):
        judged = _judged(changes, message)
        absorbing.absorb(blank, judged, message.id, message.profile_id or 0, ours=message.direction == "out")
        s = judged.signals
        store.set_message(
            changes.connection,
            message.id,
            {
                "relation": s.relation,
                "sentiment": s.sentiment,
                "feeling": s.feeling,
                "topics": join_words(s.topics),
                "risks": join_words(s.risks),
            },
        )
    for name in SIGNALS:
        setattr(case, name, getattr(blank, name))
    for signal, value in work.corrected_signals(changes.connection, case.id).items():
        _keep_correction(case, signal, value)


def _judged(changes: Changes, message: Message) -> Judged:
    stored = conversations.measures_of(changes.connection, message.id)
    measures = Measures(*json.loads(stored)) if stored else Measures(None, None)
    mention = Mention(
        network=message.network,
        external_id=message.external_id,
        text=message.text,
        author=Handle(message.author),
        created=message.created_at,
        name=message.name,
        followers=message.followers,
        verified=message.verified,
        bot=message.bot,
        language=message.language,
        url=message.url,
        reply_to=message.reply_to,
        visibility=Visibility(message.visibility),
    )
    signals = tagger_of(changes.policy.lexicon).tag(
        message.text, measures, mention.author, message.language, message.followers, None, False, message.bot
    )
    if _answers_us(changes, message) and not is_ours(signals):
        signals = absorbing.addressed(signals)
    return made_ready(mention, measures, signals)


def _answers_us(changes: Changes, message: Message) -> bool:
    if message.reply_to is None:
        return False
    parent = conversations.message_by_source(changes.connection, message.network, message.reply_to)
    return parent is not None and parent.direction == "out"


def _keep_correction(case: Case, signal: str, value: str) -> None:
    if signal in ("relation", "sentiment", "feeling"):
        setattr(case, signal, value)
        return
    name = f"{signal}s"
    kept = tuple(one for one in getattr(case, name) if one != value.removeprefix("-"))
    setattr(case, name, kept if value.startswith("-") else (*kept, value))
