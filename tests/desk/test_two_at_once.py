"""Several processes at one inbox are normal: nobody meets a locked file, loses a row or takes a colleague's case."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

from socialdesk.desk.importing import import_paths
from socialdesk.desk.senders import sandbox_file
from socialdesk.inbox.connection import open_inbox
from socialdesk.networks.sandbox import sent_since
from tests.desk.posts_of_a_day import components, posts
from tests.desk.processes import crew, desk_at, go, make_sandbox, result_of
from tests.desk.soundness import assert_sound, texts_of, threads_of

if TYPE_CHECKING:
    from pathlib import Path


def test_two_imports_and_two_desks_at_once(tmp_path: Path) -> None:
    inbox = make_sandbox(tmp_path / "inbox.db")
    begun = posts(200, seed=1, size=1_000)
    desk = desk_at(inbox)
    import_paths(desk, [begun.write(tmp_path / "0.jsonl")], network="forum")
    desk.close()
    days = [posts(500, seed=2, first=100, size=1_000), posts(600, seed=3, first=400, size=1_000)]
    files = [str(day.write(tmp_path / f"{number}.jsonl")) for number, day in enumerate(days, 1)]

    ana, chloe, *imports = crew(4)
    for seed, (child, login) in enumerate(((ana, "ana"), (chloe, "chloe"))):
        go(child, "work", inbox=str(inbox), login=login, rounds=60, seed=seed)
    for child, file in zip(imports, files, strict=True):
        go(child, "import", inbox=str(inbox), files=[file])
    counts = [result_of(child) for child in imports]
    claimed = [result_of(child) for child in (ana, chloe)]

    assert_sound(inbox)
    for (read, stored, updated, known, refused), day in zip(counts, days, strict=True):
        assert read == len(day.rows) == stored + updated + known + refused
    texts = {**begun.texts, **days[0].texts, **days[1].texts}
    replies = {**begun.replies, **days[0].replies, **days[1].replies}
    assert texts_of(inbox) == texts
    ours = texts_of(inbox, "out").keys()
    assert {frozenset(thread.difference(ours)) for thread in threads_of(inbox)} == components(texts, replies)
    assert all(len(numbers) > 10 for numbers in claimed)
    assert_nobody_took_a_colleagues_case(inbox)
    assert_each_answer_went_out_once(inbox)


def assert_nobody_took_a_colleagues_case(inbox: Path) -> None:
    """By the record: a claim follows a release, unless it is the first or one's own again."""
    connection = open_inbox(inbox)
    merged = dict(
        connection.execute("SELECT id, merged_into FROM conversations WHERE merged_into IS NOT NULL")
    )
    holders: dict[int, str] = {}
    taken = []
    for row in connection.execute(
        "SELECT kind, agent, conversation_id FROM events WHERE kind IN ('claimed', 'released', 'merged') ORDER BY seq"
    ):
        number = row["conversation_id"]
        if row["kind"] == "claimed":
            if holders.setdefault(number, row["agent"]) != row["agent"]:
                taken.append((number, holders[number], row["agent"]))
        elif row["kind"] == "released":
            holders.pop(number, None)
        elif number in holders:
            holders.setdefault(merged[number], holders.pop(number))
    connection.close()
    assert taken == []


def assert_each_answer_went_out_once(inbox: Path) -> None:
    """What both desks' outboxes delivered: every queued draft once, and nothing else."""
    sent = Counter(
        one.outgoing.text for one in sent_since(sandbox_file(inbox))[0] if one.outgoing.kind == "reply"
    )
    connection = open_inbox(inbox)
    drafts = Counter(row[0] for row in connection.execute("SELECT text FROM drafts WHERE status = 'sent'"))
    waiting = connection.execute(
        "SELECT count(*) FROM drafts WHERE status IN ('queued', 'sending', 'unsure', 'failed')"
    ).fetchone()[0]
    connection.close()
    assert sent == drafts
    assert drafts
    assert max(drafts.values()) == 1
    assert waiting <= 1


def test_the_same_file_imported_twice_at_once_is_stored_once(tmp_path: Path) -> None:
    inbox = make_sandbox(tmp_path / "inbox.db")
    day = posts(400, seed=5)
    file = str(day.write(tmp_path / "day.jsonl"))
    children = crew(3)
    for child in children:
        go(child, "import", inbox=str(inbox), files=[file])
    counts = [result_of(child) for child in children]
    assert sum(stored for _read, stored, *_rest in counts) == len(day.texts)
    assert_sound(inbox)
    assert texts_of(inbox) == day.texts


def test_processes_that_make_the_same_new_inbox_at_once_make_one(tmp_path: Path) -> None:
    made: set[str] = set()
    for number in range(4):
        inbox = tmp_path / f"{number}.db"
        children = crew(3)
        for child in children:
            go(child, "open", inbox=str(inbox))
        names = {result_of(child) for child in children}
        assert len(names) == 1
        assert names != {None}
        made |= names
        connection = open_inbox(inbox)
        applied = [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations")]
        connection.close()
        assert len(applied) == len(set(applied)) >= 3
        assert_sound(inbox)
    assert len(made) == 4  # each inbox has a name of its own, which its messages carry


def test_a_reader_is_not_kept_waiting_by_a_writer(tmp_path: Path) -> None:
    inbox = make_sandbox(tmp_path / "inbox.db")
    desk = desk_at(inbox)
    import_paths(desk, [posts(30, seed=6).write(tmp_path / "day.jsonl")], network="forum")
    desk.close()
    writer = sqlite3.connect(inbox, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert len(texts_of(inbox)) == 30
    finally:
        writer.close()
