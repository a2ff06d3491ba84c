"""Screen room: the thread of a conversation, with what stands above it, our drafts and our notes."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from textual.content import Content

from socialdesk.clock import DAY, MINUTE
from socialdesk.states import PLAIN, DraftStatus
from socialdesk.tui.actions import BY_ID, hint
from socialdesk.tui.plain import inert, inert_lines, people, span
from socialdesk.tui.widgets.steps import FINISHED
from socialdesk.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.desk.reading import CaseView
    from socialdesk.inbox.rows import Draft, Message

SHOWN_MESSAGES = 200
"""A thread longer than this shows its newest messages; wrapping thousands would hold the keys."""


def clock_words(at: int, now: int) -> str:
    """A moment as the agent's wall clock shows it, with how long ago it was."""
    moment = datetime.fromtimestamp(at / 1000).astimezone()
    form = "%H:%M" if now - at < DAY else "%d %b %H:%M"
    return f"{moment.strftime(form)} · {span(now - at) + ' ago' if now - at >= MINUTE else 'just now'}"


class Thread(TextPane):
    """Who said what, oldest first; ours are told apart by a sign, an indent and a word."""

    being_written: int | None = None
    """The draft that the composer holds."""

    _shown: int | None = None
    _at_end = True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Somebody scrolled: whether the newest is still in view decides what happens when more comes."""
        super().watch_scroll_y(old_value, new_value)
        self._at_end = new_value >= self.max_scroll_y

    def on_resize(self) -> None:
        """The newest stays in view when the composer takes room."""
        self._keep_end()

    def _keep_end(self) -> None:
        if self._at_end:
            self.call_after_refresh(self.scroll_end, animate=False)

    def show(self, view: CaseView, now: int, keymap: Mapping[str, str]) -> None:
        """Show a case from its newest message; a draft in the composer is not shown twice."""
        entries: list[tuple[int, list[Content]]] = []
        newest = view.thread[-SHOWN_MESSAGES:]
        entries += [(m.created_at, _message(m, view, now)) for m in newest]
        entries += [(n.at, _aside("note", n.agent, n.text, n.at, now)) for n in view.notes]
        entries += [(e.at, _escalated(e, now)) for e in view.escalations]
        lines: list[Content] = []
        for above in view.ancestors:
            lines += [*_message(above, view, now, above=True), Content("")]
        hidden = len(view.thread) - len(newest)
        if hidden:
            lines += [
                Content.styled(f"… {hidden} earlier messages are not shown", "$dim"),
                Content(""),
            ]
        for _, block in sorted(entries, key=itemgetter(0)):
            lines += [*block, Content("")]
        for draft in reversed(view.drafts):
            if draft.status not in FINISHED and draft.id != self.being_written:
                lines += [*_draft(draft, now, keymap), Content("")]
        self.put(lines[:-1])
        if view.conversation.id != self._shown:
            self._shown, self._at_end = view.conversation.id, True
        self._keep_end()


def _message(message: Message, view: CaseView, now: int, *, above: bool = False) -> list[Content]:
    ours = message.direction == "out"
    words = [clock_words(message.created_at, now)]
    if message.visibility != "public":
        words.append(message.visibility)
    if message.edited_at:
        words.append("edited")
    if message.deleted_at:
        words.append("deleted by its author")
    if message.bot:
        words.append("bot")
    if message.relation == "from_us" and not ours:
        words.append("one of us")
    if not ours and not above and message.profile_id != view.conversation.profile_id:
        words.append("bystander")
    if message.followers and not ours and message.profile_id != view.conversation.profile_id:
        words.append(f"{people(message.followers)} followers")
    name = inert(message.name or "")
    sign = "↱ above: " if above else "→ " if ours else ""
    head = Content.assemble(
        (sign, "$dim" if above else "$success"),
        ("us" if ours else f"@{inert(message.author)}", "bold $success" if ours else "bold"),
        (f" {name}" if name and not ours else "", ""),
        ("  " + " · ".join(words), "$dim"),
    )
    indent = "  " if ours else ""
    style = "$dim" if above or message.deleted_at else ""
    return [Content(indent) + head, *(_body(message.text, indent, style))]


def _body(text: str, indent: str, style: str) -> list[Content]:
    return [Content.styled(indent + line, style) for line in inert_lines(text).split("\n")]


def _draft(draft: Draft, now: int, keymap: Mapping[str, str]) -> list[Content]:
    status = PLAIN[DraftStatus(draft.status)]
    words = [
        f"{draft.kind} {draft.id}",
        "in your own words" if not draft.reply_name else draft.reply_name,
        status,
    ]
    if draft.status == DraftStatus.SUBMITTED and draft.needs != "none":
        words[-1] = f"waits for {'a lead' if draft.needs == 'lead' else 'a colleague'} to approve it"
    if draft.status == DraftStatus.QUEUED and draft.not_before and draft.not_before > now:
        words[-1] = f"goes out in {span(draft.not_before - now)}; {hint(BY_ID['undo'], keymap)} takes it back"
    if draft.approver and draft.status == DraftStatus.APPROVED:
        words[-1] = f"approved by {draft.approver}; {hint(BY_ID['send'], keymap)} sends it"
    elif draft.approver:
        words.append(f"approved by {draft.approver}")
    reason = (
        draft.rejected_reason if draft.status == DraftStatus.REJECTED else draft.changed_reason or draft.error
    )
    head = Content.assemble(
        ("  ✎ ", "$warning"),
        (inert(draft.author), "bold $warning"),
        ("  " + inert(" · ".join(words)), "$dim"),
    )
    told = [Content.styled(f"    {inert(reason)}", "$error")] if reason else []
    return [head, *told, *_body(draft.text, "    ", "italic")]


def _aside(kind: str, agent: str, text: str, at: int, now: int) -> list[Content]:
    head = Content.assemble(
        ("  ✱ ", "$accent"),
        (f"{kind} by {inert(agent)}", "$accent"),
        ("  " + clock_words(at, now), "$dim"),
    )
    return [head, *_body(text, "    ", "")]


def _escalated(escalation: object, now: int) -> list[Content]:
    to, by, status = (getattr(escalation, name) for name in ("to_group", "agent", "status"))
    reason, at = (getattr(escalation, name) for name in ("reason", "at"))
    words = f" by {inert(by)} · {status.replace('_', ' ')}  {clock_words(at, now)}"
    return [
        Content.assemble(
            ("  ⇧ ", "$error"),
            (f"escalated to {inert(to)}", "bold $error"),
            f": {inert(reason)}",
            (words, "$dim"),
        )
    ]
