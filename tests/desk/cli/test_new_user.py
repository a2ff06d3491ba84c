"""A new user in an empty home: what init, config, doctor, run and their kin say, and what to do next."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.desk.cli.commands import Ran, run_plain

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.cli.conftest import Feed


def doctor(*options: str) -> dict[str, dict[str, str]]:
    return {one["what"]: one for one in run_plain(*options, "doctor", "--json").lines()}


def one_line(ran: Ran) -> str:
    """The only line of talk."""
    (line,) = ran.err.splitlines()
    return line


def test_before_anything_is_there_each_command_says_what_to_do(own_home: Path) -> None:
    pulled = run_plain("pull")
    assert (pulled.code, one_line(pulled).endswith("socialdesk init, and add one there")) == (3, True)
    for words in (("list",), ("show", "1"), ("refusals",), ("audit", "verify"), ("claim", "1")):
        ran = run_plain(*words)
        assert ran.code == 1
        assert "there is no inbox at" in one_line(ran)
        assert "init" in one_line(ran)
    assert doctor()["inbox"]["state"] == "warning"
    assert run_plain("config", "validate").code == 0
    assert not list(own_home.rglob("*.db")), "looking around makes no inbox"


def test_init_tells_the_next_step_and_the_next_step_works(own_home: Path, feed: Feed) -> None:
    made = run_plain("init")
    assert made.code == 0
    assert "next: bring posts in with: socialdesk import FILE" in made.err
    assert "README.md" in made.err
    assert {one["state"] for one in doctor().values()} == {"ok"}
    assert run_plain("config", "validate").code == 0
    assert run_plain("policy", "check").code == 0
    empty = run_plain("list")
    assert (empty.code, "socialdesk import -h" in one_line(empty)) == (3, True)
    assert run_plain("import", str(feed.file(feed.post("@AcmeCustServ my widget broke")))).code == 0
    assert run_plain("claim", "1").code == 0


def test_a_second_desk_shares_nothing_with_the_first(own_home: Path) -> None:
    first = run_plain("init", "--json").json()
    again = run_plain("init")
    assert again.code == 4
    assert "make another desk with: socialdesk --config FILE init" in one_line(again)
    second = run_plain("--config", str(own_home / "b" / "c.yaml"), "init", "--json").json()
    assert all(second[name].startswith(str(own_home / "b")) for name in ("config", "policies", "inbox"))
    assert first["inbox"] != second["inbox"]


def test_an_init_that_fails_half_way_can_be_tried_again(own_home: Path) -> None:
    (own_home / "file").touch()
    failed = run_plain("--inbox", str(own_home / "file" / "inbox.db"), "init")
    assert failed.code == 1
    assert "cannot make the folder" in one_line(failed)
    assert run_plain("init").code == 0


def test_passing_by_in_another_folder_leaves_the_teams_policy_in_force(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a configuration the policies are those of the folder one happens to be in: no reason to decide anew."""
    made = run_plain("init", "--json").json()
    words = ("--inbox", made["inbox"], "--config", str(own_home / "other.yaml"))
    (own_home / "other.yaml").write_text("undo_window: 0s\n")
    monkeypatch.chdir(own_home)
    assert doctor(*words)["policies"]["words"] == made["policies"]
    ran = run_plain(*words, "run", "--once")
    assert (ran.code, ran.out) == (0, "")
    assert doctor(*words)["agent"]["state"] == "ok"


def test_the_doctor_knows_channels_before_they_are_pulled_and_forgets_those_taken_out(own_home: Path) -> None:
    made = run_plain("init", "--json").json()
    config = own_home / "channels.yaml"

    def configure(*names: str) -> None:
        channels = [{"name": name, "network": "spool", "source": str(own_home / name)} for name in names]
        rest = {"inbox": made["inbox"], "policies": made["policies"]}
        config.write_text(json.dumps({**rest, "channels": channels}))

    configure("a", "b")
    assert "not pulled yet" in doctor("--config", str(config))["channel a"]["words"]
    (own_home / "a").mkdir()
    assert run_plain("--config", str(config), "pull").code == 1
    found = doctor("--config", str(config))
    assert (found["channel a"]["state"], found["channel b"]["state"]) == ("ok", "warning")
    configure("a")
    assert "channel b" not in doctor("--config", str(config))


def test_a_broken_configuration_is_one_finding_of_the_doctor(own_home: Path) -> None:
    file = own_home / "c.yaml"
    file.write_text("inbx: here\nchannels: 3\n")
    ran = run_plain("--config", str(file), "doctor")
    assert ran.code == 1
    (failed,) = [line for line in ran.out.splitlines() if line.startswith("failed")]
    assert "2 errors, the first:" in failed
    assert "c.yaml:1:1: SD050 unknown key 'inbx'; see: socialdesk config validate" in failed
    told = run_plain("--config", str(file), "config", "validate")
    assert (told.code, "did you mean inbox?" in told.err, "channels is not a list" in told.err) == (
        2,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("lst",), "Did you mean 'list'?"),
        (("completion",), "bash, zsh, fish"),
        (("import",), "Missing argument 'FILE…'"),
        (("show", "x"), "no conversation's number"),
        (("list", "--limit", "0"), "--limit"),
        (("--config", "nowhere.yaml", "list"), "nowhere.yaml"),
    ],
)
def test_wrong_words_get_a_sentence_and_exit_2(own_home: Path, words: tuple[str, ...], says: str) -> None:
    ran = run_plain(*words)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_without_a_home_that_can_be_written_there_is_one_line(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, feed: Feed
) -> None:
    (own_home / "file").touch()
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(own_home / "file"))
    for words in (("init",), ("import", str(feed.file()))):
        ran = run_plain(*words)
        assert ran.code == 1
        assert str(own_home / "file") in one_line(ran)
