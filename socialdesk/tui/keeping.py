"""Screen room: what a desk does by the clock while it is open: pull, timers, outbox, and the policy in force."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from socialdesk.errors import SocialdeskError

if TYPE_CHECKING:
    from socialdesk.desk.session import Desk
    from socialdesk.policy.model import Policy
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen

BEAT_SECONDS = 1.0
ANNOUNCE_SECONDS = 20.0

Notice = tuple[str, str]


@dataclass(slots=True)
class Round:
    """What one look at the clock brought: the policy in force, what is wrong with its files, and notices."""

    policy: Policy
    broken: str = ""
    notices: list[Notice] = field(default_factory=list)


class Keeper:
    """Does all that is due once a second, in a lane of its own; several desks share the work by leases."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self._busy = False
        self._told: set[Notice] = set()
        self._announced: float | None = None

    def start(self) -> None:
        """Begin, once the desk is open for writing."""
        self._screen.set_interval(BEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        if not self._busy and self._engine.person is not None:
            self._busy = True
            self._screen.in_background(self._round, group="keep")

    async def _round(self) -> None:
        try:
            await self._announce()
            found = await self._engine.keep.run(work)
        finally:
            self._busy = False
        await self._engine.put_policy(found.policy, found.broken)
        fresh = [notice for notice in found.notices if notice not in self._told]
        # What fails each second is told once, until it no longer fails.
        self._told = set(found.notices)
        self._screen.performer.tell(fresh)

    async def _announce(self) -> None:
        """Say that a desk is open, so that an import leaves it room; every twenty seconds of its minute."""
        now = time.monotonic()
        if self._announced is None or now - self._announced >= ANNOUNCE_SECONDS:
            await self._engine.keep.run(_announce)
            self._announced = now


def work(desk: Desk) -> Round:
    """One round; a part that fails is told and keeps no other from its work."""
    from socialdesk.desk.policies import problem_with

    desk.refresh_policy()
    policy = desk.policy
    wrong = problem_with(desk.policy_folder)
    failed: list[Notice] = []
    for part in (_redecide, _pull, _tick, _deliver, _live):
        try:
            part(desk)
        except SocialdeskError as error:
            failed.append(("error", str(error)))
    told = [*desk.notices, *failed]
    desk.notices.clear()
    return Round(policy, wrong or "", told)


def _announce(desk: Desk) -> None:
    from socialdesk.desk.importing import announce

    announce(desk, f"desk-{os.getpid()}")


def _redecide(desk: Desk) -> None:
    from socialdesk.desk.redeciding import redecide

    redecide(desk, f"desk-{os.getpid()}")


def _pull(desk: Desk) -> None:
    if desk.config.channels:
        from socialdesk.desk.pulling import pull

        pull(desk, only_due=True, holder="desk")


def _tick(desk: Desk) -> None:
    from socialdesk.desk.timers import tick

    tick(desk, f"desk-{id(desk)}")


def _deliver(desk: Desk) -> None:
    from socialdesk.desk.outbox import deliver_due

    deliver_due(desk)


def _live(desk: Desk) -> None:
    if desk.sandbox:
        from socialdesk.desk.sandbox import live

        live(desk)
