"""Screen room: does use-cases in the hand lane, asks what they need first, and tells what came of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from socialdesk.tui.widgets.status_line import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from socialdesk.tui.actions import Action
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen


def use_case_of(action: Action) -> Callable[..., Any]:
    """The function that an action calls; imported when it is first needed."""
    module, name = action.calls.rsplit(".", 1)
    found: Callable[..., Any] = getattr(import_module(f"socialdesk.{module}"), name)
    return found


class Performer:
    """The one place of the screen from which the inbox is changed."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self._standing = Standing(why_read_only=engine.why_read_only)

    def perform(self, action: Action) -> None:
        """Do an action on the conversation under the cursor."""
        row = self._screen.casefile.row
        if row is not None:
            self._screen.run_worker(self._perform(action, row.id), group="use-case", exit_on_error=False)

    async def _perform(self, action: Action, conversation: int) -> None:
        answers: dict[str, Any] = dict(action.fixed)
        call = use_case_of(action)
        await self._engine.hand.run(lambda desk: call(desk, conversation, **answers))
        self._screen.read_again()

    def read_standing(self) -> None:
        """Read how things stand."""

    def tell_standing(self) -> None:
        """Show how things stand, at this minute."""
        self._screen.status_line.show(self._standing, self._engine.now())
