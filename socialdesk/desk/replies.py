"""Desk room: writing an answer: draft, edit, submit, approve, reject, withdraw."""

from __future__ import annotations

import os

from socialdesk import text as texts
from socialdesk.desk import approvals, steps
from socialdesk.desk.case import Case, load_one, save
from socialdesk.desk.casework import finish, snapshot, take_up
from socialdesk.desk.changes import Changes
from socialdesk.desk.drafting import (
    POST,
    PRIVATE,
    REPLY,
    current_draft,
    fill,
    preview,
    visibility_of,
)
from socialdesk.desk.session import Desk
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import conversations, drafts
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft
from socialdesk.policy.approval import NONE
from socialdesk.policy.model import Step
from socialdesk.states import CLOSED, DraftStatus, check_draft_move


def draft(
    desk: Desk, conversation: int, *, text: str | None = None, reply: str | None = None, kind: str = REPLY
) -> Draft:
    """Write a draft: own words, a reply of the policy by name, or, with neither, what the next step asks for.

    The first draft claims the conversation. The answer goes to the profile that wrote, and to nobody else.
    """
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        _check_mine(changes, case)
        step = writing_step(changes, case, reply, kind)
        if text is None and reply is None:
            reply = step.reply if step is not None else None
            if reply is None:
                raise UsageError(
                    f"no reply is asked for in conversation {case.id} now; say what to write with --text or --reply NAME"
                )
        variant = None
        if text is None:
            rendered = fill(changes, case, str(reply))
            text, variant = rendered.text, rendered.variant
        return add_draft(changes, case, text, kind=kind, reply_name=reply, variant=variant, step=step)


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
    before = snapshot(case)
    take_up(changes, case)
    root = None if kind == POST else _answered(changes, case)
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
            "reply_to_message_id": root[0] if root else None,
            "reply_to": root[1] if root else None,
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


def _answered(changes: Changes, case: Case) -> tuple[int, str] | None:
    """The message an answer hangs on: the newest that the case's own person wrote."""
    own = [
        m
        for m in conversations.thread_of(changes.connection, case.id)
        if m.direction == "in" and m.profile_id == case.profile_id and m.deleted_at is None
    ]
    return (own[-1].id, own[-1].external_id) if own else None


def _check_mine(changes: Changes, case: Case) -> None:
    if case.status in CLOSED:
        raise NotAllowed(f"conversation {case.id} is {case.status}; reopen it first")
    if case.assignee not in (None, changes.person.agent) and changes.person.role != "lead":
        raise NotAllowed(f"conversation {case.id} is {case.assignee}'s; ask them to release it")


def writing_step(changes: Changes, case: Case, reply: str | None, kind: str) -> Step | None:
    """The pending step, if this draft is what it asks for."""
    step = steps.pending_of(changes, case)
    if step is None or step.reply is None or (step.kind == POST) != (kind == POST):
        return None
    return step if reply in (None, step.reply) else None


def edit(desk: Desk, conversation: int, text: str, number: int | None = None) -> Draft:
    """Change a draft's words; every wording is kept. An approved or submitted one becomes a draft again."""
    cleaned = texts.clean(text)
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(
            changes,
            case,
            number,
            DraftStatus.DRAFT,
            DraftStatus.REJECTED,
            DraftStatus.CHANGED,
            DraftStatus.FAILED,
            DraftStatus.SUBMITTED,
            DraftStatus.APPROVED,
        )
        if cleaned == found.text:
            return found
        check_draft_move(DraftStatus(found.status), DraftStatus.DRAFT)
        if found.status != DraftStatus.DRAFT:
            found = drafts.change(
                changes.connection,
                found.id,
                found.status,
                {
                    "status": DraftStatus.DRAFT.value,
                    "approver": None,
                    "approver_login": None,
                    "approved_hash": None,
                },
            )
        if changes.person.login != found.author_login:
            found = drafts.change(
                changes.connection,
                found.id,
                found.status,
                {"editor": changes.person.agent, "editor_login": changes.person.login},
            )
        salt = os.urandom(16)
        found = drafts.reword(changes.connection, found, cleaned, changes.person.agent, changes.now, salt)
        changes.record(
            "edited_draft",
            conversation=case.id,
            draft=found.id,
            body={"version": found.version, "commitment": commitment(salt, cleaned).hex()},
        )
        _count_to_approve(changes, case)
    return found


