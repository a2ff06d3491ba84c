"""Desk room: after a policy edit: conversations that nobody has taken up are tagged and decided again."""

from __future__ import annotations

import json

from socialdesk.clock import MINUTE
from socialdesk.desk import absorbing, deciding, threadtext
from socialdesk.desk.case import Case, load, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged, is_ours, tagger_of
from socialdesk.desk.session import Desk
from socialdesk.inbox import cases as case_table
from socialdesk.inbox import conversations, store, work
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import writing
from socialdesk.inbox.rows import Message, join_words
from socialdesk.model import SYSTEM, Handle, Measures, Mention, Visibility

BATCH = 50
"""Conversations decided in one transaction, so that others do not wait for the lock."""

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


def redecide(desk: Desk, holder: str = "redecide") -> int:
    """Decide again what an older policy decided and nobody has claimed; returns how many changed hands.

    Does nothing while another desk is at it, and costs one indexed look-up when nothing is left to do.
    """
    current, now, last = desk.policy.hash, desk.clock.now(), 0
    if not case_table.decided_otherwise(desk.connection, current, 0, 1):
        return 0
    with writing(desk.connection):
        if not timer_table.lease(desk.connection, "redecide", holder, now, now + 10 * MINUTE):
            return 0
    moved = 0
    try:
        while ids := case_table.decided_otherwise(desk.connection, current, last, BATCH):
            moved += _batch(desk, ids)
            last = ids[-1]
    finally:
        with writing(desk.connection):
            timer_table.release(desk.connection, "redecide", holder)
    return moved


def _batch(desk: Desk, ids: list[int]) -> int:
    moved = 0
    with desk.changing(SYSTEM) as changes:
        cases = load(changes.connection, ids)
        for case in cases.values():
            before = (case.playbook, case.case_name)
            _tag_again(changes, case)
            changes.history = case.history
            words = threadtext.words_of_author(changes.connection, case)
            deciding.decide(
                changes,
                case,
                words,
                at=case.last_at,
                cause="policy",
                message=case.root_message_id,
                go_to=_sent_to(changes, case),
            )
            deciding.wake(changes, case, words, at=case.last_at)
            after = (case.playbook, case.case_name)
            if before != after:
                moved += 1
                changes.record("redecided", conversation=case.id, body={"from": before, "to": after})
        changes.flush()
        save(changes.connection, list(cases.values()))
    return moved


def _sent_to(changes: Changes, case: Case) -> str | None:
    """The case that a waking rule or a person sent it to, as long as the policy still has it."""
    causes = [d.cause for d in work.decisions_of(changes.connection, case.id) if d.cause != "policy"]
    sent = bool(causes) and causes[-1] in ("woken", "switched", "watch_ended")
    still_there = changes.policy.case(case.playbook, case.case_name) is not None
    return f"{case.playbook}/{case.case_name}" if sent and still_there else None


def _tag_again(changes: Changes, case: Case) -> None:
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
    signals = tagger_of(changes.policy).tag(
        message.text, measures, mention.author, message.language, message.followers, None, False, message.bot
    )
    if _answers_us(changes, message) and not is_ours(changes.policy, signals):
        signals = absorbing.addressed(signals)
    return Judged(mention, measures, signals)


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
