"""Screen room: the desk itself: views, queue and conversation, and how the keys move between them."""

from __future__ import annotations

import time
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from textual import on
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from socialdesk.errors import SocialdeskError
from socialdesk.tui.actions import BY_ID, Action, Need, Place, actions_of
from socialdesk.tui.attending import Attendance
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.casefile import CaseFile
from socialdesk.tui.lists import Lists
from socialdesk.tui.navigating import Navigator
from socialdesk.tui.situation import Situation, hints, why_not
from socialdesk.tui.widgets.line import Line, Paragraph
from socialdesk.tui.widgets.no_case import NoCase
from socialdesk.tui.widgets.queue_list import QueueList
from socialdesk.tui.widgets.status_line import HintLine, Standing, StatusLine
from socialdesk.tui.widgets.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from textual import events
    from textual.app import ComposeResult

    from socialdesk.tui.engine import Engine
    from socialdesk.tui.explaining import Explainer
    from socialdesk.tui.keeping import Keeper
    from socialdesk.tui.performing import Performer
    from socialdesk.tui.searching import Searcher
    from socialdesk.tui.widgets.composer import Composer
    from socialdesk.tui.widgets.query_bar import QueryBar
    from socialdesk.tui.writing import Writer

POLL_SECONDS = 0.5
TICK_SECONDS = 5.0
NOTICE_SECONDS = 10.0
CASE_NEEDS = frozenset({Need.CONVERSATION, Need.QUESTION, Need.STEP, Need.DRAFT, Need.APPROVAL})
TOO_SMALL = "The terminal is too small for the desk: make it larger than 40 columns by 10 lines."


