"""The sandbox: a day at Acme whose customers answer and whose colleagues approve, and nobody outside hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from socialdesk.clock import HOUR, MINUTE, SECOND, FixedClock
from socialdesk.config import Config, shipped
from socialdesk.desk import outbox, replies, sandbox, sandbox_day, timers
from socialdesk.desk.session import Desk, open_desk
from socialdesk.errors import SocialdeskError
from socialdesk.inbox import audit, conversations, drafts, queue
from socialdesk.inbox.connection import get_meta
from socialdesk.model import Millis
from tests.desk.room import ADDRESSED, TUESDAY, Room


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    config = Config(folder / "unused.db", shipped("policies"))
    return sandbox.make_demo(config, folder, clock=FixedClock(TUESDAY + 6 * HOUR)).inbox


@pytest.fixture
def desk(day: Path, tmp_path: Path) -> Iterator[Desk]:
    import shutil

    inbox = tmp_path / "demo.db"
    shutil.copy(day, inbox)
    clock = FixedClock(TUESDAY + 6 * HOUR)
    opened = open_desk(Config(inbox, shipped("policies"), agent="ana"), clock=clock, environ={})
    yield opened
    opened.close()


def view(desk: Desk, name: str) -> list[queue.QueueRow]:
    views = {one.name: one for one in queue.standard_views("ana")}
    return queue.page(desk.connection, views[name], 500)


def by_author(desk: Desk, author: str) -> int:
    return next(int(row.id) for row in view(desk, "all") if row.author == author)


def move_on(desk: Desk, millis: int) -> None:
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(millis)
    timers.tick(desk)
    outbox.deliver_due(desk)
    sandbox.live(desk)


def test_the_day_is_a_day_an_agent_would_believe(desk: Desk) -> None:
    rows = view(desk, "all")

    assert len(rows) > 80
    assert len({row.network for row in rows}) >= 5
    assert 20 <= len(view(desk, "queue")) <= 80
    assert view(desk, "queue")[0].critical
    assert {row.status for row in rows} >= {
        "new",
        "watching",
        "waiting",
        "escalated",
        "resolved",
        "dismissed",
    }
    assert audit.verify(desk.connection).faults == ()


def test_the_second_voice_has_moved_the_first_conversation(desk: Desk) -> None:
    case = conversations.get(desk.connection, by_author(desk, "pietje_puck81"))

    assert case.case_name == "intervene"
    assert case.issue_id is not None


def test_nobody_is_lost_when_the_timers_tick_before_the_people_act(desk: Desk) -> None:
    before = len(view(desk, "all"))
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(30 * MINUTE)

    timers.tick(desk)
    arrived = sandbox.live(desk)

    assert sum("writes on" in words for words in arrived) >= sandbox_day.STILL_TO_COME
    assert len(view(desk, "all")) > before


def test_customers_answer_what_the_agent_sends(desk: Desk) -> None:
    spoken = []
    for row in view(desk, "queue"):
        if row.critical or row.private or row.network == "feed":
            continue
        try:
            draft = replies.submit(desk, row.id, replies.draft(desk, row.id, reply="stay-kind").id)
            outbox.queue(desk, row.id, draft.id)
            spoken.append(row.id)
        except SocialdeskError:
            continue  # too new, or somebody must read it
        if len(spoken) == 8:
            break
    move_on(desk, 15 * SECOND)
    before = {number: conversations.get(desk.connection, number).message_count for number in spoken}

    for _ in range(12):
        move_on(desk, 20 * MINUTE)

    after = {number: conversations.get(desk.connection, number).message_count for number in spoken}
    assert len(spoken) == 8
    assert any(after[number] > before[number] for number in spoken)
    assert audit.verify(desk.connection).faults == ()


def test_a_colleague_decides_on_what_is_handed_in(desk: Desk) -> None:
    number = by_author(desk, "pietje_puck81")
    from socialdesk.desk import posts

    draft = posts.post(desk, number, reply="holding-message")
    replies.submit(desk, number, draft.id)

    for _ in range(6):
        move_on(desk, 2 * MINUTE)

    decided = drafts.get(desk.connection, draft.id)
    assert decided.status in ("approved", "rejected")
    assert decided.approver != "ana"


def test_living_twice_does_nothing_twice(desk: Desk) -> None:
    move_on(desk, 30 * MINUTE)

    assert sandbox.live(desk) == []


def test_an_inbox_with_real_mentions_is_left_alone(tmp_path: Path, room: Room) -> None:
    room.say(ADDRESSED)
    room.ana.connection.execute("UPDATE meta SET value = '0' WHERE key = 'sandbox'")

    with pytest.raises(SocialdeskError, match="real mentions"):
        sandbox.mark_sandbox(room.inbox, room.clock)

    assert get_meta(room.ana.connection, "sandbox") == "0"


def test_no_post_of_the_day_comes_from_the_future_and_threads_keep_their_order() -> None:
    now = Millis(1_800_000_000_000)
    posts = sandbox_day.brought_forward(list(sandbox_day.day_at_acme(now)), now)
    created = {m.external_id: m.created for m in posts if not m.edited and not m.deleted}
    assert max(created.values()) <= now
    assert all(created[m.reply_to] < m.created for m in posts if m.reply_to in created)
