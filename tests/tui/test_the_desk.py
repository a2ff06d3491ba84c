"""What an agent meets: read-only desks, folding panes, failures as notices, foreign text, help and palette."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from socialdesk.clock import FixedClock
from socialdesk.tui.actions import ACTIONS, hint
from socialdesk.tui.app import SocialdeskApp
from socialdesk.tui.engine import Engine
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.screens.dialogs import Ask, Choose, Confirm
from socialdesk.tui.screens.help import HelpScreen
from tests.tui.acme import Acme, desk_of, notices, ready, until
from tests.tui.conftest import NOBODY, nobody
from tests.tui.seeding import NOW, seed

if TYPE_CHECKING:
    from pathlib import Path

Opener = Callable[[], SocialdeskApp]


def screen_text(app: SocialdeskApp) -> str:
    """What stands on the screen, line by line."""
    return "\n".join(
        "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips(app.size)
    )


async def test_a_stranger_reads_and_is_told_how_to_become_an_agent(open_app: Opener) -> None:
    app = open_app()
    async with app.run_test(size=(160, 30)) as pilot:
        await until(pilot, lambda: NOBODY in notices(pilot), "told at the start")
        await until(pilot, lambda: f"read-only: {NOBODY}"[:60] in screen_text(app), "shown below")
        await pilot.press("c")
        await until(pilot, lambda: f"read-only: {NOBODY}" in notices(pilot), "told by the key")
        await until(pilot, lambda: desk_of(pilot).casefile.view is not None, "a case to read")


async def test_an_action_that_cannot_be_done_says_why(acme: Acme) -> None:
    acme.receive("@AcmeCustServ thanks, the new widget is lovely")
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "no draft here waits for approval" in notices(pilot), "approve")
        await pilot.press("S")
        await until(pilot, lambda: any("there is no draft here yet" in n for n in notices(pilot)), "send")


async def test_a_refused_use_case_becomes_a_notice(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("c")
        await until(pilot, lambda: desk.situation.assignee == "ana", "claimed")
    async with acme.open_as("ben").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("c")
        await until(pilot, lambda: any("is ana's" in n for n in notices(pilot)), "refused")


async def test_a_failure_nobody_thought_of_becomes_a_notice(open_app: Opener) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()

        async def broken() -> None:
            raise ZeroDivisionError("[/oops] division [b]by zero")

        desk_of(pilot).in_background(broken, group="test")
        await until(
            pilot, lambda: "ZeroDivisionError: [/oops] division [b]by zero" in notices(pilot), "the notice"
        )
        assert app.is_running


@pytest.mark.parametrize(
    ("size", "views", "queue", "case"),
    [
        ((200, 60), True, True, True),
        ((120, 30), True, True, True),
        ((119, 30), False, True, True),
        ((90, 24), False, True, True),
        ((89, 24), False, True, False),
        ((80, 24), False, True, False),
    ],
)
async def test_panes_fold_with_the_width(
    open_app: Opener, size: tuple[int, int], views: bool, queue: bool, case: bool
) -> None:
    app = open_app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        desk = desk_of(pilot)
        shown = [desk.query_one(name).region.width > 0 for name in ("#views", "#queue", "#case")]
        assert shown == [views, queue, case]


async def test_in_80_columns_enter_and_escape_change_the_pane(open_app: Opener) -> None:
    app = open_app()
    async with app.run_test(size=(80, 24)) as pilot:
        desk = desk_of(pilot)
        await until(pilot, lambda: desk.casefile.view is not None, "a case")
        await pilot.press("enter")
        assert desk.query_one("#case").region.width == 80
        assert desk.query_one("#list").region.width == 0
        await pilot.press("escape")
        assert desk.query_one("#list").region.width == 80
        assert desk.queue.has_focus


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (40, 50), (200, 10), (2, 1), (1, 1)])
async def test_a_tiny_terminal_gets_a_message(open_app: Opener, size: tuple[int, int]) -> None:
    app = open_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "enter", "escape", "G")
        await pilot.pause()
        if size[0] >= 20:
            assert "The terminal" in screen_text(app)
        await pilot.press("?", "escape", "q", "n")
        await pilot.resize_terminal(100, 30)
        await pilot.pause()


async def test_hostile_text_shows_as_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    seed(path, 60, hostile=True)
    app = SocialdeskApp(Engine(path, nobody, FixedClock(NOW)))
    async with app.run_test(size=(160, 40)) as pilot:
        desk = desk_of(pilot)
        for _ in range(12):
            await pilot.press("j")
            row = desk.queue.here
            assert row is not None
            await until(
                pilot,
                lambda number=row.id: (
                    desk.casefile.view is not None  # type: ignore[misc]
                    and desk.casefile.view.conversation.id == number
                ),
                "its case",
            )
        await pilot.press("?")
        await pilot.pause()
        await pilot.press("escape")
        text = screen_text(app)
        assert "[/oops] [b]" in text
        assert not [
            c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066")
        ]


async def test_help_lists_the_keys_of_this_place(open_app: Opener) -> None:
    app = open_app()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("?")
        assert isinstance(app.screen, HelpScreen)
        text = screen_text(app)
        assert "Take the conversation" in text
        assert "it is yours until you release it. Not now." in text
        await pilot.press("escape")
        assert isinstance(app.screen, DeskScreen)


async def test_the_palette_finds_actions_by_their_words(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: pilot.app.screen is not desk, "the palette")
        await pilot.press(*"claim")
        await until(pilot, lambda: bool(pilot.app.screen.query("CommandList")), "its list")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: acme.conversation().assignee == "ana", "claimed")


async def test_leaving_asks_and_enter_is_not_an_answer(open_app: Opener) -> None:
    app = open_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("q")
        assert isinstance(app.screen, Confirm)
        await pilot.press("enter")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert isinstance(app.screen, DeskScreen)
        await pilot.press("q", "y")
        await pilot.pause()
    assert app.return_code == 0


async def test_dismissing_asks_why_and_undo_takes_it_back(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("#")
        await until(pilot, lambda: isinstance(pilot.app.screen, Choose), "the reasons")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen), "closed")
        assert acme.conversation().status == "new"
        await pilot.press("#")
        await until(pilot, lambda: isinstance(pilot.app.screen, Choose), "the reasons")
        await pilot.press("2")
        await until(pilot, lambda: acme.conversation().status == "dismissed", "dismissed")
        assert acme.conversation().reason == "spam"
        await pilot.press("z")
        await until(pilot, lambda: acme.conversation().status == "new", "undone")


async def test_a_note_is_kept_and_shown(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask), "the question")
        await pilot.press(*"call", "enter")
        await until(pilot, lambda: bool(desk.casefile.view and desk.casefile.view.notes), "the note")
        await pilot.pause()
        assert "note by ana" in screen_text(desk.app)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
async def test_the_footer_shows_whole_entries_and_always_the_key_for_help(
    open_app: Opener, width: int
) -> None:
    app = open_app()
    async with app.run_test(size=(width, 24)) as pilot:
        desk = desk_of(pilot)
        await until(pilot, lambda: desk.casefile.view is not None, "a case")
        footer = screen_text(app).split("\n")[23]
        shown = [entry.strip() for entry in re.split(r"\s{2,}", footer.strip())]
        known = {f"{hint(action)} {action.words}" for action in ACTIONS}
        assert "? help" in shown
        assert set(shown) <= known


async def test_colleagues_see_who_has_opened_a_conversation_until_it_is_left(acme: Acme) -> None:
    acme.receive()
    async with (
        acme.open_as("ana").run_test(size=(140, 40)) as ana,
        acme.open_as("ben").run_test(size=(140, 40)) as ben,
    ):
        await ready(ana)
        hers = desk_of(ana)
        await ready(ben)

        def ben_reads(words: str) -> bool:
            return words in screen_text(desk_of(ben).app)  # type: ignore[arg-type]

        assert not ben_reads("ana is")
        await ana.press("enter")
        await until(ben, lambda: ben_reads("ana is looking"), "looking")
        await ana.press("r")
        await until(ana, lambda: hers.has_class("writing"), "the composer")
        await until(ben, lambda: ben_reads("ana is writing"), "writing")
        await ana.press("escape", "escape")
        await until(ben, lambda: not ben_reads("ana is"), "gone")
        assert "ana is" not in screen_text(hers.app)  # type: ignore[arg-type]


async def test_the_newest_stays_in_view_until_somebody_scrolls(acme: Acme) -> None:
    acme.receive("@AcmeCustServ my widget broke again. " + "It blinks, and then it stops. " * 60)
    async with acme.open_as("ana").run_test(size=(80, 24)) as pilot:
        desk = await ready(pilot)
        await pilot.press("enter")
        assert desk.casefile.pane is not None
        thread = desk.casefile.pane.thread
        await until(pilot, lambda: 0 < thread.scroll_y == thread.max_scroll_y, "the end, when opened")
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        await until(pilot, lambda: thread.scroll_y == thread.max_scroll_y, "the end, beside the composer")
        await pilot.press("escape")
        await until(pilot, lambda: not desk.has_class("writing"), "closed")
        await pilot.press("g")
        await until(pilot, lambda: thread.scroll_y == 0, "the beginning")
        desk.read_again()
        view = desk.casefile.view
        await until(pilot, lambda: desk.casefile.view is not view, "read again")
        await pilot.pause()
        assert thread.scroll_y == 0


async def test_a_long_choice_keeps_its_keys_in_view_on_a_small_terminal(acme: Acme) -> None:
    acme.receive()
    app = acme.open_as("ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, Choose), "the replies")
        await until(pilot, lambda: "esc close" in screen_text(app), "the keys below them")
