"""Real exports go in whole: counts add up, reading them again changes nothing, threads are what replies say."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from socialdesk.desk.importing import ImportResult, announce, import_paths
from socialdesk.inbox.connection import open_inbox
from socialdesk.networks.mapping import parse_map
from tests.desk.hostile import DATA, write_hostile
from tests.desk.posts_of_a_day import components
from tests.desk.processes import desk_at, make_sandbox
from tests.desk.soundness import assert_sound, threads_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports (../shared/data) are not at hand")

TWCS = "text=text,id=tweet_id,author=author_id,created=created_at,reply_to=in_response_to_tweet_id"
AIRLINE = "text=text,id=tweet_id,author=name,created=tweet_created"

Source = Callable[["Path"], tuple["Path", str | None]]


def twcs(name: str) -> Source:
    """A file of Customer Support on Twitter."""
    return lambda folder: (DATA / "twcs" / name, TWCS)


def airline(folder: Path) -> tuple[Path, str | None]:
    """Tweets to airlines."""
    return DATA / "airline" / "tweets.csv", AIRLINE


def care(folder: Path) -> tuple[Path, str | None]:
    """Two-sided conversations, as JSON Lines in an order of the dice."""
    rows: list[dict[str, Any]] = []
    for talk in json.loads((DATA / "care" / "conversations.json").read_text(encoding="utf-8")):
        before = None
        for turn in talk["dialogContent"]:
            rows.append(
                {
                    "id": str(turn["tweet_ID"]),
                    "text": turn["message"],
                    "author": next(turn[who] for who in ("client", "client1", "agent") if who in turn),
                    "created": turn["datetime"],
                    "reply_to": before,
                }
            )
            before = str(turn["tweet_ID"])
    random.Random(1).shuffle(rows)
    file = folder / "care.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file, None


def naughty(folder: Path) -> tuple[Path, str | None]:
    """Every naughty string as a mention, as a name, as an address."""
    texts = json.loads((DATA / "torture" / "blns.json").read_text(encoding="utf-8"))
    return write_hostile(folder / "naughty.jsonl", texts), None


SOURCES: dict[str, Source] = {
    "twcs": twcs("twcs_5k.csv"),
    "twcs_random": twcs("twcs_random_small.csv"),
    "airline": airline,
    "care": care,
    "naughty": naughty,
}


def read_in(inbox: Path, file: Path, columns: str | None) -> ImportResult:
    """What the command does."""
    desk = desk_at(inbox)
    try:
        return import_paths(desk, [file], mapping=parse_map(columns) if columns else None, network="x")
    finally:
        desk.close()


def everything(inbox: Path) -> dict[str, list[str]]:
    """All rows of all tables."""
    connection = open_inbox(inbox)
    try:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'messages_fts%'"
            )
        ]
        return {
            name: sorted(map(repr, map(tuple, connection.execute(f"SELECT * FROM {name}"))))
            for name in tables
        }
    finally:
        connection.close()


def links_of(inbox: Path) -> tuple[list[str], dict[str, str]]:
    """The stored messages and whom they say they answer."""
    connection = open_inbox(inbox)
    rows = connection.execute("SELECT external_id, reply_to FROM messages").fetchall()
    connection.close()
    return [row[0] for row in rows], {row[0]: row[1] for row in rows if row[1] is not None}


@pytest.mark.parametrize("name", SOURCES)
def test_an_export_goes_in_once_and_whole(name: str, tmp_path: Path) -> None:
    inbox = make_sandbox(tmp_path / "inbox.db")
    file, columns = SOURCES[name](tmp_path)
    result = read_in(inbox, file, columns)
    assert result.read == result.stored + result.updated + result.known + result.refused
    assert result.stored > 300
    assert result.read >= rows_in(file)
    assert result.refused <= result.read / 50
    assert_sound(inbox)
    ids, replies = links_of(inbox)
    assert len(ids) == len(set(ids)) == result.stored
    assert threads_of(inbox) == components(ids, replies)

    before = everything(inbox)
    again = read_in(inbox, file, columns)
    assert (again.read, again.stored, again.updated) == (result.read, 0, 0)
    assert everything(inbox) == before


def rows_in(file: Path) -> int:
    """The rows that a plain reader finds in a file, its header not counted."""
    with file.open(encoding="utf-8", newline="") as handle:
        if file.suffix == ".csv":
            return sum(1 for row in csv.reader(handle) if row) - 1
        return sum(1 for line in handle if line.strip())


def test_threads_do_not_depend_on_the_order_or_size_of_batches(tmp_path: Path) -> None:
    file, columns = twcs("twcs_5k.csv")(tmp_path)
    with file.open(encoding="utf-8", newline="") as handle:
        header, *rows = list(csv.reader(handle))
    rows = [row for row in rows if len(row) == len(header)][:1_500]
    random.Random(7).shuffle(rows)
    shuffled = tmp_path / "shuffled.csv"
    with shuffled.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    alone, busy = make_sandbox(tmp_path / "alone.db"), make_sandbox(tmp_path / "busy.db")
    read_in(alone, shuffled, columns)
    desk = desk_at(busy)
    announce(desk, "a colleague")  # small batches, so that hundreds of cases are joined later
    desk.close()
    read_in(busy, shuffled, columns)
    assert_sound(busy)
    ids, replies = links_of(busy)
    assert threads_of(busy) == threads_of(alone) == components(ids, replies)
