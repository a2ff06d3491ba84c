"""Screen room: the query bar, and below it what is wrong with the query and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from socialdesk.tui.plain import inert_lines

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

EXAMPLES = (
    'words, "a phrase", topic:billing  feeling:upset  followers:10k+  status:open  -network:feed  before:2d'
)


class QueryBar(Vertical):
    """One line of query; the list below follows it while it is typed."""

    DEFAULT_CSS = """
    QueryBar {
        height: auto; background: $panel; padding: 0 1;

        & Input { background: $panel; }
        & Static { height: auto; max-height: 6; padding: 0 1; }
    }
    """

    @dataclass
    class Changed(Message):
        """The query reads like this now."""

        text: str

    class Accepted(Message):
        """Enter: the keys go to what was found."""

    class Left(Message):
        """Escape: back to the view."""

    def __init__(self, text: str) -> None:
        super().__init__(id="query-bar")
        self._input = Input(text, placeholder=EXAMPLES, compact=True, id="query-input", select_on_focus=False)
        self._input.cursor_blink = False
        self._error = Static("", markup=False, id="query-error")

    def compose(self) -> ComposeResult:
        """The line and what is wrong with it."""
        yield self._input
        yield self._error

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self._error.display = False
        self._input.focus()

    def show_error(self, words: str) -> None:
        """Show what is wrong, with its caret; nothing when `words` is empty."""
        self._error.display = bool(words)
        self._error.update(Content.styled(inert_lines(words), "$error"))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Accepted())

    def on_key(self, event: events.Key) -> None:
        """Escape leaves the query."""
        if event.key == "escape":
            event.stop()
            self.post_message(self.Left())
