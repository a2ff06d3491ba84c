"""What stands on the screen before Textual comes is what Textual draws over it, cell by cell."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from socialdesk.inbox.connection import open_reader
from socialdesk.tui.first_frame import frame, pieces
from tests.tui.acme import desk_of
from tests.tui.seeding import NOW, seed
from tests.tui.test_the_desk import Opener, screen_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "size", [(80, 24), (90, 24), (101, 30), (119, 30), (120, 30), (140, 40), (171, 45), (200, 60)]
)
async def test_the_first_frame_is_the_desk_without_its_last_lines(
    open_app: Opener, inbox: Path, size: tuple[int, int]
) -> None:
    width, height = size
    with closing(open_reader(inbox)) as connection:
        drawn = ["".join(text for text, _ in line) for line in pieces(connection, width, height, NOW)]
    app = open_app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        desk = desk_of(pilot)
        edge = desk.queue.region.right
        shown = [line[:edge] for line in screen_text(app).split("\n")[: height - 2]]
        assert drawn == shown


def test_hostile_text_leaves_the_frame_whole(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    seed(path, 60, hostile=True)
    with closing(open_reader(path)) as connection:
        for colours in (True, False):
            text = "".join(frame(connection, 140, 40, NOW, colours=colours))
            left = text.replace("\x1b[", "")
            assert not [c for c in left if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066"]
            assert "52;c" not in left
