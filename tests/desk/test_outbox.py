"""The way out: after the undo window, once, and proved by a receipt, whatever goes wrong between."""

from __future__ import annotations

import pytest

from socialdesk.clock import MINUTE, SECOND
from socialdesk.desk import casework, outbox, replies
from socialdesk.desk.outbox import LEASE
from socialdesk.desk.senders import sandbox_file
from socialdesk.errors import NotAllowed, SendFailed
from socialdesk.inbox import drafts
from socialdesk.inbox.connection import writing
from socialdesk.inbox.rows import Draft
from socialdesk.model import Outgoing, Receipt
from socialdesk.networks.sandbox import Fault, SandboxNetwork, sent_since
from tests.desk.room import ADDRESSED, Room

KIND = "Sorry about that, Dana. Which widget is it? AA"


@pytest.fixture
def complaint(room: Room) -> int:
    number = room.say(ADDRESSED, name="Dana Okafor")
    room.clock.advance(10 * MINUTE)
    return number


def went_out(room: Room) -> list[str]:
    return [one.outgoing.text for one in sent_since(sandbox_file(room.inbox))[0]]


def queued(room: Room, complaint: int, text: str = KIND) -> Draft:
    draft = replies.draft(room.ana, complaint, text=text)
    replies.submit(room.ana, complaint, draft.id)
    return outbox.queue(room.ana, complaint, draft.id)


def faulty(room: Room, *faults: Fault | None) -> None:
    network = SandboxNetwork(sandbox_file(room.inbox), room.clock, "mastodon", faults)
    room.ana.senders["mastodon"] = network


def status_of(room: Room, draft: Draft) -> str:
    return drafts.get(room.ana.connection, draft.id).status


def test_a_message_waits_for_the_undo_window(room: Room, complaint: int) -> None:
    draft = queued(room, complaint)

    room.clock.advance(9 * SECOND)
    assert outbox.deliver_due(room.ana) == []
    room.clock.advance(SECOND)
    sent = outbox.deliver_due(room.ana)

    assert [d.id for d in sent] == [draft.id]
    assert went_out(room) == [KIND]


def test_what_was_sent_stands_in_the_thread_with_its_receipt(room: Room, complaint: int) -> None:
    draft = room.sent(complaint, KIND)

    message = room.thread(complaint)[-1]
    case = room.case(complaint)
    assert (message.direction, message.external_id) == ("out", draft.sent_external_id)
    assert (case.status, case.reply_count, case.message_count, case.unanswered_since) == (
        "waiting",
        1,
        2,
        None,
    )
    assert case.due_at is None
    assert room.faults() == ()


def test_within_the_window_it_can_be_held_back(room: Room, complaint: int) -> None:
    draft = queued(room, complaint)

    outbox.hold(room.ana, complaint)
    room.clock.advance(MINUTE)

    assert outbox.deliver_due(room.ana) == []
    assert status_of(room, draft) == "approved"


def test_after_it_nothing_can(room: Room, complaint: int) -> None:
    room.sent(complaint, KIND)

    with pytest.raises(NotAllowed):
        outbox.hold(room.ana, complaint)


def test_sending_again_what_was_sent_sends_nothing(room: Room, complaint: int) -> None:
    draft = room.sent(complaint, KIND)

    assert outbox.queue(room.ana, complaint).id == draft.id
    room.clock.advance(MINUTE)
    outbox.deliver_due(room.ana)

    assert went_out(room) == [KIND]


def test_an_unfinished_draft_is_not_taken_for_the_one_that_was_sent(room: Room, complaint: int) -> None:
    room.sent(complaint, KIND)
    replies.draft(room.ana, complaint, text="One more thing, Dana. AA")

    with pytest.raises(NotAllowed, match="is a draft"):
        outbox.queue(room.ana, complaint)


def test_what_nobody_approved_does_not_leave(room: Room, complaint: int) -> None:
    replies.draft(room.ben, complaint, text="Sorry, Dana. BO")
    replies.submit(room.ben, complaint)

    with pytest.raises(NotAllowed, match="waiting for approval"):
        outbox.queue(room.ben, complaint)


def test_a_refusal_is_told_and_can_be_tried_again(room: Room, complaint: int) -> None:
    faulty(room, Fault.REFUSED)
    draft = queued(room, complaint)

    with pytest.raises(SendFailed, match="refused"):
        outbox.send(
            room.ana, complaint, draft.id, sleep=lambda seconds: room.clock.advance(int(seconds * 1000))
        )
    assert status_of(room, draft) == "failed"

    sent = outbox.send(room.ana, complaint, sleep=lambda seconds: room.clock.advance(int(seconds * 1000)))
    assert sent.status == "sent"
    assert went_out(room) == [KIND]


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.ANSWER_LOST])
def test_where_nobody_can_know_it_is_read_back_and_sent_exactly_once(
    room: Room, complaint: int, fault: Fault
) -> None:
    faulty(room, fault)
    draft = queued(room, complaint)
    room.clock.advance(11 * SECOND)

    outbox.deliver_due(room.ana)

    assert status_of(room, draft) == "sent"
    assert went_out(room) == [KIND]
    assert [e.kind for e in room.events(conversation=complaint)].count("unsure") == 1


