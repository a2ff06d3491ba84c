"""Screen room: who is writing: the record, the accounts, earlier contacts and recent posts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from socialdesk.tui.plain import inert, people, span
from socialdesk.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from socialdesk.desk.reading import CaseView


class CustomerPanel(TextPane):
    """What is known of the person who wrote, so that nobody is asked twice."""

    def show(self, view: CaseView, now: int) -> None:
        """Show a case's customer."""
        lines = [_person(view), *_record(view), *_accounts(view), *_history(view, now), *_posts(view, now)]
        self.put(lines)


def _person(view: CaseView) -> Content:
    conversation = view.conversation
    marks = [
        word
        for word, holds in (
            ("VIP", conversation.vip),
            ("advocate", conversation.advocate),
            ("bot", bool(conversation.bot)),
            ("verified", bool(conversation.verified)),
            ("colleague", conversation.colleague),
        )
        if holds
    ]
    heard = (
        f"{people(conversation.followers)} followers"
        if conversation.followers is not None
        else "reach unknown"
    )
    if view.joint_reach > (conversation.followers or 0):
        heard += f", {people(view.joint_reach)} with the others here"
    return Content.assemble(
        ("Customer  ", "$dim bold"),
        (inert(conversation.name or conversation.author), "bold"),
        (f" · {heard}", ""),
        ("".join(f" · {mark}" for mark in marks), "$warning"),
    )


def _record(view: CaseView) -> list[Content]:
    record = view.customer
    if record is None:
        return [Content.styled("No customer record is linked to this account.", "$dim")]
    facts = [inert(record.name or record.reference or "")]
    if record.product:
        facts.append(inert(record.product))
    if record.bought:
        facts.append(
            "bought " + datetime.fromtimestamp(record.bought / 1000).astimezone().strftime("%d %b %Y")
        )
    if record.open_ticket:
        facts.append(f"open ticket {inert(record.open_ticket)}")
    facts += [inert(tag) for tag in record.tags]
    return [Content("Record    " + " · ".join(fact for fact in facts if fact))]


def _accounts(view: CaseView) -> list[Content]:
    others = [one for one in view.accounts if view.profile is None or one.id != view.profile.id]
    if not others:
        return []
    names = " · ".join(f"@{inert(one.handle)} on {inert(one.network)}" for one in others)
    return [Content(f"Also      {names}")]


def _history(view: CaseView, now: int) -> list[Content]:
    if not view.earlier:
        return [Content.styled("Earlier   first contact", "$dim")]
    lines = [Content(f"Earlier   {len(view.earlier)} conversation{'s' if len(view.earlier) > 1 else ''}")]
    lines += [
        Content.styled(
            f"  {span(now - one.last_at)} ago · {one.network} · {one.status} · {inert(one.snippet)}", "$dim"
        )
        for one in view.earlier[:3]
    ]
    return lines


def _posts(view: CaseView, now: int) -> list[Content]:
    told = {one.id for one in view.earlier[:3]}
    posts = [post for post in view.recent if post.conversation_id not in told][:3]
    return [
        Content.styled(f"  posted {span(now - post.created_at)} ago: {inert(post.text)}", "$dim")
        for post in posts
    ]
