"""Threads come together by their reply links alone, in whatever order and in however many imports posts arrive."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from socialdesk.clock import HOUR, MINUTE
from socialdesk.model import Handle, Mention, Millis, Visibility
from tests.desk.room import ADDRESSED, BROKEN, MINE_TOO, TUESDAY, Room

US = "AcmeCustServ"

TOLD = (
    "author",
    "snippet",
    "relation",
    "sentiment",
    "feeling",
    "language",
    "topics",
    "products",
    "reach",
    "followers",
    "spam",
    "vip",
    "bot",
    "visibility",
    "engagement",
    "status",
    "reason",
    "playbook",
    "case_name",
    "step_kind",
    "engage",
    "target",
    "critical",
    "urgency",
    "first_at",
    "last_at",
    "last_inbound_at",
    "last_outbound_at",
    "unanswered_since",
    "message_count",
    "reply_count",
    "due_at",
    "due_kind",
    "private",
)


def post(name: str, author: str, text: str, at: int, to: str | None = None, **more: Any) -> Mention:
    return Mention(
        network="mastodon",
        external_id=name,
        text=text,
        author=Handle(author),
        created=Millis(TUESDAY + at * MINUTE),
        reply_to=to,
        **more,
    )


FOREST = (
    # somebody grumbles, others join in, we answer, they say something at last
    post("broken", "pietje", BROKEN, 0, followers=388, metrics={"likes": 3}),
    post("mine-too", "kasper", MINE_TOO, 180, "broken", followers=12_000),
    post("pity", "wilma", "oh no, poor you", 20, "broken"),
    post("nobody", "pietje", "and nobody cares", 30, "broken", followers=388),
    post("ours", US, "Sorry about that, Pietje. Which widget is it? AA", 200, "nobody"),
    post("late-thanks", "pietje", "my third one, too, and nobody helps", 230, "mine-too", followers=388),
    # somebody speaks to us, and we have answered
    post("asks", "dana", ADDRESSED, 5, language="en"),
    post("answered", US, "Sorry, Dana. Since when is that? AA", 15, "asks"),
    post("robot", "newsbot", "widget news: widget broken, says user", 16, "asks", bot=True),
    # what we publish gathers nobody: each person who answers is a case of their own
    post("news", US, "The new widget is here", 1),
    post("happy", "joris", "love it, thank you!", 40, "news"),
    post("unhappy", "mieke", "mine has been dead since Monday", 41, "news"),
    post("unhappy-again", "mieke", "and I want my money back", 42, "unhappy"),
    # a reply whose parent never comes, a colleague, and an answer that looks older than what it answers
    post("orphan", "otto", "my PowerHub won't charge anything any more", 50, "never-seen"),
    post("colleague", "marisol_at_acme", "Testing day: broke my eleventh widget. #Acme", 60),
    post("fan", "fanny", "you have the best job", 61, "colleague"),
    post("root", "rosa", "is the Acme widget any good?", 100),
    post("too-early", "remy", "mine is great", 90, "root"),
    post("whisper", "piet", "can you call me?", 70, visibility=Visibility.PRIVATE),
)


def told(room: Room) -> dict[frozenset[str], dict[str, Any]]:
    """Every conversation by the posts it holds, with all that follows from them."""
    found: dict[frozenset[str], dict[str, Any]] = {}
    for number in {room.home_of(one.external_id) for one in FOREST}:
        case = room.case(number)
        posts = frozenset(m.external_id for m in room.thread(number))
        found[posts] = {name: getattr(case, name) for name in TOLD} | {"risks": frozenset(case.risks)}
    return found


def told_after(inbox: Path, batches: Sequence[Sequence[Mention]]) -> dict[frozenset[str], dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "inbox.db"
        shutil.copy(inbox, copy)
        room = Room(copy)
        room.clock.advance(4 * HOUR)
        try:
            for batch in batches:
                room.store(*batch)
            assert room.faults() == ()
            return told(room)
        finally:
            room.close()


@pytest.fixture(scope="module")
def as_in_one_import(empty_inbox: Path) -> dict[frozenset[str], dict[str, Any]]:
    return told_after(empty_inbox, [FOREST])


def test_a_thread_is_one_conversation_and_our_news_gather_nobody(
    as_in_one_import: dict[frozenset[str], dict[str, Any]],
) -> None:
    groups = set(as_in_one_import)

    assert {"broken", "mine-too", "pity", "nobody", "ours", "late-thanks"} in groups
    assert {"news"} in groups
    assert {"happy"} in groups
    assert {"unhappy", "unhappy-again"} in groups
    assert as_in_one_import[frozenset({"unhappy", "unhappy-again"})]["relation"] == "to_us"


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Mention]]:
    """The forest in any order, cut into imports anywhere."""
    order = draw(st.permutations(FOREST))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=6)))
    return [list(order[a:b]) for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=deliveries())
@example(batches=[[one] for one in FOREST])
@example(batches=[[one] for one in reversed(FOREST)])
def test_the_order_of_arrival_changes_nothing(
    empty_inbox: Path,
    as_in_one_import: dict[frozenset[str], dict[str, Any]],
    batches: list[list[Mention]],
) -> None:
    found = told_after(empty_inbox, batches)

    assert found.keys() == as_in_one_import.keys()
    for posts, expected in as_in_one_import.items():
        assert found[posts] == expected, sorted(posts)


def test_two_threads_become_one_when_the_post_between_them_comes(room: Room) -> None:
    room.store(post("a", "anna", ADDRESSED, 0), post("c", "carl", "mine as well", 9, "b"))
    first, second = room.home_of("a"), room.home_of("c")
    assert first != second

    room.store(post("b", "bert", "tell me about it", 5, "a"))

    assert room.home_of("c") == first
    assert room.case(second).id == first
    assert room.case(first).message_count == 3
    assert second not in room.listed("all")


def test_work_done_on_one_of_two_threads_is_kept_when_they_become_one(room: Room) -> None:
    from socialdesk.desk import casework, replies

    room.store(
        post("a", "anna", ADDRESSED, 0), post("c", "carl", "@AcmeCustServ mine is broken as well", 9, "b")
    )
    theirs = room.home_of("c")
    casework.note(room.ana, theirs, "knows Anna")
    draft = replies.draft(room.ana, theirs, text="Hello Carl, we are looking at it. AA")
    replies.submit(room.ana, theirs, draft.id)

    room.store(post("b", "bert", "tell me about it", 5, "a"))

    home = room.home_of("a")
    assert room.case(home).assignee == "ana"
    assert [d.id for d in room.drafts(home)] == [draft.id]
    assert room.rows("SELECT count(*) FROM notes WHERE conversation_id = ?", home) == [(1,)]


def test_an_answer_that_we_gave_elsewhere_sends_a_claimed_case_to_waiting(room: Room) -> None:
    from socialdesk.desk import casework

    number = room.say(ADDRESSED)
    casework.claim(room.ana, number)

    room.clock.advance(MINUTE)
    room.say("Sorry, Dana! Which widget is it?", US, reply_to=room.source_of(number))

    assert room.case(number).status == "waiting"
    assert room.case(number).due_at is None


def test_a_customer_who_answers_our_news_speaks_to_us_also_when_the_news_come_later(room: Room) -> None:
    room.store(post("unhappy", "mieke", "mine has been dead since Monday, the widget", 41, "news"))
    assert room.case(room.home_of("unhappy")).relation == "about_us"

    room.store(post("news", US, "The new widget is here", 1))

    case = room.case(room.home_of("unhappy"))
    assert (case.relation, case.case_name, case.status) == ("to_us", "addressed", "new")


def test_another_post_by_the_same_person_opens_a_linked_conversation(room: Room) -> None:
    first = room.say(ADDRESSED)
    second = room.say("@AcmeCustServ and the dock is too short")

    assert first != second
    assert room.case(second).linked_to == first


def test_circles_of_answers_are_a_thread_like_any_other(room: Room) -> None:
    room.store(post("hen", "anna", ADDRESSED, 0, "egg"), post("egg", "bert", "no, I", 1, "hen"))

    assert room.home_of("hen") == room.home_of("egg")
    assert room.case(room.home_of("hen")).author == "anna"
