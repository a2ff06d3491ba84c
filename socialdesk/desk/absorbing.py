"""Desk room: what one more post changes about its case, and how cases become one."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.desk import clocks, deciding, staleness, steps
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.inbox import store
from socialdesk.model import Relation
from socialdesk.states import REOPENED_BY_CUSTOMER, Status

_CLOSENESS = {Relation.NONE: 0, Relation.FROM_US: 1, Relation.ABOUT_US: 2, Relation.TO_US: 3}


def absorb(
    case: Case, judged: Judged, message: int, profile: int, *, ours: bool, products: frozenset[str]
) -> None:
    """Count one post in, posts coming in the order in which they were said: times, people, signals.

    The first who is not one of us leads: only their posts colour the case's mood and topics, of which
    `products` are those that are products.
    """
    mention, created = judged.mention, judged.mention.created
    case.message_count += 1
    first = case.message_count == 1
    if ours:
        _count_answer(case, created)
        if first:
            _lead(case, judged, message, profile)
            case.relation = Relation.FROM_US
    elif first or (case.relation == Relation.FROM_US and judged.signals.relation is not Relation.FROM_US):
        _lead(case, judged, message, profile)
        _forget(case)
        _colour(case, judged, products)
    elif profile == case.profile_id:
        _colour(case, judged, products)
    else:
        _bystander(case, judged)
    case.first_at = created if first else min(case.first_at, created)
    case.last_at = max(case.last_at, created)
    if mention.visibility == "private":
        case.private += 1


def _count_answer(case: Case, created: int) -> None:
    case.reply_count += 1
    case.last_outbound_at = max(case.last_outbound_at or 0, created)
    case.unanswered_since = None


def _forget(case: Case) -> None:
    """What was said before somebody took the lead is not theirs; a danger stays one."""
    case.relation = Relation.NONE
    case.topics = case.products = ()
    case.reach = 0
    case.spam = case.vip = case.advocate = case.colleague = False
    case.last_inbound_at = case.unanswered_since = None


def _lead(case: Case, judged: Judged, message: int, profile: int) -> None:
    """Make this post the case's root, and its author the person the case is about."""
    m = judged.mention
    case.root_message_id, case.profile_id = message, profile
    case.author, case.name = m.author, m.name
    case.snippet = judged.snippet
    case.url, case.site = m.url, site_of(m.url)
    case.followers, case.verified, case.bot = m.followers, m.verified, m.bot
    case.visibility = m.visibility
    case.engagement = judged.engagement


def site_of(url: str | None) -> str | None:
    """The host of an address, without `www.`."""
    if not url or "://" not in url:
        return None
    host = url.split("://", 1)[1].split("/", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0].lower()
    return host.removeprefix("www.") or None


def _colour(case: Case, judged: Judged, products: frozenset[str]) -> None:
    """Take over what the leader says: the newest mood, everything that was ever named."""
    m, s = judged.mention, judged.signals
    case.last_inbound_at = max(case.last_inbound_at or 0, m.created)
    if case.unanswered_since is None:
        case.unanswered_since = m.created
    case.relation = max(Relation(case.relation), s.relation, key=_CLOSENESS.__getitem__)
    case.sentiment, case.feeling, case.language = s.sentiment, s.feeling, s.language or case.language
    if s.topics:
        case.topics = _together(case.topics, s.topics)
        case.products = tuple([topic for topic in case.topics if topic in products])
    case.risks = _together(case.risks, s.risks)
    case.reach = max(case.reach, s.reach)
    case.spam, case.vip = case.spam or s.spam, case.vip or s.vip
    case.advocate, case.colleague = case.advocate or s.advocate, case.colleague or s.colleague
    if m.followers is not None:
        case.followers = m.followers


OF_THE_POST = frozenset({"phishing", "personal_data"})
"""Risks that lie in a post itself, not in what it tells: under somebody's complaint they make the
complaint no phishing. They become a tag on which always.yaml can act."""

BYSTANDER = "bystander_"


def _bystander(case: Case, judged: Judged) -> None:
    """Somebody else joins in: a danger they report counts, their mood does not."""
    told = tuple(risk for risk in judged.signals.risks if risk not in OF_THE_POST)
    case.risks = _together(case.risks, told)
    own = tuple(BYSTANDER + risk for risk in judged.signals.risks if risk in OF_THE_POST)
    case.tags = _together(case.tags, own)


def _together(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    if not more or before == more:
        return before
    return tuple(dict.fromkeys([*before, *more])) if before else more


def hear(changes: Changes, case: Case) -> None:
    """Something was said in a case that people already work on."""
    answered = case.last_outbound_at is not None and case.unanswered_since is None
    if answered and case.last_outbound_at == case.last_at and case.status in (Status.NEW, Status.OPEN):
        case.become(Status.WAITING)
        changes.record("answered_elsewhere", conversation=case.id)
    deciding.standing_orders(changes, case)
    steps.point_at_step(changes, case)
    clocks.set_due(changes, case)


def hear_customer(changes: Changes, case: Case) -> None:
    """The case's own person has written again: it comes back, and what was approved rests on old words."""
    reopen(changes, case)
    staleness.customer_wrote(changes, case)


def reopen(changes: Changes, case: Case) -> None:
    """The customer's new message brings a waiting, resolved or until-reply snoozed case back."""
    status = Status(case.status)
    back = status in REOPENED_BY_CUSTOMER and (status is not Status.SNOOZED or case.snoozed_until_reply)
    changes.stop_timers(case.id, "silence")
    if not back:
        return
    changes.stop_timers(case.id, "snooze")
    case.become(Status.OPEN)
    case.snoozed_until, case.snoozed_until_reply, case.resolved_at = None, False, None
    changes.record("reopened", conversation=case.id, body={"from": status, "by": "customer"})


def merge(changes: Changes, found: Sequence[Case]) -> Case:
    """One case out of several that reply links have joined; the others become pointers to it.

    The one that somebody works on stays; otherwise the oldest number. What follows from the thread is
    to be told again by the caller.
    """
    kept = min(found, key=lambda c: (c.assignee is None, c.opened_at is None, c.id))
    for other in found:
        if other is not kept:
            _take_over(changes, kept, other)
            changes.stop_timers(other.id, "deadline", "warn", "watch")
            store.move_messages(changes.connection, other.id, kept.id)
            changes.record("merged", conversation=other.id, body={"into": kept.id, "because": "reply link"})
    return kept


def _take_over(changes: Changes, kept: Case, other: Case) -> None:
    """What people and rules have put on the other case; who had it hears that a colleague has it now."""
    kept.tags = _together(kept.tags, other.tags)
    kept.critical = kept.critical or other.critical
    kept.to_approve += other.to_approve
    kept.history = kept.history and other.history
    if kept.issue_id is None:
        kept.issue_id = other.issue_id
    if other.assignee is None:
        if other.status == Status.ESCALATED and deciding.is_untouched(kept):
            kept.become(Status.OPEN)
            kept.become(Status.ESCALATED)
    elif kept.assignee != other.assignee:
        changes.notices.append(
            (
                "warning",
                f"conversation {other.id} of {other.assignee} is now one with {kept.id} of {kept.assignee}",
            )
        )
