"""Killing a desk at any instant loses nothing and doubles nothing; fifty real kills, at moments drawn by dice."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from socialdesk.clock import FixedClock
from socialdesk.desk import outbox, replies
from socialdesk.desk.importing import announce, import_paths
from socialdesk.desk.outbox import LEASE
from socialdesk.desk.senders import sandbox_file
from socialdesk.inbox.connection import open_inbox
from socialdesk.networks.sandbox import sent_since
from tests.desk.posts_of_a_day import NOW, Posts, components, posts
from tests.desk.processes import desk_at, go, kill_after, make_sandbox, one_after_another, result_of
from tests.desk.soundness import assert_sound, texts_of, threads_of

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

KILLS = 25
"""Of an import; as many of a sender."""

ANSWERS = 90
"""Approved and due in the outbox."""


def test_killing_an_import_at_any_instant_loses_and_doubles_nothing(tmp_path: Path) -> None:
    day = posts(600, seed=1)
    file = day.write(tmp_path / "day.jsonl")
    empty = make_sandbox(tmp_path / "empty.db")
    keep_company(empty)
    dice = random.Random(2)
    with one_after_another() as children:
        inbox = fresh_copy(empty, tmp_path / "measured.db")
        started = time.monotonic()
        result_of(go(next(children), "import", inbox=str(inbox), files=[str(file)]))
        needed = time.monotonic() - started
        assert_holds_all(inbox, day)

        kills, number = 0, 0
        inbox = fresh_copy(empty, tmp_path / "0.db")
        while kills < KILLS:
            child = go(next(children), "import", inbox=str(inbox), files=[str(file)])
            started = time.monotonic()
            if kill_after(child, dice.uniform(0, needed)):
                kills += 1
                assert_sound(inbox)
                assert texts_of(inbox).keys() <= day.texts.keys()
                if dice.random() < 0.5:
                    continue  # the next one is killed in what this one has left
                finish_import(inbox, file, day)
            else:
                needed = min(needed, time.monotonic() - started)
                assert_holds_all(inbox, day)
            number += 1
            inbox = fresh_copy(empty, tmp_path / f"{number}.db")
    finish_import(inbox, file, day)


def keep_company(inbox: Path) -> None:
    """Say that a desk is open there, so that an import goes in many small transactions."""
    desk = desk_at(inbox, now=NOW * 2)
    announce(desk, "a colleague")
    desk.close()


def fresh_copy(inbox: Path, copy: Path) -> Path:
    """The inbox once more; nothing has it open."""
    connection = open_inbox(inbox)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copyfile(inbox, copy)
    return copy


def finish_import(inbox: Path, file: Path, day: Posts) -> None:
    """What a person does after a crash: the same command again."""
    desk = desk_at(inbox)
    result = import_paths(desk, [file], network="forum")
    desk.close()
    assert result.read == len(day.rows)
    assert result.read == result.stored + result.updated + result.known + result.refused
    assert_holds_all(inbox, day)


def assert_holds_all(inbox: Path, day: Posts) -> None:
    """Every post of the day once, in its thread, and every refusal once."""
    assert_sound(inbox)
    assert texts_of(inbox) == day.texts
    assert threads_of(inbox) == components(day.texts, day.replies)
    connection = open_inbox(inbox)
    assert connection.execute("SELECT count(*) FROM refusals").fetchone()[0] == day.refused
    connection.close()


def test_killing_the_first_start_leaves_an_inbox_that_opens(tmp_path: Path) -> None:
    dice = random.Random(3)
    with one_after_another() as children:
        started = time.monotonic()
        result_of(go(next(children), "open", inbox=str(tmp_path / "measured.db")))
        needed = time.monotonic() - started
        for number in range(5):
            inbox = tmp_path / f"{number}.db"
            kill_after(go(next(children), "open", inbox=str(inbox)), dice.uniform(0, needed))
            assert_sound(inbox)


@pytest.fixture(scope="module")
def full_outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with approved answers that are due: written by an agent, and by a trainee and read by a lead."""
    inbox = make_sandbox(tmp_path_factory.mktemp("outbox") / "inbox.db")
    file = posts(220, seed=4).write(inbox.with_name("day.jsonl"))
    ana, ben, lee = (desk_at(inbox, login, now=NOW) for login in ("ana", "ben", "lee"))
    import_paths(ana, [file], network="forum")
    numbers = [
        row[0]
        for row in ana.connection.execute(
            "SELECT id FROM conversations WHERE status IN ('new', 'escalated') AND merged_into IS NULL"
            f" ORDER BY id LIMIT {ANSWERS}"
        )
    ]
    assert len(numbers) == ANSWERS
    later = FixedClock(NOW + 3_600_000)
    for index, number in enumerate(numbers):
        author = ben if index % 2 else ana
        author.clock = lee.clock = later
        draft = replies.draft(author, number, text=f"We are on it, one moment please. ({number})")
        if replies.submit(author, number, draft.id).status == "submitted":
            replies.approve(lee, number, draft.id)
        outbox.queue(author, number, draft.id)
    for desk in (ana, ben, lee):
        desk.close()
    assert_sound(inbox)
    return inbox


