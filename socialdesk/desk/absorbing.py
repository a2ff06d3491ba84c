"""Desk room: what one more post changes about its case, and how cases become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from socialdesk.desk import clocks, deciding, staleness
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.inbox import store
from socialdesk.model import Relation, Signals
from socialdesk.states import REOPENED_BY_CUSTOMER, Status

_CLOSENESS = {Relation.NONE: 0, Relation.FROM_US: 1, Relation.ABOUT_US: 2, Relation.TO_US: 3}


def addressed(signals: Signals) -> Signals:
    """The signals of somebody who answers something we wrote: that is said to us."""
    return signals if signals.relation is Relation.FROM_US else replace(signals, relation=Relation.TO_US)


def absorb(case: Case, judged: Judged, message: int, profile: int, *, ours: bool) -> None:
    """Count one post in: times, people, signals. Only the case's own author colours its mood and topics."""
    mention, created = judged.mention, judged.mention.created
    case.message_count += 1
    first = case.message_count == 1
    if ours:
        _count_answer(case, created)
        if first:
            _lead(case, judged, message, profile)
            case.relation = Relation.FROM_US
    elif first or _is_earlier_root(case, created) or case.relation == Relation.FROM_US:
        own = first or profile == case.profile_id
        _lead(case, judged, message, profile)
        _colour(case, judged, fresh=not own)
    elif profile == case.profile_id:
        _colour(case, judged, fresh=False)
    else:
        _bystander(case, judged)
    case.first_at = created if first else min(case.first_at, created)
    case.last_at = max(case.last_at, created)
    if mention.visibility == "private":
        case.private += 1


def _is_earlier_root(case: Case, created: int) -> bool:
    return created < case.first_at


def _count_answer(case: Case, created: int) -> None:
    case.reply_count += 1
    case.last_outbound_at = max(case.last_outbound_at or 0, created)
    if case.unanswered_since is not None and case.unanswered_since <= created:
        inbound = case.last_inbound_at
        case.unanswered_since = inbound if inbound is not None and inbound > created else None


def _lead(case: Case, judged: Judged, message: int, profile: int) -> None:
    """Make this post the case's root, and its author the person the case is about."""
    m = judged.mention
    case.root_message_id, case.profile_id = message, profile
    case.author, case.name = m.author, m.name
    case.snippet = judged.snippet
    case.url, case.site = m.url, _site(m.url)
    case.followers, case.verified, case.bot = m.followers, m.verified, m.bot
    case.visibility = m.visibility
    case.engagement = judged.engagement


def _site(url: str | None) -> str | None:
    if not url or "://" not in url:
        return None
    host = url.split("://", 1)[1].split("/", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0].lower()
    return host.removeprefix("www.") or None


def _colour(case: Case, judged: Judged, *, fresh: bool) -> None:
    """Take over what the author says; `fresh` forgets what somebody else had said before."""
    m, s = judged.mention, judged.signals
    newest = case.last_inbound_at is None or m.created >= case.last_inbound_at or fresh
    case.last_inbound_at = max(case.last_inbound_at or 0, m.created)
    if m.created > (case.last_outbound_at or 0):
        case.unanswered_since = min(case.unanswered_since or m.created, m.created)
    before = Relation.NONE if fresh else Relation(case.relation)
    case.relation = max(before, s.relation, key=_CLOSENESS.__getitem__)
    if newest:
        case.sentiment, case.feeling, case.language = s.sentiment, s.feeling, s.language or case.language
    case.topics = _together(() if fresh else case.topics, s.topics)
    case.risks = _together(case.risks, s.risks)
    case.reach = max(case.reach, s.reach)
    case.spam, case.vip = case.spam or s.spam, case.vip or s.vip
    case.advocate, case.colleague = case.advocate or s.advocate, case.colleague or s.colleague
    if m.followers is not None:
        case.followers = m.followers


def _bystander(case: Case, judged: Judged) -> None:
    """Somebody else joins in: a danger they report counts, their mood does not."""
    case.risks = _together(case.risks, judged.signals.risks)


def _together(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    if not more or before == more:
        return before
    return tuple(dict.fromkeys([*before, *more])) if before else more


def hear(changes: Changes, case: Case, posts: Sequence[Judged], words: str, *, at: int) -> None:
    """Something was said in a case that people or rules already work on."""
    customer_wrote = any(post.mention.author == case.author for post in posts)
    if customer_wrote:
        reopen(changes, case)
        staleness.customer_wrote(changes, case)
    if case.status == Status.WATCHING:
        return
    deciding.standing_orders(changes, case, words, at=at)
    clocks.set_due(changes, case)


def reopen(changes: Changes, case: Case) -> None:
    """The customer's new message brings a waiting, resolved or until-reply snoozed case back."""
    status = Status(case.status)
    back = status in REOPENED_BY_CUSTOMER and (status is not Status.SNOOZED or case.snoozed_until_reply)
    changes.stop_timers(case.id, "silence", "wait")
    if not back:
        return
    changes.stop_timers(case.id, "snooze")
    case.become(Status.OPEN)
    case.snoozed_until, case.snoozed_until_reply, case.resolved_at = None, False, None
    changes.record("reopened", conversation=case.id, body={"from": status, "by": "customer"})


def merge(changes: Changes, found: Sequence[Case]) -> Case:
    """One case out of several that reply links have joined; the others become pointers to it.

    The one that somebody works on stays; otherwise the oldest number.
    """
    if len(found) == 1:
        return found[0]
    kept = min(found, key=lambda c: (c.assignee is None, c.status == Status.NEW, c.id))
    for other in found:
        if other is not kept:
            _take_over(kept, other)
            store.move_messages(changes.connection, other.id, kept.id)
            changes.record("merged", conversation=other.id, body={"into": kept.id, "because": "reply link"})
    return kept


def _take_over(kept: Case, other: Case) -> None:
    ours_leads = kept.relation == Relation.FROM_US and other.relation != Relation.FROM_US
    if (other.first_at < kept.first_at and other.relation != Relation.FROM_US) or ours_leads:
        for name in (
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
            "engagement",
            "relation",
            "sentiment",
            "feeling",
            "language",
            "topics",
        ):
            setattr(kept, name, getattr(other, name))
    kept.first_at, kept.last_at = min(kept.first_at, other.first_at), max(kept.last_at, other.last_at)
    kept.last_inbound_at = max(kept.last_inbound_at or 0, other.last_inbound_at or 0) or None
    kept.last_outbound_at = max(kept.last_outbound_at or 0, other.last_outbound_at or 0) or None
    kept.message_count += other.message_count
    kept.reply_count += other.reply_count
    kept.private += other.private
    kept.risks = _together(kept.risks, other.risks)
    kept.to_approve += other.to_approve
    waiting = [at for at in (kept.unanswered_since, other.unanswered_since) if at is not None]
    answered = kept.last_outbound_at or 0
    kept.unanswered_since = min((at for at in waiting if at > answered), default=None)
