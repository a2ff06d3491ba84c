"""Screen room: reads the case of the row under the cursor, beside the keys, and shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.tui.widgets.no_case import AFTER_A_SEARCH, IN_A_VIEW

if TYPE_CHECKING:
    from textual.timer import Timer

    from socialdesk.desk.reading import CaseView
    from socialdesk.inbox.rows import QueueRow
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen
    from socialdesk.tui.widgets.conversation import Conversation

SETTLE_SECONDS = 0.06
"""How long the cursor must stand before a case is read: a held key reads none of the rows it passes."""


class CaseFile:
    """The case in view. It may lag behind the cursor for a moment; `view` is None until it has caught up."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self.row: QueueRow | None = None
        self._view: CaseView | None = None
        self._pane: Conversation | None = None
        self._settling: Timer | None = None
        self._pinned: int | None = None

    @property
    def view(self) -> CaseView | None:
        """The case under the cursor, or None while another one is still shown."""
        if self._view is None or self._view.conversation.id != self.conversation:
            return None
        return self._view

    @property
    def conversation(self) -> int | None:
        """The conversation in hand: the one opened, else the one under the cursor."""
        return self._pinned if self._pinned is not None else None if self.row is None else self.row.id

    @property
    def opened(self) -> int | None:
        """The conversation that was opened; None while the case only follows the cursor."""
        return self._pinned

    def pin(self) -> None:
        """Stay with the conversation in hand, even when it leaves the list: it is being read or answered."""
        self._pinned = self.conversation

    def unpin(self) -> None:
        """Follow the cursor again."""
        self._pinned = None
        self.follow(self.row)

    @property
    def lags(self) -> bool:
        """Whether the case in hand is still to be read."""
        return self.conversation is not None and self.view is None

    async def catch_up(self) -> None:
        """Read the case in hand now."""
        if self.conversation is not None and self.view is None:
            await self._read(self.conversation)

    @property
    def pane(self) -> Conversation | None:
        """The conversation pane, once there was something to show."""
        return self._pane

    def follow(self, row: QueueRow | None) -> None:
        """The cursor stands on `row` now."""
        self.row = row
        if self._pinned is not None:
            return
        if self._settling is not None:
            self._settling.stop()
        self._settling = self._screen.set_timer(SETTLE_SECONDS, self.read_again)

    def read_again(self) -> None:
        """Read the case in hand; where there is none, show what can be done instead."""
        self._screen.set_class(self.conversation is None, "without-case")
        if self.conversation is not None:
            self._screen.in_background(self._read, self.conversation, group="case", exclusive=True)
        else:
            ways = IN_A_VIEW if self._screen.lists.search is None else AFTER_A_SEARCH
            self._screen.no_case.suggest(ways, self._screen.keymap)

    async def _read(self, conversation: int) -> None:
        from socialdesk.desk.reading import case_view  # after the first paint: it reaches the policy

        policy, now, reader = self._engine.policy, self._engine.clock.now(), self._engine.person
        view = await self._engine.look.run(
            lambda connection: case_view(connection, policy, conversation, now, reader)
        )
        if self.conversation != conversation:
            return
        self._view = view
        if self._pane is None:
            self._mount(view)
        else:
            self._pane.show(view, self._engine.now())
        self._screen.situation_changed()

    def _mount(self, view: CaseView) -> None:
        """Mount the pane with its first case; not awaited, because the next case may cancel this worker."""
        from socialdesk.tui.widgets.conversation import Conversation

        self._pane = Conversation(view, self._engine.now(), self._screen.keymap)
        self._screen.query_one("#case").mount(self._pane)
