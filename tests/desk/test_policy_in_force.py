"""Which policy counts: a broken edit never does, a mended one does, and only one folder while a desk is open."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from socialdesk.config import load_config
from socialdesk.desk.importing import announce
from socialdesk.desk.session import open_desk
from tests.desk.teams import WIDGET, Team

COMPLAINT = "@AcmeCustServ my widget broke again, five days now"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A team whose policies are in force and whose inbox holds one complaint."""
    team = Team(tmp_path)
    team.sign_in()
    assert team.post(1, COMPLAINT).code == 0
    return team


def listed(team: Team) -> dict[str, Any]:
    """The conversations by author."""
    return {one["author"]: one for one in team.run("list", "--json").lines()}


def rename_the_case(team: Team) -> None:
    """An edit under which the complaint goes to a case of another name."""
    file = team.policies / WIDGET
    team.write(WIDGET, file.read_text().replace("addressed", "called-upon"))


def test_under_a_broken_edit_the_desk_works_on(team: Team) -> None:
    team.edit(WIDGET, "topic: widget", "topic: wigdet")
    for words in (
        ("show", "1"),
        ("explain", "1"),
        ("claim", "1"),
        ("note", "1", "they wrote before"),
        ("draft", "1", "--text", "Sorry about that, Dana. Which widget is it?"),
        ("release", "1"),
        ("run", "--once"),
    ):
        ran = team.run(*words)
        assert ran.code == 0, (words, ran.err)
        if words[0] not in ("show", "note"):
            said = ran.err + (ran.out if words[0] == "run" else "")
            (line,) = [line for line in said.splitlines() if "stays in force" in line]
            assert f"{team.policies} has 1 error, the first: {WIDGET}:9:10: SD311" in line
            assert line.endswith("the policy before stays in force. See: socialdesk policy check")
    assert "Traceback" not in team.run("doctor").out
    assert team.run("list", "--json").code == 0


def test_under_a_broken_edit_an_import_stores_by_the_policy_before(team: Team) -> None:
    team.edit(WIDGET, "playbook: acme-widget", "playbook: acme-wigdets")
    ran = team.post(2, COMPLAINT, "eli")
    assert (ran.code, ran.json()["stored"]) == (0, 1)
    assert ran.err.count("stays in force") == 1
    assert listed(team)["eli"]["playbook"] == "acme-widget"


def test_without_any_policy_there_is_one_clear_message_and_nothing_is_lost(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.edit(WIDGET, "topic: widget", "topic: wigdet")
    team.edit("team.yaml", "role: lead", "role: laed")
    for ran in (team.post(1, COMPLAINT), team.run("run", "--once"), team.run("claim", "1")):
        assert ran.code == 2
        assert ran.out == ""
        (line,) = ran.err.splitlines()
        assert f"{team.policies} has 2 errors, the first: {WIDGET}:9:10: SD311" in line
        assert line.endswith("No policy is in force yet; see: socialdesk policy check")
    team.edit(WIDGET, "topic: wigdet", "topic: widget")
    team.edit("team.yaml", "role: laed", "role: lead")
    assert team.post(1, COMPLAINT).json()["stored"] == 1
    assert listed(team)["dana"]["case"] == "addressed"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    team = Team(tmp_path)
    shutil.rmtree(team.policies)
    ran = team.post(1, COMPLAINT)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert f"there is no policy folder at {team.policies}" in ran.err


def test_a_mended_policy_comes_into_force_and_decides_again_what_nobody_has_claimed(team: Team) -> None:
    assert team.post(2, COMPLAINT, "eli").code == 0
    assert team.run("claim", "2").code == 0
    rename_the_case(team)
    team.edit(WIDGET, "title: Widget", "title Widget")
    assert team.run("run", "--once").code == 0
    assert listed(team)["dana"]["case"] == "addressed"
    team.edit(WIDGET, "title Widget", "title: Widget")
    ran = team.run("run", "--once")
    assert ran.code == 0
    assert f"the policies in {team.policies} are in force now" in ran.out
    assert "1 conversation that nobody has claimed went to another case" in ran.out
    cases = {author: one["case"] for author, one in listed(team).items()}
    assert cases == {"dana": "called-upon", "eli": "addressed"}
    assert team.run("audit", "verify").code == 0
    again = team.run("run", "--once")
    assert "force" not in again.out + again.err
    assert "claimed" not in again.out


def test_pulling_and_importing_decide_again_too(team: Team) -> None:
    rename_the_case(team)
    ran = team.post(2, COMPLAINT, "eli")
    assert "1 conversation that nobody has claimed" in ran.err
    assert {one["case"] for one in listed(team).values()} == {"called-upon"}


def test_an_edit_counts_once_nobody_has_touched_it_for_a_second(team: Team) -> None:
    team.edit(WIDGET, "title: Widget complaints", "title: Widgets")
    edited = time.time()
    os.utime(team.policies / WIDGET, (edited, edited))
    assert "are in force now" in team.run("run", "--once").out
    assert time.time() - edited >= 1


def test_half_a_saved_file_is_nobodys_policy(team: Team) -> None:
    """An editor empties a file before it fills it."""
    file = team.policies / WIDGET
    whole = file.read_text()
    file.write_text(whole[: whole.index("  overheard:")])
    saving = threading.Timer(0.4, file.write_text, [whole])
    saving.start()
    ran = team.run("run", "--once")
    saving.join()
    assert (ran.code, ran.out) == (0, "")


def test_while_a_desk_is_open_its_folder_counts_and_no_other(team: Team, tmp_path: Path) -> None:
    """Two people with two checkouts at two commits must not take turns in deciding everything anew."""
    other = Team(tmp_path / "other")
    other.edit(WIDGET, "title: Widget complaints", "title: Widgets")
    config = load_config({"config": str(team.run.config), "inbox": str(team.run.inbox)}, {})
    desk = open_desk(config)
    announce(desk, "a colleague")
    desk.close()
    words = ("--policies", str(other.policies), "run", "--once")
    ran = team.run(*words)
    assert ran.code == 0
    assert (
        f"a desk is open by the policies in {team.policies}; those in {other.policies} are not used"
        in ran.out
    )
    team.forget_desks()
    ran = team.run(*words)
    assert f"the policies in {other.policies} are in force now, in place of {team.policies}" in ran.out


def test_the_headless_desk_tells_a_broken_edit_once(team: Team) -> None:
    running = team.start("run", "--json")
    try:
        team.edit(WIDGET, "topic: widget", "topic: wigdet")
        first = json.loads(running.line())
        assert (first["kind"], "stays in force" in first["what"]) == ("warning", True)
        time.sleep(2.2)  # two more beats, in which it must not be said again
        team.edit(WIDGET, "topic: wigdet", "topic: widget")
        team.edit(WIDGET, "title: Widget complaints", "title: Widgets")
        second = json.loads(running.line())
        assert "are in force now" in second["what"]
    finally:
        code, rest, complaint = running.stop()
    assert (code, rest) == (0, "")
    assert "running on" in complaint
