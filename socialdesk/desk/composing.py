"""Desk room: a new draft: who it goes to, what it answers, and which step of the playbook it carries out."""

from __future__ import annotations

import os

from socialdesk import text as texts
from socialdesk.desk import steps
from socialdesk.desk.acting import finish, snapshot, take_up
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.desk.drafting import POST, PRIVATE, visibility_of
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import conversations, drafts
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft
from socialdesk.model import Visibility
from socialdesk.policy.model import Step
from socialdesk.policy.team import LEAD
from socialdesk.states import CLOSED


def add_draft(
    changes: Changes,
    case: Case,
    text: str,
    *,
    kind: str,
    reply_name: str | None,
    variant: int | None,
    step: Step | None,
    issue: int | None = None,
) -> Draft:
    """Store a new draft for a case, which the author takes up by writing it."""
    cleaned = texts.clean(text).strip()
    if not cleaned:
        raise UsageError("a draft needs words")
    if kind == PRIVATE:
        _check_may_write_privately(changes, case)
    before = snapshot(case)
    take_up(changes, case)
    answered = None if kind == POST else answered_message(changes, case)
    person = changes.person
    salt = os.urandom(16)
    made = drafts.insert(
        changes.connection,
        {
            "conversation_id": case.id,
            "issue_id": issue,
            "kind": kind,
            "text": cleaned,
            "reply_name": reply_name,
            "variant": variant,
            "step": step.id if step else None,
            "author": person.agent,
            "author_login": person.login,
            "network": case.network,
            "visibility": visibility_of(changes.policy, case, kind).value,
            "reply_to_message_id": answered[0] if answered else None,
            "reply_to": answered[1] if answered else None,
            "recipient_profile_id": None if kind == POST else case.profile_id,
            "recipient": None if kind == POST else case.author,
            "language": case.language,
            "created_at": changes.now,
            "updated_at": changes.now,
        },
        salt,
    )
    finish(
        changes,
        case,
        before,
        "drafted",
        {"draft": made.id, "kind": kind, "reply": reply_name, "commitment": commitment(salt, cleaned).hex()},
        draft=made.id,
    )
    return made


def answered_message(changes: Changes, case: Case) -> tuple[int, str]:
    """The message an answer hangs on: the newest that the case's own person wrote; `NotAllowed` without one."""
    own = [
        m
        for m in conversations.thread_of(changes.connection, case.id)
        if m.direction == "in" and m.profile_id == case.profile_id and m.deleted_at is None
    ]
    if not own:
        raise NotAllowed(
            f"there is nothing to answer: {case.author or 'nobody'} has taken back what they wrote"
        )
    return own[-1].id, own[-1].external_id


def _check_may_write_privately(changes: Changes, case: Case) -> None:
    """`NotAllowed` where the network's norms say that nobody there is written to privately, or not yet."""
    may = changes.policy.networks.norms(case.network, site=case.site).private
    if may == "no":
        raise NotAllowed(f"we write to nobody privately on {case.network}; invite them in public instead")
    if may == "if_they_wrote" and not _wrote_privately(changes, case):
        raise NotAllowed(
            f"on {case.network} they must write to us privately first; invite them in public instead"
        )


def _wrote_privately(changes: Changes, case: Case) -> bool:
    return any(
        m.direction == "in" and m.profile_id == case.profile_id and m.visibility == Visibility.PRIVATE
        for m in conversations.thread_of(changes.connection, case.id)
    )


def check_may_write(changes: Changes, case: Case) -> None:
    """`NotAllowed` while the conversation is closed, or a colleague's; a lead may help out."""
    if case.status in CLOSED:
        raise NotAllowed(f"conversation {case.id} is {case.status}; reopen it first")
    if case.assignee not in (None, changes.person.agent) and changes.person.role != LEAD:
        raise NotAllowed(f"conversation {case.id} is {case.assignee}'s; ask them to release it")


def writing_step(changes: Changes, case: Case, reply: str | None, kind: str) -> Step | None:
    """The pending step, if this draft is what it asks for."""
    step = steps.pending_of(changes, case)
    if step is None or step.reply is None or (step.kind == POST) != (kind == POST):
        return None
    return step if reply in (None, step.reply) else None
