"""Screen room: the stretch of a listing that the queue holds, read page by page from known places."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from socialdesk.inbox.queue import Listing, page, page_before, row_of

if TYPE_CHECKING:
    import sqlite3

    from socialdesk.inbox.rows import QueueRow

MOST_ROWS = 600
"""How many rows are held at most; beyond it the far end is let go, so memory does not follow the inbox."""


class Want(Enum):
    """Which stretch is asked for."""

    FIRST = "first"
    LAST = "last"
    AFTER = "after"
    BEFORE = "before"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Wish:
    """A stretch of `listing` that the list needs; `serial` tells an outdated answer from a current one."""

    serial: int
    listing: Listing
    want: Want
    limit: int
    row: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The answer to a wish: rows in list order, and whether the list begins or ends with them.

    `cursor` is the position of the row that was asked around, or of the one that took its place.
    """

    rows: list[QueueRow]
    at_start: bool
    at_end: bool
    cursor: int = 0


def read(connection: sqlite3.Connection, wish: Wish) -> Stretch:
    """Answer a wish; each costs two index seeks at most, whatever the length of the list."""
    listing, limit = wish.listing, wish.limit
    if wish.row is None or wish.want in (Want.FIRST, Want.LAST):
        if wish.want is Want.LAST:
            rows = page_before(connection, listing, limit)
            return Stretch(rows, len(rows) < limit, True, max(len(rows) - 1, 0))
        rows = page(connection, listing, limit)
        return Stretch(rows, True, len(rows) < limit)
    if wish.want is Want.AFTER:
        rows = page(connection, listing, limit, wish.row.place)
        return Stretch(rows, False, len(rows) < limit)
    if wish.want is Want.BEFORE:
        rows = page_before(connection, listing, limit, wish.row.place)
        return Stretch(rows, len(rows) < limit, False)
    return _around(connection, wish, wish.row)


def _around(connection: sqlite3.Connection, wish: Wish, old: QueueRow) -> Stretch:
    here = row_of(connection, wish.listing, old.id)
    place = old.place if here is None else here.place
    above = page_before(connection, wish.listing, wish.limit, place)
    below = page(connection, wish.listing, wish.limit, place)
    rows = [*above, *([] if here is None else [here]), *below]
    # A row that has left the list hands the cursor to the one that stood behind it.
    cursor = min(len(above), max(len(rows) - 1, 0))
    return Stretch(rows, len(above) < wish.limit, len(below) < wish.limit, cursor)


@dataclass(slots=True)
class Window:
    """The rows held, where the screen's first line stands in them, and the row under the cursor."""

    rows: list[QueueRow] = field(default_factory=list)
    at_start: bool = True
    at_end: bool = True
    top: int = 0
    cursor: int = 0

    @property
    def here(self) -> QueueRow | None:
        """The row under the cursor, or None in an empty list."""
        return self.rows[self.cursor] if self.rows else None

    def line(self, y: int) -> QueueRow | None:
        """The row on screen line `y`."""
        index = self.top + y
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def lacks(self, index: int) -> Want | None:
        """What must be read before the cursor can go to `index`, or None when it is held or past an end."""
        if index >= len(self.rows) and not self.at_end:
            return Want.AFTER
        if index < 0 and not self.at_start:
            return Want.BEFORE
        return None

    def move_to(self, index: int, height: int) -> None:
        """Put the cursor on `index` (kept within the rows) and bring it into view."""
        self.cursor = max(0, min(index, len(self.rows) - 1))
        self.reveal(height)

    def reveal(self, height: int) -> None:
        """Move the view so that the cursor is on one of `height` lines.

        At an edge it moves by half a screen: one key in twenty paints the whole list, not every one.
        """
        if self.cursor < self.top or self.cursor >= self.top + height:
            self.top = self.cursor - height // 2
        self.top = max(0, min(self.top, len(self.rows) - height)) if self.at_end else max(0, self.top)

    def restart(self, stretch: Stretch, height: int) -> None:
        """Hold `stretch` instead of what was held; the end of a list is shown as a full screen."""
        self.rows = stretch.rows
        self.at_start, self.at_end = stretch.at_start, stretch.at_end
        self.top = 0
        self.move_to(stretch.cursor, height)

    def extend_down(self, stretch: Stretch) -> None:
        """Add what follows; rows far above are let go."""
        self.rows = self.rows + stretch.rows
        self.at_end = stretch.at_end
        spare = min(len(self.rows) - MOST_ROWS, self.top, self.cursor)
        if spare > 0:
            self.rows = self.rows[spare:]
            self.top -= spare
            self.cursor -= spare
            self.at_start = False

    def extend_up(self, stretch: Stretch) -> None:
        """Add what stands in front; rows far below are let go."""
        self.rows = stretch.rows + self.rows
        self.top += len(stretch.rows)
        self.cursor += len(stretch.rows)
        self.at_start = stretch.at_start
        if len(self.rows) > MOST_ROWS:
            self.rows = self.rows[:MOST_ROWS]
            self.at_end = False

    def renew(self, stretch: Stretch, height: int) -> None:
        """Hold the same stretch as it is now: the cursor keeps its row and its line on the screen.

        A view that stood at the very top stays there, so that what comes in above is seen.
        """
        was_at_top = self.at_start and self.top == 0
        line = self.cursor - self.top
        self.rows = stretch.rows
        self.at_start, self.at_end = stretch.at_start, stretch.at_end
        self.cursor = stretch.cursor
        self.top = 0 if was_at_top and self.at_start else self.cursor - line
        if self.top < 0:
            self.top = 0
        self.reveal(height)
