"""Screen room: the first frame, drawn from the inbox before Textual is loaded; Textual then draws over it.

Loading Textual takes ten times as long as reading a screenful of the queue and writing it out, so the
agent reads the top of the queue while the rest arrives. The lines come from the same functions as the
widgets', in the same columns, and nothing here is waited for: without a terminal there is no frame.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from socialdesk.inbox.queue import counts, page
from socialdesk.inbox.views import standard_views
from socialdesk.tui.widgets.row_cells import cells_of, heading, plan_for
from socialdesk.tui.widgets.view_cells import counted, title_line, title_of, view_lines

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from socialdesk.tui.widgets.view_cells import Piece

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l\x1b[?25h"
VIEWS_WIDTH, CASE_WIDTH = 20, 88
SMALLEST = (41, 11)

_COLOURS = {
    "accent": "38;2;94;161;255", "dim": "38;2;138;149;166", "faint": "38;2;92;102;117",
    "error": "38;2;247;118;142", "warning": "38;2;224;175;104", "success": "38;2;158;206;106",
}  # fmt: skip
"""The dark theme's, for terminals that show all colours; the others get bold and nothing else."""

_PIECES = {
    "cursor": "$accent", "mark": "$accent", "critical": "bold $error", "late": "bold $error", "soon": "bold $warning",
    "due": "", "dim": "$dim", "who": "bold", "words": "", "feeling-calm": "$dim", "feeling-upset": "$warning",
    "feeling-belligerent": "$error", "feeling-thankful": "$success",
}  # fmt: skip
"""The styles that desk.tcss gives to the pieces of a row."""

_GROUND, _PANEL, _CURSOR = "48;2;18;22;28", "48;2;31;38;48", "48;2;41;63;96"


def paint(connection: sqlite3.Connection, now: int) -> bool:
    """Draw the first frame on the terminal that Textual will use; False when there is none fit for it."""
    out = sys.__stderr__
    if out is None or not out.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return False
    width, height = os.get_terminal_size(out.fileno())
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return False
    colours = os.environ.get("COLORTERM", "") in ("truecolor", "24bit") and "NO_COLOR" not in os.environ
    out.write(ENTER + "\x1b[?25l" + "".join(frame(connection, width, height, now, colours=colours)))
    out.flush()
    return True


def leave() -> None:
    """Give the terminal back when Textual never came to draw."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(LEAVE)
        sys.__stderr__.flush()


def frame(connection: sqlite3.Connection, width: int, height: int, now: int, *, colours: bool) -> list[str]:
    """The frame as the terminal reads it: a cursor address and the pieces of each line."""
    lines = []
    for y, line in enumerate(pieces(connection, width, height, now)):
        ground = _PANEL if y == 0 else _CURSOR if y == 2 else _GROUND
        text = "".join(_painted(words, style, ground if colours and x else _GROUND if colours else "")
                       for x, (words, style) in enumerate(line))  # fmt: skip
        lines.append(f"\x1b[{y + 1};1H{text}\x1b[0m")
    return lines


def _painted(text: str, style: str, ground: str) -> str:
    codes = [ground] if ground else []
    for word in style.split():
        if word == "bold":
            codes.append("1")
        elif ground and word.startswith("$"):
            codes.append(_COLOURS[word[1:]])
    return f"\x1b[0;{';'.join(codes)}m{text}" if codes else f"\x1b[0m{text}"


def pieces(connection: sqlite3.Connection, width: int, height: int, now: int) -> list[list[Piece]]:
    """The lines of the frame: the views where there is room for three panes, and the top of the queue."""
    views = standard_views(None)
    queue, known = views[0], counts(connection, views)
    room = height - 4
    side = VIEWS_WIDTH if width >= 120 else 0
    list_width = _list_width(width, side)
    plan = plan_for(list_width)
    title = title_line(title_of(queue.name), counted(known.get(queue.name)), newest_first=False)
    right: list[list[Piece]] = [_padded(title, list_width), [(heading(plan), "$faint")]]
    for index, row in enumerate(page(connection, queue, room)):
        cells = cells_of(row, plan, now, None, cursor=index == 0)
        right.append([(text, _PIECES[piece]) for piece, text in cells])
    left = list(view_lines(views, known, 0, side)) if side else []
    lines = []
    for y in range(height - 2):
        before = left[y] if y < len(left) else [(" " * side, "")] if side else []
        after = right[y] if y < len(right) else [(" " * list_width, "")]
        lines.append([*before, *after])
    return lines


def _list_width(width: int, side: int) -> int:
    """How wide the queue is; the shares of desk.tcss."""
    if width >= 170:
        return max((width - side) * 12 // 26, width - side - CASE_WIDTH)
    if width >= 120:
        return (width - side) * 12 // 22
    return width // 2 if width >= 90 else width


def _padded(line: Sequence[Piece], width: int) -> list[Piece]:
    """`line` cut and filled to `width`; its own text is plain."""
    out: list[Piece] = []
    for text, style in line:
        out.append((text[:width], style))
        width -= len(out[-1][0])
    return [*out, (" " * width, "")]
