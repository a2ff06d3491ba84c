"""Handing a conversation to a group: delivered once, acknowledged or passed on, and handed back."""

from __future__ import annotations

import pytest

from socialdesk.clock import SECOND
from socialdesk.desk import casework, escalations
from socialdesk.desk.senders import sandbox_file
from socialdesk.errors import NotAllowed, UsageError
from socialdesk.inbox import audit
from socialdesk.networks.sandbox import Fault, SandboxNetwork, sent_since
from tests.desk.room import ADDRESSED, Room

SMOKE = "@AcmeCustServ my widget dock started to smoke last night, there's a burn mark on the shelf"
LAWYER = "@AcmeCustServ Unless this is settled by Monday my lawyer will write to you."


def mails(room: Room) -> list[tuple[str, str]]:
    sent = sent_since(sandbox_file(room.inbox))[0]
    return [
        (str(one.outgoing.recipient), one.outgoing.text) for one in sent if one.outgoing.network == "email"
    ]


def test_a_danger_reaches_the_people_in_charge_with_all_they_need(room: Room) -> None:
    number = room.say(SMOKE, "smoky", name="Sam", followers=40)

    done = room.pass_time(seconds=1)

    assert len(done) == 2
    where = {recipient for recipient, _ in mails(room)}
    assert where == {"legal@acme.example", "product-safety@acme.example"}
    sheet = mails(room)[0][1]
    assert "burn mark" in sheet
    assert "@smoky on mastodon" in sheet
    assert "Please acknowledge by 2026-11-24T09:15:00Z" in sheet
    assert [e.kind for e in room.events(conversation=number)].count("delivered") == 2


def test_it_is_delivered_once(room: Room) -> None:
    number = room.say(SMOKE, "smoky")
    room.pass_time(seconds=1)

    room.say("it still smells", "smoky", reply_to=room.source_of(number))
    room.pass_time(minutes=1)

    assert len(mails(room)) == 2
    assert len(room.escalations(number)) == 2


def test_a_group_is_called_once_for_an_issue(room: Room) -> None:
    first = room.say("my Acme widget dock is broken, it started to smoke", "smoky")
    second = room.say("the Acme widget dock broke here, too, smoke everywhere", "sooty")

    assert room.case(first).issue_id == room.case(second).issue_id is not None
    assert len(room.escalations(first)) == 2
    assert room.escalations(second) == []


def test_a_mail_that_does_not_get_through_is_tried_again(room: Room) -> None:
    number = room.say(LAWYER)
    network = SandboxNetwork(sandbox_file(room.inbox), room.clock, "email", [Fault.REFUSED])
    room.ana.senders["email"] = network

    room.pass_time(seconds=1)
    assert mails(room) == []
    assert any("failed" in words for _, words in room.ana.notices)
    room.pass_time(seconds=31)

    assert len(mails(room)) == 1
    assert [e.kind for e in room.events(conversation=number)].count("delivered") == 1


def test_a_killed_sender_mails_nothing_twice(room: Room) -> None:
    room.say(LAWYER)
    network = SandboxNetwork(sandbox_file(room.inbox), room.clock, "email", [Fault.ANSWER_LOST])
    room.ana.senders["email"] = network

    room.pass_time(seconds=1)
    room.pass_time(seconds=31)

    assert len(mails(room)) == 1


def test_nobody_acknowledges_in_time_and_the_next_group_has_it(room: Room) -> None:
    number = room.say(LAWYER)

    room.pass_time(minutes=15)

    assert [(e.to_group, e.status) for e in room.escalations(number)] == [
        ("legal", "passed_on"),
        ("duty-manager", "delivered"),
    ]
    assert room.case(number).status == "escalated"


def test_who_acknowledges_keeps_it(room: Room) -> None:
    number = room.say("@AcmeCustServ I know where you work and I will find you")
    with pytest.raises(NotAllowed, match="only duty-manager or a lead"):
        escalations.acknowledge(room.ana, number)

    escalations.acknowledge(room.chloe, number)  # she is on call
    room.pass_time(hours=1)

    assert [(e.to_group, e.status, e.acknowledged_by) for e in room.escalations(number)] == [
        ("duty-manager", "acknowledged", "chloe")
    ]


def test_it_comes_back_with_what_was_found_out(room: Room) -> None:
    number = room.say(LAWYER)
    escalations.acknowledge(room.lee, number)
    with pytest.raises(UsageError, match="found out"):
        escalations.hand_back(room.lee, number, " ")

    escalations.hand_back(room.lee, number, "They may have the address.")

    case = room.case(number)
    assert (case.status, case.due_kind) == ("new", "acknowledge")
    assert room.rows("SELECT text FROM notes") == [("legal hands back: They may have the address.",)]
    room.pass_time(seconds=1)


def test_who_has_handed_back_is_not_called_again_for_the_same(room: Room) -> None:
    number = room.say(LAWYER)
    escalations.hand_back(room.lee, number, "They may have the address.")

    room.answer_from_customer(number, "@AcmeCustServ my lawyer is waiting")

    assert len(room.escalations(number)) == 1


def test_handing_back_one_of_two_calls_leaves_it_with_the_other(room: Room) -> None:
    number = room.say(SMOKE, "smoky")

    escalations.hand_back(room.lee, number, "no word from legal needed")

    assert room.case(number).status == "escalated"
    assert sorted(e.status for e in room.escalations(number)) == ["delivered", "handed_back"]


def test_an_agent_hands_over_with_a_reason_to_a_group_that_exists(room: Room) -> None:
    number = room.say(ADDRESSED)
    with pytest.raises(UsageError, match="reason"):
        escalations.escalate(room.ana, number, "legal", "")
    with pytest.raises(UsageError, match="did you mean legal"):
        escalations.escalate(room.ana, number, "leagl", "they want our address")

    escalations.escalate(room.ana, number, "legal", "they want our address")
    with pytest.raises(NotAllowed, match="has conversation"):
        escalations.escalate(room.ana, number, "legal", "again")
    room.pass_time(seconds=1)

    assert room.case(number).status == "escalated"
    assert room.case(number).assignee == "ana"
    assert mails(room)[0][0] == "legal@acme.example"


def test_what_is_closed_is_not_handed_over(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.resolve(room.ana, number)

    with pytest.raises(NotAllowed, match="reopen it first"):
        escalations.escalate(room.ana, number, "legal", "they want our address")


def test_an_undone_hand_over_is_not_delivered(room: Room) -> None:
    from socialdesk.desk.undo import undo

    number = room.say(ADDRESSED)
    escalations.escalate(room.ana, number, "legal", "they want our address")

    undo(room.ana, number)
    room.pass_time(seconds=1)

    assert mails(room) == []
    assert (room.case(number).status, room.case(number).assignee) == ("new", None)


def test_the_record_tells_the_whole_way_and_no_words(room: Room) -> None:
    number = room.say(LAWYER)
    room.clock.advance(SECOND)
    room.pass_time(minutes=15)

    kinds = [e.kind for e in room.events(conversation=number)]
    assert kinds.count("escalated") == 2
    assert "passed_on" in kinds
    assert "lawyer" not in "".join(e.body for e in room.events())
    assert audit.verify(room.ana.connection).faults == ()
