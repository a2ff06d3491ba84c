"""Desk room: the sandbox: a throw-away inbox with a day at Acme, whose customers and colleagues answer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from socialdesk.clock import MINUTE, SECOND, Clock, FixedClock, SystemClock
from socialdesk.config import Config, shipped
from socialdesk.desk import customers, replies, sandbox_day, sandbox_shift
from socialdesk.desk.importing import store_posts
from socialdesk.desk.personas import Personas, Sent, answers, review
from socialdesk.desk.personas_file import load as load_personas
from socialdesk.desk.session import SANDBOX, Desk, open_desk
from socialdesk.errors import SocialdeskError
from socialdesk.inbox import channels, conversations, drafts, events, people, store
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import get_meta, open_inbox, set_meta, writing
from socialdesk.inbox.rows import Draft
from socialdesk.model import Feeling, Handle, Mention, Millis, Person, Visibility

POST, REVIEW, SEEN = "sandbox_post", "sandbox_review", "sandbox_seen"
REVIEWS, REVIEWS_NETWORK = "reviews", "feed"
"""The channel through which the day's reviews come; the shipped policies know it by this name."""

ARRIVE_EVERY = 40 * SECOND

OWN_SHIFT = 150 * MINUTE
"""How much of the day is the agent's own; what came before, colleagues have worked on."""


def make_demo(config: Config, folder: Path, *, clock: Clock | None = None) -> Config:
    """Make a sandbox inbox in `folder` (or where `config` names one) and read the day at Acme into it.

    The day is moved so that it ends now; its last posts are still to come.
    """
    clock = clock or SystemClock()
    inbox = config.inbox if _asked_for(config) else folder / "demo.db"
    mark_sandbox(inbox, clock)
    made = replace(config, inbox=inbox, undo_window=Millis(5 * SECOND))
    earlier = FixedClock(clock.now() - OWN_SHIFT)
    desk = open_desk(made, clock=earlier)
    try:
        customers.import_file(desk, shipped("sample_feeds") / "customers.csv")
        posts = sandbox_day.brought_forward(list(sandbox_day.day_at_acme(clock.now())), clock.now())
        held = sandbox_day.held_back(posts)
        _bring_in(desk, [m for m in posts if m.created < earlier.now()])
        _let_colleagues_work(desk, earlier)
        desk.clock = clock
        rest = [m for m in posts if m.created >= earlier.now() and m not in held]
        _bring_in(desk, rest)
        _schedule_arrivals(desk, held)
    finally:
        desk.close()
    return made


def _bring_in(desk: Desk, posts: list[Mention]) -> None:
    """The networks' posts as one import, then the reviews, which come through a feed of their own."""
    reviews = [m for m in posts if m.network == REVIEWS_NETWORK]
    store_posts(desk, [m for m in posts if m.network != REVIEWS_NETWORK], origin="sample_feeds")
    if reviews:
        store_posts(desk, reviews, channel=_channel_of(desk, reviews[0]), origin="sample_feeds")


def _channel_of(desk: Desk, mention: Mention) -> int | None:
    if mention.network != REVIEWS_NETWORK:
        return None
    with writing(desk.connection):
        return channels.ensure(desk.connection, REVIEWS, REVIEWS_NETWORK, "sample_feeds/reviews.xml").id


def _let_colleagues_work(desk: Desk, clock: FixedClock) -> None:
    """The shift before: two colleagues answer, one approves; the customers they wrote to stay silent."""
    started = clock.now()
    workers = (_colleague(desk, "chloe"), _colleague(desk, "ben"))
    sandbox_shift.work_a_shift(desk, clock, workers, _colleague(desk, "lee"))
    clock.advance(started - clock.now())
    with writing(desk.connection):
        set_meta(desk.connection, SEEN, str(events.head(desk.connection)))


def _asked_for(config: Config) -> bool:
    return any(s.key == "inbox" and s.source in ("--inbox", "SOCIALDESK_INBOX") for s in config.settings)


def mark_sandbox(inbox: Path, clock: Clock) -> None:
    """Make an inbox and mark it as a sandbox; an inbox that has mentions already is left alone."""
    connection = open_inbox(inbox)
    try:
        with writing(connection):
            if get_meta(connection, SANDBOX) != "1":
                if not store.is_empty(connection):
                    raise SocialdeskError(f"{inbox} holds real mentions; the demo needs an inbox of its own")
                set_meta(connection, SANDBOX, "1")
                set_meta(connection, "sandbox_salt", str(clock.now()))
    finally:
        connection.close()


def _schedule_arrivals(desk: Desk, held: list[Mention]) -> None:
    now = desk.clock.now()
    with writing(desk.connection):
        for number, m in enumerate(held, 1):
            at = now + number * ARRIVE_EVERY
            timer_table.start(desk.connection, POST, at, payload=_packed(replace(m, created=Millis(at))))


def _packed(m: Mention) -> dict[str, object]:
    return {name: value for name, value in asdict(m).items() if value not in (None, "", False)}


