"""Help, settings, keys, the doctor, a desk of one's own and the demo."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click
import pytest

from socialdesk.cli.app import root
from socialdesk.tui.actions import ACTIONS
from tests.desk.cli.commands import Commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of every command, groups' own included."""
    ctx = click.Context(root)
    for name in root.list_commands(ctx):
        yield (name,)
        command = root.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.list_commands(ctx))


COMMANDS = sorted(every_command())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_json(commands: Commands, words: tuple[str, ...]) -> None:
    ran = commands(*words, "-h")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: socialdesk {' '.join(words)}")
    assert ran.out == commands(*words, "--help").out
    if len(words) == 2 or (words[0],) not in {w[:1] for w in COMMANDS if len(w) == 2}:
        assert "--json" in ran.out


def test_the_help_lists_every_command_without_loading_it(commands: Commands) -> None:
    ran = commands("-h")
    assert ran.code == 0
    for name, *_rest in COMMANDS:
        assert f"\n  {name} " in ran.out


def test_the_version_is_told(commands: Commands) -> None:
    assert commands("--version").out.startswith("socialdesk ")


def test_every_key_is_listed(commands: Commands) -> None:
    rows = commands("keys", "--json").lines()
    assert [row["id"] for row in rows] == [action.id for action in ACTIONS]
    lines = commands("keys").out
    assert all(action.help in lines for action in ACTIONS)


def test_settings_are_shown_with_who_said_so(commands: Commands) -> None:
    shown = commands("--agent", "lee", "config", "show", "--json").json()
    assert shown["inbox"] == {"value": str(commands.inbox), "source": "SOCIALDESK_INBOX"}
    assert shown["agent"] == {"value": "lee", "source": "--agent"}
    assert shown["undo_window"]["source"].startswith(f"{commands.config}:2")
    assert str(commands.inbox) in commands("config", "show").out


def test_a_broken_configuration_tells_every_error(commands: Commands) -> None:
    assert commands("config", "validate", "--json").json()["ok"] is True
    commands.config.write_text("inbx: here\nundo_window: soon\n", encoding="utf-8")
    ran = commands("config", "validate")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean inbox" in ran.err
    assert "undo_window" in ran.err
    report = commands("config", "validate", "--json")
    assert report.code == 2
    assert len(report.json()["diagnostics"]) == 2
    assert commands("claim", 1).code == 2


def test_the_doctor_finds_a_healthy_desk_healthy(demo: Commands) -> None:
    ran = demo("doctor", "--json")
    assert ran.code == 0
    states = {line["what"]: line["state"] for line in ran.lines()}
    assert states["sqlite"] == states["policies"] == states["inbox"] == states["agent"] == "ok"
    assert "conversations" in demo("doctor").out


def test_the_doctor_says_what_ails(demo: Commands, tmp_path: Path) -> None:
    demo.inbox.write_bytes(b"no database" * 100)
    ran = demo("--policies", tmp_path / "nothing", "doctor", "--json")
    assert ran.code == 1
    words = {line["what"]: line for line in ran.lines()}
    assert words["policies"]["state"] == words["inbox"]["state"] == "failed"
    assert "damaged" in words["inbox"]["words"]


def test_init_makes_a_desk_and_overwrites_nothing(tmp_path: Path) -> None:
    own = Commands(tmp_path / "own" / "inbox.db", tmp_path / "own" / "config.yaml")
    made = own("init", "--json")
    assert made.code == 0, made.err
    facts = made.json()
    assert facts["login"] == getpass.getuser()
    assert own("policy", "check").code == 0
    checked = {line["what"]: line for line in own("doctor", "--json").lines()}
    assert checked["agent"]["state"] == "ok"
    assert "lead" in checked["agent"]["words"]
    before = {path: path.read_bytes() for path in (tmp_path / "own").rglob("*.yaml")}
    again = own("init")
    assert again.code == 4
    assert "exists already" in again.err
    assert before == {path: path.read_bytes() for path in (tmp_path / "own").rglob("*.yaml")}


def test_init_without_options_uses_the_usual_folders(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.desk.cli.commands import run_plain

    made = run_plain("init", "--json")
    assert made.code == 0, made.err
    assert all(str(own_home) in made.json()[name] for name in ("config", "policies", "inbox"))
    assert run_plain("doctor").code == 0
    assert run_plain("list").code == 3


def test_the_demo_can_be_prepared_without_the_desk(commands: Commands, tmp_path: Path) -> None:
    inbox = tmp_path / "training.db"
    ran = commands("--inbox", inbox, "demo", "--no-desk")
    assert (ran.code, ran.out) == (0, f"{inbox}\n")
    assert f"--inbox {inbox}" in ran.err
    training = Commands(inbox, commands.config)
    assert len(training("list", "--json").lines()) > 80
    number = training("list", "--view", "unclaimed", "--limit", "1", "--json").json()["id"]
    assert training("claim", number, "--json").json()["assignee"]


def test_the_demo_leaves_real_mentions_alone(tmp_path: Path, settings: Path, day_at_acme: Path) -> None:
    real = Commands(tmp_path / "real.db", settings)
    post = tmp_path / "post.jsonl"
    post.write_text(
        '{"id": "1", "text": "hi", "author": "jo", "created": "2026-11-20T10:00:00Z"}\n', encoding="utf-8"
    )
    assert real("import", post).code == 0
    ran = real("--inbox", real.inbox, "demo", "--no-desk")
    assert ran.code == 1
    assert "real mentions" in ran.err
    assert len(real("list", "--json").lines()) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_program(commands: Commands, shell: str) -> None:
    assert "_SOCIALDESK_COMPLETE" in commands("completion", shell).out
    assert commands("completion", shell, "--json").json()["shell"] == shell


def test_policies_can_be_tested(commands: Commands) -> None:
    ran = commands("policy", "test", "--json")
    assert ran.code == 0, ran.err
    results = ran.lines()
    assert len(results) > 20
    assert all(result["passed"] for result in results)
    only = commands("policy", "test", "--playbook", "acme-widget", "--json").lines()
    assert 0 < len(only) < len(results)
    assert "did you mean acme-widget" in commands("policy", "test", "--playbook", "acme-wigdet").err


def test_a_policy_test_that_fails_is_exit_1(commands: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    (folder / "playbooks").mkdir(parents=True)
    (folder / "words.yaml").write_text("handles: [acme]\n", encoding="utf-8")
    (folder / "order.yaml").write_text("order: [one]\n", encoding="utf-8")
    (folder / "playbooks" / "one.yaml").write_text(
        "playbook: one\ntitle: One\ncases:\n  a:\n    if: {said: to_us}\n    engage: watch\n"
        "    watch: {for: 1h, then: close}\n"
        "tests:\n  - it: cannot be\n    when: {text: '@acme hello'}\n    then: {engage: ignore}\n",
        encoding="utf-8",
    )
    ran = commands("--policies", folder, "policy", "test")
    assert ran.code == 1, ran.err
    assert "engage: expected ignore, got watch" in ran.out
