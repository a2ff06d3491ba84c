"""Folders and files that other programs fill badly: the bad line is refused, everything else goes in."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk.channels import Town
from tests.networks.server import WebServer

LONG = 50_000
"""Lines of a long file; the million is slow."""

HEADER = "id,text,author,created\n"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town with a spool folder that is pulled, and a second channel that must not suffer."""
    with WebServer().running() as web:
        town = Town(tmp_path, web)
        (tmp_path / "spool").mkdir()
        town.channel("spool", "spool", "spool")
        town.feed("z", "bye")
        yield town


def post(number: int, text: str | None = None) -> str:
    """One mention as a line of JSON."""
    words = {
        "id": str(number),
        "text": text or f"post {number}",
        "author": "ann",
        "created": "2026-01-02T03:04:05Z",
    }
    return json.dumps(words) + "\n"


def old(file: Path, content: str | bytes) -> Path:
    """A file that nobody has written to for a while."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    return file


def brought(results: dict[str, Any]) -> tuple[int, int]:
    """What the spool brought: stored and refused."""
    return results["spool"]["stored"], results["spool"]["refused"]


def assert_pulling_again_changes_nothing(town: Town) -> None:
    before = town.run("list", "--json").out, town.run("refusals", "--json").out
    for _ in range(2):
        ran, results = town.pull()
        assert (ran.code, ran.err) == (0, "")
        assert brought(results) == (0, 0)
    assert (town.run("list", "--json").out, town.run("refusals", "--json").out) == before


BAD_LINES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"half a {thought\n", "not JSON"),
    "a list": (b'["id", "text"]\n', "object"),
    "no id": (b'{"text": "hi", "author": "ann", "created": "2026-01-02"}\n', "no id"),
    "no date": (b'{"id": "7", "text": "hi", "author": "ann", "created": "soon"}\n', "date"),
    "binary": (bytes(range(9)) + b"\x00\xff\xfe\n", "not JSON"),
    "deep": (b"[" * 200_000 + b"\n", "too deeply"),
    "huge number": (b'{"id": ' + b"9" * 5_000 + b', "text": "x", "author": "a", "created": 1}\n', ""),
    "two in one": (b'{"id": "1"} {"id": "2"}\n', "more after"),
    "overlong": (b'{"id": "x", "text": "' + b"a" * 5_000_000 + b'"}\n', "longer than 4 MiB"),
}


@pytest.mark.parametrize(("bad", "says"), BAD_LINES.values(), ids=BAD_LINES)
def test_one_bad_line_among_many(town: Town, bad: bytes, says: str) -> None:
    lines = [post(number).encode() for number in range(300)]
    old(town.folder / "spool" / "day.jsonl", b"".join([*lines[:200], bad, *lines[200:]]))
    ran, results = town.pull()
    assert (ran.code, brought(results)) == (0, (300, 1))
    (refusal,) = town.refusals()
    assert (refusal["line"], refusal["source"]) == (201, str(town.folder / "spool" / "day.jsonl"))
    assert says in refusal["reason"]
    assert len(refusal["raw"]) < 10_000
    assert "bye" in town.texts()
    assert_pulling_again_changes_nothing(town)


def test_files_that_are_something_else_hide_no_other(town: Town) -> None:
    spool = town.folder / "spool"
    old(spool / "a.jsonl", "[\n" + post(1).rstrip() + ",\n" + post(2).rstrip() + "\n]\n")
    old(spool / "b.jsonl", "")
    old(spool / "c.csv", "")
    old(spool / "d.csv", "colour,size\nred,1\n")
    old(spool / "e.xml", "<html><body>Sign in</body></html>")
    old(spool / "f.json", bytes(2_000))
    (spool / "g.jsonl").mkdir()
    (spool / "h.jsonl").symlink_to(spool / "nowhere")
    os.mkfifo(spool / "i.jsonl")
    old(spool / "z.jsonl", post(3))
    ran, results = town.pull()
    assert (ran.code, results["spool"]["stored"]) == (0, 1)
    reasons = {Path(one["source"]).name: one["reason"] for one in town.refusals()}
    assert {"a.jsonl", "d.csv", "e.xml", "f.json", "h.jsonl"} <= reasons.keys()
    assert "one object a line" in reasons["a.jsonl"]
    assert "is no feed" in reasons["e.xml"]
    assert {"b.jsonl", "c.csv", "g.jsonl", "i.jsonl"}.isdisjoint(reasons)
    assert town.texts() == {"post 3", "bye"}
    assert_pulling_again_changes_nothing(town)


def test_a_file_whose_name_is_no_text(town: Town) -> None:
    name = os.fsencode(town.folder / "spool") + b"/caf\xe9.jsonl"
    Path(os.fsdecode(name)).write_text(post(1) + "nonsense\n" + post(2))
    ran, results = town.pull()
    assert (ran.code, brought(results)) == (0, (2, 1))
    assert "caf�.jsonl" in town.refusals()[0]["source"]
    assert town.run("show", "1").code == 0
    assert_pulling_again_changes_nothing(town)


def test_halves_of_characters_in_every_place(town: Town) -> None:
    half = "x\\ud800y"
    fields = ("id", "author", "name", "language", "url", "reply_to", "quote_of", "text", "else")
    line = ", ".join(f'"{name}": "{half}"' for name in fields)
    nested = f'"metrics": {{"{half}": 1}}, "profile": {{"bio": "{half}", "{half}": ["{half}"]}}'
    row = f'{{{line}, {nested}, "created": "2026-01-02"}}\n'
    old(town.folder / "spool" / "a.jsonl", row + row.replace("2026-01-02", half) + post(1))
    item = f'{{"id": "{half}", "content_text": "{half}", "author": {{"name": "{half}"}}, "_x": "{half}"}}'
    items = f'[{item}, {{"id": "{half}"}}]'
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "{half}", "items": {items}}}'
    town.channel("feed", "feed", old(town.folder / "feed.json", feed))
    ran, results = town.pull()
    assert (ran.code, brought(results)) == (0, (2, 1))
    assert (results["feed"]["stored"], results["feed"]["refused"]) == (1, 1)
    assert town.texts() == {"x�y", "post 1", "bye"}
    assert [town.run("show", number, "--json").code for number in (1, 2, 3, 4)] == [0] * 4
    assert_pulling_again_changes_nothing(town)


def test_a_file_that_disappears_and_comes_back(town: Town) -> None:
    file = old(town.folder / "one.jsonl", post(1))
    town.channel("one", "spool", file)
    assert town.pull()[1]["one"]["stored"] == 1
    file.unlink()
    ran, results = town.pull()
    assert ran.code == 1
    assert "does not exist" in results["one"]["error"]
    assert "one.jsonl does not exist" in ran.err
    assert town.health("one")["state"] == "warning"
    old(file, post(1) + post(2))
    ran, results = town.pull()
    assert (ran.code, results["one"]["stored"]) == (0, 1)
    assert "one works again" in ran.err
    assert town.texts() == {"post 1", "post 2", "bye"}


def test_a_channel_that_another_desk_is_pulling_is_left_to_it_until_that_desk_has_died(town: Town) -> None:
    old(town.folder / "spool" / "a.jsonl", post(1))
    town.pull()
    old(town.folder / "spool" / "a.jsonl", post(1) + post(2))
    with contextlib.closing(sqlite3.connect(town.folder / "inbox.db")) as connection:
        soon = time.time_ns() // 1_000_000 + 60_000
        connection.execute("INSERT INTO leases VALUES ('channel:spool', 'run-1', ?, 1)", (soon,))
        connection.commit()
        ran, results = town.pull()
        assert (ran.code, results["spool"]["skipped"]) == (0, "another desk is pulling it")
        assert brought(results) == (0, 0)
        connection.execute("UPDATE leases SET until = 1 WHERE name = 'channel:spool'")
        connection.commit()
        assert brought(town.pull()[1]) == (1, 0)
        assert connection.execute("SELECT count(*) FROM leases WHERE name LIKE 'channel:%'").fetchone() == (
            0,
        )


def test_an_empty_folder_waits_in_peace_and_a_missing_one_is_told(town: Town) -> None:
    ran, results = town.pull()
    assert (ran.code, ran.err, brought(results)) == (0, "", (0, 0))
    (town.folder / "spool").rmdir()
    ran, results = town.pull()
    assert ran.code == 1
    assert "does not exist" in results["spool"]["error"]
    (town.folder / "spool").mkdir()
    old(town.folder / "spool" / "notes.txt", "nothing for us")
    ran, results = town.pull()
    assert ran.code == 1
    assert "*.jsonl" in results["spool"]["error"]


def test_columns_named_later_let_a_refused_file_in(town: Town) -> None:
    old(town.folder / "spool" / "a.csv", "nr,says,who,when\n1,hello,ann,2026-01-02\n")
    ran, results = town.pull()
    assert (ran.code, brought(results)) == (0, (0, 1))
    columns = {"id": "nr", "text": "says", "author": "who", "created": "when"}
    town.channel("spool", "spool", "spool", map=columns)
    ran, results = town.pull()
    assert (ran.code, brought(results)) == (0, (1, 0))
    assert_pulling_again_changes_nothing(town)


def test_a_row_that_is_still_being_written_is_not_read_by_halves(town: Town) -> None:
    """The last column is the id: half of it would be another post."""
    file = town.folder / "spool" / "a.csv"
    file.write_text("text,author,created,id\nhello,ann,2026-01-02,4711")
    started = time.time()
    town.pull()
    assert time.time() - os.stat(file).st_mtime >= 1
    assert time.time() - started < 10
    assert town.texts() == {"hello", "bye"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_read_permission_goes_in_once_it_has_one(town: Town) -> None:
    file = old(town.folder / "spool" / "a.jsonl", post(1))
    file.chmod(0)
    assert brought(town.pull()[1]) == (0, 1)
    assert "cannot be read" in town.refusals()[0]["reason"]
    file.chmod(0o600)
    assert brought(town.pull()[1]) == (1, 0)


def rows_of(number: int, bad: int) -> Iterator[str]:
    yield HEADER
    for row in range(1, number + 1):
        yield f"{row},post {row},ann{row % 977},2026-01-02 03:04:05\n" if row != bad else f"{row},post\n"


@pytest.mark.parametrize("number", [LONG, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_long_file_with_one_bad_line(town: Town, number: int) -> None:
    bad = number * 2 // 3
    file = town.folder / "big.csv"
    with file.open("w") as out:
        out.writelines(rows_of(number, bad))
    ran = town.run("import", str(file), "--history", "--json")
    counted = ran.json()
    assert (ran.code, counted["read"]) == (0, number)
    assert (counted["stored"], counted["refused"], counted["known"]) == (number - 1, 1, 0)
    (refusal,) = town.refusals()
    assert (refusal["line"], refusal["raw"]) == (bad + 1, f"{bad},post")
    assert refusal["reason"] == "the row has 2 columns, the header 4"
    if number == LONG:
        return  # a file of another test shows that importing again changes nothing
    again = town.run("import", str(file), "--history", "--json").json()
    assert (again["stored"], again["updated"], again["known"], again["refused"]) == (0, 0, number - 1, 1)
