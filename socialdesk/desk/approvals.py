"""Desk room: four eyes: what an approval covers, who may give it, and when it no longer holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from socialdesk.desk.case import Case, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.drafting import context_of
from socialdesk.desk.threadtext import context_hash
from socialdesk.errors import NotAllowed
from socialdesk.inbox import drafts, events
from socialdesk.inbox.rows import Draft
from socialdesk.model import Millis, Person
from socialdesk.policy import approval, guardrails
from socialdesk.policy.team import TRAINEE
from socialdesk.states import DraftStatus
from socialdesk.triage import personal_data


def approved_hash(changes: Changes, case: Case, draft: Draft) -> str:
    """One hash over all that an approval covers: text, account, recipient, visibility, what it answers,
    and the customer's newest words."""
    covered = [
        draft.kind,
        draft.text,
        draft.network,
        draft.channel,
        draft.visibility,
        draft.reply_to,
        draft.recipient,
        context_hash(changes.connection, case),
    ]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()


def why_stale(changes: Changes, case: Case, draft: Draft) -> str | None:
    """Why an approved draft may not go out any more, or None.

    A policy edit alone changes nothing; a guardrail that blocks the text now does.
    """
    not_on_record = _not_on_record(changes, draft)
    if not_on_record:
        return not_on_record
    if draft.approved_hash != approved_hash(changes, case, draft):
        return "the text, its recipient or the customer's words have changed since approval"
    found = guardrails.check_text(
        changes.policy,
        draft.text,
        context_of(changes.policy, case, draft.kind, None),
        personal_data(draft.text),
    )
    blocking = [f for f in found if f.severity == guardrails.BLOCK]
    return f"a guardrail blocks it now: {blocking[0].reason}" if blocking else None


def _not_on_record(changes: Changes, draft: Draft) -> str | None:
    """Why the chained record does not bear the approval out: a row alone, which anybody could write, does not count."""
    event = events.approval_of(changes.connection, draft.id)
    body = json.loads(event.body) if event else {}
    if event is None or body.get("hash") != draft.approved_hash:
        return "the record holds no approval of these words"
    if event.kind == "submitted":
        return None if body.get("needs") == approval.NONE else "the record holds no approval of it"
    if changes.policy.team.same_person(event.login, draft.author_login):
        return "it was approved by the person who wrote it"
    return None


def send_back(changes: Changes, case: Case, draft: Draft, reason: str) -> None:
    """Mark a draft as changed since approval."""
    drafts.change(
        changes.connection,
        draft.id,
        draft.status,
        {"status": DraftStatus.CHANGED.value, "changed_reason": reason, "not_before": None},
    )
    changes.record("changed", conversation=case.id, draft=draft.id, body={"reason": reason})


def writer_of(changes: Changes, draft: Draft) -> Person:
    """Whose words a draft holds, for what it needs: its author, as a trainee when a trainee had a hand in it."""
    team = changes.policy.team
    hands = [team.by_login(login) for login in (draft.author_login, draft.editor_login) if login]
    author = hands[0] or Person(draft.author, draft.author_login)
    learning = any(hand is not None and hand.role == TRAINEE for hand in hands)
    return replace(author, role=TRAINEE) if learning else author


def raise_needs(changes: Changes, draft: Draft, needs: approval.Approval) -> Draft:
    """The draft with the approval that it needs by now; what it needed when it was handed in is the least."""
    if approval.LEVELS.index(needs.level) <= approval.LEVELS.index(draft.needs):
        return draft
    values = {"needs": needs.level, "if_nobody": needs.if_nobody}
    return drafts.change(changes.connection, draft.id, draft.status, values)


def check_four_eyes(changes: Changes, draft: Draft) -> None:
    """`NotAllowed` unless the acting person may approve this draft: another person, of the level it needs.

    Who has changed somebody's words may approve them only when somebody else has handed them in.
    """
    person, team = changes.person, changes.policy.team
    handed_in = events.latest_of_draft(changes.connection, draft.id, "submitted")
    edited = draft.editor_login is not None and team.same_person(person.login, draft.editor_login)
    alone = edited and (handed_in is None or team.same_person(person.login, handed_in.login))
    if alone or team.same_person(person.login, draft.author_login):
        raise NotAllowed("four eyes: nobody approves what they wrote themselves; ask a colleague")
    why_not = approval.may_approve(
        changes.policy, person, draft.author_login, draft.needs, draft.if_nobody, Millis(changes.now)
    )
    if why_not:
        raise NotAllowed(f"four eyes: {why_not}")


def count_to_approve(changes: Changes, case: Case) -> None:
    """Keep on the row how many of the case's drafts wait for an approver, so that lists can show it."""
    waiting = sum(
        d.status == DraftStatus.SUBMITTED for d in drafts.of_conversation(changes.connection, case.id)
    )
    if waiting != case.to_approve:
        case.to_approve = waiting
        save(changes.connection, [case])
