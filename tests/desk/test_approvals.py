"""Four eyes: another person approves what was written, and only as long as it is what they have read."""

from __future__ import annotations

import sqlite3

import pytest

from socialdesk.clock import HOUR, MINUTE, SECOND
from socialdesk.desk import casework, outbox, posts, replies, staleness
from socialdesk.desk.session import Desk
from socialdesk.errors import NotAllowed, SocialdeskError
from socialdesk.inbox import drafts
from socialdesk.inbox.rows import Draft
from tests.desk.room import ADDRESSED, BROKEN, TUESDAY, Room, again

KIND = "Sorry about that, Dana. Which widget is it? BO"


@pytest.fixture
def complaint(room: Room) -> int:
    return room.say(ADDRESSED, name="Dana Okafor", followers=120)


def by_trainee(room: Room, complaint: int, text: str = KIND) -> Draft:
    replies.draft(room.ben, complaint, text=text)
    return replies.submit(room.ben, complaint)


def test_an_agents_own_words_need_nobody(room: Room, complaint: int) -> None:
    assert room.approved(complaint).status == "approved"
    assert complaint not in room.listed("to-approve")


def test_a_trainees_words_are_read_by_a_colleague(room: Room, complaint: int) -> None:
    draft = by_trainee(room, complaint)
    assert (draft.status, draft.needs) == ("submitted", "peer")
    assert complaint in room.listed("to-approve")

    approved = replies.approve(room.ana, complaint)

    assert (approved.status, approved.approver, approved.author) == ("approved", "ana", "ben")
    assert complaint not in room.listed("to-approve")


def test_a_trainee_approves_nothing(room: Room, complaint: int) -> None:
    casework.claim(room.lee, complaint)
    replies.draft(room.lee, complaint, text="Sorry, Dana. LE", kind="reply")
    posts.post(room.lee, complaint, text="The widget is being looked at.")
    replies.submit(room.lee, complaint, room.drafts(complaint)[0].id)

    with pytest.raises(NotAllowed, match="trainee cannot approve"):
        replies.approve(room.ben, complaint)


def test_a_trainees_words_stay_a_trainees_when_a_colleague_hands_them_in(room: Room, complaint: int) -> None:
    replies.draft(room.ben, complaint, text=KIND)

    draft = replies.submit(room.lee, complaint)

    assert (draft.status, draft.needs) == ("submitted", "peer")


def test_a_post_needs_a_lead(room: Room, complaint: int) -> None:
    draft = posts.post(room.ana, complaint, text="The widget is being looked at.")
    assert replies.submit(room.ana, complaint, draft.id).needs == "lead"

    with pytest.raises(NotAllowed, match="a lead must approve"):
        replies.approve(room.chloe, complaint)
    assert replies.approve(room.lee, complaint).status == "approved"


@pytest.mark.parametrize(
    ("hours", "allowed"), [(0, False), (11, True)], ids=["a lead is at work", "nobody is"]
)
def test_who_is_on_call_stands_in_when_no_lead_is_at_work(room: Room, hours: int, allowed: bool) -> None:
    first = room.say(BROKEN, "pietje")
    draft = posts.post(room.ana, first, reply="holding-message")
    replies.submit(room.ana, first, draft.id)
    room.clock.advance(hours * HOUR)

    if allowed:
        assert replies.approve(room.chloe, first).approver == "chloe"
    else:
        with pytest.raises(NotAllowed, match="a lead must approve"):
            replies.approve(room.chloe, first)


def test_nobody_approves_their_own_words(room: Room, complaint: int) -> None:
    draft = posts.post(room.lee, complaint, text="The widget is being looked at.")
    replies.submit(room.lee, complaint, draft.id)

    with pytest.raises(NotAllowed, match="four eyes"):
        replies.approve(room.lee, complaint)


def test_nobody_approves_their_own_words_under_another_name(room: Room, complaint: int) -> None:
    from dataclasses import replace

    from socialdesk.desk.session import open_desk

    by_trainee(room, complaint)
    config = replace(room.ben.config, agent="lee")
    as_lee = open_desk(config, clock=room.clock, environ={"SOCIALDESK_LOGIN": "ben"})

    with pytest.raises(NotAllowed, match="four eyes"):
        replies.approve(as_lee, complaint)
    as_lee.close()


def test_who_changed_the_words_and_handed_them_in_does_not_approve_them(room: Room, complaint: int) -> None:
    replies.draft(room.ben, complaint, text=KIND)
    replies.edit(room.lee, complaint, "Sorry, Dana. We are looking. LE")
    replies.submit(room.lee, complaint)

    with pytest.raises(NotAllowed, match="four eyes"):
        replies.approve(room.lee, complaint)
    assert replies.approve(room.ana, complaint).status == "approved"


def test_an_approver_who_changes_words_is_named_beside_the_author(room: Room, complaint: int) -> None:
    by_trainee(room, complaint)

    draft = replies.approve(room.ana, complaint, text="Sorry about that, Dana. Which one is it? BO")

    assert (draft.author, draft.editor, draft.approver) == ("ben", "ana", "ana")
    assert draft.text.endswith("Which one is it? BO")
    assert room.faults() == ()


def test_an_approver_cannot_write_what_a_guardrail_blocks(room: Room, complaint: int) -> None:
    by_trainee(room, complaint)

    with pytest.raises(NotAllowed, match="cannot go out"):
        replies.approve(room.ana, complaint, text="It was our fault. BO")

    assert room.drafts(complaint)[0].text == KIND


