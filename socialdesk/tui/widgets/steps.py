"""Screen room: the steps of the playbook's case, with what is settled and what is asked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from socialdesk.states import PLAIN, DraftStatus
from socialdesk.tui.actions import BY_ID, hint
from socialdesk.tui.plain import inert
from socialdesk.tui.situation import MINE_TO_WRITE
from socialdesk.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.desk.reading import CaseView, StepLine
    from socialdesk.inbox.rows import Draft

FINISHED = frozenset({DraftStatus.SENT, DraftStatus.WITHDRAWN})
SIGNS = {
    "done": ("✓", "$success"),
    "next": ("▶", "bold $accent"),
    "later": ("·", "$dim"),
    "skipped": ("–", "$dim"),
}

KEYS_OF_KIND = {
    "ask": ("answer-yes", "answer-no", "skip"),
    "find_out": ("reply", "step-done", "skip"),
    "reply": ("reply", "suggestions", "skip"),
    "post": ("post", "skip"),
    "take_private": ("take-private", "skip"),
    "wait": ("skip",),
    "close": ("resolve", "skip"),
    "escalate": ("escalate", "skip"),
}

VERBS = {
    "find_out": "Find out: ", "reply": "Reply: ", "post": "Post: ", "take_private": "Take private: ", "wait": "Wait ",
    "close": "Close: ", "escalate": "Escalate: ",
}  # fmt: skip


class Steps(TextPane):
    """What the team's playbook says to do, step by step; the pending step carries its keys."""

    def show(self, view: CaseView, keymap: Mapping[str, str]) -> None:
        """Show a case's steps; the pending one with its keys by `keymap`."""
        title = " › ".join(part for part in (view.playbook_title, view.case_title) if part)
        lines = [Content.styled(inert(title) or "No playbook applies", "bold")]
        for step in view.steps:
            if step.state != "not_taken":
                lines += _step(step, _draft_for(step, view), keymap)
        if not view.steps:
            lines.append(Content.styled("No steps: read, then reply, watch or close as you judge.", "$dim"))
        self.put(lines)


def _step(step: StepLine, draft: Draft | None, keymap: Mapping[str, str]) -> list[Content]:
    sign, style = SIGNS.get(step.state, SIGNS["later"])
    indent = "  " * step.depth
    pending = step.state == "next"
    words = "" if step.state == "done" else "bold" if pending else "$dim"
    told = " · ".join(part for part in (step.outcome if step.kind == "ask" else None, step.reason) if part)
    line = Content.assemble(
        (f"{indent}{sign} ", style), (_words(step), words),
        (f"  {inert(told)}" if told else "", "$dim"),
    )  # fmt: skip
    if not pending:
        return [line]
    return [line, Content(indent + "  ") + _what_now(step, draft, keymap)]


def _draft_for(step: StepLine, view: CaseView) -> Draft | None:
    """What was written for a step and has not gone out yet."""
    return next((one for one in view.drafts if one.step == step.path and one.status not in FINISHED), None)


def _what_now(step: StepLine, draft: Draft | None, keymap: Mapping[str, str]) -> Content:
    """The keys of the pending step, or how far its draft has come."""
    if draft is not None and draft.status not in MINE_TO_WRITE:
        return Content.styled(f"{draft.kind} {draft.id}: {PLAIN[DraftStatus(draft.status)]}", "$warning")
    names: tuple[str, ...] = KEYS_OF_KIND.get(step.kind, ("skip",))
    if draft is not None:
        names = ("send", *names) if draft.status == DraftStatus.APPROVED else (*names[:1], "send", *names[1:])
    return Content("   ").join(
        Content.assemble((hint(BY_ID[name], keymap), "bold $accent"), (f" {BY_ID[name].words}", "$dim"))
        for name in names
    )


def _words(step: StepLine) -> str:
    verb, text = VERBS.get(step.kind, ""), inert(step.text)
    if step.kind in ("find_out", "close"):
        text = text.replace("_", " ")
    return f"{verb}{text}" if text else verb.rstrip(": ")
