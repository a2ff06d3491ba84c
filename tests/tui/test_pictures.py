"""Whole screens as pictures; the README shows these very files. Look at them when they change."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.tui.acme import Acme, desk_of, ready, until
from tests.tui.day import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion
    from textual.pilot import Pilot


class Picture(SingleFileSnapshotExtension):
    """One SVG file a picture."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock on the screen is the agent's; here it stands in one place."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares a screen with its file in __snapshots__."""
    return snapshot.use_extension(Picture)


@pytest.fixture
def acme_hour(acme: Acme) -> Acme:
    """Acme's inbox with an hour of posts in it."""
    fill(acme)
    return acme


def seen(pilot: Pilot[None]) -> str:
    """The screen as SVG, without what differs from one process to the next."""
    svg = pilot.app.export_screenshot(title="socialdesk")
    return re.sub(
        r"\bterminal-\d+-", "terminal-", re.sub(r"policy&#160;[0-9a-f]{7}", "policy&#160;4c1f2ab", svg)
    )


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every view has been counted as things stand now."""
    lists = desk_of(pilot).lists
    await until(pilot, lambda: not lists._counting, "no count under way")
    lists._counted_at = float("-inf")
    lists._team_counts.clear()
    lists.count()
    team = {listing.name for listing in lists.views if listing.counter is None}
    await until(pilot, lambda: set(lists._team_counts) == team and not lists._counting, "all counts")
    await pilot.pause()


async def to(pilot: Pilot[None], author: str) -> None:
    """Move the cursor to this author's conversation and wait for its case."""
    desk = desk_of(pilot)
    await pilot.press("g")
    for _ in range(40):
        if desk.queue.here is not None and desk.queue.here.author == author:
            break
        await pilot.press("j")
    await until(
        pilot,
        lambda: desk.casefile.view is not None and desk.casefile.view.conversation.author == author,
        author,
    )


async def test_inbox(acme_hour: Acme, picture: SnapshotAssertion) -> None:
    async with acme_hour.open_as("ana").run_test(size=(140, 36)) as pilot:
        await ready(pilot)
        await to(pilot, "samuel_r")
        await settled(pilot)
        assert seen(pilot) == picture


async def test_conversation_with_a_playbook(acme_hour: Acme, picture: SnapshotAssertion) -> None:
    async with acme_hour.open_as("ana").run_test(size=(180, 40)) as pilot:
        desk = await ready(pilot)
        await to(pilot, "maria_k")
        await pilot.press("enter", "n")
        await until(
            pilot, lambda: desk.situation.step is not None and desk.situation.step.path == "2", "answered"
        )
        await settled(pilot)
        assert seen(pilot) == picture


async def test_composer_with_a_guardrail(acme_hour: Acme, picture: SnapshotAssertion) -> None:
    async with acme_hour.open_as("ana").run_test(size=(140, 36)) as pilot:
        desk = await ready(pilot)
        await to(pilot, "ines_d")
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        composer = desk.writer.composer
        assert composer is not None
        composer.replace_text("So sorry, Inês: that was our fault, and you will get compensation today. ^AA")
        await until(pilot, lambda: "saved" in composer._foot._content.plain.split(" · "), "saved")
        await until(pilot, lambda: len(composer.editor._marked) == 2, "the words found")
        await until(pilot, lambda: desk.situation.assignee == "ana", "taken up by writing")
        await settled(pilot)
        assert seen(pilot) == picture


async def test_help(acme_hour: Acme, picture: SnapshotAssertion) -> None:
    async with acme_hour.open_as("ana").run_test(size=(120, 50)) as pilot:
        await ready(pilot)
        await pilot.press("?")
        await settled(pilot)
        assert seen(pilot) == picture
