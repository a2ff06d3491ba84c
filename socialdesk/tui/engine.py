"""Screen room: what the screens reach the inbox through; no widget knows a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from socialdesk.clock import Clock, SystemClock
from socialdesk.errors import SocialdeskError
from socialdesk.inbox.connection import data_version, open_reader
from socialdesk.tui.lanes import Lane
from socialdesk.tui.widgets.status_line import Standing
from socialdesk.tui.window import Stretch, Wish, read

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from socialdesk.desk.session import Desk
    from socialdesk.model import Person
    from socialdesk.policy.model import Policy

Done = TypeVar("Done")


class Engine:
    """The connections of one desk on screen.

    `glance` is the screen's own read-only connection, for keyset pages and maintained counters only.
    The lanes do the rest: `look` reads cases, `search` runs queries (and is interrupted by the next
    one), `count` counts the team's views, `hand` owns the desk and does every use-case in order, and
    `keep` does what the clock asks.
    """

    def __init__(
        self,
        path: Path,
        open_desk: Callable[[], Desk],
        clock: Clock | None = None,
        *,
        glance: sqlite3.Connection | None = None,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.person: Person | None = None
        self.why_read_only = "the desk is still opening"
        self.policy: Policy | None = None
        self.glance = glance or open_reader(path)
        self.look: Lane[sqlite3.Connection] = Lane("look", lambda: open_reader(path))
        self.search: Lane[sqlite3.Connection] = Lane("search", lambda: open_reader(path))
        self.count: Lane[sqlite3.Connection] = Lane("count", lambda: open_reader(path))
        self.hand: Lane[Desk] = Lane("hand", open_desk)
        self.keep: Lane[Desk] = Lane("keep", self._fork)
        self._broken = ""

    @property
    def agent(self) -> str | None:
        """The agent's name, or None in a read-only desk."""
        return None if self.person is None else self.person.agent

    def now(self) -> int:
        """The moment, UTC milliseconds, by the inbox's own clock."""
        return self.clock.now()

    def version(self) -> int:
        """A number that changes when anybody has changed the inbox."""
        return data_version(self.glance)

    def read_now(self, wish: Wish) -> Stretch:
        """Answer a wish at once; only for listings that an index serves."""
        return read(self.glance, wish)

    async def read_later(self, wish: Wish) -> Stretch:
        """Answer a wish in the search lane; a search still running gives way."""
        running = self.search.owned
        if running is not None:
            running.interrupt()
        return await self.search.run(lambda connection: read(connection, wish))

    async def open(self) -> None:
        """Open the desk for writing: who acts, under which policy, by which clock.

        A desk that cannot be opened leaves the screen read-only, with the reason in `why_read_only`.
        """
        try:
            self.person, self.why_read_only, self.policy, self.clock = await self.hand.run(
                lambda desk: (desk.person, desk.why_read_only, desk.policy, desk.clock)
            )
        except SocialdeskError as error:
            self.why_read_only = str(error)
            raise

    def _fork(self) -> Desk:
        """The hand's desk again, with a connection for the thread that asks."""
        desk = self.hand.owned
        if desk is None:
            raise SocialdeskError("the desk is still opening")
        return desk.fork()

    async def put_policy(self, policy: Policy, broken: str) -> None:
        """The keeper has looked at the policy files: take over what is in force, remember what is wrong."""
        self._broken = broken
        if self.policy is None or policy.hash != self.policy.hash:
            await self.hand.run(lambda desk: desk.refresh_policy())
            await self.open()

    async def do(self, call: Callable[..., Done], *arguments: object) -> Done:
        """Do a use-case in the hand lane; they run in the order in which they are asked for."""
        return await self.hand.run(lambda desk: call(desk, *arguments))

    async def take_notices(self) -> list[tuple[str, str]]:
        """What the desk has to tell since it was last asked, (severity, words)."""

        def take(desk: Desk) -> list[tuple[str, str]]:
            told = list(desk.notices)
            desk.notices.clear()
            return told

        return await self.hand.run(take)

    async def standing(self) -> Standing:
        """How things stand, read in the look lane."""
        from socialdesk.inbox.channels import all_channels
        from socialdesk.inbox.drafts import count_by_status

        channels, drafts = await self.look.run(
            lambda connection: (all_channels(connection), count_by_status(connection))
        )
        policy = "" if self.policy is None else f"policy {self.policy.hash[:7]}"
        broken = self._broken and f"policy files broken, {policy} stays in force"
        return Standing(self.agent, self.why_read_only, broken or policy, bool(broken), channels, drafts)

    def close(self) -> None:
        """Finish what was begun and close every connection."""
        for lane in (self.keep, self.search, self.count, self.look, self.hand):
            lane.close()
        self.glance.close()
