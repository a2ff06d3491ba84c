"""What happens because time has passed: once, whoever ticks, and without one failure stopping the rest."""

from __future__ import annotations

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.desk import casework, timers
from socialdesk.inbox import timers as table
from socialdesk.inbox.connection import writing
from socialdesk.model import Millis
from tests.desk.room import ADDRESSED, BROKEN, TUESDAY, Room


def test_nothing_is_done_when_nothing_is_due(room: Room) -> None:
    room.say(ADDRESSED)

    assert timers.tick(room.ana) == []


def test_a_deadline_warns_then_breaks_and_calls_the_duty_manager(room: Room) -> None:
    number = room.say("@AcmeCustServ where is the manual?")
    casework.claim(room.ana, number)
    assert room.case(number).due_kind == "reply"

    room.pass_time(hours=3, minutes=30)
    assert [e.kind for e in room.events(conversation=number)][-1] == "warned"
    room.pass_time(minutes=30)

    assert room.events("breached", number)
    assert room.case(number).due_at == TUESDAY + 4 * HOUR


def test_a_missed_complaint_is_escalated_once(room: Room) -> None:
    number = room.say(ADDRESSED)

    room.pass_time(minutes=15)
    room.pass_time(hours=5)

    assert room.case(number).status == "escalated"
    assert [e.to_group for e in room.escalations(number)] == ["duty-manager"]
    assert len(room.events("breached", number)) == 1


def test_who_claims_in_time_breaks_no_promise(room: Room) -> None:
    number = room.say(ADDRESSED)
    room.pass_time(minutes=14)
    casework.claim(room.ana, number)

    room.pass_time(minutes=10)

    assert room.events("breached", number) == []


def test_no_promise_runs_while_the_customer_is_to_answer(room: Room) -> None:
    number = room.say(ADDRESSED)
    room.sent(number)

    room.pass_time(days=2)

    assert room.case(number).due_at is None
    assert room.events("breached", number) == []


def test_nobody_is_blamed_for_what_was_old_when_it_came(room: Room) -> None:
    number = room.say(ADDRESSED, created=Millis(TUESDAY - DAY))

    room.pass_time(hours=1)

    assert room.events("breached", number) == []
    assert number in room.listed("queue")


def test_one_timer_that_cannot_be_acted_on_keeps_no_other_from_ringing(room: Room) -> None:
    number = room.say(BROKEN, "pietje")
    with writing(room.ana.connection):
        table.start(room.ana.connection, "snooze", TUESDAY + 1, conversation=999)
        table.start(room.ana.connection, "wait", TUESDAY + 2)

    done = room.pass_time(hours=49)

    assert room.case(number).status == "new"
    assert sum("failed" in words for words in done) == 2
    assert len(room.events("timer_failed")) == 2
    assert any("failed" in words for _, words in room.ana.notices)


def test_a_tick_leaves_the_sandboxs_own_timers_alone(room: Room) -> None:
    with writing(room.ana.connection):
        table.start(room.ana.connection, "sandbox_post", TUESDAY, payload={"text": "hello"})

    assert room.pass_time(hours=1) == []

    assert room.rows("SELECT kind FROM timers") == [("sandbox_post",)]


def test_while_one_desk_ticks_another_does_nothing(room: Room) -> None:
    room.say(BROKEN, "pietje")
    room.clock.advance(49 * HOUR)
    with writing(room.chloe.connection):
        table.lease(
            room.chloe.connection, timers.LEASE, "elsewhere", room.clock.now(), room.clock.now() + MINUTE
        )

    assert timers.tick(room.ana) == []
    room.clock.advance(2 * MINUTE)

    assert len(timers.tick(room.ana)) == 1


def test_a_watch_that_is_heard_of_again_keeps_its_end(room: Room) -> None:
    number = room.say(BROKEN, "pietje")
    room.clock.advance(40 * HOUR)
    room.say("poor you", "wilma", reply_to=room.source_of(number))

    room.pass_time(hours=8)

    assert room.case(number).status == "new"


def test_a_conversation_that_was_merged_is_found_by_its_timers(room: Room) -> None:
    late = room.say("@AcmeCustServ mine is broken as well", "carl", reply_to="between")
    casework.snooze(room.ana, late, room.clock.now() + HOUR)
    room.say(ADDRESSED, "anna", external_id="first", created=Millis(TUESDAY - 2))
    room.say("tell me about it", "bert", external_id="between", reply_to="first", created=Millis(TUESDAY - 1))

    room.pass_time(hours=1)

    assert room.case(room.home_of("first")).status == "open"
