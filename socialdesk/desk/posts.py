"""Desk room: what we publish unasked: a holding post for an issue, news of the fix."""

from __future__ import annotations

from socialdesk.desk.case import load_one
from socialdesk.desk.composing import add_draft, writing_step
from socialdesk.desk.drafting import POST, fill
from socialdesk.desk.session import Desk
from socialdesk.desk.steps import NOT_ABOUT
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import drafts
from socialdesk.inbox.rows import Draft


def post(desk: Desk, conversation: int, *, text: str | None = None, reply: str | None = None) -> Draft:
    """Draft a post for the issue that a conversation belongs to; without words, the one its next step names.

    One holding post serves an issue: a second of the same name is refused while the first is about.
    """
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        step = writing_step(changes, case, reply, POST)
        name = reply or (step.reply if step is not None else None)
        if text is None and name is None:
            raise UsageError(
                f"no post is asked for in conversation {case.id}; say which with --text or --reply NAME"
            )
        if case.issue_id is not None and name is not None:
            _check_once(drafts.of_issue(changes.connection, case.issue_id), name, case.issue_id)
        variant = None
        if text is None:
            rendered = fill(changes, case, str(name))
            text, variant = rendered.text, rendered.variant
        return add_draft(
            changes, case, text, kind=POST, reply_name=name, variant=variant, step=step, issue=case.issue_id
        )


def _check_once(about: list[Draft], name: str, issue: int) -> None:
    for other in about:
        if other.reply_name == name and other.status not in NOT_ABOUT:
            raise NotAllowed(
                f"issue {issue} has this post already: draft {other.id} in conversation {other.conversation_id},"
                f" {other.status}"
            )
