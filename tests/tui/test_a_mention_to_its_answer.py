"""One mention is taken from the queue to a sent answer by keys alone, with another person's approval."""

from __future__ import annotations

from socialdesk.clock import SECOND
from tests.tui.acme import Acme, desk_of, notices, ready, until


async def test_a_complaint_is_answered_by_keys_and_approved_by_a_colleague(acme: Acme) -> None:
    acme.receive()
    async with acme.open_as("ben").run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        await pilot.press("enter", "n")
        await until(pilot, lambda: acme.conversation().step == "2", "the first question answered")
        await until(
            pilot, lambda: desk.situation.step is not None and desk.situation.step.path == "2", "shown"
        )
        await pilot.press("r")
        await until(pilot, lambda: desk.has_class("writing"), "the composer")
        await pilot.press(*"Hello ")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: acme.drafts()[0].status == "submitted", "submitted")
        assert acme.conversation().assignee == "ben"
        await until(
            pilot, lambda: desk.situation.submitted is not None and not desk.has_class("writing"), "closed"
        )
        assert "approve" not in desk.hint_line.render().plain
        await pilot.press("a")
        await until(pilot, lambda: "you wrote this one; a colleague approves it" in notices(pilot), "refused")
    assert acme.drafts()[0].status == "submitted"

    async with acme.open_as("lee").run_test(size=(140, 40)) as pilot:
        await ready(pilot)
        await pilot.press("4")
        desk = desk_of(pilot)
        await until(pilot, lambda: desk.situation.submitted is not None, "the draft to approve")
        await pilot.press("a")
        await until(pilot, lambda: acme.drafts()[0].status == "queued", "queued")
        acme.clock.advance(11 * SECOND)
        await until(pilot, lambda: acme.drafts()[0].status == "sent", "sent")

    sent = acme.drafts()[0]
    assert (sent.author, sent.approver) == ("ben", "lee")
    assert sent.sent_external_id
    assert sent.recipient == "maria_k"
    assert acme.conversation().status == "waiting"
