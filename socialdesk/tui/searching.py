"""Screen room: the query bar's way: parsed and searched beside the keys, the list follows as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from textual.timer import Timer

    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen
    from socialdesk.tui.widgets.query_bar import QueryBar

PAUSE_SECONDS = 0.015
"""How long the keys rest before a query is run: one frame, so that what is pasted is one query. A new one stops
the one before, which SQLite runs without holding up the keys."""


class Searcher:
    """The query bar, mounted when it is first asked for."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self._bar: QueryBar | None = None
        self._waiting: Timer | None = None
        self._last = ""

    def query(self) -> None:
        """Show the bar, empty."""
        self._screen.in_background(self._opened, "", group="query-bar")

    def refine(self) -> None:
        """Show the bar with the last query, to change it."""
        self._screen.in_background(self._opened, self._last, group="query-bar")

    async def _opened(self, text: str) -> None:
        from socialdesk.tui.widgets.query_bar import QueryBar

        await self._removed()
        self._bar = QueryBar(text)
        await self._screen.mount(self._bar, before="#panes")

    async def _removed(self) -> None:
        if self._bar is not None:
            bar, self._bar = self._bar, None
            await bar.remove()

    def changed(self, text: str) -> None:
        """The query reads like this now."""
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self._screen.set_timer(PAUSE_SECONDS, lambda: self._run(text))

    def _run(self, text: str) -> None:
        self._screen.in_background(self._searched, text, group="query", exclusive=True)

    async def _searched(self, text: str) -> None:
        from socialdesk.desk.reading import typed_listing

        if not text.strip():
            self._tell("")
            return
        now = self._engine.clock.now()
        try:
            listing = await self._engine.look.run(lambda connection: typed_listing(connection, text, now))
        except UsageError as error:
            self._tell(str(error))
            return
        self._last = text
        self._tell("")
        self._screen.lists.choose_search(listing, text)

    def _tell(self, words: str) -> None:
        if self._bar is not None:
            self._bar.show_error(words)

    def accept(self) -> None:
        """The keys go to what was found."""
        self._screen.in_background(self._closed, group="query-bar")

    def leave(self) -> None:
        """Back to the view."""
        if self._waiting is not None:
            self._waiting.stop()
        self._screen.lists.leave_search()
        self.accept()

    async def _closed(self) -> None:
        await self._removed()
        self._screen.queue.focus()
