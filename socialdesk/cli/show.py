"""Command room: one conversation on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from socialdesk.cli.arguments import conversation_argument, json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import (
    BOLD,
    DIM,
    GREEN,
    RED,
    RELATIONS,
    aligned,
    count,
    data,
    encode,
    ink,
    local,
    local_day,
    plain,
    width,
    wrapped,
)
from socialdesk.cli.results import conversation_object, draft_line, draft_object
from socialdesk.text import ago, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.desk.reading import CaseView, StepLine
    from socialdesk.inbox.rows import Message

_STEP_MARKS = {"done": "✓", "next": "→", "skipped": "–", "not_taken": "·"}


@click.command("show")
@conversation_argument
@json_option
@pass_context
def show_command(context: Context, conversation: int, as_json: bool) -> None:
    """One conversation: thread, customer, the playbook's steps, notes, drafts, escalations."""
    from socialdesk.desk.reading import case_view

    desk = context.desk
    now = desk.clock.now()
    view = case_view(desk.connection, desk.policy, conversation, now, desk.person)
    if as_json:
        data(encode(view_object(view)))
        return
    for line in page(view, now, width()):
        data(line)


def view_object(view: CaseView) -> dict[str, Any]:
    """Everything the desk knows of a conversation, for JSON."""
    whole = plain(view)
    root = next((m for m in view.thread if m.id == view.conversation.root_message_id), None)
    return {
        **conversation_object(view.conversation),
        "text": root.text if root else view.conversation.snippet,
        **{name: value for name, value in whole.items() if name not in ("conversation", "drafts", "earlier")},
        "drafts": [draft_object(draft) for draft in view.drafts],
        "earlier": [conversation_object(one) for one in view.earlier],
    }


def page(view: CaseView, now: int, wide: int) -> Iterator[str]:
    """The conversation in lines of at most `wide` columns."""
    yield from _head(view, now)
    yield from _thread(view, now, wide)
    yield from _steps(view)
    yield from _customer(view, now)
    if view.drafts:
        yield from _section("Drafts")
        for draft in view.drafts:
            yield "  " + draft_line(draft)
            yield from wrapped(draft.text, "      ", wide)
    if view.notes:
        yield from _section("Notes")
        for note in view.notes:
            yield from wrapped(f"{local(note.at, now)} {note.agent}: {note.text}", "  ", wide)
    if view.escalations:
        yield from _section("Escalations")
        for one in view.escalations:
            by = f", {one.status} by {one.acknowledged_by}" if one.acknowledged_by else f", {one.status}"
            yield "  " + ink(f"{local(one.at, now)} to {one.to_group} by {one.by_way}{by}: {one.reason}")


def _section(title: str) -> Iterator[str]:
    yield ""
    yield ink(title, BOLD)


def _head(view: CaseView, now: int) -> Iterator[str]:
    c = view.conversation
    due = ""
    if c.due_at:
        kind = (c.due_kind or "due").replace("_", " ")
        due = f"{kind} by {local(c.due_at, now)} ({time_left(c.due_at - now)})"
    parts = [f"{c.id}", c.status + (f" ({c.reason})" if c.reason else ""), f"{c.assignee or 'nobody'}'s", due]
    yield ink("  ".join(filter(None, parts)), BOLD) + (
        "  " + ink("critical", RED, BOLD) if c.critical else ""
    )
    mood = [
        RELATIONS.get(c.relation, c.relation),
        c.feeling,
        c.sentiment.replace("_", " "),
        f"urgency {c.urgency}",
    ]
    yield ink(" · ".join(filter(None, (c.network, c.language or "", *mood, *c.topics, *c.risks))))
    name = f" ({c.name})" if c.name else ""
    listeners = f", {count(c.followers, 'follower')}" if c.followers is not None else ""
    yield ink(f"@{c.author}{name}{listeners}{'  ' + c.url if c.url else ''}")
    case = ": ".join(filter(None, (view.playbook_title or c.playbook, view.case_title or c.case_name)))
    yield ink("  ".join(filter(None, (case, f"target {c.target}" if c.target else ""))))
    if view.wait_until is not None:
        yield ink(f"nothing goes out before {local(view.wait_until, now)}: do nothing in haste")
    if view.issue is not None:
        yield ink(f"part of issue {view.issue.id}: {view.issue.title}; joint reach {view.joint_reach:,}")
    if c.linked_to:
        yield ink(f"follows conversation {c.linked_to} of the same account")
    if view.presence:
        yield ink("here now: " + ", ".join(f"{agent} ({doing})" for agent, doing in view.presence))


def _thread(view: CaseView, now: int, wide: int) -> Iterator[str]:
    yield from _section("Thread")
    for message in view.ancestors:
        yield from _message(message, now, wide, "above")
    for message in view.thread:
        yield from _message(message, now, wide, "")


def _message(message: Message, now: int, wide: int, place: str) -> Iterator[str]:
    ours = message.direction == "out"
    marks = [
        place,
        "ours" if ours else "",
        message.visibility if message.visibility not in ("public", "") else "",
        "edited" if message.edited_at or message.versions else "",
        "deleted" if message.deleted_at else "",
        message.feeling if message.feeling not in (None, "", "calm") else "",
    ]
    head = f"  {local(message.created_at, now)}  @{message.author}  {' · '.join(filter(None, marks))}"
    yield ink(head.rstrip(), GREEN if ours else DIM)
    yield from wrapped(message.text, "    ", wide)


def _steps(view: CaseView) -> Iterator[str]:
    if not view.steps:
        return
    yield from _section("Steps")
    yield from aligned(
        (
            f"  {'  ' * step.depth}{_STEP_MARKS.get(step.state, ' ')} {step.path}",
            step.kind.replace("_", " "),
            _step_words(step),
        )
        for step in view.steps
    )


def _step_words(step: StepLine) -> str:
    words = step.text if not step.reply or step.reply in step.text else f"{step.text} ({step.reply})"
    outcome = f"  [{step.outcome}{': ' + step.reason if step.reason else ''}]" if step.outcome else ""
    return words + outcome


def _customer(view: CaseView, now: int) -> Iterator[str]:
    customer = view.customer
    if customer is None and not view.earlier and not view.recent:
        return
    yield from _section("Customer")
    if customer is None:
        yield "  not in the customer records"
    else:
        facts = [
            customer.name,
            customer.reference,
            customer.email,
            customer.product,
            f"bought {local_day(customer.bought)}" if customer.bought else None,
            f"open ticket {customer.open_ticket}" if customer.open_ticket else None,
            "VIP" if customer.vip else None,
            *customer.tags,
        ]
        yield "  " + ink(" · ".join(fact for fact in facts if fact))
    for one in view.earlier:
        yield "  " + ink(f"earlier: {one.id} {one.status} {ago(now - one.last_at)}: {one.snippet}"[: width()])
