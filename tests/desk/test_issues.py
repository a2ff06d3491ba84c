"""The story of the broken widget: overheard, watched, and taken up when a second customer says the same."""

from __future__ import annotations

import pytest

from socialdesk.clock import DAY, HOUR
from socialdesk.inbox import issues
from socialdesk.model import Millis
from tests.desk.room import BROKEN, MINE_TOO, TUESDAY, Room

ELSEWHERE = "so's mine, my third one. third! #Acme widget, screen just goes black"
OLD = Millis(TUESDAY - 1_000 * DAY)


def test_a_grumble_that_was_not_meant_for_us_is_watched(room: Room) -> None:
    first = room.say(BROKEN, "pietje")

    case = room.case(first)

    assert (case.playbook, case.case_name, case.status) == ("acme-widget", "overheard", "watching")
    assert case.due_at is None


@pytest.mark.parametrize("begins", [TUESDAY, OLD], ids=["now", "long ago"])
@pytest.mark.parametrize("imports", [1, 2])
@pytest.mark.parametrize("where", ["in the thread", "elsewhere"])
def test_a_second_customer_moves_the_first_conversation(
    room: Room, begins: int, imports: int, where: str
) -> None:
    in_thread = where == "in the thread"
    first = room.mention(BROKEN, "pietje", created=Millis(begins))
    second = room.mention(
        MINE_TOO if in_thread else ELSEWHERE,
        "kasper",
        created=Millis(begins + 3 * HOUR),
        reply_to=first.external_id if in_thread else None,
    )

    if imports == 1:
        room.store(second, first)
    else:
        room.store(first)
        room.store(second)

    case = room.case(room.home_of(first.external_id))
    assert (case.case_name, case.status, case.step_kind) == ("intervene", "new", "reply")
    assert case.target == "complaint"


def test_the_order_of_two_imports_does_not_matter(room: Room) -> None:
    first = room.mention(BROKEN, "pietje")
    second = room.mention(MINE_TOO, "kasper", reply_to=first.external_id, created=Millis(TUESDAY + HOUR))

    room.store(second)
    room.store(first)

    case = room.case(room.home_of(first.external_id))
    assert (case.author, case.case_name, case.message_count) == ("pietje", "intervene", 2)


def test_an_issue_holds_both_people(room: Room) -> None:
    first = room.say(BROKEN, "pietje", followers=388)
    second = room.say(ELSEWHERE, "kasper", followers=12_000)

    number = room.case(first).issue_id
    assert number is not None
    issue = issues.issue(room.ana.connection, number)

    assert issue is not None
    assert (issue.product, issue.fault, issue.people, issue.conversations) == ("widget", "broken", 2, 2)
    assert room.case(second).issue_id == number


def test_an_issue_made_in_a_thread_holds_both_people(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say(MINE_TOO, "kasper", reply_to=room.source_of(first))

    number = room.case(first).issue_id
    assert number is not None
    issue = issues.issue(room.ana.connection, number)

    assert issue is not None
    assert (issue.people, issue.conversations) == (2, 1)


@pytest.mark.parametrize(
    ("author", "more"),
    [("gadgetbot", {"bot": True}), ("marisol_at_acme", {}), ("pietje", {}), ("AcmeCustServ", {})],
    ids=["a bot", "a colleague", "the same person", "we ourselves"],
)
def test_no_second_customer_no_issue(room: Room, author: str, more: dict[str, bool]) -> None:
    first = room.say(BROKEN, "pietje")
    room.say(ELSEWHERE, author, **more)

    assert room.case(first).issue_id is None
    assert room.case(first).case_name == "overheard"


def test_reports_that_lie_weeks_apart_are_no_issue(room: Room) -> None:
    first = room.say(BROKEN, "pietje", created=Millis(TUESDAY - 20 * DAY))
    room.say(ELSEWHERE, "kasper")

    assert room.case(first).issue_id is None


def test_reports_that_come_in_the_wrong_order_are_held_against_each_other_all_the_same(room: Room) -> None:
    late = room.say(ELSEWHERE, "kasper")
    early = room.say(BROKEN, "pietje", created=Millis(TUESDAY - 20 * DAY))

    assert room.case(late).issue_id is None
    assert room.case(early).issue_id is None


def test_sympathy_is_no_second_report(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say("oh no, poor you", "kasper", reply_to=room.source_of(first))

    assert room.case(first).case_name == "overheard"


def test_a_conversation_that_was_sent_on_stays_there_when_a_third_voice_joins_days_later(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say(MINE_TOO, "kasper", reply_to=room.source_of(first))

    room.clock.advance(3 * DAY)
    room.say("any news?", "wilma", reply_to=room.source_of(first))

    assert room.case(first).case_name == "intervene"
    assert room.case(first).status == "new"


def test_watching_ends_in_the_hands_of_an_agent(room: Room) -> None:
    first = room.say(BROKEN, "pietje")

    room.pass_time(hours=49)

    case = room.case(first)
    assert (case.status, case.engage) == ("new", "agent_decides")
    assert first in room.listed("queue")


def test_the_same_person_again_leaves_it_to_the_agent(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say("and nobody cares", "pietje", reply_to=room.source_of(first))

    case = room.case(first)
    assert (case.status, case.engage) == ("new", "agent_decides")


def test_who_speaks_to_us_after_all_is_answered(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say("@AcmeCustServ is anybody there?", "pietje", reply_to=room.source_of(first))

    case = room.case(first)
    assert (case.case_name, case.status, case.target) == ("addressed", "new", "complaint")