def _unpacked(payload: Mapping[str, Any]) -> Mention:
    return Mention(**{**payload, "visibility": Visibility(payload.get("visibility", Visibility.PUBLIC))})


def live(desk: Desk) -> list[str]:
    """Let the sandbox's people act on what has happened since: customers answer, a colleague reviews."""
    if not desk.sandbox:
        return []
    _notice_events(desk)
    return [*_posts_due(desk), *_reviews_due(desk)]


def _personas() -> Personas:
    return load_personas(shipped("sample_feeds") / "personas.yaml")


def _notice_events(desk: Desk) -> None:
    """Plan what people will do about drafts handed in and messages sent; each event is looked at once."""
    seen = int(get_meta(desk.connection, SEEN) or "0")
    fresh = events.since(desk.connection, seen)
    if not fresh:
        return
    personas = _personas() if any(e.kind in ("sent", "submitted") for e in fresh) else Personas()
    now = desk.clock.now()
    with writing(desk.connection):
        if int(get_meta(desk.connection, SEEN) or "0") != seen:
            return
        for event in fresh:
            if event.draft_id is None:
                continue
            draft = drafts.get(desk.connection, event.draft_id)
            if event.kind == "sent":
                _plan_answers(desk, personas, draft, now)
            elif event.kind == "submitted" and draft.status == "submitted":
                verdict = review(personas, draft.text, draft.author)
                if verdict is not None:
                    timer_table.start(
                        desk.connection,
                        REVIEW,
                        now + verdict.after,
                        draft=draft.id,
                        payload={"by": verdict.by, "approve": verdict.approve, "reason": verdict.reason},
                    )
        set_meta(desk.connection, SEEN, str(fresh[-1].seq))


def _plan_answers(desk: Desk, personas: Personas, draft: Draft, now: Millis) -> None:
    if draft.conversation_id is None:
        return
    found = conversations.get(desk.connection, draft.conversation_id)
    profile = None if found.profile_id is None else people.profile(desk.connection, found.profile_id)
    customer = (
        people.customer(desk.connection, profile.customer_id) if profile and profile.customer_id else None
    )
    first = (found.name or "").split()
    values = {
        "first_name": first[0] if first else None,
        "agent": draft.author,
        "product": customer.product if customer else None,
        "reference": customer.reference if customer else None,
    }
    salt = get_meta(desk.connection, "sandbox_salt") or ""
    sent = Sent(
        draft.text,
        draft.kind,
        Handle(found.author),
        found.network,
        str(draft.sent_external_id),
        Feeling(found.feeling),
        found.reply_count,
        found.language,
        Visibility(draft.visibility),
        {name: value for name, value in values.items() if value},
    )
    mood = random.Random(f"{salt}:{found.id}")  # noqa: S311  who answers how is play, not a secret
    for number, planned in enumerate(answers(personas, sent, mood, now)):
        m = Mention(
            network=planned.network,
            external_id=f"{planned.reply_to}-{number}",
            text=planned.text,
            author=planned.author,
            created=planned.at,
            name=planned.name,
            followers=planned.followers,
            language=planned.language,
            reply_to=planned.reply_to,
            visibility=planned.visibility,
            origin="sandbox",
        )
        timer_table.start(desk.connection, POST, planned.at, payload=_packed(m))


def _posts_due(desk: Desk) -> list[str]:
    """Posts whose time has come; the timer goes in the transaction that stores the post."""
    done = []
    for timer in timer_table.due(desk.connection, (POST,), desk.clock.now()):
        mention = _unpacked(timer.payload)

        def taken(number: int = timer.id) -> None:
            timer_table.remove(desk.connection, number)

        store_posts(desk, [mention], channel=_channel_of(desk, mention), origin="sandbox", cursor=taken)
        done.append(f"@{mention.author} writes on {mention.network}")
    return done


def _reviews_due(desk: Desk) -> list[str]:
    done = []
    for timer in timer_table.due(desk.connection, (REVIEW,), desk.clock.now()):
        with writing(desk.connection):
            timer_table.remove(desk.connection, timer.id)
        draft = drafts.get(desk.connection, timer.draft_id or 0)
        if draft.status != "submitted" or draft.conversation_id is None:
            continue
        colleague = desk.played_by(_colleague(desk, str(timer.payload["by"])))
        try:
            if timer.payload["approve"]:
                replies.approve(colleague, draft.conversation_id, draft.id)
                done.append(f"{timer.payload['by']} approves draft {draft.id}")
            else:
                replies.reject(colleague, draft.conversation_id, str(timer.payload["reason"]), draft.id)
                done.append(f"{timer.payload['by']} sends draft {draft.id} back: {timer.payload['reason']}")
        except SocialdeskError as error:
            done.append(f"{timer.payload['by']} could not decide on draft {draft.id}: {error}")
        desk.notices.append(("information", done[-1]))
    return done


def _colleague(desk: Desk, name: str) -> Person:
    agent = desk.policy.team.agent(name)
    if agent is None or not agent.logins:
        return Person(name, name, "lead")
    return agent.person(agent.logins[0])
