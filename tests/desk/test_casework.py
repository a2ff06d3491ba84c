"""What an agent does with a conversation besides writing: who has it, its steps, corrections, closing."""

from __future__ import annotations

import pytest

from socialdesk.clock import HOUR, MINUTE
from socialdesk.desk import casework, escalations, outbox, posts, reading, replies
from socialdesk.errors import NotAllowed, NotYet, UsageError
from tests.desk.room import ADDRESSED, BROKEN, MINE_TOO, TUESDAY, Room

ELSEWHERE = "so's mine, my third one. third! #Acme widget, screen just goes black"


@pytest.fixture
def complaint(room: Room) -> int:
    return room.say(ADDRESSED, name="Dana Okafor", followers=120)


def next_step(room: Room, conversation: int) -> tuple[str | None, str | None]:
    case = room.case(conversation)
    return case.step, case.step_kind


def test_who_claims_a_conversation_has_it(room: Room, complaint: int) -> None:
    casework.claim(room.ana, complaint)

    case = room.case(complaint)
    assert (case.assignee, case.status) == ("ana", "open")
    assert complaint in room.listed("mine")
    assert (case.due_kind, case.due_at) == ("reply", TUESDAY + HOUR)


def test_what_a_colleague_has_cannot_be_claimed(room: Room, complaint: int) -> None:
    casework.claim(room.ana, complaint)

    with pytest.raises(NotAllowed, match="ana's"):
        casework.claim(room.chloe, complaint)


def test_only_who_has_it_or_a_lead_gives_it_back(room: Room, complaint: int) -> None:
    casework.claim(room.ana, complaint)

    with pytest.raises(NotAllowed, match="only they or a lead"):
        casework.release(room.chloe, complaint)
    casework.release(room.lee, complaint)

    assert (room.case(complaint).assignee, room.case(complaint).status) == (None, "new")


def test_a_stranger_may_look_and_not_touch(room: Room, complaint: int) -> None:
    stranger = room.desk("mallory")
    stranger.sandbox = False  # a sandbox lets anybody play

    with pytest.raises(NotAllowed, match=r"mallory|read-only|no agent"):
        casework.claim(stranger, complaint)


def test_an_answer_leads_to_the_next_step(room: Room, complaint: int) -> None:
    assert next_step(room, complaint) == ("1", "ask")

    casework.answer(room.ana, complaint, "no")

    assert next_step(room, complaint) == ("2", "find_out")
    assert room.case(complaint).assignee == "ana"


def test_somebody_else_has_answered_well(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "yes")

    case = room.case(complaint)
    assert (case.status, case.reason) == ("resolved", "answered_by_others")
    assert case.due_at is None


