"""Command room: what a command that changed something prints: the conversation or the draft as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socialdesk.cli.printing import data, encode, ink, local, moment, plain
from socialdesk.states import PLAIN, DraftStatus

if TYPE_CHECKING:
    from socialdesk.inbox.rows import Conversation, Draft


def conversation_object(conversation: Conversation) -> dict[str, Any]:
    """A conversation as `list --json` and the working commands write it, without the text of its posts."""
    c = conversation
    return {
        "id": c.id,
        "status": c.status,
        "reason": c.reason,
        "relation": c.relation,
        "sentiment": c.sentiment,
        "feeling": c.feeling,
        "urgency": c.urgency,
        "critical": c.critical,
        "playbook": c.playbook,
        "case": c.case_name,
        "step": c.step,
        "step_kind": c.step_kind,
        "network": c.network,
        "author": c.author,
        "name": c.name,
        "followers": c.followers,
        "reach": c.reach,
        "language": c.language,
        "topics": list(c.topics),
        "risks": list(c.risks),
        "tags": list(c.tags),
        "visibility": c.visibility,
        "engage": c.engage,
        "target": c.target,
        "due_at": moment(c.due_at),
        "due_kind": c.due_kind,
        "assignee": c.assignee,
        "first_at": moment(c.first_at),
        "last_at": moment(c.last_at),
        "unanswered_since": moment(c.unanswered_since),
        "snoozed_until": moment(c.snoozed_until),
        "messages": c.message_count,
        "replies": c.reply_count,
        "to_approve": c.to_approve,
        "issue": c.issue_id,
        "linked_to": c.linked_to,
        "history": c.history,
        "url": c.url,
    }


def draft_object(draft: Draft) -> dict[str, Any]:
    """A draft: its number is `draft`, its conversation `id`; keys of the outbox stay inside."""
    inside = {"id", "conversation_id", "issue_id", "token", "lease_until", "approved_hash", "key", "version"}
    rest = {name: value for name, value in plain(draft).items() if name not in inside}
    return {"id": draft.conversation_id, "draft": draft.id, "status": rest.pop("status"), **rest}


def print_conversation(conversation: Conversation, as_json: bool) -> None:
    """The conversation after a change."""
    data(encode(conversation_object(conversation)) if as_json else one_line(conversation))


def print_draft(draft: Draft, as_json: bool) -> None:
    """The draft after a change: one line about it, then its words."""
    if as_json:
        data(encode(draft_object(draft)))
        return
    data(draft_line(draft))
    data("\n".join("  " + ink(line) for line in draft.text.split("\n")))


def one_line(conversation: Conversation) -> str:
    """Number, status, whose it is, where the playbook stands and by when."""
    c = conversation
    parts = [
        f"{c.id}",
        c.status + (f" ({c.reason})" if c.reason else ""),
        c.assignee or "nobody's",
        "/".join(filter(None, (c.playbook, c.case_name))),
        f"next: step {c.step} ({(c.step_kind or '').replace('_', ' ')})" if c.step else "",
        f"until {local(c.snoozed_until)}" if c.snoozed_until and c.status == "snoozed" else "",
        f"{(c.due_kind or 'due').replace('_', ' ')} by {local(c.due_at)}" if c.due_at else "",
    ]
    return ink("  ".join(filter(None, parts)))


def draft_line(draft: Draft) -> str:
    """Number, kind, status in plain words, and whose turn it is."""
    kinds = {"reply": "reply", "private": "private message", "post": "post"}
    parts = [
        f"{draft.conversation_id or 'issue ' + str(draft.issue_id)}",
        f"draft {draft.id}",
        kinds.get(draft.kind, draft.kind) + (f" to @{draft.recipient}" if draft.recipient else ""),
        PLAIN[DraftStatus(draft.status)],
        f"by {draft.author}" + (f", edited by {draft.editor}" if draft.editor else ""),
        f"approved by {draft.approver}" if draft.approver else "",
        f"needs approval by a {draft.needs}" if draft.status == "submitted" and draft.needs != "none" else "",
        f"because: {draft.rejected_reason}" if draft.rejected_reason and draft.status == "rejected" else "",
        f"because: {draft.changed_reason}" if draft.changed_reason and draft.status == "changed" else "",
        f"not before {local(draft.not_before)}"
        if draft.not_before and draft.status in ("queued", "scheduled")
        else "",
        f"error: {draft.error}" if draft.error else "",
    ]
    return ink("  ".join(filter(None, parts)))
