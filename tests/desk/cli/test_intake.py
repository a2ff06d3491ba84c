"""Bringing posts, channels and customers in by commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.cli.commands import Commands
    from tests.desk.cli.conftest import Feed

COUNTED = {"read", "stored", "updated", "known", "refused", "seconds"}


def test_an_import_ends_with_what_it_counted(commands: Commands, feed: Feed) -> None:
    file = feed.file(feed.post("@AcmeCustServ hello"), feed.post("love my Acme widget"), {"id": "no text"})
    first = commands("import", file, "--json")
    assert first.code == 0
    assert first.json().keys() == COUNTED
    assert (first.json()["read"], first.json()["stored"], first.json()["refused"]) == (3, 2, 1)
    again = commands("import", file, "--json").json()
    assert (again["stored"], again["updated"], again["known"]) == (0, 0, 2)


def test_refusals_tell_file_line_and_reason(commands: Commands, feed: Feed) -> None:
    assert commands("refusals").code == 3
    file = feed.file(feed.post("@AcmeCustServ hello"), {"id": "no text"})
    commands("import", file)
    refused = commands("refusals", "--json").json()
    assert (refused["source"], refused["line"]) == (str(file), 2)
    assert "text" in refused["reason"]
    assert json.loads(refused["raw"]) == {"id": "no text"}
    assert f"{file}:2" in commands("refusals").out


def test_a_csv_export_is_read_by_its_columns(commands: Commands, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(
        "n,Body,Who,When\n1,@AcmeCustServ my widget broke,jo,2026-11-20T10:00:00Z\n", encoding="utf-8"
    )
    columns = "text=Body,id=n,author=Who,created=When"
    assert commands("import", file, "--map", columns, "--network", "forum", "--json").json()["stored"] == 1
    row = commands("list", "--json").json()
    assert (row["author"], row["network"]) == ("jo", "forum")
    wrong = commands("import", file, "--map", "txet=Body")
    assert wrong.code == 2
    assert "did you mean 'text'" in wrong.err


def test_history_starts_no_clock(commands: Commands, feed: Feed) -> None:
    commands("import", feed.file(feed.post("@AcmeCustServ my widget broke", minutes=90_000)), "--history")
    row = commands("list", "--json").json()
    assert (row["history"], row["due_at"]) == (True, None)


def test_a_file_that_is_not_there_is_a_failure(commands: Commands, tmp_path: Path) -> None:
    ran = commands("import", tmp_path / "nothing.jsonl", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert "does not exist" in ran.err


def test_channels_are_pulled_and_a_broken_one_fails_alone(
    commands: Commands, feed: Feed, tmp_path: Path
) -> None:
    assert commands("pull").code == 3
    file = feed.file(feed.post("@AcmeCustServ my widget broke"))
    channels = [
        {"name": "good", "network": "spool", "source": str(file)},
        {"name": "bad", "network": "feed", "source": str(tmp_path / "missing.xml")},
    ]
    with commands.config.open("a", encoding="utf-8") as config:
        config.write(f"channels: {json.dumps(channels)}\n")
    ran = commands("pull", "--json")
    assert ran.code == 1
    good, bad = ran.lines()
    assert (good["channel"], good["stored"], good["error"]) == ("good", 1, None)
    assert bad["error"]
    assert "bad fails" in ran.err
    assert len(commands("list", "--json").lines()) == 1
    assert any(
        "bad" in line["what"] and line["state"] == "warning" for line in commands("doctor", "--json").lines()
    )


def test_customers_are_known_when_they_write(commands: Commands, feed: Feed, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(
        "handle,email,reference,product,bought,open_ticket,tags\n"
        "jane,jane@example.com,AC-1,widget,2026-01-05,T-9,pro\n,,,,,,\n",
        encoding="utf-8",
    )
    counted = commands("customers", "import", file, "--json").json()
    assert counted.keys() == COUNTED
    assert (counted["stored"], counted["refused"]) == (1, 1)
    assert commands("customers", "import", file, "--json").json()["stored"] == 0
    commands("import", feed.file(feed.post("@AcmeCustServ my widget broke")))
    customer = commands("show", 1, "--json").json()["customer"]
    assert (customer["reference"], customer["open_ticket"]) == ("AC-1", "T-9")
    assert "AC-1" in commands("show", 1).out
