"""What a screen or a command shows of a conversation, and the lists behind views and queries."""

from __future__ import annotations

import pytest

from socialdesk.clock import MINUTE
from socialdesk.desk import casework, presence, reading, replies
from socialdesk.desk.explain import explain
from socialdesk.desk.reading import CaseView
from socialdesk.errors import UsageError
from socialdesk.inbox import queue
from tests.desk.room import ADDRESSED, BROKEN, MINE_TOO, TUESDAY, Room


def view(room: Room, number: int) -> CaseView:
    return reading.case_view(room.ana.connection, room.ana.policy, number, room.clock.now())


def test_a_conversation_comes_with_all_that_belongs_to_it(room: Room) -> None:
    number = room.say(ADDRESSED, followers=120, name="Dana Okafor")
    casework.note(room.ana, number, "called twice")
    replies.draft(room.ana, number, text="Sorry, Dana. AA")

    found = view(room, number)

    assert [m.text for m in found.thread] == [ADDRESSED]
    assert found.profile is not None
    assert (found.profile.handle, found.profile.followers) == ("dana", 120)
    assert [n.text for n in found.notes] == ["called twice"]
    assert [d.text for d in found.drafts] == ["Sorry, Dana. AA"]
    assert (found.playbook_title, found.case_title) == ("Widget complaints", "addressed")
    assert found.wait_until == TUESDAY + 5 * MINUTE


def test_colleagues_see_for_a_while_who_is_at_a_conversation(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.claim(room.ana, number)
    assert view(room, number).presence == [("ana", "working")]

    replies.draft(room.ana, number, text="Sorry, Dana. AA")
    assert view(room, number).presence == [("ana", "writing")]

    room.clock.advance(2 * MINUTE)
    assert view(room, number).presence == []


def test_whoever_turns_to_another_conversation_has_left_the_one_before(room: Room) -> None:
    one, two = room.say(ADDRESSED), room.say("@AcmeCustServ and mine is broken", "joris")

    presence.be_at(room.ana, one)
    assert view(room, one).presence == [("ana", "looking")]
    presence.be_at(room.ana, two, presence.WRITING)
    assert (view(room, one).presence, view(room, two).presence) == ([], [("ana", "writing")])
    presence.be_at(room.ana, None)
    assert view(room, two).presence == []


def test_what_we_published_stands_above_the_thread_it_began(room: Room) -> None:
    room.say("The new widget is here", "AcmeCustServ", external_id="news")
    number = room.say("love it, thank you!", "joris", reply_to="news")

    assert [m.text for m in view(room, number).ancestors] == ["The new widget is here"]


def test_steps_are_shown_from_top_to_bottom(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.answer(room.ana, number, "no")

    lines = view(room, number).steps

    assert [(line.kind, line.state) for line in lines[:3]] == [
        ("ask", "done"),
        ("close", "not_taken"),
        ("find_out", "next"),
    ]
    assert lines[0].outcome == "no"
    assert lines[0].source.startswith("playbooks/acme-widget.yaml:")


def test_the_reply_that_is_asked_for_is_suggested_first(room: Room) -> None:
    number = room.say(ADDRESSED, name="Dana Okafor")
    casework.answer(room.ana, number, "no")

    first = reading.suggestions(room.ana.policy, view(room, number), room.ana.person)[0]

    assert (first.name, first.asked_for) == ("apologise-and-ask", True)
    assert "Dana" in first.text


def test_reach_counts_everybody_in_it_once(room: Room) -> None:
    number = room.say(BROKEN, "pietje", followers=388)
    room.say(MINE_TOO, "kasper", followers=12_000, reply_to=room.source_of(number))
    room.say("and still", "kasper", followers=12_000, reply_to=room.source_of(number))

    assert view(room, number).joint_reach == 12_388


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("followers:10k+", {"otto"}),
        ("topic:broken -said:to_us", {"pietje"}),
        ("burn", {"otto", "archive"}),
        ("burn -is:history", {"otto"}),
        ('"five days"', {"dana"}),
        ("playbook:acme-widget", {"dana", "pietje"}),
        ("product:widget case:addressed", {"dana"}),
    ],
)
def test_a_query_finds_what_it_says(room: Room, query: str, found: set[str]) -> None:
    room.say(ADDRESSED, "dana", followers=120)
    room.say(BROKEN, "pietje", followers=388)
    room.say("@AcmeCustServ nice burn mark on my desk, who sells such lamps?", "otto", followers=20_000)
    room.say("an old post with a burn in it", "archive", history=True)
    listing = reading.listing_of(query, room.ana.person, room.ana.policy, room.clock.now())

    rows = queue.page(room.ana.connection, listing, 50)

    assert {row.author for row in rows} == found


def test_a_wrong_query_says_where(room: Room) -> None:
    with pytest.raises(UsageError, match="status"):
        reading.listing_of("statsu:new", room.ana.person, room.ana.policy, room.clock.now())


def test_the_teams_own_views_are_lists_too(room: Room) -> None:
    number = room.say(ADDRESSED)
    for team_view in room.ana.policy.views:
        listing = reading.listing_of(team_view.name, room.ana.person, room.ana.policy, room.clock.now())
        queue.page(room.ana.connection, listing, 50)

    assert room.ana.policy.views
    assert number in room.listed("queue")


def test_why_is_told_with_the_words_and_the_lines_of_the_policy(room: Room) -> None:
    number = room.say(ADDRESSED)

    told = "\n".join(explain(room.ana, number).lines())

    assert "topic: broken 'broken'" in told
    assert "owns the conversation: case addressed" in told
    assert "playbooks/acme-widget.yaml:" in told


def test_why_tells_what_woke_a_conversation_and_what_a_person_knew_better(room: Room) -> None:
    number = room.say(BROKEN, "pietje")
    room.say(MINE_TOO, "kasper", reply_to=room.source_of(number))
    casework.correct(room.ana, number, "feeling", "calm")
    casework.switch_case(room.ana, number, "general-complaint/billing", "it is about the bill")

    found = explain(room.ana, number)

    causes = [decision.cause for decision in found.decisions]
    assert causes[-3:] == ["woken", "corrected", "switched"]
    assert found.decisions[-3].facts["different_customers:86400000"] == 2
    assert found.decisions[-1].facts["reason"] == "it is about the bill"
    assert found.corrected == {"feeling": "calm"}
    assert any("billing, sent there" in line for line in found.lines())


def test_a_step_tells_how_long_to_wait_and_the_title_of_its_reply(room: Room) -> None:
    number = room.say("My lawyer will write to you about the widget @AcmeCustServ", "esq")

    words = {line.kind: line.text for line in view(room, number).steps}

    assert words["wait"] == "2h"
    assert words["take_private"] == "legal acknowledge"
