"""Screen room: which pane has the keys and which view is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.tui.screens.desk import DeskScreen


class Navigator:
    """Moves the keys between the panes; in a narrow terminal the case takes the list's place."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen

    def open_case(self) -> None:
        """Put the keys on the conversation, and stay with it even when it leaves the list."""
        screen = self._screen
        # Styling the whole screen anew costs a key 20 ms, and only a single pane looks different then.
        screen.add_class("showing-case", update=screen.has_class("-one"))
        screen.casefile.pin()
        if screen.casefile.pane is not None:
            screen.casefile.pane.thread.focus()

    def back(self) -> None:
        """Back to the list; from the list, out of a search."""
        screen = self._screen
        if screen.has_class("showing-case") or not screen.queue.has_focus:
            self.to_list()
        else:
            screen.lists.leave_search()

    def to_list(self) -> None:
        """Put the keys on the list; the case follows its cursor again, so an open composer is closed first."""
        if self._screen.has_class("writing"):
            self._screen.writer.close_and(self.to_list)
            return
        self._screen.remove_class("showing-case", update=self._screen.has_class("-one"))
        self._screen.casefile.unpin()
        self._screen.queue.focus()

    def next_pane(self) -> None:
        """The keys go to the next pane."""
        self._screen.focus_next()

    def previous_pane(self) -> None:
        """The keys go to the pane before."""
        self._screen.focus_previous()

    def view(self, number: str) -> None:
        """Show the view with this number, counted from 1."""
        index = int(number) - 1
        if index < len(self._screen.lists.views):
            self._show(index)

    def previous_view(self) -> None:
        """Show the view before."""
        self._show(self._screen.lists.current - 1)

    def next_view(self) -> None:
        """Show the next view."""
        self._show(self._screen.lists.current + 1)

    def _show(self, index: int) -> None:
        self.to_list()
        self._screen.lists.choose(index)
