"""Undo: everything a person does can be taken back, unless it has moved on; and the lists always add up."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from socialdesk.clock import HOUR, MINUTE
from socialdesk.desk import casework, escalations, outbox, posts, replies
from socialdesk.desk.session import Desk
from socialdesk.desk.undo import undo
from socialdesk.errors import NotFound, SocialdeskError, Stale
from socialdesk.inbox import queue
from tests.desk.room import ADDRESSED, BROKEN, Room, again

KIND = "Sorry about that, Dana. Which widget is it? AA"
LAWYER = "@AcmeCustServ Unless this is settled by Monday my lawyer will write to you."

MOVING = {"id", "version", "decision_id", "paused_since", "paused_for"}


def image(room: Room, conversation: int) -> dict[str, Any]:
    """A conversation and all that hangs on it, but for what only counts changes."""
    cursor = room.ana.connection.execute("SELECT * FROM conversations WHERE id = ?", (conversation,))
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    return {
        **{name: value for name, value in row.items() if name not in MOVING},
        "timers": sorted(
            room.rows("SELECT kind, due_at, payload FROM timers WHERE conversation_id = ?", conversation)
        ),
        "answers": room.rows(
            "SELECT step, outcome FROM answers WHERE conversation_id = ? AND undone = 0", conversation
        ),
        "calls": room.rows(
            "SELECT to_group, status FROM escalations WHERE conversation_id = ? AND status <> 'taken_back'",
            conversation,
        ),
        "notes": room.rows("SELECT text FROM notes WHERE conversation_id = ? AND undone = 0", conversation),
        "drafts": room.rows(
            "SELECT id, status, text FROM drafts WHERE conversation_id = ? AND status <> 'withdrawn'",
            conversation,
        ),
    }


Prepare = Callable[[Room, int], object]
Act = Callable[[Desk, int], object]


def nothing(room: Room, number: int) -> None:
    pass


def drafted(room: Room, number: int) -> None:
    replies.draft(room.ana, number, text=KIND)


def in_queue(room: Room, number: int) -> None:
    room.approved(number)
    room.clock.advance(10 * MINUTE)
    outbox.queue(room.ana, number)


def by_trainee(room: Room, number: int) -> None:
    replies.draft(room.ben, number, text="Sorry, Dana. BO")
    replies.submit(room.ben, number)


CASES: dict[str, tuple[Prepare, Act]] = {
    "claim": (nothing, lambda d, n: casework.claim(d, n)),
    "release": (lambda r, n: casework.claim(r.ana, n), lambda d, n: casework.release(d, n)),
    "answer": (nothing, lambda d, n: casework.answer(d, n, "no")),
    "an answer that closes": (nothing, lambda d, n: casework.answer(d, n, "yes")),
    "skip": (nothing, lambda d, n: casework.skip(d, n, "on the phone")),
    "switch": (nothing, lambda d, n: casework.switch_case(d, n, "intervene", "they are two")),
    "correct a feeling": (nothing, lambda d, n: casework.correct(d, n, "feeling", "belligerent")),
    "correct a topic": (nothing, lambda d, n: casework.correct(d, n, "topic", "-broken")),
    "snooze": (nothing, lambda d, n: casework.snooze(d, n, d.clock.now() + HOUR)),
    "snooze until they write": (nothing, lambda d, n: casework.snooze(d, n, None)),
    "wake": (
        lambda r, n: casework.snooze(r.ana, n, r.clock.now() + HOUR),
        lambda d, n: casework.reopen(d, n),
    ),
    "note": (nothing, lambda d, n: casework.note(d, n, "called twice")),
    "resolve": (nothing, lambda d, n: casework.resolve(d, n)),
    "dismiss": (nothing, lambda d, n: casework.dismiss(d, n, "duplicate")),
    "reopen": (lambda r, n: casework.resolve(r.ana, n), lambda d, n: casework.reopen(d, n)),
    "escalate": (nothing, lambda d, n: escalations.escalate(d, n, "billing-desk", "two charges")),
    "draft": (nothing, lambda d, n: replies.draft(d, n, text=KIND)),
    "post": (nothing, lambda d, n: posts.post(d, n, text="We are looking at the widget.")),
    "edit": (drafted, lambda d, n: replies.edit(d, n, "Sorry! AA")),
    "submit": (drafted, lambda d, n: replies.submit(d, n)),
    "withdraw": (drafted, lambda d, n: replies.withdraw(d, n)),
    "send": (
        lambda r, n: (r.approved(n), r.clock.advance(10 * MINUTE)),
        lambda d, n: outbox.queue(d, n),
    ),
    "hold": (in_queue, lambda d, n: outbox.hold(d, n)),
    "approve": (by_trainee, lambda d, n: replies.approve(d, n)),
    "reject": (by_trainee, lambda d, n: replies.reject(d, n, "ask for the order")),
    "acknowledge": (
        lambda r, n: escalations.escalate(r.lee, n, "billing-desk", "two charges"),
        lambda d, n: escalations.acknowledge(d, n),
    ),
    "hand back": (
        lambda r, n: escalations.escalate(r.lee, n, "billing-desk", "two charges"),
        lambda d, n: escalations.hand_back(d, n, "one was a deposit"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_action_can_be_taken_back(room: Room, name: str) -> None:
    prepare, act = CASES[name]
    number = room.say(ADDRESSED)
    prepare(room, number)
    before = image(room, number)
    act(room.ana, number)
    assert image(room, number) != before

    undo(room.ana, number)
    if name == "hand back":
        undo(room.ana, number)  # its note first

    assert image(room, number) == before
    assert room.faults() == ()


def test_a_watched_conversation_goes_back_to_being_watched(room: Room) -> None:
    number = room.say(BROKEN, "pietje")
    before = image(room, number)
    casework.claim(room.ana, number)

    undo(room.ana, number)

    assert image(room, number) == before
    room.pass_time(hours=49)
    assert room.case(number).engage == "agent_decides"


def test_step_by_step_to_the_beginning(room: Room) -> None:
    number = room.say(ADDRESSED)
    before = image(room, number)
    casework.claim(room.ana, number)
    casework.answer(room.ana, number, "no")
    casework.answer(room.ana, number, "done")
    casework.note(room.ana, number, "called twice")

    told = [undo(room.ana, number) for _ in range(4)]

    assert [words.split(" in ")[0] for words in told] == [
        "undid the note",
        "undid the answer",
        "undid the answer",
        "undid the claim",
    ]
    assert image(room, number) == before
    with pytest.raises(NotFound, match="nothing of yours"):
        undo(room.ana, number)


def test_nobody_undoes_what_others_did(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.claim(room.ana, number)

    with pytest.raises(NotFound):
        undo(room.chloe, number)


def test_the_newest_action_anywhere_is_meant_when_none_is_named(room: Room) -> None:
    first, second = room.say(ADDRESSED), room.say(ADDRESSED, "otto")
    casework.claim(room.ana, first)
    casework.claim(room.ana, second)

    undo(room.ana)

    assert (room.case(first).assignee, room.case(second).assignee) == ("ana", None)


def test_what_has_moved_on_is_not_undone(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.resolve(room.ana, number)
    room.answer_from_customer(number)

    with pytest.raises(Stale, match="moved on"):
        undo(room.ana, number)

    assert room.case(number).status == "open"


def test_a_step_that_others_have_built_on_is_not_undone(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.answer(room.ana, number, "no")
    casework.answer(room.lee, number, "done")

    with pytest.raises(Stale, match="gone on since"):
        undo(room.ana, number)


def test_a_call_that_was_acknowledged_is_not_undone(room: Room) -> None:
    number = room.say(ADDRESSED)
    escalations.escalate(room.ana, number, "duty-manager", "they are loud")
    escalations.acknowledge(room.lee, number)

    with pytest.raises(Stale, match="duty-manager"):
        undo(room.ana, number)


def test_it_is_too_late_for_what_has_left(room: Room) -> None:
    number = room.say(ADDRESSED)
    room.sent(number, KIND)

    with pytest.raises(Stale, match="sent by now"):
        undo(room.ana, number)


def test_an_undone_pair_is_on_the_record(room: Room) -> None:
    number = room.say(ADDRESSED)
    casework.claim(room.ana, number)
    undo(room.ana, number)

    claimed, undone = room.events("claimed")[0], room.events("undone")[0]
    assert json.loads(undone.body) == {"event": claimed.seq, "kind": "claimed"}
    assert room.rows("SELECT seq, by_seq FROM undone") == [(claimed.seq, undone.seq)]


def lists_add_up(room: Room) -> None:
    """Every counter equals a count of what its list shows."""
    for agent in ("ana", "ben", "chloe", "lee"):
        views = queue.standard_views(agent)
        counted = queue.counts(room.ana.connection, views)
        for view in views:
            where = f"SELECT count(*) FROM conversations c WHERE {view.where}"
            real = room.ana.connection.execute(where, view.parameters).fetchone()[0]
            assert counted[view.name] == real, (agent, view.name)
            assert len(room.listed(view.name, agent)) == real


def a_days_actions(room: Room, dice: random.Random, numbers: list[int]) -> list[Callable[[], object]]:
    desk = dice.choice([room.ana, room.ben, room.chloe, room.lee])
    number = dice.choice(numbers)
    return [
        lambda: casework.claim(desk, number),
        lambda: casework.release(desk, number),
        lambda: casework.answer(desk, number, dice.choice(["yes", "no", "done"])),
        lambda: casework.skip(desk, number, "why not"),
        lambda: casework.snooze(desk, number, dice.choice([None, room.clock.now() + HOUR])),
        lambda: casework.resolve(desk, number),
        lambda: casework.dismiss(desk, number, "duplicate"),
        lambda: casework.reopen(desk, number),
        lambda: casework.correct(desk, number, "relation", dice.choice(["to_us", "about_us", "none"])),
        lambda: escalations.escalate(desk, number, "duty-manager", "loud"),
        lambda: escalations.hand_back(desk, number, "done"),
        lambda: replies.draft(desk, number, text=f"Sorry, Dana. {room.clock.now()} {desk.acting().initials}"),
        lambda: replies.submit(desk, number),
        lambda: replies.approve(desk, number),
        lambda: replies.reject(desk, number, "not yet"),
        lambda: replies.take_private(desk, number, text="Your order number, please? AA"),
        lambda: outbox.queue(desk, number),
        lambda: outbox.deliver_due(desk),
        lambda: posts.post(desk, number, text="We are looking at it."),
        lambda: room.pass_time(minutes=dice.choice([1, 20, 300])),
        lambda: room.answer_from_customer(number, dice.choice(["still broken", "thank you!", BROKEN])),
        lambda: room.store(again(room.thread_post(number), text="my widget smokes", edited=room.clock.now())),
        lambda: numbers.append(room.say(dice.choice([ADDRESSED, BROKEN, LAWYER]), f"p{room.clock.now()}")),
        lambda: room.say("old", f"o{room.clock.now()}", history=True),
        lambda: room.sent(number, f"Sorry, Dana. {room.clock.now()} AA"),
        lambda: claimed_and_approved(room, number),
        lambda: two_threads_become_one(room, number),
        lambda: undo(desk, number),
        lambda: undo(desk),
    ]


def claimed_and_approved(room: Room, number: int) -> None:
    casework.reopen(room.lee, number)
    draft = replies.draft(room.lee, number, text="It is being looked at, Dana. LE")
    replies.edit(room.ben, number, "It is being looked at, Dana! LE", draft.id)
    replies.submit(room.lee, number, draft.id)
    replies.approve(room.chloe, number, draft.id)
    outbox.queue(room.chloe, number, draft.id)


def two_threads_become_one(room: Room, number: int) -> None:
    now = room.clock.now()
    joined = room.say("@AcmeCustServ mine as well", f"c{now}", reply_to=f"between{now}")
    replies.draft(room.chloe, joined, text="Hello! CW")
    room.say("tell me about it", "bert", external_id=f"between{now}", reply_to=room.source_of(number))


@pytest.mark.parametrize("seed", range(6))
def test_the_lists_add_up_after_any_day(room: Room, seed: int) -> None:
    dice = random.Random(seed)
    numbers = [room.say(text, author) for text, author in ((ADDRESSED, "dana"), (BROKEN, "pietje"))]
    refused = 0
    for _ in range(120):
        room.clock.advance(MINUTE)
        try:
            dice.choice(a_days_actions(room, dice, numbers))()
        except SocialdeskError:
            refused += 1  # people try what cannot be done; it must leave nothing behind
        assert not any(desk.connection.in_transaction for desk in room.desks())

    assert refused < 100
    lists_add_up(room)
    assert room.faults() == ()
    assert room.rows(
        "SELECT count(*) FROM timers t JOIN conversations c ON c.id = t.conversation_id"
        " WHERE c.merged_into IS NOT NULL"
    ) == [(0,)]
