"""Screen room: which list is in view, its rows, and the live counts of every view."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from socialdesk.inbox.queue import Listing, count_up_to_cap, counts, standard_views
from socialdesk.tui.widgets.view_cells import shown_count, title_line, title_of

if TYPE_CHECKING:
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen
    from socialdesk.tui.window import Stretch, Wish

TEAM_COUNT_SECONDS = 5.0
EMPTY_WORDS = {
    "queue": "Nothing waits for an answer.",
    "mine": "Nothing is yours yet. Claim a conversation in another view.",
    "to-approve": "No draft waits for your approval.",
    "search": "Nothing matches. Change the search, or go back to the view.",
}


class Lists:
    """Fills queue and views; a view that an index serves is read at once, everything else in a lane."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self.views: tuple[Listing, ...] = standard_views(None)
        self.current = 0
        self.search: Listing | None = None
        self.search_text = ""
        self._count: int | None = None
        self._team_counts: dict[str, int] = {}
        self._counting = False
        self._counted_at = -TEAM_COUNT_SECONDS

    @property
    def listing(self) -> Listing:
        """The listing in view: a search, or one of the views."""
        return self.search or self.views[self.current]

    def person_known(self) -> None:
        """The desk is open: `mine` and the team's own views join the list; the view in force stays."""
        name = self.views[self.current].name
        self.views = (*standard_views(self._engine.agent), *self._team_views())
        self.current = next((i for i, listing in enumerate(self.views) if listing.name == name), 0)
        self._screen.queue.agent = self._engine.agent
        self._screen.queue.refresh()
        self.count()

    def _team_views(self) -> list[Listing]:
        """The views of views.yaml, under their titles."""
        from socialdesk.desk.reading import listing_of

        policy, now = self._engine.policy, self._engine.clock.now()
        views = () if policy is None else policy.views
        return [
            replace(listing_of(view.name, self._engine.person, policy, now), name=view.title or view.name)
            for view in views
        ]

    def choose(self, index: int) -> None:
        """Show the view at `index`; one past either end comes round."""
        self.current = index % len(self.views)
        self.search = None
        self._show()

    def choose_search(self, listing: Listing, text: str) -> None:
        """Show what a search finds."""
        self.search, self.search_text = listing, text
        self._show()

    def leave_search(self) -> bool:
        """Back to the view; False when no search was shown."""
        if self.search is None:
            return False
        self.search = None
        self._show()
        return True

    def _show(self) -> None:
        queue = self._screen.queue
        queue.empty_words = EMPTY_WORDS.get("search" if self.search else self.listing.name, "Nothing here.")
        self._count = None
        queue.show(self.listing)
        self.count()

    def read_again(self) -> None:
        """Somebody changed the inbox: read rows and counts again."""
        self._screen.queue.read_again()
        self.count()

    # -- rows ------------------------------------------------------------------------------------------

    def read(self, wish: Wish) -> Stretch | None:
        """Answer the list's wish: at once where an index gives the order, else None and later."""
        served = wish.listing.counter is not None and (
            not wish.listing.newest_first or wish.listing.name == "all"
        )
        if served or not wish.listing.name:
            return self._engine.read_now(wish)
        self._screen.in_background(self._read_later, wish, group="rows", exclusive=True)
        return None

    async def _read_later(self, wish: Wish) -> None:
        try:
            stretch = await self._engine.read_later(wish)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return  # a newer search took its place
        self._screen.queue.deliver(wish, stretch)

    # -- counts ----------------------------------------------------------------------------------------

    def count(self) -> None:
        """Show the counts: kept ones at once, a search's in the lane."""
        known = counts(self._engine.glance, self.views) | self._team_counts
        self._count_team_later()
        self._screen.views.show(self.views, known, -1 if self.search else self.current)
        if self.search is None:
            self._title(known.get(self.listing.name))
        else:
            self._title(self._count)
            self._screen.in_background(self._count_search, self.search, group="count", exclusive=True)

    def _count_team_later(self) -> None:
        """Count the team's views, at most every few seconds: no counter is kept for them."""
        now = time.monotonic()
        team = [listing for listing in self.views if listing.counter is None]
        if team and not self._counting and now - self._counted_at >= TEAM_COUNT_SECONDS:
            self._counting, self._counted_at = True, now
            self._screen.in_background(self._count_team, team, group="count-team")

    async def _count_team(self, team: list[Listing]) -> None:
        try:
            for listing in team:
                number = await self._engine.count.run(partial(count_up_to_cap, listing=listing))
                self._team_counts[listing.name] = number
        finally:
            self._counting = False
        self._screen.views.show(
            self.views,
            counts(self._engine.glance, self.views) | self._team_counts,
            -1 if self.search else self.current,
        )

    async def _count_search(self, listing: Listing) -> None:
        number = await self._engine.look.run(lambda connection: count_up_to_cap(connection, listing))
        if listing == self.search:
            self._count = number
            self._title(number)

    def _title(self, number: int | None) -> None:
        name = f"found: {self.search_text}" if self.search else title_of(self.listing.name)
        pieces = title_line(name, shown_count(self.listing, number), newest_first=self.listing.newest_first)
        self._screen.list_title.say(Content.assemble(*pieces))
