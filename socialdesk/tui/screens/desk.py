"""Screen room: the desk itself: views, queue and conversation, and how the keys move between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from socialdesk.tui.actions import BY_ID, Place
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.casefile import CaseFile
from socialdesk.tui.lists import Lists
from socialdesk.tui.performing import Performer
from socialdesk.tui.situation import Situation, hints, why_not
from socialdesk.tui.widgets.line import Line
from socialdesk.tui.widgets.queue_list import QueueList
from socialdesk.tui.widgets.status_line import HintLine, StatusLine
from socialdesk.tui.widgets.views import Views

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from socialdesk.tui.engine import Engine

POLL_SECONDS = 0.5
TICK_SECONDS = 5.0
TOO_SMALL = "The terminal is too small for the desk: make it larger than 40 columns by 10 lines."


class DeskScreen(Screen[None]):
    """Composes the panes and routes keys and messages; what they do stands in the rooms beside.

    `Lists` fills the queue and the views, `CaseFile` the conversation, `Performer` changes the inbox.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.DESK)

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [
            (0, "-tiny"),
            (41, "-one"),
            (90, "-two"),
            (120, "-three"),
            (170, "-wide"),
        ]
        self.VERTICAL_BREAKPOINTS = [(0, "-flat"), (11, "-low"), (30, "-tall")]
        self.engine = engine
        self.lists = Lists(engine, self)
        self.casefile = CaseFile(engine, self)
        self.performer = Performer(engine, self)
        self.queue = QueueList(self.lists.read, engine.now, id="queue")
        self.views = Views(id="views")
        self.list_title = Line(id="list-title", classes="title")
        self.status_line = StatusLine(id="status")
        self.hint_line = HintLine(id="hints")
        self._version = -1

    def compose(self) -> ComposeResult:
        """The three panes and the two lines below them; the case is mounted when there is one to show."""
        with Horizontal(id="panes"):
            yield self.views
            with Vertical(id="list"):
                yield self.list_title
                yield self.queue
            yield Container(id="case")
        yield self.status_line
        yield self.hint_line
        yield Static(TOO_SMALL, id="too-small", markup=False)

    def on_mount(self) -> None:
        """Show the first view at once; everything that takes time comes after the first paint."""
        self._version = self.engine.version()
        self.queue.focus()
        self.situation_changed()
        self.lists.choose(0)
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_interval(TICK_SECONDS, self._tell_time)

    # -- what has changed --------------------------------------------------------------------------------

    def _poll(self) -> None:
        version = self.engine.version()
        if version != self._version:
            self._version = version
            self.read_again()

    def read_again(self) -> None:
        """Read list, counts, case and standing again."""
        self.lists.read_again()
        self.casefile.read_again()
        self.performer.read_standing()

    def _tell_time(self) -> None:
        self.queue.tell_time()
        self.performer.tell_standing()

    def situation_changed(self) -> None:
        """Show the keys that do something now."""
        self.hint_line.show(hints(self.situation), {})

    @property
    def situation(self) -> Situation:
        """Who acts, and on what."""
        return Situation(self.engine.agent, self.engine.why_read_only, self.casefile.row, self.casefile.view)

    @on(QueueList.Moved)
    def _moved(self, event: QueueList.Moved) -> None:
        self.casefile.follow(event.row)
        self.situation_changed()

    @on(QueueList.Opened)
    def _opened(self) -> None:
        self.do_open_conversation()

    @on(Views.Chosen)
    def _view_chosen(self, event: Views.Chosen) -> None:
        self.lists.choose(event.index)

    # -- keys --------------------------------------------------------------------------------------------

    def action_act(self, name: str) -> None:
        """Do the action with this id, or say why it cannot be done."""
        action = BY_ID[name]
        reason = why_not(action, self.situation)
        if reason is not None:
            self.notify(reason, title=action.words, severity="warning", markup=False)
        elif action.use_case:
            self.performer.perform(action)
        elif action.calls.startswith("view_"):
            self.do_view(int(action.calls.removeprefix("view_")) - 1)
        else:
            getattr(self, f"do_{action.calls}")()

    def do_open_conversation(self) -> None:
        """Put the keys on the conversation; in narrow terminals it takes the list's place."""
        self.add_class("showing-case")
        if self.casefile.pane is not None:
            self.casefile.pane.thread.focus()

    def do_go_back(self) -> None:
        """Back to the list; from the list, out of a search."""
        if self.has_class("showing-case") or not self.queue.has_focus:
            self.remove_class("showing-case")
            self.queue.focus()
        else:
            self.lists.leave_search()

    def do_next_pane(self) -> None:
        """The keys go to the next pane."""
        self.focus_next()

    def do_previous_pane(self) -> None:
        """The keys go to the pane before."""
        self.focus_previous()

    def do_view(self, index: int) -> None:
        """Show a view."""
        if index < len(self.lists.views):
            self.lists.choose(index)

    def do_previous_view(self) -> None:
        """Show the view before."""
        self.lists.choose(self.lists.current - 1)

    def do_next_view(self) -> None:
        """Show the next view."""
        self.lists.choose(self.lists.current + 1)

    def do_read_again(self) -> None:
        """Read everything again."""
        self.read_again()
