"""Screen room: the command palette over the registry; imported when it is first opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from socialdesk.tui.actions import Action, Place, actions_of, hint
from socialdesk.tui.screens.desk import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterator


class ActionProvider(Provider):
    """Every action of the desk, by its words; what cannot be done now says why when it is chosen."""

    def _actions(self) -> Iterator[tuple[Action, str]]:
        for action in actions_of(Place.DESK, Place.EVERYWHERE):
            if action.id != "palette" and not action.id.startswith("view-"):
                yield action, f"{action.words}  ({hint(action)})"

    def _run(self, action: Action) -> None:
        if action.place is Place.EVERYWHERE:
            self.app.call_next(self.app.run_action, action.calls)
        elif isinstance(self.screen, DeskScreen):
            self.screen.act(action)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action, words in self._actions():
            yield DiscoveryHit(Content(words), partial(self._run, action), words, help=action.help)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for action, words in self._actions():
            score = max(matcher.match(words), matcher.match(action.help) * 0.7)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(words), partial(self._run, action), words, help=action.help
                )