def submit(desk: Desk, conversation: int, number: int | None = None) -> Draft:
    """Hand a draft in. Guardrails that block refuse it; where nobody else must read it, it is approved at once."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(changes, case, number, DraftStatus.DRAFT, DraftStatus.CHANGED)
        look = preview(changes.policy, case, found.text, found.kind, changes.person, found.reply_name)
        if look.blocked:
            raise NotAllowed(f"draft {found.id} cannot go out: {look.why_blocked()}")
        approved = look.needs.level == NONE
        after = DraftStatus.APPROVED if approved else DraftStatus.SUBMITTED
        check_draft_move(DraftStatus(found.status), DraftStatus.SUBMITTED)
        if found.status == DraftStatus.CHANGED:
            found = drafts.change(
                changes.connection, found.id, found.status, {"status": DraftStatus.DRAFT.value}
            )
        values: dict[str, object] = {
            "status": after.value,
            "needs": look.needs.level,
            "if_nobody": look.needs.if_nobody,
            "submitted_at": changes.now,
            "rejected_reason": None,
            "changed_reason": None,
        }
        if approved:
            values |= {
                "approved_at": changes.now,
                "approved_hash": approvals.approved_hash(changes, case, found),
            }
        found = drafts.change(changes.connection, found.id, found.status, values)
        changes.record(
            "submitted",
            conversation=case.id,
            draft=found.id,
            body={
                "needs": look.needs.level,
                "because": list(look.needs.because),
                "version": found.version,
                "hash": found.approved_hash,
                "warnings": [f.rule for f in look.findings],
            },
        )
        _count_to_approve(changes, case)
    return found


def approve(desk: Desk, conversation: int, number: int | None = None, *, text: str | None = None) -> Draft:
    """Approve a colleague's draft, possibly after changing words; both names are kept."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(changes, case, number, DraftStatus.SUBMITTED)
        approvals.check_four_eyes(changes, found)
        if text is not None and texts.clean(text) != found.text:
            found = _reword_at_approval(changes, case, found, texts.clean(text))
        look = preview(changes.policy, case, found.text, found.kind, changes.person, found.reply_name)
        if look.blocked:
            raise NotAllowed(f"draft {found.id} cannot go out: {look.why_blocked()}")
        person = changes.person
        found = drafts.change(
            changes.connection,
            found.id,
            found.status,
            {
                "status": DraftStatus.APPROVED.value,
                "approver": person.agent,
                "approver_login": person.login,
                "approved_at": changes.now,
                "approved_hash": approvals.approved_hash(changes, case, found),
            },
        )
        changes.record(
            "approved",
            conversation=case.id,
            draft=found.id,
            body={
                "version": found.version,
                "hash": found.approved_hash,
                "author": found.author,
                "waited": changes.now - (found.submitted_at or changes.now),
            },
        )
        _count_to_approve(changes, case)
    return found


def _reword_at_approval(changes: Changes, case: Case, found: Draft, words: str) -> Draft:
    if not words.strip():
        raise UsageError("a draft needs words")
    salt = os.urandom(16)
    found = drafts.reword(changes.connection, found, words, changes.person.agent, changes.now, salt)
    changes.record(
        "edited_draft",
        conversation=case.id,
        draft=found.id,
        body={"version": found.version, "at": "approval", "commitment": commitment(salt, words).hex()},
    )
    return drafts.change(
        changes.connection,
        found.id,
        found.status,
        {"editor": changes.person.agent, "editor_login": changes.person.login},
    )


def reject(desk: Desk, conversation: int, reason: str, number: int | None = None) -> Draft:
    """Send a colleague's draft back with a reason."""
    if not reason.strip():
        raise UsageError("sending a draft back takes a reason")
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(changes, case, number, DraftStatus.SUBMITTED)
        if changes.policy.team.same_person(changes.person.login, found.author_login):
            raise NotAllowed("that is your own draft; take it back with: withdraw")
        found = drafts.change(
            changes.connection,
            found.id,
            found.status,
            {"status": DraftStatus.REJECTED.value, "rejected_reason": texts.clean(reason).strip()},
        )
        changes.record("rejected", conversation=case.id, draft=found.id, body={"version": found.version})
        _count_to_approve(changes, case)
    return found


def withdraw(desk: Desk, conversation: int, number: int | None = None) -> Draft:
    """Take a draft that has not gone out away."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(
            changes,
            case,
            number,
            DraftStatus.DRAFT,
            DraftStatus.SUBMITTED,
            DraftStatus.REJECTED,
            DraftStatus.CHANGED,
            DraftStatus.APPROVED,
            DraftStatus.SCHEDULED,
            DraftStatus.QUEUED,
            DraftStatus.FAILED,
        )
        check_draft_move(DraftStatus(found.status), DraftStatus.WITHDRAWN)
        found = drafts.change(
            changes.connection,
            found.id,
            found.status,
            {"status": DraftStatus.WITHDRAWN.value, "not_before": None},
        )
        changes.record("withdrawn", conversation=case.id, draft=found.id)
        _count_to_approve(changes, case)
    return found


def take_private(
    desk: Desk, conversation: int, *, text: str | None = None, reply: str | None = None
) -> Draft:
    """Move the conversation out of the public eye.

    With words, a private message to the one profile that wrote; without, the public invitation that the
    playbook's step names (`invite-to-dm` where it names none).
    """
    if text is not None:
        return draft(desk, conversation, text=text, kind=PRIVATE)
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        step = writing_step(changes, case, None, REPLY)
        asked = step.reply if step is not None and step.kind == "take_private" else None
    return draft(desk, conversation, reply=reply or asked or "invite-to-dm")


def _count_to_approve(changes: Changes, case: Case) -> None:
    waiting = sum(
        d.status == DraftStatus.SUBMITTED for d in drafts.of_conversation(changes.connection, case.id)
    )
    if waiting != case.to_approve:
        case.to_approve = waiting
        save(changes.connection, [case])
