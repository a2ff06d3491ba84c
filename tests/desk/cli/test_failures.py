"""What a person reads when something fails: one sentence and an exit code, never a traceback."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from socialdesk.desk import casework
from tests.desk.cli.commands import Commands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.cli.conftest import Feed


def told(ran: object) -> str:
    """The one line that a failed command wrote."""
    err = str(getattr(ran, "err", ""))
    assert err.startswith("socialdesk: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_a_stranger_may_look_but_not_write(tmp_path: Path, settings: Path, feed: Feed) -> None:
    stranger = Commands(tmp_path / "real.db", settings, "lee")
    assert stranger("import", feed.file(feed.post("@AcmeCustServ my widget broke"))).code == 0
    assert stranger("list").code == stranger("show", 1).code == stranger("explain", 1).code == 0
    for words in (
        ("claim", 1),
        ("draft", 1, "--text", "x"),
        ("note", 1, "x"),
        ("undo",),
        ("list", "--view", "mine"),
    ):
        refused = stranger(*words)
        assert refused.code == 4
        assert "team.yaml" in told(refused)
        assert refused.out == ""
    assert stranger("--agent", "lee", "claim", 1).code == 4


def test_an_unexpected_mistake_is_one_line_and_a_log(
    demo: Commands, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a mistake\nof ours")

    monkeypatch.setattr(casework, "claim", broken)
    ran = demo("claim", 1)
    assert ran.code == 1
    assert "a mistake" in told(ran)
    (log,) = own_home.rglob("errors.log")
    assert str(log) in ran.err
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    assert "Traceback" in demo("claim", 1, SOCIALDESK_DEBUG="1").err


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--json"), ("show", 1), ("claim", 1), ("audit", "verify")]
)
def test_a_missing_inbox_is_not_made_by_looking(
    commands: Commands, tmp_path: Path, words: tuple[object, ...]
) -> None:
    nowhere = Commands(tmp_path / "nowhere.db", commands.config)
    ran = nowhere(*words)
    assert ran.code == 1
    assert "there is no inbox" in told(ran)
    assert not nowhere.inbox.exists()


def test_a_damaged_inbox_says_so(tmp_path: Path, settings: Path) -> None:
    file = tmp_path / "damaged.db"
    file.write_bytes(b"nothing like a database" * 100)
    for words in (("list",), ("list", "--json"), ("claim", 1), ("import", __file__)):
        ran = Commands(file, settings)(*words)
        assert ran.code == 1
        assert "damaged" in told(ran)


def test_a_newer_inbox_asks_for_an_update(demo: Commands) -> None:
    connection = sqlite3.connect(demo.inbox)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    ran = demo("list", "--json")
    assert ran.code == 1
    assert "update socialdesk" in told(ran)


def test_another_programs_database_is_left_alone(tmp_path: Path, settings: Path, feed: Feed) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    ran = Commands(file, settings)("import", feed.file(feed.post("hello")))
    assert ran.code == 1
    assert "another program" in told(ran)
    connection = sqlite3.connect(file)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("recipes",)]


def test_a_broken_policy_tells_every_error_with_its_place(tmp_path: Path, demo: Commands) -> None:
    folder = tmp_path / "broken"
    (folder / "playbooks").mkdir(parents=True)
    (folder / "order.yaml").write_text("order: [one]\n", encoding="utf-8")
    (folder / "playbooks" / "one.yaml").write_text(
        "playbook: one\nif: {topc: widget}\ncases:\n  a:\n    steps:\n      - replly: x\n", encoding="utf-8"
    )
    ran = demo("--policies", folder, "policy", "check")
    assert ran.code == 2
    assert "playbooks/one.yaml:2:" in ran.out
    assert "playbooks/one.yaml:6:" in ran.out
    assert "did you mean" in ran.out
    report = demo("--policies", folder, "policy", "check", "--json")
    assert report.code == 2
    assert report.json()["errors"] >= 2
    # The desk keeps the policy that is in force, and says so.
    number = demo("list", "--view", "unclaimed", "--limit", "1", "--json").json()["id"]
    claimed = demo("--policies", folder, "claim", number)
    assert claimed.code == 0
    assert "stays in force" in claimed.err


def test_a_reader_that_leaves_early_is_no_failure(demo: Commands) -> None:
    command = f"{sys.executable} -m socialdesk --inbox {demo.inbox} list --json | head -n 1"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith('{"id"')
