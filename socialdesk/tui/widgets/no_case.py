"""Screen room: what stands in the conversation's place when the list is empty: the ways on, with their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from socialdesk.tui.actions import BY_ID, hint
from socialdesk.tui.widgets.line import Paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AFTER_A_SEARCH = (("refine", "change the search"), ("back", "back to the view"), ("query", "search anew"))
IN_A_VIEW = (("next-view", "next view"), ("query", "find any conversation, closed ones too"))


class NoCase(Paragraph):
    """Nothing to read here, and where to go."""

    def suggest(self, ways: Sequence[tuple[str, str]], keymap: Mapping[str, str]) -> None:
        """Show the ways on: actions, and what they do from here."""
        lines = [Content.styled("No conversation to show", "bold"), Content("")]
        for name, words in ways:
            key = hint(BY_ID[name], keymap)
            lines.append(Content.assemble((key.ljust(5), "bold $accent"), (words, "$dim")))
        self.say(Content("\n").join(lines))