@pytest.mark.parametrize(("outcome", "words"), [("done", "yes or no"), ("maybe", "yes, no or done")])
def test_a_question_is_answered_with_yes_or_no(room: Room, complaint: int, outcome: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        casework.answer(room.ana, complaint, outcome)


def test_a_step_is_left_out_for_a_reason_only(room: Room, complaint: int) -> None:
    with pytest.raises(UsageError, match="reason"):
        casework.skip(room.ana, complaint, " ")

    casework.skip(room.ana, complaint, "she is on the phone with us")

    assert next_step(room, complaint) == ("2", "find_out")
    assert (
        reading.case_view(room.ana.connection, room.ana.policy, complaint, room.clock.now()).steps[0].reason
        == "she is on the phone with us"
    )


def test_steps_of_two_playbooks_with_cases_of_one_name_are_kept_apart(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")

    casework.switch_case(room.ana, complaint, "general-complaint/addressed", "not about the widget")

    assert next_step(room, complaint) == ("1", "ask")


def test_a_case_is_switched_for_a_reason_to_one_that_exists(room: Room, complaint: int) -> None:
    with pytest.raises(UsageError, match="reason"):
        casework.switch_case(room.ana, complaint, "overheard", "")
    with pytest.raises(UsageError, match="did you mean intervene"):
        casework.switch_case(room.ana, complaint, "intervne", "they are two")

    casework.switch_case(room.ana, complaint, "intervene", "they are two")

    assert (room.case(complaint).case_name, next_step(room, complaint)[1]) == ("intervene", "reply")


def test_a_corrected_signal_is_decided_again(room: Room) -> None:
    number = room.say(BROKEN, "pietje")

    casework.correct(room.ana, number, "relation", "to_us")

    case = room.case(number)
    assert (case.relation, case.case_name, case.status, case.target) == (
        "to_us",
        "addressed",
        "new",
        "complaint",
    )


def test_a_corrected_topic_goes_and_stays_away_when_an_older_post_comes(room: Room) -> None:
    number = room.say(ADDRESSED, reply_to="before")
    casework.correct(room.ana, number, "topic", "-broken")
    casework.correct(room.ana, number, "topic", "billing")

    room.say("hello @AcmeCustServ", external_id="before", created=TUESDAY - HOUR)

    topics = room.case(number).topics
    assert "broken" not in topics
    assert "billing" in topics


def test_only_what_words_yaml_knows_can_be_corrected(room: Room, complaint: int) -> None:
    with pytest.raises(UsageError, match="did you mean broken"):
        casework.correct(room.ana, complaint, "topic", "brokn")
    with pytest.raises(UsageError, match="calm"):
        casework.correct(room.ana, complaint, "feeling", "grumpy")


def test_snooze_until_a_moment(room: Room, complaint: int) -> None:
    casework.snooze(room.ana, complaint, room.clock.now() + 2 * HOUR)
    assert room.case(complaint).status == "snoozed"
    assert room.case(complaint).due_at is None

    room.pass_time(hours=1)
    assert room.case(complaint).status == "snoozed"
    room.pass_time(hours=1)

    assert room.case(complaint).status == "open"
    assert room.case(complaint).snoozed_until is None


def test_snooze_until_the_customer_writes(room: Room, complaint: int) -> None:
    casework.snooze(room.ana, complaint, None)
    room.pass_time(days=30)
    assert room.case(complaint).status == "snoozed"

    room.answer_from_customer(complaint)

    assert room.case(complaint).status == "open"


def test_a_new_message_does_not_end_a_snooze_that_ends_by_itself(room: Room, complaint: int) -> None:
    casework.snooze(room.ana, complaint, room.clock.now() + 2 * HOUR)

    room.answer_from_customer(complaint)

    assert room.case(complaint).status == "snoozed"


def test_a_second_snooze_replaces_the_first(room: Room, complaint: int) -> None:
    casework.snooze(room.ana, complaint, room.clock.now() + HOUR)
    casework.snooze(room.ana, complaint, None)

    room.pass_time(hours=2)

    assert room.case(complaint).status == "snoozed"


@pytest.mark.parametrize("way", ["waiting", "resolved"])
def test_the_customers_new_message_brings_a_conversation_back(room: Room, complaint: int, way: str) -> None:
    room.sent(complaint)
    if way == "resolved":
        casework.resolve(room.ana, complaint)
    assert room.case(complaint).status == way

    room.answer_from_customer(complaint)

    case = room.case(complaint)
    assert (case.status, case.due_kind) == ("open", "next_reply")


def test_a_bystanders_message_does_not(room: Room, complaint: int) -> None:
    room.sent(complaint)

    room.say("poor you", "wilma", reply_to=room.source_of(complaint))

    assert room.case(complaint).status == "waiting"


def test_what_is_dismissed_stays_so(room: Room, complaint: int) -> None:
    with pytest.raises(UsageError, match="reason"):
        casework.dismiss(room.ana, complaint, "")
    casework.dismiss(room.ana, complaint, "duplicate")

    room.answer_from_customer(complaint)

    assert (room.case(complaint).status, room.case(complaint).reason) == ("dismissed", "duplicate")


def test_nothing_is_dismissed_while_a_message_is_on_its_way(room: Room, complaint: int) -> None:
    draft = room.approved(complaint)
    room.clock.advance(10 * MINUTE)
    outbox.queue(room.ana, complaint, draft.id)

    with pytest.raises(NotAllowed, match="hold it back first"):
        casework.dismiss(room.ana, complaint, "not_ours")


def test_a_closed_conversation_is_reopened_by_hand(room: Room, complaint: int) -> None:
    casework.resolve(room.ana, complaint)

    casework.reopen(room.chloe, complaint)

    case = room.case(complaint)
    assert (case.status, case.assignee, case.resolved_at) == ("open", "ana", None)


def test_what_is_open_needs_no_reopening(room: Room, complaint: int) -> None:
    with pytest.raises(NotAllowed, match="open already"):
        casework.reopen(room.ana, complaint)


def test_a_note_is_kept_and_never_sent(room: Room, complaint: int) -> None:
    casework.note(room.ana, complaint, "called twice\x1b[2J already")

    notes = reading.case_view(room.ana.connection, room.ana.policy, complaint, room.clock.now()).notes
    assert [(n.agent, n.text) for n in notes] == [("ana", "called twice already")]
    assert "called" not in room.events("noted")[0].body


def test_a_conversation_closes_when_the_customer_stays_silent(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")
    draft = replies.submit(room.ana, complaint, replies.draft(room.ana, complaint).id)
    room.clock.advance(10 * MINUTE)
    outbox.queue(room.ana, complaint, draft.id)
    room.clock.advance(MINUTE)
    outbox.deliver_due(room.ana)
    assert room.case(complaint).status == "waiting"

    room.pass_time(days=3)

    assert (room.case(complaint).status, room.case(complaint).reason) == ("resolved", "no_answer")


def test_it_does_not_when_the_customer_has_written(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")
    draft = replies.submit(room.ana, complaint, replies.draft(room.ana, complaint).id)
    room.clock.advance(10 * MINUTE)
    outbox.queue(room.ana, complaint, draft.id)
    room.clock.advance(MINUTE)
    outbox.deliver_due(room.ana)
    room.answer_from_customer(complaint, "@AcmeCustServ a widget pro")

    room.pass_time(days=3)

    assert room.case(complaint).status != "resolved"


def test_the_way_to_the_end_of_the_acme_checklist(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")
    casework.answer(room.ana, complaint, "done")
    casework.answer(room.ana, complaint, "yes")
    casework.answer(room.ana, complaint, "yes")
    assert next_step(room, complaint)[1] == "reply"
    room.sent(complaint, "Try this, Dana: hold the dial for ten seconds. AA")
    assert next_step(room, complaint) == (None, None)

    room.answer_from_customer(complaint, "@AcmeCustServ works again, thank you so much!")

    view = reading.case_view(room.ana.connection, room.ana.policy, complaint, room.clock.now())
    assert [(line.kind, line.reply) for line in view.steps if line.state == "next"] == [
        ("reply", "ask-to-share")
    ]
    assert room.case(complaint).step == "afterwards.1"


def test_a_holding_post_is_suggested_once_for_an_issue(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    second = room.say(ELSEWHERE, "kasper")
    for number in (first, second):
        casework.switch_case(room.ana, number, "intervene", "both")
        casework.answer(room.ana, number, "done")
    assert next_step(room, first)[1] == next_step(room, second)[1] == "post"

    posts.post(room.ana, first)

    assert next_step(room, first)[1] == "post"
    casework.note(room.ana, second, "see the other one")
    view = reading.case_view(room.ana.connection, room.ana.policy, second, room.clock.now())
    assert [line.kind for line in view.steps if line.state == "next"] == ["post"]
    assert view.steps[1].state == "done"
    with pytest.raises(NotAllowed, match="has this post already"):
        posts.post(room.ana, second, reply="holding-message")


def test_nothing_goes_out_before_the_post_is_old_enough(room: Room, complaint: int) -> None:
    draft = room.approved(complaint)

    with pytest.raises(NotYet, match="2026-11-24T09:05:00Z") as told:
        outbox.queue(room.ana, complaint, draft.id)
    room.clock.advance(5 * MINUTE)
    queued = outbox.queue(room.ana, complaint, draft.id)

    assert told.value.until == TUESDAY + 5 * MINUTE
    assert queued.status == "queued"


def test_a_step_that_waits_is_over_when_its_time_has_passed(room: Room) -> None:
    number = room.say("@AcmeCustServ Unless this is settled by Monday my lawyer will write to you.")
    casework.answer(room.lee, number, "done")
    casework.answer(room.lee, number, "no")
    assert next_step(room, number)[1] == "wait"

    with pytest.raises(NotYet):
        casework.answer(room.lee, number, "done")
    room.answer_from_customer(number, "@AcmeCustServ well?")
    room.pass_time(hours=2)

    assert next_step(room, number) == (None, None)


def test_an_escalating_step_is_carried_out_by_itself(room: Room) -> None:
    number = room.say("@AcmeCustServ useless clowns, the lot of you. You sent ONE. Twice.")
    casework.answer(room.ana, number, "yes")
    casework.skip(room.ana, number, "they write in private already")

    casework.answer(room.ana, number, "no")

    assert room.case(number).status == "escalated"
    assert [e.to_group for e in room.escalations(number)] == ["duty-manager"]


def test_the_second_voice_in_a_claimed_conversation_moves_nobodys_work(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    casework.claim(room.ana, first)

    room.say(MINE_TOO, "kasper", reply_to=room.source_of(first))

    assert (room.case(first).case_name, room.case(first).assignee) == ("overheard", "ana")
    assert room.case(first).issue_id is not None


def test_resolving_leaves_an_undelivered_hand_over_running(room: Room, complaint: int) -> None:
    escalations.escalate(room.ana, complaint, "legal", "they want our address")

    casework.resolve(room.ana, complaint)

    assert any("legal" in words for words in room.pass_time(minutes=1))
