"""Screen room: the queue, a list of any length drawn line by line from the stretch that is in view."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.inbox.queue import Listing
from socialdesk.tui.actions import Place
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.plain import due_words, fit
from socialdesk.tui.widgets.row_cells import Plan, cells_of, heading, plan_for
from socialdesk.tui.window import Stretch, Want, Window, Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from socialdesk.inbox.rows import QueueRow

HEAD = 1
"""Lines above the first row: the column titles."""

_PIECES = (
    "cursor",
    "mark",
    "critical",
    "late",
    "soon",
    "due",
    "dim",
    "who",
    "words",
    "heading",
    "empty",
    "feeling-calm",
    "feeling-upset",
    "feeling-belligerent",
    "feeling-thankful",
)


class QueueList(Widget, can_focus=True):
    """A list over keyset pages: the cursor follows the conversation, never the position.

    The rows come from `reader`, which answers a wish at once or returns None and calls `deliver`
    later, so that a slow search never holds a key.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"queue--{piece}" for piece in (*_PIECES, "selected", "selected-blurred")
    }
    BINDINGS = bindings_of(Place.LIST)

    @dataclass
    class Moved(Message):
        """The cursor stands on another conversation, or on none."""

        row: QueueRow | None

    @dataclass
    class Opened(Message):
        """A row was clicked twice."""

        row: QueueRow

    def __init__(self, reader: Callable[[Wish], Stretch | None], now: Callable[[], int], *, id: str) -> None:
        super().__init__(id=id)
        self.window = Window()
        self.agent: str | None = None
        self.empty_words = ""
        self._reader = reader
        self._clock = now
        self._now = now()
        self._listing = Listing("", where="0")
        self._serial = 0
        self._goal: tuple[Want, int] | None = None
        self._plan: Plan = plan_for(80)
        self._styles: dict[tuple[str, bool], Style] = {}
        self._told: tuple[int, int] | None = None

    # -- what is shown ---------------------------------------------------------------------------------

    @property
    def listing(self) -> Listing:
        """The listing in view."""
        return self._listing

    @property
    def here(self) -> QueueRow | None:
        """The row under the cursor."""
        return self.window.here

    @property
    def page_height(self) -> int:
        """How many rows fit on the screen."""
        return max(1, self.size.height - HEAD)

    def show(self, listing: Listing) -> None:
        """Show another listing from its top."""
        self._listing = listing
        self._ask(Want.FIRST)

    def read_again(self) -> None:
        """Read the same stretch once more; the cursor keeps its conversation and its line."""
        here = self.window.here
        self._ask(Want.FIRST if here is None else Want.AROUND, here)

    def deliver(self, wish: Wish, stretch: Stretch) -> None:
        """Take the answer to a wish; outdated ones are dropped."""
        if wish.serial != self._serial:
            return
        self._now = self._clock()
        before = self._lines_shown()
        match wish.want:
            case Want.FIRST | Want.LAST:
                self.window.restart(stretch, self.page_height)
            case Want.AROUND:
                self.window.renew(stretch, self.page_height)
            case Want.AFTER:
                self.window.extend_down(stretch)
            case Want.BEFORE:
                self.window.extend_up(stretch)
        if self._goal is not None and wish.want in (Want.AFTER, Want.BEFORE):
            _, delta = self._goal
            self._goal = None
            self.window.move_to(self.window.cursor + delta, self.page_height)
        self._repaint(before)

    def tell_time(self) -> None:
        """Paint again the lines whose time left has changed."""
        before, self._now = self._now, self._clock()
        for y in range(self.page_height):
            row = self.window.line(y)
            if row and due_words(row.due_at, row.first_at, before) != due_words(
                row.due_at, row.first_at, self._now
            ):
                self._repaint_line(y)

    def _ask(self, want: Want, row: QueueRow | None = None) -> None:
        self._serial += 1
        limit = max(2 * self.page_height, 60)
        wish = Wish(self._serial, self._listing, want, limit, row)
        stretch = self._reader(wish)
        if stretch is not None:
            self.deliver(wish, stretch)

    # -- moving ----------------------------------------------------------------------------------------

    def move(self, delta: int) -> None:
        """Move the cursor by `delta` rows, reading on where the stretch ends."""
        window = self.window
        before = self._lines_shown()
        lacking = window.lacks(window.cursor + delta)
        if lacking is not None and window.rows:
            self._goal = (lacking, delta)
            self._ask(lacking, window.rows[-1] if lacking is Want.AFTER else window.rows[0])
            return
        window.move_to(window.cursor + delta, self.page_height)
        self._repaint(before)

    def action_cursor_down(self) -> None:
        """One row down."""
        self.move(1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self.move(-1)

    def action_page_down(self) -> None:
        """One screen down; the last line becomes the first."""
        self.move(max(1, self.page_height - 1))

    def action_page_up(self) -> None:
        """One screen up."""
        self.move(-max(1, self.page_height - 1))

    def action_top(self) -> None:
        """To the first row."""
        if self.window.at_start:
            self.move(-len(self.window.rows))
        else:
            self._ask(Want.FIRST)

    def action_end(self) -> None:
        """To the last row."""
        if self.window.at_end:
            self.move(len(self.window.rows))
        else:
            self._ask(Want.LAST)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor, as the arrow keys do."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor, as the arrow keys do."""
        event.stop()
        self.move(-3)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the row; a double click opens it."""
        row = self.window.line(event.y - HEAD)
        if row is None or event.y < HEAD:
            return
        before = self._lines_shown()
        self.window.move_to(self.window.top + event.y - HEAD, self.page_height)
        self._repaint(before)
        if event.chain >= 2:
            self.post_message(self.Opened(row))

    # -- painting --------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Another size: other columns, and perhaps more rows than are held."""
        self._plan = plan_for(self.size.width)
        self.window.reveal(self.page_height)
        self.refresh()
        if not self.window.at_end and len(self.window.rows) - self.window.top < self.page_height:
            self.read_again()

    def notify_style_update(self) -> None:
        """Another theme: mix the styles anew."""
        super().notify_style_update()
        self._styles.clear()

    def watch_has_focus(self, _focus: bool) -> None:
        """The cursor's line looks different where the keys do not reach it."""
        self._styles.clear()
        self._repaint_line(self.window.cursor - self.window.top)

    def _lines_shown(self) -> tuple[list[QueueRow], int, bool]:
        window = self.window
        return (
            window.rows[window.top : window.top + self.page_height],
            window.cursor - window.top,
            bool(window.rows),
        )

    def _repaint(self, before: tuple[list[QueueRow], int, bool]) -> None:
        """Paint the lines that differ from `before`, and tell where the cursor stands now."""
        old, old_line, had_rows = before
        new, new_line, has_rows = self._lines_shown()
        if had_rows != has_rows or not new:
            self.refresh()
        elif old != new or old_line != new_line:
            dirty = {y for y in range(self.page_height) if old[y : y + 1] != new[y : y + 1]}
            if old_line != new_line:
                dirty |= {old_line, new_line}
            if len(dirty) > self.page_height // 2:
                self.refresh()
            else:
                for y in dirty:
                    self._repaint_line(y)
        if (
            self.window.rows
            and not self.window.at_end
            and self.window.top + self.page_height > len(self.window.rows)
        ):
            self._ask(Want.AFTER, self.window.rows[-1])
        here = self.window.here
        told = None if here is None else (here.id, here.version)
        if told != self._told:
            self._told = told
            self.post_message(self.Moved(here))

    def _repaint_line(self, y: int) -> None:
        self.refresh(Region(0, y + HEAD, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        if y < HEAD:
            return Strip([Segment(heading(self._plan), self._style("heading", selected=False))], width)
        row = self.window.line(y - HEAD)
        if row is None:
            words = self._empty_line(y - HEAD - 1) if not self.window.rows else ""
            return Strip([Segment(fit("   " + words, width), self._style("empty", selected=False))], width)
        selected = self.window.top + y - HEAD == self.window.cursor
        cells = cells_of(row, self._plan, self._now, self.agent, cursor=selected)
        segments = [Segment(text, self._style(piece, selected=selected)) for piece, text in cells]
        if self._plan.words:
            return Strip(segments, width)  # the cells add up; measuring them again was a third of a page down
        strip = Strip(segments)
        return strip.adjust_cell_length(width, self._style("words", selected=selected))

    def _empty_line(self, number: int) -> str:
        """One line of what an empty list says, wrapped at its width."""
        lines = wrap(self.empty_words, max(20, self.size.width - 6))
        return lines[number] if 0 <= number < len(lines) else ""

    def _style(self, piece: str, *, selected: bool) -> Style:
        style = self._styles.get((piece, selected))
        if style is None:
            name = f"queue--{piece}" if piece in _PIECES else "queue--words"
            style = self.get_component_rich_style(name)
            if selected and self.app.native_ansi_color:
                # Sixteen colours have no tint: the line is reversed, and bold where the keys are elsewhere.
                style = Style(reverse=self.has_focus, bold=not self.has_focus or style.bold)
            elif selected:
                line = self.get_component_rich_style(
                    "queue--selected" if self.has_focus else "queue--selected-blurred"
                )
                # The line's background under the piece's own colour; a plain colour gives way to the line's.
                style = style + Style(bgcolor=line.bgcolor) if piece not in ("words", "who") else style + line
            self._styles[(piece, selected)] = style
        return style