def test_what_is_sent_back_says_why(room: Room, complaint: int) -> None:
    by_trainee(room, complaint)
    with pytest.raises(NotAllowed, match="your own draft"):
        replies.reject(room.ben, complaint, "no")

    draft = replies.reject(room.ana, complaint, "ask for the order first")

    assert (draft.status, draft.rejected_reason) == ("rejected", "ask for the order first")
    assert replies.edit(room.ben, complaint, "Which order is it, Dana? BO").status == "draft"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drafts SET status = 'approved'",
        "UPDATE drafts SET status = 'approved', approver_login = 'ben', approver = 'ben'",
        "UPDATE drafts SET status = 'queued', approver_login = '', key = 'k', not_before = 0",
        "UPDATE drafts SET needs = 'none'",
        "UPDATE drafts SET author_login = 'ana'",
        "INSERT INTO drafts (kind, status, text, author, author_login, network, created_at, updated_at, salt,"
        " commitment) VALUES ('reply', 'approved', 'x', 'ben', 'ben', 'x', 0, 0, x'', x'')",
    ],
)
def test_the_database_itself_refuses_self_approval(room: Room, complaint: int, statement: str) -> None:
    by_trainee(room, complaint)

    with pytest.raises(sqlite3.IntegrityError, match="four eyes"):
        room.ben.connection.execute(statement)


def test_a_row_that_says_it_was_approved_does_not_leave_without_the_record(
    room: Room, complaint: int
) -> None:
    draft = by_trainee(room, complaint)
    room.clock.advance(10 * MINUTE)
    room.ben.connection.execute(
        "UPDATE drafts SET status = 'queued', approver = 'ana', approver_login = 'ana', key = 'k', not_before = 0"
    )

    outbox.deliver_due(room.ana)

    assert drafts.get(room.ana.connection, draft.id).status == "changed"
    assert [m for m in room.thread(complaint) if m.direction == "out"] == []


def delete(room: Room, complaint: int) -> None:
    newest = room.thread(complaint)[-1]
    room.store(again(room.mention(newest.text, "dana", external_id=newest.external_id), deleted=True))


def reword(room: Room, complaint: int) -> None:
    room.clock.advance(1)
    newest = room.thread(complaint)[-1]
    edited = room.mention("@AcmeCustServ it is the dock", "dana", external_id=newest.external_id)
    room.store(again(edited, edited=room.clock.now()))


def write(room: Room, complaint: int) -> None:
    room.answer_from_customer(complaint, "@AcmeCustServ never mind")


@pytest.mark.parametrize("happens", [write, reword, delete], ids=["writes", "edits", "deletes"])
@pytest.mark.parametrize("queued", [False, True], ids=["approved", "queued"])
def test_an_approval_does_not_outlive_the_customers_words(
    room: Room, complaint: int, happens: object, queued: bool
) -> None:
    draft = room.approved(complaint)
    room.clock.advance(10 * MINUTE)
    if queued:
        outbox.queue(room.ana, complaint, draft.id)

    assert callable(happens)
    happens(room, complaint)

    assert drafts.get(room.ana.connection, draft.id).status == "changed"
    room.clock.advance(MINUTE)
    assert outbox.deliver_due(room.ana) == []


def test_a_bystanders_words_change_no_approval(room: Room, complaint: int) -> None:
    draft = room.approved(complaint)

    room.say("poor you", "wilma", reply_to=room.source_of(complaint))

    assert drafts.get(room.ana.connection, draft.id).status == "approved"


def test_what_has_changed_since_is_read_and_handed_in_anew(room: Room, complaint: int) -> None:
    by_trainee(room, complaint)
    replies.approve(room.ana, complaint)
    write(room, complaint)

    assert replies.submit(room.ben, complaint).status == "submitted"
    assert replies.approve(room.ana, complaint).status == "approved"


def test_approval_is_held_against_the_customers_words_again_on_leaving(
    room: Room, complaint: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = room.approved(complaint)
    room.clock.advance(10 * MINUTE)
    outbox.queue(room.ana, complaint, draft.id)
    monkeypatch.setattr(staleness, "mark", lambda *_: None)  # as if the mark had been missed
    write(room, complaint)

    room.clock.advance(11 * SECOND)
    outbox.deliver_due(room.ana)

    assert drafts.get(room.ana.connection, draft.id).status == "changed"


def test_an_approval_that_was_taken_back_lets_nothing_leave(room: Room, complaint: int) -> None:
    from socialdesk.desk.undo import undo

    draft = by_trainee(room, complaint)
    replies.approve(room.ana, complaint)
    undo(room.ana, complaint)
    assert drafts.get(room.ana.connection, draft.id).status == "submitted"

    room.clock.advance(10 * MINUTE)
    with pytest.raises(SocialdeskError, match="waiting for approval"):
        outbox.queue(room.ben, complaint)


def _approve(desk: Desk, complaint: int) -> None:
    replies.approve(desk, complaint)


def test_the_record_names_both_people(room: Room, complaint: int) -> None:
    by_trainee(room, complaint)
    room.clock.advance(MINUTE)
    _approve(room.ana, complaint)

    event = room.events("approved")[0]
    assert (event.agent, event.login) == ("ana", "ana")
    assert '"author":"ben"' in event.body
    assert '"waited":60000' in event.body
    assert event.at == TUESDAY + MINUTE
