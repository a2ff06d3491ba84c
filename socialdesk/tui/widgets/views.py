"""Screen room: the views on the left, with live counts and the digits that open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from socialdesk.tui.widgets.view_cells import view_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

    from socialdesk.inbox.queue import Listing


class Views(Widget):
    """The list of views; the one in force is marked with a bar and bold, not by colour alone."""

    @dataclass
    class Chosen(Message):
        """A view was clicked."""

        index: int

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.listings: Sequence[Listing] = ()
        self._counts: Mapping[str, int] = {}
        self._current = 0
        self._hidden = 0

    def show(self, listings: Sequence[Listing], counts: Mapping[str, int], current: int) -> None:
        """Show these views; `current` is -1 while a search is shown instead."""
        if (listings, counts, current) != (self.listings, self._counts, self._current):
            self.listings, self._counts, self._current = listings, counts, current
            self.refresh()

    def render(self) -> Content:
        """The views, one a line."""
        lines = list(view_lines(self.listings, self._counts, self._current, self.size.width))
        self._hidden = max(0, min(self._current + 2, len(lines)) - self.size.height)
        shown = [lines[0], *lines[1 + self._hidden :]]
        return Content("\n").join(Content.assemble(*line) for line in shown)

    def on_click(self, event: events.Click) -> None:
        """A click opens a view."""
        if 0 < event.y <= len(self.listings):
            self.post_message(self.Chosen(event.y - 1 + self._hidden))
