"""Screen room: tells colleagues which conversation is open on this desk, and whether it is being answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen

RENEW_SECONDS = 60.0
"""What is told lasts two minutes; a desk that was killed is forgotten by then."""


class Attendance:
    """Tells what has changed, and renews what stays; a cursor that passes by opens nothing."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self._told: tuple[int | None, bool] = (None, False)
        self._told_at = 0.0

    def tell(self) -> None:
        """Tell where the agent is, when that is news or was told a while ago."""
        if self._engine.person is None:
            return
        here = (self._screen.casefile.opened, self._screen.has_class("writing"))
        now = time.monotonic()
        if here == self._told and (here[0] is None or now - self._told_at < RENEW_SECONDS):
            return
        self._told, self._told_at = here, now
        self._screen.in_background(self._tell, *here, group="attend")

    async def _tell(self, conversation: int | None, writes: bool) -> None:
        from socialdesk.desk.presence import LOOKING, WRITING, be_at

        await self._engine.do(be_at, conversation, WRITING if writes else LOOKING)
