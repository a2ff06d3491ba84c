"""Screen room: a pane of flowing text that scrolls with the same keys as the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from socialdesk.tui.actions import Place
from socialdesk.tui.bindings import bindings_of

if TYPE_CHECKING:
    from textual.app import ComposeResult


class TextPane(VerticalScroll, can_focus=True):
    """Text that wraps at the pane's width; foreign words come in as literal `Content`, never as markup."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    TextPane, #help-scroll {
        scrollbar-size-vertical: 1; scrollbar-color: $faint; scrollbar-color-hover: $dim;
        scrollbar-background: $background; scrollbar-background-hover: $background; background: $background;
    }
    TextPane:focus { background-tint: $accent 4%; }
    """
    BINDINGS = bindings_of(Place.TEXT)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """One block of text."""
        yield self._text

    def put(self, lines: list[Content]) -> None:
        """Show these paragraphs instead of the ones before."""
        self._text.update(Content("\n").join(lines))

    def action_cursor_down(self) -> None:
        """One line down."""
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        """One line up."""
        self.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """One screen down."""
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """One screen up."""
        self.scroll_page_up(animate=False)

    def action_top(self) -> None:
        """To the first line."""
        self.scroll_home(animate=False)

    def action_end(self) -> None:
        """To the last line."""
        self.scroll_end(animate=False)
