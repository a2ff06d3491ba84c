"""Desk room: writing an answer: draft, edit, submit, approve, reject, withdraw."""

from __future__ import annotations

import os

from socialdesk import text as texts
from socialdesk.desk import approvals
from socialdesk.desk.acting import be_present
from socialdesk.desk.case import Case, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.composing import add_draft, answered_message, check_may_write, writing_step
from socialdesk.desk.drafting import PRIVATE, REPLY, Preview, current_draft, fill, preview
from socialdesk.desk.session import Desk
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import drafts
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft
from socialdesk.policy.approval import NONE
from socialdesk.states import DraftStatus, check_draft_move


def check_may_answer(desk: Desk, conversation: int) -> None:
    """`NotAllowed` where a draft could not be kept; to be asked before somebody begins to type one."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        check_may_write(changes, case)
        answered_message(changes, case)


def draft(
    desk: Desk, conversation: int, *, text: str | None = None, reply: str | None = None, kind: str = REPLY
) -> Draft:
    """Write a draft: own words, a reply of the policy by name, or, with neither, what the next step asks for.

    The first draft claims the conversation. The answer goes to the profile that wrote, and to nobody else.
    """
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        check_may_write(changes, case)
        step = writing_step(changes, case, reply, kind)
        if text is None and reply is None:
            reply = step.reply if step is not None else None
            if reply is None:
                raise UsageError(
                    f"no reply is asked for in conversation {case.id} now;"
                    " say what to write with --text or --reply NAME"
                )
        variant = None
        if text is None:
            rendered = fill(changes, case, str(reply))
            text, variant = rendered.text, rendered.variant
        return add_draft(changes, case, text, kind=kind, reply_name=reply, variant=variant, step=step)


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
        be_present(changes, case.id, "writing")
        salt = os.urandom(16)
        found = drafts.reword(changes.connection, found, cleaned, changes.person.agent, changes.now, salt)
        changes.record(
            "edited_draft",
            conversation=case.id,
            draft=found.id,
            body={"version": found.version, "commitment": commitment(salt, cleaned).hex()},
        )
        approvals.count_to_approve(changes, case)
    return found


def submit(desk: Desk, conversation: int, number: int | None = None) -> Draft:
    """Hand a draft in. Guardrails that block refuse it; where nobody else must read it, it is approved at once."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(changes, case, number, DraftStatus.DRAFT, DraftStatus.CHANGED)
        look = _look_at(changes, case, found, found.text)
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
            "approver": None,
            "approver_login": None,
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
        approvals.count_to_approve(changes, case)
    return found


def approve(desk: Desk, conversation: int, number: int | None = None, *, text: str | None = None) -> Draft:
    """Approve a colleague's draft, possibly after changing words; both names are kept."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        found = current_draft(changes, case, number, DraftStatus.SUBMITTED)
        words = found.text if text is None else texts.clean(text).strip()
        found = approvals.raise_needs(changes, found, _look_at(changes, case, found, words).needs)
        approvals.check_four_eyes(changes, found)
        if words != found.text:
            found = _reword_at_approval(changes, case, found, words)
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
        approvals.count_to_approve(changes, case)
    return found


def _look_at(changes: Changes, case: Case, found: Draft, words: str) -> Preview:
    """Hold the words of a draft against everything; whoever hands it in, it counts who wrote it."""
    if not words.strip():
        raise UsageError("a draft needs words")
    writer = approvals.writer_of(changes, found)
    look = preview(changes.policy, case, words, found.kind, writer, found.reply_name)
    if look.blocked:
        raise NotAllowed(f"draft {found.id} cannot go out: {look.why_blocked()}")
    return look


def _reword_at_approval(changes: Changes, case: Case, found: Draft, words: str) -> Draft:
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
        approvals.count_to_approve(changes, case)
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
            DraftStatus.UNSURE,
        )
        check_draft_move(DraftStatus(found.status), DraftStatus.WITHDRAWN)
        found = drafts.change(
            changes.connection,
            found.id,
            found.status,
            {"status": DraftStatus.WITHDRAWN.value, "not_before": None},
        )
        changes.record("withdrawn", conversation=case.id, draft=found.id)
        approvals.count_to_approve(changes, case)
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
