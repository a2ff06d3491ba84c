"""What a tired lead does to the policy files: every error is told at once, and the desk works on by the old ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.teams import WIDGET, Team

Break = Callable[[Team], object]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


BROKEN: dict[str, tuple[Break, list[str]]] = {
    "tab": (
        lambda t: t.edit(WIDGET, "  topic: widget", "\ttopic: widget"),
        ["acme-widget.yaml:9:1: SD001", "a tab cannot indent"],
    ),
    "missing colon": (
        lambda t: t.edit(WIDGET, "title: ", "title "),
        ["acme-widget.yaml:6:1: SD001", "title Widget", "a colon and a space after the key"],
    ),
    "duplicate key": (
        lambda t: t.add("targets.yaml", "\ntargets: {}\n"),
        ["targets.yaml:", "SD002 'targets' is already set in line", "each key once"],
    ),
    "wrong nesting": (
        lambda t: t.edit(WIDGET, "    steps:", "  steps:"),
        ["acme-widget.yaml:29:5: SD001", "every key of a mapping in the same column"],
    ),
    "field": (
        lambda t: t.edit(WIDGET, "- feeling:", "- feelings:"),
        ["acme-widget.yaml:11:7: SD201 there is no field `feelings`", "did you mean feeling?"],
    ),
    "topic": (
        lambda t: t.edit(WIDGET, "topic: widget", "topic: wigdet"),
        ["acme-widget.yaml:9:10: SD311 there is no topic `wigdet`", "did you mean widget?"],
    ),
    "reply": (
        lambda t: t.edit(WIDGET, "reply: apologise-and-ask", "reply: apologise-and-aks"),
        ["SD304 there is no reply `apologise-and-aks`", "did you mean apologise-and-ask?"],
    ),
    "case": (
        lambda t: t.edit(WIDGET, "go_to: intervene", "go_to: intervine"),
        ["SD305 there is no case `intervine`", "did you mean intervene?"],
    ),
    "group": (
        lambda t: t.edit("always.yaml", "to: legal", "to: leagl"),
        ["always.yaml:", "SD307 there is no group `leagl`", "did you mean legal?"],
    ),
    "role": (
        lambda t: t.edit("team.yaml", "role: lead", "role: laed"),
        ["team.yaml:", "SD113 `role` cannot be `laed`", "did you mean lead?"],
    ),
    "unknown file": (
        lambda t: t.write("guardrail.yaml", "rules: []\n"),
        ["guardrail.yaml: SD103", "did you mean guardrails.yaml?"],
    ),
    "yes": (
        lambda t: t.edit(WIDGET, "only_by: go_to", "only_by: yes"),
        ["SD113 `only_by` cannot be `yes`", "expected: go_to"],
    ),
    "unquoted brace": (
        lambda t: t.add("replies.yaml", "\n  mine:\n    text: {first_name}, thanks!\n"),
        ["replies.yaml:", "SD001", "quotes around a text that begins with {"],
    ),
    "only a brace": (
        lambda t: t.add("replies.yaml", "\n  mine:\n    text: {first_name}\n"),
        ["SD112 `text` cannot be {first_name} without quotes around it"],
    ),
    "huge number": (
        lambda t: t.edit("always.yaml", "50k+", "99999999999999999999999k+"),
        ["always.yaml:5:16: SD202", "a number or a range"],
    ),
    "huge time": (
        lambda t: t.edit("targets.yaml", "reply: 1h", "reply: 99999999999999999d"),
        ["SD114", "longer than a thousand years"],
    ),
    "deleted file": (
        lambda t: (t.policies / "replies.yaml").unlink(),
        ["replies.yaml: SD105 there is no such file", "places refer to what it would hold"],
    ),
    "emptied file": (
        lambda t: t.write("team.yaml", ""),
        ["team.yaml: SD105 the file says nothing"],
    ),
    "deleted playbook": (
        lambda t: (t.policies / "playbooks" / "praise.yaml").unlink(),
        ["order.yaml:14:5: SD301 there is no playbook `praise`"],
    ),
    "empty folder": (
        lambda t: t.only_folders(),
        ["SD101 the policy folder", "has no .yaml file"],
    ),
    "no folder": (
        lambda t: shutil.rmtree(t.policies),
        ["SD101 there is no policy folder at"],
    ),
    "half a merge": (
        lambda t: t.edit(
            WIDGET, "owner: care-leads\n", "<<<<<<< HEAD\nowner: a\n=======\nowner: b\n>>>>>>> b\n"
        ),
        ["acme-widget.yaml:7:1: SD001 a merge was left half done here", "<<<<<<< HEAD"],
    ),
    "Latin-1": (
        lambda t: t.add("replies.yaml", b"\n# caf\xe9\n"),
        ["replies.yaml:", "SD102 the file is not written in UTF-8", "# caf\ufffd"],
    ),
    "UTF-16": (
        lambda t: t.write("order.yaml", "order: [praise]\n".encode("utf-16")),
        ["order.yaml:1:1: SD102 the file is not written in UTF-8"],
    ),
    "alias bomb": (
        lambda t: t.add(
            "words.yaml", "\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 90))
        ),
        ["words.yaml:", "SD00"],
    ),
}


@pytest.mark.parametrize(("spoil", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_edit_is_told_with_its_place_and_the_nearest_name(
    team: Team, spoil: Break, says: list[str]
) -> None:
    spoil(team)
    checked = team.run("policy", "check")
    assert checked.code == 2
    for words in says:
        assert words in checked.out
    assert checked.err.startswith("socialdesk: ")
    assert "error" in checked.err
    assert checked.err.count("\n") == 1
    assert checked.out.count(": SD") <= 3, "one mistake, and not all that follows from it"


def test_a_line_and_a_caret_point_at_the_word(team: Team) -> None:
    team.edit(WIDGET, "topic: widget", "topic: wigdet")
    lines = team.run("policy", "check").out.splitlines()
    assert lines[1:3] == ["  9 |   topic: wigdet", "    |          ^"]


def test_all_errors_of_all_files_come_at_once(team: Team) -> None:
    for name in (
        "field",
        "reply",
        "group",
        "role",
        "unknown file",
        "huge number",
        "missing colon in another",
    ):
        spoil = BROKEN.get(name, (lambda t: t.edit("targets.yaml", "calendars:", "calendars"), []))[0]
        spoil(team)
    ran = team.run("policy", "check", "--json")
    report = ran.json()
    assert ran.code == 2
    assert (report["ok"], report["hash"]) == (False, None)
    assert report["errors"] == sum(one["severity"] == "error" for one in report["diagnostics"])
    places = {(one["file"], one["code"]) for one in report["diagnostics"]}
    assert places >= {
        (WIDGET, "SD201"),
        (WIDGET, "SD304"),
        ("always.yaml", "SD307"),
        ("always.yaml", "SD202"),
        ("team.yaml", "SD113"),
        ("guardrail.yaml", "SD103"),
        ("targets.yaml", "SD001"),
    }


@pytest.mark.parametrize(
    "change",
    [lambda body: body.replace(b"\n", b"\r\n"), lambda body: b"\xef\xbb\xbf" + body],
    ids=["Windows line ends", "byte order mark"],
)
def test_what_an_editor_on_windows_does_is_no_error(team: Team, change: Callable[[bytes], bytes]) -> None:
    team.everywhere(change)
    assert team.run("policy", "check").code == 0
    assert team.run("policy", "test", "--playbook", "acme-widget").code == 0


def test_going_round_in_a_circle_ends(team: Team) -> None:
    """Overheard wakes into intervening, which wakes into overheard."""
    team.edit(
        WIDGET, "    only_by: go_to\n", "    only_by: go_to\n    watch: {for: 48h, then: close}\n" + CIRCLE
    )
    assert team.run("policy", "check").code == 0
    team.post(1, "my #Acme widget has been broken for days")
    assert team.post(2, "so is my acme widget, broken again", "eli").code == 0
    assert {one["status"] for one in team.run("list", "--json").lines()} <= {"watching", "new"}


CIRCLE = (
    "    wake:\n      - if: {different_customers: {at_least: 2, within: 24h}}\n        go_to: overheard\n"
)


def test_a_failing_test_shows_what_came_instead(team: Team) -> None:
    team.edit(WIDGET, "then: {case: addressed", "then: {case: overheard")
    assert team.run("policy", "check").code == 0
    ran = team.run("policy", "test", "--playbook", "acme-widget")
    assert ran.code == 1
    assert "FAILED acme-widget: treats a direct complaint as ours  (playbooks/acme-widget.yaml:9" in ran.out
    assert "case: expected overheard, got addressed" in ran.out
    assert "1 failed" in ran.err
    failed = [
        one
        for one in team.run("policy", "test", "--playbook", "acme-widget", "--json").lines()
        if not one["passed"]
    ]
    assert [one["differences"] for one in failed] == [
        [{"what": "case", "expected": "overheard", "got": "addressed"}]
    ]
