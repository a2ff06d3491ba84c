"""Every key that changes a conversation does what it says, on a real inbox under the shipped policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.desk import casework
from socialdesk.desk.session import open_desk
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.screens.dialogs import Ask, Choose, Confirm
from tests.tui.acme import Acme, desk_of, notices, ready, until
from tests.tui.test_the_desk import screen_text

if TYPE_CHECKING:
    from textual.pilot import Pilot


async def dialog(pilot: Pilot[None], kind: type, before: object = None) -> None:
    """Wait for a dialog of this kind, another one than `before`."""
    await until(
        pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen is not before, kind.__name__
    )


async def back(pilot: Pilot[None]) -> None:
    """Wait until no dialog is open."""
    await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen), "the desk")


async def test_claim_release_skip_and_undo(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("c")
        await until(pilot, lambda: acme.conversation().assignee == "ana", "claimed")
        await pilot.press("u")
        await until(pilot, lambda: acme.conversation().assignee is None, "released")
        await pilot.press("z")
        await until(pilot, lambda: acme.conversation().assignee == "ana", "undone")
        await pilot.press("s")
        await dialog(pilot, Ask)
        await pilot.press(*"obvious", "enter")
        await until(pilot, lambda: acme.conversation().step == "2", "skipped")
        await until(
            pilot, lambda: desk.situation.step is not None and desk.situation.step.path == "2", "shown"
        )
        await pilot.pause()
        assert "obvious" in screen_text(desk.app)  # type: ignore[arg-type]


async def test_a_yes_closes_as_the_playbook_says(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("y")
        await until(pilot, lambda: acme.conversation().status == "resolved", "resolved")
        assert acme.conversation().reason == "answered_by_others"


async def test_another_case_is_chosen_from_the_playbooks(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        assert acme.conversation().case_name == "addressed"
        await pilot.press("t")
        await dialog(pilot, Choose)
        await pilot.press("2")
        await dialog(pilot, Ask)
        await pilot.press(*"not to us", "enter")
        await until(pilot, lambda: acme.conversation().case_name == "overheard", "switched")


async def test_a_signal_is_corrected_and_the_policy_decides_again(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("v")
        await dialog(pilot, Choose)
        first = pilot.app.screen
        await pilot.press("1")
        await dialog(pilot, Choose, before=first)
        await pilot.press("3")
        await until(pilot, lambda: acme.conversation().feeling == "belligerent", "corrected")


async def test_escalate_acknowledge_and_hand_back(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("A")
        await until(pilot, lambda: "this conversation is not escalated" in notices(pilot), "why not")
        await pilot.press("e")
        await dialog(pilot, Choose)
        await pilot.press("1")
        await dialog(pilot, Ask)
        await pilot.press(*"please call her", "enter")
        await until(pilot, lambda: acme.conversation().status == "escalated", "escalated")
    async with acme.open_as("lee").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("A")
        await until(pilot, lambda: desk.situation.view is not None
                    and desk.situation.view.escalations[0].status == "acknowledged", "acknowledged")  # fmt: skip
        await pilot.press("H")
        await dialog(pilot, Ask)
        await pilot.press(*"called", "enter")
        await until(pilot, lambda: acme.conversation().status != "escalated", "handed back")


async def test_snooze_resolve_and_reopen(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("enter", "w")
        await dialog(pilot, Choose)
        await pilot.press("6")
        await dialog(pilot, Ask)
        await pilot.press(*"soon", "enter")
        await until(pilot, lambda: any("no length of time" in n for n in notices(pilot)), "refused")
        await back(pilot)
        await pilot.press("w")
        await dialog(pilot, Choose)
        await pilot.press("3")
        await until(pilot, lambda: acme.conversation().status == "snoozed", "snoozed")
        until_when = acme.conversation().snoozed_until
        assert until_when == acme.clock.now() + 4 * 3_600_000
        await pilot.press("!")
        await until(pilot, lambda: acme.conversation().status == "resolved", "resolved")
        await pilot.press("O")
        await until(pilot, lambda: acme.conversation().status == "open", "reopened")


async def test_a_reply_is_chosen_from_the_teams_own_and_dropped(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("R")
        await dialog(pilot, Choose)
        await pilot.press("1")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        draft = acme.drafts()[0]
        assert draft.reply_name
        await pilot.press("escape")
        await until(pilot, lambda: not desk.has_class("writing"), "closed")
        await pilot.press("X")
        await until(pilot, lambda: acme.drafts()[0].status == "withdrawn", "dropped")


async def test_words_typed_while_the_composer_opens_are_words(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("r", *"sea ax!")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        await until(pilot, lambda: [d.text for d in acme.drafts()] == ["sea ax!"], "kept")
        assert acme.conversation().status == "open"


async def test_what_is_written_is_kept_without_a_key(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        await pilot.press(*"We are looking")
        await until(pilot, lambda: [d.text for d in acme.drafts()] == ["We are looking"], "the first wording")
        await pilot.press(*" into it")
        await until(pilot, lambda: acme.drafts()[0].text == "We are looking into it", "the second")
        assert len(acme.drafts()) == 1
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer again")
        composer = desk_of(pilot).writer.composer
        assert composer is not None
        assert composer.text == "We are looking into it"


async def test_a_guardrail_that_blocks_keeps_the_composer_open(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        composer = desk.writer.composer
        assert composer is not None
        composer.replace_text("It was our fault, sorry. ^AA")
        await until(pilot, lambda: bool(composer.editor._marked), "underlined")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any("cannot go out" in n for n in notices(pilot)), "refused")
        assert desk.has_class("writing")
        assert not composer.editor.read_only
        assert acme.drafts()[0].status == "draft"


async def test_the_reasons_open_over_the_desk(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("W")
        await until(pilot, lambda: not isinstance(pilot.app.screen, DeskScreen), "the reasons")
        await pilot.pause()
        assert "acme-widget" in screen_text(pilot.app)  # type: ignore[arg-type]
        await pilot.press("escape")
        await back(pilot)


async def test_words_that_cannot_be_kept_are_lost_only_when_asked_for(acme: Acme) -> None:
    acme.receive()  # its first step is a question, so that the composer opens empty
    async with acme.open_as("ana").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        chloe = open_desk(acme.config, clock=acme.clock, environ={"SOCIALDESK_LOGIN": "chloe"})
        try:
            casework.claim(chloe, 1)
        finally:
            chloe.close()
        await pilot.press(*"Hello", "escape")
        await dialog(pilot, Confirm)
        await pilot.press("n")
        await back(pilot)
        assert desk.writer.composer is not None
        assert desk.writer.composer.text == "Hello"
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: not desk.has_class("writing"), "closed")
        await pilot.press("r")
        await until(
            pilot, lambda: any("conversation 1 is chloe's" in n for n in notices(pilot)), "told at once"
        )
        assert not desk.has_class("writing")
