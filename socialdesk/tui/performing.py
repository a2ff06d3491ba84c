"""Screen room: does use-cases in the hand lane, asks what they need first, and tells what came of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from socialdesk.tui.actions import BY_ID, hint
from socialdesk.tui.asking import Asking, Closed, answer

if TYPE_CHECKING:
    from socialdesk.tui.actions import Action
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen

SEVERITIES = {"error": "error", "warning": "warning"}

UseCase = Callable[..., Any]


def use_case_of(action: Action) -> UseCase:
    """The function that an action calls; imported when it is first needed."""
    module, name = action.calls.rsplit(".", 1)
    found: UseCase = getattr(import_module(f"socialdesk.{module}"), name)
    return found


class Performer:
    """The one place of the screen from which the inbox is changed."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen

    def perform(self, action: Action) -> None:
        """Do a use-case of the registry on the conversation in hand."""
        conversation = self._screen.casefile.conversation
        if conversation is not None:
            self._screen.in_background(self._perform, action, conversation, group="use-case")

    async def _perform(self, action: Action, conversation: int) -> None:
        given: list[object] = list(action.fixed)
        try:
            for name in action.asks:
                asking = Asking(self._screen, self._engine.policy, self._engine.now(), given)
                given.append(await answer(name, asking))
        except Closed:
            return
        result = await self.do(use_case_of(action), conversation, *given)
        if isinstance(result, str):
            self._screen.notify(result, markup=False)
        elif action.id in UNDOABLE:
            undo = hint(BY_ID["undo"], self._screen.keymap)
            self._screen.notify(f"{UNDOABLE[action.id]} {conversation}; {undo} takes it back", markup=False)

    def undo(self) -> None:
        """Take back the person's last action, wherever it was; the notice says which."""
        self._screen.in_background(self._undone, group="use-case")

    async def _undone(self) -> None:
        from socialdesk.desk.undo import undo

        self._screen.notify(await self.do(undo), markup=False)

    async def do(self, call: UseCase, *arguments: object) -> Any:
        """Do one use-case in its turn, tell what it told, and show what has changed."""
        result = await self._engine.do(call, *arguments)
        self.tell(await self._engine.take_notices())
        self._screen.read_again()
        return result

    def tell(self, notices: list[tuple[str, str]]) -> None:
        """Show the desk's own notices: (severity, words)."""
        for severity, words in notices:
            if severity == "error":
                self._screen.notify(words, severity="error", timeout=10, markup=False)
            elif severity == "warning":
                self._screen.notify(words, severity="warning", markup=False)
            else:
                self._screen.notify(words, markup=False)


UNDOABLE = {
    "resolve": "Resolved", "dismiss": "Dismissed", "snooze": "Put aside", "withdraw": "Dropped the draft of",
}  # fmt: skip
"""What a notice says after an action whose conversation may have left the list."""