class DeskScreen(Screen[None]):
    """Composes the panes and routes keys and messages; what they do stands in the rooms beside.

    `Lists` fills the queue and the views, `CaseFile` the conversation, `Performer` changes the inbox,
    `Writer` has the composer and `Searcher` the query bar.
    """

    BINDINGS = bindings_of(Place.DESK)

    # Textual paints its whole screen anew when the keys change their place; the two panes do that themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, engine: Engine, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self.keymap = keymap
        self.HORIZONTAL_BREAKPOINTS = [
            (0, "-tiny"),
            (41, "-one"),
            (90, "-two"),
            (120, "-three"),
            (170, "-wide"),
        ]
        self.VERTICAL_BREAKPOINTS = [(0, "-flat"), (11, "-low"), (30, "-tall")]
        self.engine = engine
        self.navigator = Navigator(self)
        self.lists = Lists(engine, self)
        self.casefile = CaseFile(engine, self)
        self.attendance = Attendance(engine, self)
        self.queue = QueueList(self.lists.read, engine.now, id="queue")
        self.views = Views(id="views")
        self.list_title = Line(id="list-title", classes="title")
        self.no_case = NoCase(id="no-case")
        self.status_line = StatusLine(id="status")
        self.hint_line = HintLine(id="hints")
        self.too_small = Paragraph(id="too-small")
        self._standing = Standing(why_read_only=engine.why_read_only)
        self.composer_opens = False
        self._version = -1
        self._told_error = ("", 0.0)

    # What the first paint does without is imported with its first use.

    @cached_property
    def performer(self) -> Performer:
        """Changes the inbox."""
        from socialdesk.tui.performing import Performer

        return Performer(self.engine, self)

    @cached_property
    def writer(self) -> Writer:
        """Has the composer."""
        from socialdesk.tui.writing import Writer

        return Writer(self.engine, self)

    @cached_property
    def searcher(self) -> Searcher:
        """Has the query bar."""
        from socialdesk.tui.searching import Searcher

        return Searcher(self.engine, self)

    @cached_property
    def explainer(self) -> Explainer:
        """Shows reasons."""
        from socialdesk.tui.explaining import Explainer

        return Explainer(self.engine, self)

    @cached_property
    def keeper(self) -> Keeper:
        """Does what the clock asks."""
        from socialdesk.tui.keeping import Keeper

        return Keeper(self.engine, self)

    def compose(self) -> ComposeResult:
        """The three panes and the two lines below them; the case is mounted when there is one to show."""
        with Horizontal(id="panes"):
            yield self.views
            with Vertical(id="list"):
                yield self.list_title
                yield self.queue
            with Container(id="case"):
                yield self.no_case
        yield self.status_line
        yield self.hint_line
        yield self.too_small

    def on_mount(self) -> None:
        """Show the first view at once; everything that takes time comes after the first paint."""
        self._version = self.engine.version()
        self.too_small.say(Content(TOO_SMALL))
        self.queue.focus()
        self.lists.choose(0)
        self.situation_changed()
        self._tell_time()

    def begin(self) -> None:
        """The first paint is out: listen for changes, and open the desk for writing."""
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_interval(TICK_SECONDS, self._tell_time)
        self.in_background(self._open, group="open")

    async def _open(self) -> None:
        try:
            await self.engine.open()
            self.performer.tell(await self.engine.take_notices())
        finally:
            self.lists.person_known()
            self.read_again()
        self.keeper.start()

    def in_background(
        self,
        work: Callable[..., Coroutine[Any, Any, None]],
        *given: object,
        group: str,
        exclusive: bool = False,
    ) -> None:
        """Do `work` beside the keys; whatever fails becomes a notice, never the end of the program.

        With `exclusive`, work of the same group that has not ended gives way.
        """

        async def begin() -> None:
            await work(*given)

        _: Worker[None] = self.run_worker(begin, group=group, exclusive=exclusive, exit_on_error=False)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.tell_error(event.worker.error)

    def tell_error(self, error: BaseException | None) -> None:
        """A failure becomes a notice: the sentence of our own errors, the kind and words of others."""
        words = str(error) if isinstance(error, SocialdeskError) else f"{type(error).__name__}: {error}"
        now = time.monotonic()
        if (words, now // NOTICE_SECONDS) != self._told_error:  # what fails at every change is told once
            self._told_error = (words, now // NOTICE_SECONDS)
            self.notify(words, severity="error", markup=False, timeout=NOTICE_SECONDS)

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
        self.in_background(self._read_standing, group="standing", exclusive=True)

    async def _read_standing(self) -> None:
        self._standing = await self.engine.standing()
        self._tell_time()

    def _tell_time(self) -> None:
        self.queue.tell_time()
        self.status_line.show(self._standing, self.engine.now())
        self.attendance.tell()
        if self.casefile.view is not None and self.casefile.view.presence:
            self.casefile.read_again()  # a colleague whose desk was killed is gone without a change

    def situation_changed(self) -> None:
        """Show the keys that do something now."""
        places = self.places
        shown = list(actions_of(*places)) if Place.COMPOSER in places else hints(self.situation, self._idle())
        self.hint_line.show(shown, self.keymap)
        self.call_after_refresh(self.attendance.tell)  # colleagues can wait for the key's own paint

    def _idle(self) -> frozenset[str]:
        """The actions that would change nothing where the keys are."""
        if not self.queue.has_focus:
            return frozenset({"open", "next-view", "query"})
        return frozenset() if self.lists.search is not None else frozenset({"back"})

    def on_descendant_focus(self) -> None:
        """The keys are elsewhere: other hints."""
        self.situation_changed()

    @property
    def situation(self) -> Situation:
        """Who acts, and on what."""
        case = self.casefile
        return Situation(self.engine.agent, self.engine.why_read_only, case.conversation, case.row, case.view)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the keys are, for the help of this place."""
        if self.has_class("writing") and self.focused is not None and self.focused.id == "editor":
            return (Place.COMPOSER,)
        here = Place.LIST if self.queue.has_focus else Place.TEXT
        return (Place.DESK, here, Place.EVERYWHERE)

    @on(QueueList.Moved)
    def _moved(self, event: QueueList.Moved) -> None:
        self.casefile.follow(event.row)
        if event.row is None:
            self.situation_changed()

    @on(QueueList.Opened)
    def _opened(self) -> None:
        self.navigator.open_case()

    @on(Views.Chosen)
    def _view_chosen(self, event: Views.Chosen) -> None:
        self.navigator.view(str(event.index + 1))

    # -- keys --------------------------------------------------------------------------------------------

    def action_act(self, name: str) -> None:
        """Do the action with this id, or say why it cannot be done."""
        self.act(BY_ID[name])

    def act(self, action: Action) -> None:
        """Do an action of the desk, or say why it cannot be done; one that needs the case waits for it."""
        if CASE_NEEDS.intersection(action.needs) and self.casefile.lags:
            self.in_background(self._act_later, action, self.casefile.conversation, group="act")
            return
        reason = why_not(action, self.situation)
        if reason is not None:
            self.notify(reason, title=action.words, severity="warning", markup=False)
        elif action.use_case:
            self.performer.perform(action)
        else:
            attrgetter(action.calls)(self)(*action.fixed)

    async def _act_later(self, action: Action, conversation: int | None) -> None:
        await self.casefile.catch_up()
        if self.casefile.conversation == conversation and not self.casefile.lags:
            self.act(action)

    def on_key(self, event: events.Key) -> None:
        """Words typed while the composer opens are kept for it."""
        if self.composer_opens and self.writer.take_key(event):
            event.stop()

    # The composer and the query bar are imported when they are first opened, so their messages are
    # met by name.

    def on_composer_wanted(self, event: Composer.Wanted) -> None:
        """A key of the composer."""
        getattr(self.writer, event.what)()

    def on_text_area_changed(self) -> None:
        """The words of the draft have changed."""
        self.writer.changed()

    def on_query_bar_changed(self, event: QueryBar.Changed) -> None:
        """The query has changed."""
        self.searcher.changed(event.text)

    def on_query_bar_accepted(self) -> None:
        """The keys go to what was found."""
        self.searcher.accept()

    def on_query_bar_left(self) -> None:
        """Back to the view."""
        self.searcher.leave()