def test_a_sender_that_died_before_sending_is_made_good(room: Room, complaint: int) -> None:
    draft = queued(room, complaint)
    room.clock.advance(11 * SECOND)
    claim(room)

    room.clock.advance(LEASE // 2)
    assert outbox.deliver_due(room.ana) == []
    room.clock.advance(LEASE)
    outbox.deliver_due(room.ana)

    assert status_of(room, draft) == "sent"
    assert went_out(room) == [KIND]


def test_a_sender_that_died_between_sending_and_recording_sends_nothing_twice(
    room: Room, complaint: int
) -> None:
    draft = queued(room, complaint)
    room.clock.advance(11 * SECOND)
    taken = claim(room)
    SandboxNetwork(sandbox_file(room.inbox), room.clock, "mastodon").deliver(outbox.outgoing_of(taken))

    room.clock.advance(LEASE + SECOND)
    outbox.deliver_due(room.chloe)

    assert status_of(room, draft) == "sent"
    assert went_out(room) == [KIND]
    assert room.case(complaint).reply_count == 1
    assert room.faults() == ()


def claim(room: Room) -> Draft:
    """What a sender does before it dies: takes the message, and is not heard of again."""
    with room.lee.changing() as changes:
        taken = drafts.claim_due(changes.connection, changes.now, changes.now + LEASE)
        assert taken is not None
        changes.record(
            "sending", conversation=taken.conversation_id, draft=taken.id, body={"token": taken.token}
        )
    return taken


class Forgetful(SandboxNetwork):
    """A network on which nothing can be looked up again."""

    capabilities = SandboxNetwork.capabilities.__class__(
        reply=SandboxNetwork.capabilities.reply, post=True, private=SandboxNetwork.capabilities.private
    )


def test_where_nothing_can_be_read_back_a_person_decides(room: Room, complaint: int) -> None:
    room.ana.senders["mastodon"] = Forgetful(sandbox_file(room.inbox), room.clock, "mastodon", [Fault.LOST])
    draft = queued(room, complaint)
    room.clock.advance(11 * SECOND)

    outbox.deliver_due(room.ana)
    outbox.deliver_due(room.ana)
    assert status_of(room, draft) == "unsure"
    assert went_out(room) == []
    replies.withdraw(room.ana, complaint, draft.id)

    assert status_of(room, draft) == "withdrawn"


def test_one_message_of_a_conversation_is_on_its_way_at_a_time(room: Room, complaint: int) -> None:
    first = queued(room, complaint)
    second = queued(room, complaint, "And how old is it, Dana? AA")
    room.clock.advance(11 * SECOND)
    claim(room)

    with room.ana.changing() as changes:
        assert drafts.claim_due(changes.connection, changes.now, changes.now + LEASE) is None
    room.clock.advance(LEASE + SECOND)
    outbox.deliver_due(room.ana)

    assert went_out(room) == [KIND, second.text]
    assert status_of(room, first) == status_of(room, second) == "sent"


def test_a_late_sender_does_not_undo_what_another_has_settled(room: Room, complaint: int) -> None:
    queued(room, complaint)
    room.clock.advance(11 * SECOND)
    late = claim(room)
    room.clock.advance(LEASE + SECOND)
    outbox.deliver_due(room.ana)

    with writing(room.lee.connection):
        assert not drafts.finish_sending(room.lee.connection, late, {"status": "failed"})

    assert status_of(room, late) == "sent"


class Quick(SandboxNetwork):
    """A network whose feed brings our own post before the receipt is settled."""

    room: Room

    def deliver(self, outgoing: Outgoing) -> Receipt:
        """Deliver, and have a pull bring the post in at once."""
        receipt = super().deliver(outgoing)
        self.room.say(
            outgoing.text, "AcmeCustServ", external_id=receipt.external_id, reply_to=outgoing.reply_to
        )
        return receipt


def test_an_answer_that_a_feed_brings_back_is_counted_once(room: Room, complaint: int) -> None:
    network = Quick(sandbox_file(room.inbox), room.clock, "mastodon")
    network.room = Room(room.inbox, room.clock)
    room.chloe.senders["mastodon"] = network
    draft = queued(room, complaint)
    room.clock.advance(11 * SECOND)

    import asyncio

    receipt = asyncio.run(sent_by(network, outbox.outgoing_of(claim(room))))
    room.clock.advance(LEASE + SECOND)
    outbox.deliver_due(room.ana)
    network.room.close()

    case = room.case(complaint)
    assert status_of(room, draft) == "sent"
    assert (case.message_count, case.reply_count) == (2, 1)
    assert drafts.get(room.ana.connection, draft.id).sent_external_id == receipt.external_id


async def sent_by(network: Quick, outgoing: Outgoing) -> Receipt:
    return network.deliver(outgoing)


def test_a_private_message_without_a_recipient_never_leaves(room: Room, complaint: int) -> None:
    draft = replies.take_private(room.ana, complaint, text="Dana, your order number? AA")
    replies.submit(room.ana, complaint, draft.id)
    outbox.queue(room.ana, complaint, draft.id)
    room.ana.connection.execute("UPDATE drafts SET recipient = NULL")
    room.clock.advance(11 * SECOND)

    outbox.deliver_due(room.ana)

    assert went_out(room) == []
    assert status_of(room, draft) == "changed"


def test_a_conversation_that_was_resolved_stays_so_when_its_last_message_leaves(
    room: Room, complaint: int
) -> None:
    queued(room, complaint)
    casework.resolve(room.ana, complaint)
    room.clock.advance(11 * SECOND)

    outbox.deliver_due(room.ana)

    assert went_out(room) == [KIND]
    assert room.case(complaint).status == "resolved"
