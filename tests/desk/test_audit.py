"""The record: whoever changes something behind the desk's back is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from socialdesk.clock import MINUTE
from socialdesk.desk import casework, replies
from socialdesk.inbox import audit
from tests.desk.room import ADDRESSED, BROKEN, TUESDAY, Room, again

UNGUARDED = "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;"


@pytest.fixture
def day(room: Room) -> int:
    """A day with everything in it: posts, an edit, a note, an approval by a colleague, a message sent."""
    post = room.mention(BROKEN, "pietje")
    room.store(post)
    room.store(again(post, text=f"{BROKEN}, weeks", edited=TUESDAY + MINUTE))
    number = room.say(ADDRESSED)
    casework.note(room.ana, number, "called twice")
    replies.draft(room.ben, number, text="Sorry, Dana. BO")
    replies.submit(room.ben, number)
    replies.reject(room.ana, number, "ask for the order")
    casework.switch_case(room.ben, number, "intervene", "they are two")
    casework.release(room.ben, number)
    room.sent(number)
    room.say("old", "otto", history=True)
    return number


def faults(room: Room) -> str:
    return "; ".join(audit.verify(room.ana.connection).faults)


def test_an_honest_day_has_no_faults(room: Room, day: int) -> None:
    found = audit.verify(room.ana.connection)

    assert found.faults == ()
    assert found.messages == 4
    assert found.events == len(room.events())
    assert len(found.head) == 64


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE messages SET text = 'all fine' WHERE id = 2", "the text of message 2 was changed outside"),
        (
            "UPDATE message_versions SET text = 'all fine'",
            "the text of message version 1 was changed outside",
        ),
        (
            "UPDATE drafts SET text = 'all fine' WHERE status = 'sent'",
            "the text of draft 2 was changed outside",
        ),
        ("UPDATE notes SET text = 'never called'", "the text of note 1 was changed outside"),
        ("DELETE FROM messages WHERE id = 2", "messages 2 to 2 are not those that event"),
        (
            "INSERT INTO messages (conversation_id, network, external_id, direction, kind, created_at, fetched_at,"
            " text, salt, commitment) VALUES (1, 'x', 'forged', 'in', 'mention', 0, 0, 'I am happy', x'', x'')",
            "message 5 is not on the record",
        ),
        (
            "UPDATE drafts SET status = 'draft' WHERE id = 1; UPDATE drafts SET status = 'sent', approver_login = 'ana'"
            " WHERE id = 1",
            "draft 1 is sent, but the record has no approval",
        ),
        (
            f"{UNGUARDED} UPDATE events SET login = 'ben' WHERE seq = 5",
            "event 5 (issue) does not match its hash",
        ),
        (f"{UNGUARDED} UPDATE events SET body = '{{}}' WHERE kind = 'rejected'", "(rejected) does not match"),
        (f"{UNGUARDED} DELETE FROM events WHERE seq = 4", "event 4 is missing"),
        (
            f"{UNGUARDED} UPDATE events SET seq = -1 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 5;"
            " UPDATE events SET seq = 5 WHERE seq = -1",
            "event 4",
        ),
        (
            f"{UNGUARDED} DELETE FROM events WHERE seq >= (SELECT seq FROM events WHERE kind = 'sent')",
            "draft 2 is marked as sent, but the record has no such event",
        ),
    ],
)
def test_who_changes_something_behind_our_back_is_found_out(
    room: Room, day: int, statement: str, complaint: str
) -> None:
    room.ana.connection.executescript(statement)

    assert complaint in faults(room)


def forged_message(room: Room) -> None:
    from socialdesk.inbox.events import commitment

    salt, text = b"0" * 16, "I take it all back"
    room.ana.connection.execute(
        "UPDATE messages SET text = ?, salt = ?, commitment = ? WHERE id = 1",
        (text, salt, commitment(salt, text)),
    )


def forged_draft(room: Room) -> None:
    from socialdesk.inbox.events import commitment

    salt, text = b"0" * 16, "Get lost. AA"
    room.ana.connection.execute(
        "UPDATE drafts SET text = ?, salt = ?, commitment = ? WHERE id = 2",
        (text, salt, commitment(salt, text)),
    )


@pytest.mark.parametrize(
    ("forge", "complaint"),
    [(forged_message, "message 1 is not the one on the record"), (forged_draft, "draft 2 is not the one on")],
)
def test_a_text_that_was_changed_with_its_commitment_is_found_out_too(
    room: Room, day: int, forge: Callable[[Room], None], complaint: str
) -> None:
    forge(room)

    assert complaint in faults(room)


@pytest.mark.parametrize("statement", ["UPDATE events SET agent = 'nobody'", "DELETE FROM events"])
def test_the_record_itself_cannot_be_changed(room: Room, day: int, statement: str) -> None:
    with pytest.raises(Exception, match="the record cannot be changed"):
        room.ana.connection.execute(statement)


def test_the_record_holds_no_words_of_anybody(room: Room, day: int) -> None:
    bodies = "".join(event.body for event in room.events())

    for words in ("weeks", "Sorry", "they are two", "called twice", "ask for the order"):
        assert words not in bodies
