"""The query bar: what is typed is found beside the keys, and what is wrong is shown where it is wrong."""

from __future__ import annotations

from textual.widgets import Input

from tests.tui.acme import Acme, desk_of, ready, until
from tests.tui.day import fill
from tests.tui.test_the_desk import screen_text


async def test_a_query_filters_while_it_is_typed_and_escape_leads_back(acme: Acme) -> None:
    fill(acme)
    async with acme.open_as("ana").run_test(size=(140, 36)) as pilot:
        desk = await ready(pilot)
        before = [row.id for row in desk.queue.window.rows]
        await pilot.press("/")
        await until(pilot, lambda: bool(desk.query("#query-input")), "the bar")
        await pilot.press(*"hot burnt")
        await until(pilot, lambda: [r.author for r in desk.queue.window.rows] == ["samuel_r"], "one row")
        assert desk.lists.listing.name == "hot burnt"
        await pilot.press("enter")
        await until(
            pilot, lambda: desk.queue.has_focus and not desk.query("#query-input"), "keys on the list"
        )
        assert [r.author for r in desk.queue.window.rows] == ["samuel_r"]
        await pilot.press("escape")
        await until(pilot, lambda: [row.id for row in desk.queue.window.rows] == before, "the view")


async def test_a_wrong_query_shows_its_place_and_keeps_the_list(acme: Acme) -> None:
    fill(acme)
    async with acme.open_as("ana").run_test(size=(140, 36)) as pilot:
        desk = await ready(pilot)
        before = [row.id for row in desk.queue.window.rows]
        await pilot.press("/")
        await until(pilot, lambda: bool(desk.query("#query-input")), "the bar")
        desk.query_one("#query-input", Input).value = "topik:widget"
        await until(
            pilot,
            lambda: "^" in screen_text(desk.app) and "topic" in screen_text(desk.app),  # type: ignore[arg-type]
            "the caret",
        )
        assert [row.id for row in desk.queue.window.rows] == before
        await pilot.press("escape")
        await until(pilot, lambda: desk.queue.has_focus, "back")


async def test_a_search_that_finds_nothing_says_what_to_do(acme: Acme) -> None:
    fill(acme)
    async with acme.open_as("ana").run_test(size=(140, 36)) as pilot:
        desk = await ready(pilot)
        await pilot.press("/")
        await until(pilot, lambda: bool(desk.query("#query-input")), "the bar")
        await pilot.press(*"zebra", "enter")
        await until(pilot, lambda: "Nothing matches" in screen_text(desk.app), "the hint")  # type: ignore[arg-type]
        await until(pilot, lambda: desk.has_class("without-case"), "no case is left in view")
        assert desk.casefile.pane is not None
        assert not desk.casefile.pane.display
        assert "back to the view" in screen_text(desk.app)  # type: ignore[arg-type]
        await pilot.press("escape")
        await until(
            pilot, lambda: desk.casefile.pane is not None and desk.casefile.pane.display, "a case again"
        )


async def test_refine_opens_the_last_query(acme: Acme) -> None:
    fill(acme)
    async with acme.open_as("ana").run_test(size=(140, 36)) as pilot:
        desk = await ready(pilot)
        await pilot.press("/")
        await until(pilot, lambda: bool(desk.query("#query-input")), "the bar")
        await pilot.press(*"feeling:upset", "enter")
        await until(
            pilot, lambda: desk.lists.listing.name == "feeling:upset" and desk.queue.has_focus, "found"
        )
        await pilot.press("f")
        await until(pilot, lambda: bool(desk.query("#query-input")), "the bar again")
        await pilot.press(*" followers:500+")
        await until(
            pilot, lambda: desk_of(pilot).lists.listing.name == "feeling:upset followers:500+", "refined"
        )


async def test_the_teams_own_views_stand_below_the_standard_ones_with_live_counts(acme: Acme) -> None:
    fill(acme)
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        names = [listing.name for listing in desk.lists.views]
        assert "Upset or worse" in names
        await until(pilot, lambda: "Upset or worse" in desk.lists._team_counts, "counted")
        number = desk.lists._team_counts["Upset or worse"]
        assert number > 2
        await pilot.press(*["]"] * names.index("Upset or worse"))
        await until(pilot, lambda: len(desk.queue.window.rows) == number, "its rows")
        assert {row.feeling for row in desk.queue.window.rows} == {"upset", "belligerent"}
