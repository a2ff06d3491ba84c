"""Screen room: the views on the left, with live counts and the digits that open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from socialdesk.tui.plain import fit, inert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

    from socialdesk.inbox.queue import Listing


def title_of(name: str) -> str:
    """A view's name as people read it."""
    return name.replace("-", " ")


def counted(number: int | None) -> str:
    """A count in at most six cells; blank when it is not known."""
    if number is None:
        return ""
    return (
        str(number)
        if number < 100_000
        else f"{number / 1_000_000:.1f}M"
        if number >= 1_000_000
        else f"{number // 1000}k"
    )


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

    def show(self, listings: Sequence[Listing], counts: Mapping[str, int], current: int) -> None:
        """Show these views; `current` is -1 while a search is shown instead."""
        if (listings, counts, current) != (self.listings, self._counts, self._current):
            self.listings, self._counts, self._current = listings, counts, current
            self.refresh()

    def render(self) -> Content:
        """The views, one a line."""
        width = self.size.width
        lines = [Content.styled(fit(" Views", width), "$dim bold")]
        for index, listing in enumerate(self.listings):
            key = str(index + 1) if index < 9 else " "
            number = counted(self._counts.get(listing.name))
            chosen = index == self._current
            name = fit(inert(title_of(listing.name)), max(0, width - 5 - len(number)))
            lines.append(
                Content.assemble(
                    ("▌" if chosen else " ", "$accent"),
                    (f"{key} ", "$dim"),
                    (name, "bold" if chosen else ""),
                    (f" {number} ", "bold" if chosen else "$dim"),
                )
            )
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """A click opens a view."""
        if 0 < event.y <= len(self.listings):
            self.post_message(self.Chosen(event.y - 1))
