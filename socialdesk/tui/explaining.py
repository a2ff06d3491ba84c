"""Screen room: why the policy decided as it did, shown over the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen


class Explainer:
    """Asks the desk for its reasons."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen

    def why(self) -> None:
        """Show the reasons for the conversation in hand."""
        self._screen.in_background(self._explained, group="why", exclusive=True)

    async def _explained(self) -> None:
        from socialdesk.desk.explain import explain
        from socialdesk.tui.screens.reading import ReadingScreen

        conversation = self._screen.casefile.conversation
        if conversation is None:
            return
        explanation = await self._engine.do(explain, conversation)
        self._screen.app.push_screen(
            ReadingScreen(f"Why, for conversation {conversation}", explanation.lines())
        )
