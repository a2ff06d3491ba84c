"""Screen room: all keys of the place one is in, read from the registry."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from socialdesk.tui.actions import Action, Place, actions_of, keys_of, shown
from socialdesk.tui.bindings import bindings_named
from socialdesk.tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.app import ComposeResult

SIGNS = (
    ("!", "critical: before every deadline"), ("●", "yours"), ("○", "a colleague's"),
    ("?", "a draft waits for approval"),
    ("late 5m", "the deadline has passed"), ("12m", "time left"), ("3h ago", "nothing is due; when it came"),
    ("◆", "hostile"), ("▲", "upset"), ("·", "calm"), ("♥", "thankful"),
)  # fmt: skip
"""What the signs of the queue mean."""


class HelpScreen(ModalScreen[None]):
    """The keys, under their headings, with the reason for those that do nothing now."""

    CSS_PATH = "pages.tcss"
    BINDINGS = bindings_named("dialog-close", "text-down", "text-up", "text-page-down", "text-page-up")

    def __init__(
        self, places: tuple[Place, ...], keymap: Mapping[str, str], blocked: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._places = places
        self._keymap = keymap
        self._blocked = blocked

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        with Vertical(id="help"):
            yield Static(
                Content.styled(f"Keys in {self._places[0].value}", "bold"), markup=False, id="help-title"
            )
            with VerticalScroll(id="help-scroll"):
                yield Static(Content("\n").join(self._lines()), markup=False)
            yield Static(Content.styled("esc closes · : finds any action by its words", "$dim"), markup=False)

    def _lines(self) -> Iterator[Content]:
        actions = list({action.keys: action for action in actions_of(*self._places)}.values())
        for heading, group in groupby(actions, key=attrgetter("heading")):
            yield Content.styled(heading, "bold $accent")
            for action in _shortened(group):
                yield self._line(action)
            yield Content("")
        yield Content.styled("Signs in the queue", "bold $accent")
        for sign, words in SIGNS:
            yield Content.assemble((fit(f"  {sign}", 16), "bold"), words)

    def _line(self, action: Action) -> Content:
        keys = " ".join(shown(key) for key in keys_of(action, self._keymap))
        blocked = action.id in self._blocked
        return Content.assemble(
            (fit(f"  {keys}", 16), "$faint" if blocked else "bold"), (fit(action.words, 16), "$dim" if blocked else ""),
            (action.help, "$dim"), (" Not now." if blocked else "", "$warning"),
        )  # fmt: skip

    def action_answer(self, _words: str) -> None:
        """Close."""
        self.dismiss(None)

    def action_cursor_down(self) -> None:
        """One line down."""
        self.query_one("#help-scroll").scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        """One line up."""
        self.query_one("#help-scroll").scroll_up(animate=False)

    def action_page_down(self) -> None:
        """One screen down."""
        self.query_one("#help-scroll").scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """One screen up."""
        self.query_one("#help-scroll").scroll_page_up(animate=False)


def _shortened(group: Iterator[Action]) -> Iterator[Action]:
    """The nine views stand as one line."""
    from dataclasses import replace

    for action in group:
        if action.id == "view-1":
            yield replace(
                action, keys="1-9", words="view 1-9", help="Show that view of the list on the left."
            )
        elif not action.id.startswith("view-"):
            yield action
