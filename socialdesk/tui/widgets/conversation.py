"""Screen room: the right-hand pane: whose case it is, the thread, the customer and the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Vertical
from textual.content import Content

from socialdesk.tui.plain import FEELINGS, RELATIONS, inert, span
from socialdesk.tui.widgets.customer import CustomerPanel
from socialdesk.tui.widgets.line import Paragraph
from socialdesk.tui.widgets.steps import Steps
from socialdesk.tui.widgets.thread import Thread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from socialdesk.desk.reading import CaseView

DUE_WORDS = {"next_reply": "next reply", "acknowledge": "acknowledge"}


class Conversation(Vertical):
    """One case; empty until the first one is shown, so that the first paint carries nothing for it."""

    SCOPED_CSS = False  # how it folds hangs on the screen's width
    DEFAULT_CSS = """
    Conversation {
        height: 1fr;

        & .subtitle { height: auto; max-height: 2; padding: 0 1; background: $panel; }
        & #case-body { layout: vertical; height: 1fr; }
        & #thread { height: 1fr; padding: 1 2 0 2; }
        & #case-side { height: auto; }
        & #customer { height: auto; max-height: 9; padding: 0 2; border-top: solid $panel; }
        & #steps { height: auto; max-height: 12; padding: 0 2; border-top: solid $panel; }
        & #composer { height: auto; max-height: 60%; border-top: heavy $accent; background: $surface; }
    }
    .-low Conversation {
        & #customer { max-height: 4; }
        & #steps { max-height: 7; }
    }
    .writing Conversation #case-side { display: none; }
    .-wide Conversation {
        & #case-body { layout: horizontal; }
        & #thread { width: 4fr; }
        & #case-side { width: 3fr; height: 1fr; border-left: vkey $panel; display: block; }
        & #customer { max-height: 50%; border-top: none; padding: 1 2 0 2; }
        & #steps { height: 1fr; max-height: 100%; }
    }
    """

    def __init__(self, view: CaseView, now: int, keymap: Mapping[str, str]) -> None:
        super().__init__(id="conversation")
        self.view = view
        self._keymap = keymap
        self._opened_at = now
        self._title = Paragraph(classes="subtitle")
        self._subtitle = Paragraph(classes="subtitle")
        self.thread = Thread(id="thread")
        self.customer = CustomerPanel(id="customer")
        self.steps = Steps(id="steps")

    def compose(self) -> ComposeResult:
        """Title, thread, and beside or below it the customer and the steps."""
        yield self._title
        yield self._subtitle
        with Container(id="case-body"):
            yield self.thread
            with Vertical(id="case-side"):
                yield self.customer
                yield self.steps

    def on_mount(self) -> None:
        """Show the first case."""
        self.show(self.view, self._opened_at)

    def show(self, view: CaseView, now: int) -> None:
        """Show a case."""
        self.view = view
        self._title.say(_title(view))
        self._subtitle.say(_subtitle(view, now))
        self.thread.show(view, now, self._keymap)
        self.customer.show(view, now)
        self.steps.show(view, self._keymap)


def _title(view: CaseView) -> Content:
    conversation = view.conversation
    sign, feeling = FEELINGS.get(conversation.feeling, ("", conversation.feeling))
    words = [
        conversation.network,
        RELATIONS.get(conversation.relation, conversation.relation),
        feeling if feeling == "calm" else f"{sign} {feeling}",
    ]
    words += list(conversation.topics[:3])
    return Content.assemble(
        ("! " if conversation.critical else "", "bold $error"),
        (f"{conversation.id} ", "$dim"),
        (f"@{inert(conversation.author)}", "bold"),
        ("  " + inert(" · ".join(words)), "$dim"),
    )


def _subtitle(view: CaseView, now: int) -> Content:
    conversation = view.conversation
    words = [conversation.status + (f" ({conversation.reason})" if conversation.reason else "")]
    words.append(f"{conversation.assignee}'s" if conversation.assignee else "nobody's yet")
    if conversation.due_at is not None:
        left = conversation.due_at - now
        kind = DUE_WORDS.get(conversation.due_kind or "", conversation.due_kind or "answer")
        words.append(f"{kind} {'within' if left > 0 else 'late by'} {span(left)}")
    if view.wait_until is not None:
        words.append(f"do nothing for {span(view.wait_until - now)}: others may answer")
    if view.issue is not None:
        words.append(f"issue {view.issue.id}: {view.issue.title}, {view.issue.people} people")
    others = " and ".join(f"{agent} is {doing}" for agent, doing in view.presence)
    return Content.assemble(
        (f"● {inert(others)} · " if others else "", "bold $warning"), (inert(" · ".join(words)), "$dim")
    )
