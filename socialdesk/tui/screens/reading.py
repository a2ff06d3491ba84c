"""Screen room: a page of text over the desk, such as the reasons of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from socialdesk.tui.bindings import bindings_named
from socialdesk.tui.plain import inert, inert_lines
from socialdesk.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class ReadingScreen(ModalScreen[None]):
    """Plain lines under a title; scrolls with the keys of every text."""

    CSS_PATH = "pages.tcss"
    BINDINGS = bindings_named("dialog-close")

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title_words = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Title, text, and how to leave."""
        with Vertical(id="page"):
            yield Static(Content.styled(inert(self._title_words), "bold"), markup=False)
            yield TextPane(id="page-text")
            yield Static(Content.styled("esc closes", "$dim"), markup=False)

    def on_mount(self) -> None:
        """Fill the page."""
        pane = self.query_one(TextPane)
        pane.put([Content(inert_lines(line)) for line in self._lines])
        pane.focus()

    def action_answer(self, _words: str) -> None:
        """Close."""
        self.dismiss(None)
