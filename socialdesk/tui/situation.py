"""Screen room: what can be done here and now, and the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialdesk.states import DraftStatus
from socialdesk.tui.actions import Action, Need, Place, actions_of

if TYPE_CHECKING:
    from socialdesk.desk.reading import CaseView, StepLine
    from socialdesk.inbox.rows import Draft, QueueRow

MINE_TO_WRITE = frozenset(
    {DraftStatus.DRAFT, DraftStatus.REJECTED, DraftStatus.CHANGED, DraftStatus.APPROVED}
)
"""A draft in one of these states is the agent's to go on with: write, submit or send."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Who acts, and on what: the row under the cursor and, once it is read, its case."""

    agent: str | None
    why_read_only: str
    conversation: int | None
    row: QueueRow | None
    view: CaseView | None

    @property
    def status(self) -> str | None:
        """The conversation's status, by its case if it is read, else by its row."""
        if self.view is not None:
            return self.view.conversation.status
        return None if self.row is None or self.row.id != self.conversation else self.row.status

    @property
    def assignee(self) -> str | None:
        """Whose the conversation is."""
        if self.view is not None:
            return self.view.conversation.assignee
        return None if self.row is None or self.row.id != self.conversation else self.row.assignee

    @property
    def step(self) -> StepLine | None:
        """The pending step."""
        steps: Sequence[StepLine] = self.view.steps if self.view else ()
        return next((step for step in steps if step.state == "next"), None)

    @property
    def draft(self) -> Draft | None:
        """The newest draft that is the agents' to go on with."""
        drafts: Sequence[Draft] = self.view.drafts if self.view else ()
        return next((draft for draft in drafts if draft.status in MINE_TO_WRITE), None)

    @property
    def submitted(self) -> Draft | None:
        """The draft that waits for an approval."""
        drafts: Sequence[Draft] = self.view.drafts if self.view else ()
        return next((draft for draft in drafts if draft.status == DraftStatus.SUBMITTED), None)


def why_not(action: Action, here: Situation) -> str | None:
    """The reason why `action` does nothing here, as one sentence; None when it can be taken."""
    for need in action.needs:
        lacks, reason = _LACKS[need]
        if lacks(here):
            return reason(here)
    return None


_Lack = tuple[Callable[[Situation], bool], Callable[[Situation], str]]
_LACKS: dict[Need, _Lack] = {
    Need.AGENT: (lambda h: h.agent is None, lambda h: f"read-only: {h.why_read_only}"),
    Need.CONVERSATION: (
        lambda h: h.conversation is None,
        lambda _: "there is no conversation under the cursor",
    ),
    Need.QUESTION: (
        lambda h: h.step is None or h.step.kind != "ask",
        lambda _: "no step of this case asks a yes-or-no question now",
    ),
    Need.STEP: (lambda h: h.step is None, lambda _: "this case has no pending step"),
    Need.DRAFT: (lambda h: h.draft is None, lambda _: "there is no draft here yet; write a reply first"),
    Need.APPROVAL: (
        lambda h: h.submitted is None or h.submitted.author == h.agent,
        lambda h: (
            "no draft here waits for approval"
            if h.submitted is None
            else "you wrote this one; a colleague approves it"
        ),
    ),
    Need.ESCALATION: (
        lambda h: h.status != "escalated",
        lambda _: "this conversation is not escalated",
    ),
}


def hints(here: Situation, idle: Set[str] = frozenset()) -> list[Action]:
    """The actions worth showing at the bottom: those that can be taken, most likely first, without the `idle`."""
    shown = [
        action
        for action in actions_of(Place.DESK, Place.EVERYWHERE)
        if action.footer and action.id not in idle and why_not(action, here) is None
    ]
    if here.assignee is not None:
        shown = [action for action in shown if action.id != "claim"]
    return sorted(shown, key=lambda action: action.footer)