@pytest.mark.parametrize(("plain", "wanted"), [(False, 13), (True, 12)], ids=["keyed", "plain"])
def test_killing_a_sender_at_any_instant_sends_nothing_twice_and_loses_nothing(
    full_outbox: Path, tmp_path: Path, plain: bool, wanted: int
) -> None:
    """On networks that know a message again by its key, and on those that do not."""
    dice = random.Random(5)
    now, kills, number = NOW + 2 * 3_600_000, 0, 0
    inbox = fresh_copy(full_outbox, tmp_path / "0.db")
    with one_after_another() as children:
        while kills < wanted:
            child = go(next(children), "deliver", inbox=str(inbox), now=now, plain=plain)
            if kill_after(child, dice.uniform(0, 0.25)):
                kills += 1
                assert_sound(inbox)
                assert_nothing_sent_twice(inbox)
                now += dice.choice([0, LEASE + 1])  # the next sender comes at once, or after the lease
            else:
                assert_all_settled(inbox, next(children), now, plain=plain)
                number += 1
                inbox = fresh_copy(full_outbox, tmp_path / f"{number}.db")
        assert_all_settled(inbox, next(children), now, plain=plain)


def assert_nothing_sent_twice(inbox: Path) -> None:
    """Nobody gets the same words twice; each approved text carries its own number."""
    texts = Counter(sent.outgoing.text for sent in sent_since(sandbox_file(inbox))[0])
    assert [text for text, times in texts.items() if times > 1] == []


def assert_all_settled(inbox: Path, child: subprocess.Popen[str], now: int, *, plain: bool) -> None:
    """After one more sender every approved text went out once and stands in its thread once, with its receipt.

    Where the network cannot tell one message from another, what died on its way is left to a person:
    it has not gone out, and will not by itself.
    """
    result_of(go(child, "deliver", inbox=str(inbox), now=now + LEASE + 1, plain=plain))
    assert_sound(inbox)
    assert_nothing_sent_twice(inbox)
    connection = open_inbox(inbox)
    drafts = connection.execute("SELECT status, text, sent_external_id, message_id FROM drafts").fetchall()
    connection.close()
    assert len(drafts) == ANSWERS
    sent = {one.receipt.external_id: one.outgoing.text for one in sent_since(sandbox_file(inbox))[0]}
    done = [row for row in drafts if row["status"] == "sent"]
    assert {row["sent_external_id"]: row["text"] for row in done} == sent == texts_of(inbox, "out")
    assert all(row["message_id"] for row in done)
    left = {row["status"] for row in drafts if row["status"] != "sent"}
    assert left <= ({"unsure"} if plain else set())
