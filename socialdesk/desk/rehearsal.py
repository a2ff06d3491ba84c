"""Desk room: the tests of a policy, played through the real intake in an inbox of their own."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.clock import HOUR, MINUTE, FixedClock
from socialdesk.conditions.units import parse_duration
from socialdesk.config import Config
from socialdesk.desk.case import load_one
from socialdesk.desk.importing import store_posts
from socialdesk.desk.session import Desk
from socialdesk.desk.subject import CaseSubject
from socialdesk.errors import UsageError
from socialdesk.inbox import channels, conversations, people
from socialdesk.inbox.connection import writing
from socialdesk.inbox.scratch import scratch_inbox
from socialdesk.model import Handle, Mention, Millis, Visibility
from socialdesk.networks.dates import DateReader
from socialdesk.policy.testing import TestReport, run_tests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from socialdesk.policy.model import Policy, When

BEGINS = 1_800_003_600_000
"""When every test begins: Friday, 15 January 2027, 09:00 UTC, so that calendars never change a result."""

NETWORK, SOMEBODY, OURS = "mastodon", "somebody", "our-post"


def rehearse(policy: Policy, *, playbook: str | None = None) -> TestReport:
    """Run the tests that stand in the playbooks, or in one; each post goes the way it goes in the desk."""
    if playbook is not None and policy.playbook(playbook) is None:
        from socialdesk.diagnostics import nearest

        near = nearest(playbook, [book.name for book in policy.playbooks])
        raise UsageError(f"there is no playbook {playbook!r}" + (f"; did you mean {near}?" if near else ""))
    with ExitStack() as opened:
        return run_tests(policy, lambda events: _played(policy, events, opened), playbook=playbook)


def _played(policy: Policy, events: Sequence[When], opened: ExitStack) -> CaseSubject:
    """The conversation of the first post as it stands when all of `events` have happened.

    Its inbox stays open as long as `opened`: the subject still asks it for facts.
    """
    clock = FixedClock(BEGINS)
    connection = opened.enter_context(closing(scratch_inbox()))
    nowhere = Path("rehearsal")
    desk = Desk(Config(nowhere, nowhere), nowhere, connection, clock, True, {}, _policy=policy)
    posts: list[Mention] = []
    for event in events:
        clock.advance(
            (event.after if event.after is not None else MINUTE if posts else 0) + (event.wait or 0)
        )
        _remember(desk, event, posts)
        if event.text is not None or event.we_say is not None:
            _post(desk, event, posts)
    first = posts[0]
    root = conversations.message_by_source(connection, first.network, first.external_id)
    case = load_one(connection, root.conversation_id if root else 1)
    subject = CaseSubject(case, None, at=case.last_at, now=clock.now(), connection=connection, policy=policy)
    for event in events:
        subject.used.update(event.facts or {})
    return subject


def _post(desk: Desk, event: When, posts: list[Mention]) -> None:
    """Somebody posts, or we answer the newest post; bystanders and channels as the test names them."""
    if event.we_say is not None:
        store_posts(desk, [_ours(desk, event.we_say, f"answer-{len(posts)}", posts[-1].external_id, posts)])
        return
    if event.reply_to_us:
        store_posts(desk, [_ours(desk, "news from us", OURS, None, posts)])
    mention = Mention(
        network=event.network or NETWORK,
        external_id=f"post-{len(posts) + 1}",
        text=event.text or "",
        author=Handle(event.author or SOMEBODY),
        created=desk.clock.now(),
        followers=event.followers,
        verified=event.verified,
        bot=event.bot,
        language=event.language,
        url=event.url,
        reply_to=OURS if event.reply_to_us else f"post-{event.reply_to}" if event.reply_to else None,
        visibility=Visibility(event.visibility or Visibility.PUBLIC),
        metrics={"likes": event.engagement} if event.engagement is not None else None,
    )
    channel = None
    if event.channel:
        with writing(desk.connection):
            channel = channels.ensure(desk.connection, event.channel, mention.network, "").id
    store_posts(desk, [mention], channel=channel)
    posts.append(mention)


def _ours(desk: Desk, text: str, number: str, reply_to: str | None, posts: list[Mention]) -> Mention:
    handles = sorted(desk.policy.lexicon.handles)
    return Mention(
        network=posts[0].network if posts else NETWORK,
        external_id=number,
        text=text,
        author=Handle(handles[0] if handles else "us"),
        created=Millis(desk.clock.now() - (0 if reply_to else HOUR)),
        reply_to=reply_to,
    )


def _remember(desk: Desk, event: When, posts: Sequence[Mention]) -> None:
    """Put what the test says of the customer into the records, before the post comes."""
    if not event.customer:
        return
    handle = event.author or (posts[0].author if posts else SOMEBODY)
    with writing(desk.connection):
        people.save_customer(
            desk.connection,
            _record(event.customer, desk.clock.now()),
            desk.clock.now(),
            handles=((handle, ""),),
            tags=_tags(event.customer.get("tags", ())),
        )


def _record(customer: Mapping[str, Any], now: Millis) -> dict[str, object]:
    """A test's `customer:` as the records hold one; `product_age` becomes the day of the purchase."""
    record: dict[str, object] = {"reference": "a-customer", **customer}
    bought = record.pop("bought_on", record.get("bought"))
    age = record.pop("product_age", None)
    record["bought"] = now - parse_duration(str(age)) if age is not None else _day(bought)
    return record


def _tags(written: object) -> tuple[str, ...]:
    return (
        (written,)
        if isinstance(written, str)
        else tuple(map(str, written if isinstance(written, list) else ()))
    )


def _day(written: object) -> int | None:
    return None if written is None else DateReader().read(str(written))
