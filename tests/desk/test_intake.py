"""What comes in: once, whole, brought up to date, and acted upon as the team's policy says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.desk import casework, importing
from socialdesk.inbox import channels, conversations
from socialdesk.inbox.connection import writing
from socialdesk.model import Mention, Millis, Refusal, Visibility
from tests.desk.room import ADDRESSED, BROKEN, MINE_TOO, TUESDAY, Room, again

SMOKE = "@AcmeCustServ my widget dock started to smoke last night, there's a burn mark on the shelf"


def test_a_complaint_is_new_with_a_promise_that_runs_on_the_calendar(room: Room) -> None:
    number = room.say(ADDRESSED, followers=120)

    case = room.case(number)
    assert (case.status, case.relation, case.playbook, case.case_name) == (
        "new",
        "to_us",
        "acme-widget",
        "addressed",
    )
    assert (case.due_at, case.due_kind) == (TUESDAY + 15 * MINUTE, "acknowledge")
    assert case.products == ("widget",)
    assert number in room.listed("queue")


def test_a_post_at_night_is_due_in_the_morning(room: Room) -> None:
    room.clock.advance(13 * HOUR)  # eleven in the evening for the team
    number = room.say(ADDRESSED)

    assert room.case(number).due_at == TUESDAY + 21 * HOUR + 15 * MINUTE


def test_the_same_post_twice_in_a_batch_is_one_post(room: Room) -> None:
    post = room.mention(ADDRESSED)

    tally = room.store(post, again(post))

    assert (tally.stored, tally.updated, tally.known) == (1, 0, 1)
    assert room.case(room.home_of(post.external_id)).message_count == 1


def test_the_same_id_on_another_network_is_another_post(room: Room) -> None:
    room.store(
        room.mention(ADDRESSED, external_id="1"), room.mention(ADDRESSED, external_id="1", network="x")
    )

    assert room.home_of("1") != room.home_of("1", "x")


def test_importing_again_changes_nothing_at_all(room: Room) -> None:
    first = room.mention(BROKEN, "pietje", metrics={"likes": 2})
    rows: list[Mention | Refusal] = [
        first,
        room.mention(MINE_TOO, "kasper", reply_to=first.external_id),
        again(first, text=f"{BROKEN} and weeks", edited=Millis(TUESDAY + 1)),
        again(first, metrics={"likes": 9}),
        room.mention("gone tomorrow @AcmeCustServ", "otto", deleted=True),
        Refusal("feed.jsonl", 7, "no id", "{}"),
    ]
    room.store(*rows)
    before = everything(room)

    tally = room.store(*rows)

    assert (tally.stored, tally.updated, tally.refused) == (0, 0, 0)
    assert everything(room) == before


def everything(room: Room) -> list[object]:
    tables = (
        "messages",
        "conversations",
        "profiles",
        "events",
        "timers",
        "decisions",
        "escalations",
        "issues",
    )
    return [room.rows(f"SELECT * FROM {table}") for table in (*tables, "message_versions", "refusals")]


def test_an_edit_is_kept_with_the_wording_before(room: Room) -> None:
    post = room.mention("@AcmeCustServ hmm")
    room.store(post)

    room.store(again(post, text=ADDRESSED, edited=Millis(TUESDAY + MINUTE)))

    number = room.home_of(post.external_id)
    message = room.thread(number)[0]
    assert message.text == ADDRESSED
    assert [text for _, text in conversations.versions_of(room.ana.connection, message.id)] == [post.text]
    assert (room.case(number).playbook, room.case(number).snippet) == ("acme-widget", ADDRESSED)
    assert room.faults() == ()


def test_an_edit_takes_back_what_it_no_longer_says(room: Room) -> None:
    post = room.mention(ADDRESSED)
    room.store(post)

    room.store(again(post, text="@AcmeCustServ found it, thank you!", edited=Millis(TUESDAY + MINUTE)))

    case = room.case(room.home_of(post.external_id))
    assert "broken" not in case.topics
    assert case.playbook == "praise"


def test_an_older_record_of_an_edited_post_changes_nothing(room: Room) -> None:
    post = room.mention("@AcmeCustServ hmm")
    edited = again(post, text=ADDRESSED, edited=Millis(TUESDAY + 2 * MINUTE))
    room.store(post, edited)
    before = everything(room)

    room.store(post, again(post, text="@AcmeCustServ hm", edited=Millis(TUESDAY + MINUTE)), edited)

    assert everything(room) == before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([0, 1, 2, 3]))
def test_records_of_one_post_may_come_in_any_order(
    empty_inbox: Path, tmp_path: Path, order: list[int]
) -> None:
    import shutil

    inbox = tmp_path / "copy.db"
    for old in tmp_path.glob("copy.db*"):
        old.unlink()
    shutil.copy(empty_inbox, inbox)
    room = Room(inbox)
    post = room.mention("@AcmeCustServ hmm", external_id="p", metrics={"likes": 1})
    records = [
        post,
        again(post, text="@AcmeCustServ my widget", edited=Millis(TUESDAY + 1)),
        again(post, text=ADDRESSED, edited=Millis(TUESDAY + 2), metrics={"likes": 4}),
        again(post, metrics={"likes": 7, "reposts": 1}),
    ]

    for number in order:
        room.store(records[number])

    case = room.case(room.home_of("p"))
    assert room.thread(case.id)[0].text == ADDRESSED
    assert (case.playbook, case.case_name, case.engagement) == ("acme-widget", "addressed", 8)
    room.close()


def test_a_danger_that_an_edit_brings_calls_the_people_in_charge_also_in_a_claimed_case(room: Room) -> None:
    post = room.mention(ADDRESSED)
    room.store(post)
    number = room.home_of(post.external_id)
    casework.claim(room.ana, number)

    room.store(again(post, text=SMOKE, edited=Millis(TUESDAY + MINUTE)))

    assert {e.to_group for e in room.escalations(number)} == {"product-safety", "legal"}
    assert room.case(number).critical


def test_a_deleted_post_is_marked_and_kept(room: Room) -> None:
    post = room.mention(ADDRESSED)
    room.store(post)

    room.store(again(post, deleted=True, text=""))
    room.store(post)

    message = room.thread(room.home_of(post.external_id))[0]
    assert message.deleted_at == TUESDAY
    assert message.text == ADDRESSED


def test_a_post_that_was_deleted_before_we_saw_it_does_not_come_back_to_life(room: Room) -> None:
    post = room.mention(ADDRESSED)
    room.store(again(post, deleted=True, text=""))

    room.store(post)

    message = room.thread(room.home_of(post.external_id))[0]
    assert message.deleted_at is not None
    assert message.text == ""


def test_history_starts_no_clock_alerts_nobody_and_waits_in_no_queue(room: Room) -> None:
    numbers = [
        room.say(SMOKE, "smoky", history=True, followers=90_000),
        room.say(BROKEN, "pietje", history=True),
        room.say(ADDRESSED, "dana", history=True),
    ]
    room.say("Sorry, Dana. AA", "AcmeCustServ", reply_to=room.source_of(numbers[2]), history=True)
    room.ana.notices.clear()
    done = room.pass_time(days=30)

    assert done == []
    assert room.rows("SELECT * FROM timers") == []
    assert room.rows("SELECT * FROM escalations") == []
    assert room.ana.notices == []
    assert [room.case(n).due_at for n in numbers] == [None, None, None]
    for view in ("queue", "unclaimed", "watching", "waiting", "escalated"):
        assert room.listed(view) == []
    assert set(numbers) <= set(room.listed("all"))


def test_who_writes_again_in_an_old_thread_is_heard(room: Room) -> None:
    number = room.say(ADDRESSED, history=True, created=Millis(TUESDAY - 30 * DAY))

    room.say("@AcmeCustServ and it is still broken", reply_to=room.source_of(number))

    assert not room.case(number).history
    assert number in room.listed("queue")


def test_old_posts_that_are_read_in_do_not_stop_the_clock_of_a_live_case(room: Room) -> None:
    number = room.say(ADDRESSED, reply_to="older")
    due = room.case(number).due_at
    assert due is not None

    room.say("@AcmeCustServ it is dead", external_id="older", created=Millis(TUESDAY - DAY), history=True)

    assert room.case(number).due_at == due
    assert any("missed" in words for words in room.pass_time(hours=1))


def test_a_private_message_speaks_to_us_whatever_it_says(room: Room) -> None:
    number = room.say("my widget is dead, can you call me?", visibility=Visibility.PRIVATE)

    case = room.case(number)
    assert (case.relation, case.case_name, case.status) == ("to_us", "addressed", "new")
    assert number in room.listed("private")


def test_what_does_not_name_us_is_left_to_the_agent_behind_everything_else(room: Room) -> None:
    stray = room.say("Lovely morning by the lake", "walker")
    number = room.say("@AcmeCustServ hmm")

    assert room.case(stray).status == "new"
    assert room.case(stray).engage == "agent_decides"
    assert room.listed("queue")[-1] == stray
    assert room.case(stray).urgency <= room.case(number).urgency


def test_thanks_are_answered_and_not_put_away(room: Room) -> None:
    number = room.say("@AcmeCustServ thank you so much, works like a charm now")

    case = room.case(number)
    assert (case.playbook, case.status, case.step_kind) == ("praise", "new", "reply")


def test_advertising_is_put_away_with_its_reason(room: Room) -> None:
    number = room.say(
        "WIDGETS 90% OFF today only!!! genuine #Acme stock, link in bio", "dealz4u_0091", followers=4
    )

    assert (room.case(number).status, room.case(number).reason) == ("dismissed", "spam")
    assert number not in room.listed("queue")


def test_nobody_that_a_group_is_called_for_is_put_away(room: Room) -> None:
    number = room.say("job opening at Acme, anyone?", "star", followers=2_000_000)

    assert [e.to_group for e in room.escalations(number)] == ["duty-manager"]
    assert room.case(number).status == "escalated"


def test_a_smoking_dock_is_escalated_whoever_owns_it(room: Room) -> None:
    number = room.say(SMOKE, "nobody_knows", followers=40)

    case = room.case(number)
    assert (case.status, case.critical, case.playbook) == ("escalated", True, "safety-legal")
    assert room.listed("queue")[0] == number


@pytest.mark.parametrize(
    ("text", "playbook", "feeling"),
    [
        ("★☆☆☆☆ Dead after three weeks. The dial turned and nothing happened", "general-complaint", "upset"),
        ("2/5 meh", "general-complaint", "upset"),
        ("★★★★★ For my father, 81. He uses it alone", "praise", "thankful"),
        ("★★★☆☆ Fine, but the box was wet", "other", "calm"),
    ],
)
def test_a_review_speaks_to_us_and_few_stars_are_a_complaint(
    room: Room, text: str, playbook: str, feeling: str
) -> None:
    with writing(room.ana.connection):
        reviews = channels.ensure(room.ana.connection, "reviews", "feed", "reviews.xml").id
    post = room.mention(text, "reader", network="feed")

    importing.store_posts(room.ana, [post], channel=reviews)

    case = room.case(room.home_of(post.external_id, "feed"))
    assert (case.relation, case.playbook, case.feeling) == ("to_us", playbook, feeling)
    assert case.target is not None


def test_stars_mean_nothing_where_none_are_given(room: Room) -> None:
    assert room.case(room.say("★☆☆☆☆ my week so far", "walker")).relation == "none"


def test_a_files_rows_go_in_and_the_rest_to_the_refusals(room: Room, tmp_path: Path) -> None:
    feed = tmp_path / "day.jsonl"
    good = (
        '{"id": "%s", "text": "@AcmeCustServ hello %s", "author": "dana", "created": "2026-11-24T08:00:00Z"}'
    )
    feed.write_text("\n".join([good % (1, "one"), "{broken", good % (2, "two")]) + "\n", encoding="utf-8")

    first = importing.import_paths(room.ana, [feed], network="mastodon")
    second = importing.import_paths(room.ana, [feed], network="mastodon")

    assert (first.read, first.stored, first.known, first.refused) == (3, 2, 0, 1)
    assert (second.read, second.stored, second.known, second.updated) == (3, 0, 2, 0)
    assert room.rows("SELECT line, source FROM refusals") == [(2, str(feed))]
    assert len(room.events("intake")) == 1


@pytest.mark.parametrize("company", [False, True])
def test_a_batch_is_one_event_however_many_posts_it_brings(room: Room, company: bool) -> None:
    if company:
        importing.announce(room.chloe, "chloe's desk")
    room.store(*(room.mention(ADDRESSED, f"dana{n}") for n in range(40)))

    assert len(room.events("intake")) == 1
    assert room.faults() == ()


def test_a_scam_under_a_complaint_leaves_it_a_complaint_and_calls_the_duty_manager(room: Room) -> None:
    complaint = room.say(ADDRESSED, author="norman")
    room.say(
        "Dear customer please send your card number and password in DM, verify at acme-refund.example/login",
        author="AcmeCustServ_help",
        reply_to=room.source_of(complaint),
    )

    case = room.case(complaint)
    assert case.playbook == "acme-widget"
    assert "bystander_phishing" in case.tags
    assert [e.to_group for e in room.escalations(complaint)] == ["duty-manager"]
