"""The queue shows what the inbox holds, in its order, and keeps its cursor on a conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from socialdesk.inbox.connection import open_inbox, open_reader, writing
from socialdesk.inbox.queue import page, standard_views
from socialdesk.tui.app import SocialdeskApp
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.window import MOST_ROWS
from tests.tui.seeding import add

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from socialdesk.tui.widgets.queue_list import QueueList

Opener = Callable[[], SocialdeskApp]


def queue_of(app: SocialdeskApp) -> QueueList:
    screen = app.screen
    assert isinstance(screen, DeskScreen)
    return screen.queue


def shown(queue: QueueList) -> list[int]:
    rows = (queue.window.line(y) for y in range(queue.page_height))
    return [row.id for row in rows if row is not None]


def in_order(path: Path) -> list[int]:
    connection = open_reader(path)
    try:
        return [row.id for row in page(connection, standard_views(None)[0], 10_000)]
    finally:
        connection.close()


def write(path: Path, statement: str, *values: object) -> None:
    connection = open_inbox(path)
    try:
        with writing(connection):
            connection.execute(statement, values)
    finally:
        connection.close()


async def test_first_screen_is_the_head_of_the_queue(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        queue = queue_of(app)
        assert shown(queue) == in_order(inbox)[: queue.page_height]
        assert queue.here is not None
        assert queue.here.id == in_order(inbox)[0]


@pytest.mark.parametrize(
    "keys", [("j",) * 45, ("pagedown",) * 9, ("G",), ("G", *("k",) * 40), ("G", "pageup", "pageup", "g")]
)
async def test_the_view_is_contiguous_and_ordered_wherever_the_keys_lead(
    open_app: Opener, inbox: Path, keys: tuple[str, ...]
) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press(*keys)
        queue, order = queue_of(app), in_order(inbox)
        first = order.index(shown(queue)[0])
        assert shown(queue) == order[first : first + queue.page_height]
        assert queue.here is not None
        assert queue.here.id in shown(queue)


async def test_each_key_moves_by_what_it_says(open_app: Opener, inbox: Path) -> None:
    app, order = open_app(), in_order(inbox)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        queue = queue_of(app)

        async def after(*keys: str) -> int:
            await pilot.press(*keys)
            assert queue.here is not None
            return order.index(queue.here.id)

        assert await after("j", "down", "j") == 3
        assert await after("k") == 2
        assert await after("G") == len(order) - 1
        assert shown(queue) == order[-queue.page_height :]
        assert await after("j") == len(order) - 1
        assert await after("g") == 0
        assert await after("k") == 0
        assert await after("pagedown") == queue.page_height - 1
        assert await after("pageup") == 0


async def test_walking_the_whole_list_holds_few_rows(open_app: Opener, inbox: Path) -> None:
    app, order = open_app(), in_order(inbox)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        queue, seen = queue_of(app), []
        for _ in order:
            assert queue.here is not None
            seen.append(queue.here.id)
            queue.move(1)
            assert len(queue.window.rows) <= MOST_ROWS + 100
        assert seen == order
        for expected in reversed(order):
            assert queue.here is not None
            assert queue.here.id == expected
            queue.move(-1)
            assert len(queue.window.rows) <= MOST_ROWS + 100


async def test_cursor_stays_on_its_conversation_while_rows_come_in_above(
    open_app: Opener, inbox: Path
) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press(*["pagedown"] * 3)
        queue = queue_of(app)
        here, view = queue.here, shown(queue)
        assert here is not None
        _add_critical(inbox, 40)
        await read_again(pilot)
        assert queue.here is not None
        assert queue.here.id == here.id
        assert shown(queue) == view


async def test_a_view_at_the_top_shows_what_comes_in(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        queue = queue_of(app)
        here = queue.here
        assert here is not None
        _add_critical(inbox, 3)
        await read_again(pilot)
        assert shown(queue) == in_order(inbox)[: queue.page_height]
        assert shown(queue)[0] != here.id
        assert queue.here is not None
        assert queue.here.id == here.id


async def test_cursor_follows_a_conversation_that_moves(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("j", "j")
        queue = queue_of(app)
        here = queue.here
        assert here is not None
        write(
            inbox, "UPDATE conversations SET critical = 0, due_at = NULL, urgency = 0 WHERE id = ?", here.id
        )
        await read_again(pilot)
        order = in_order(inbox)
        assert queue.here is not None
        assert queue.here.id == here.id
        assert order.index(here.id) > 500
        first = order.index(shown(queue)[0])
        assert shown(queue) == order[first : first + queue.page_height]


async def test_a_conversation_that_leaves_hands_the_cursor_to_the_next(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    order = in_order(inbox)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("j", "j")
        write(inbox, "UPDATE conversations SET status = 'resolved' WHERE id = ?", order[2])
        await read_again(pilot)
        queue = queue_of(app)
        assert queue.here is not None
        assert queue.here.id == order[3]
        assert shown(queue) == in_order(inbox)[: queue.page_height]


async def test_resizing_keeps_the_cursor_in_view(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("pagedown", "j")
        queue = queue_of(app)
        here = queue.here
        assert here is not None
        for size in ((80, 24), (200, 60), (44, 12), (30, 8), (100, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert queue.here is not None
            assert queue.here.id == here.id
        assert here.id in shown(queue)


async def test_views_are_changed_by_key(open_app: Opener, inbox: Path) -> None:
    app = open_app()
    write(inbox, "UPDATE conversations SET status = 'waiting' WHERE id % 10 = 0")
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("6")
        queue = queue_of(app)
        assert queue.listing.name == "waiting"
        assert {identity % 10 for identity in shown(queue)} == {0}
        await pilot.press("[")
        assert queue.listing.name == "watching"
        assert shown(queue) == []
        await pilot.press("]", "]")
        assert queue.listing.name == "private"


def _add_critical(path: Path, number: int) -> None:
    connection = open_inbox(path)
    try:
        with writing(connection):
            add(connection, number, first_id=5_001)
            connection.execute(
                "UPDATE conversations SET critical = 1, due_at = 1, urgency = 100 WHERE id > 5000"
            )
    finally:
        connection.close()


async def read_again(pilot: Pilot[None]) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, DeskScreen)
    screen.read_again()
    await pilot.pause()
