"""The README cannot drift: its commands have the shape that CI runs, it names every command, its pictures exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import click
import pytest

from socialdesk.cli.app import root

HERE = Path(__file__).parents[2]
README = (HERE / "README.md").read_text(encoding="utf-8")


def blocks() -> list[str]:
    """The plain code blocks, by the script that CI reads them with."""
    spec = importlib.util.spec_from_file_location("readme_block", HERE / ".ci" / "readme_block.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found: list[str] = script.plain_blocks(README)
    return found


def test_the_first_two_code_blocks_are_the_demo_and_the_tests() -> None:
    demo, tests = blocks()
    assert demo.endswith("socialdesk demo")
    assert "pytest" in tests
    fences = re.findall(r"^```(.*)$", README, re.MULTILINE)
    assert fences[:4] == [""] * 4


@pytest.mark.parametrize("number", [0, 1])
def test_a_command_is_one_line_that_needs_python_and_pip_alone(number: int) -> None:
    command = blocks()[number]
    assert "\n" not in command
    assert not command.endswith("\\")
    assert not command.startswith(("$", "%", ">", "#"))
    programs = [part.split()[0] for part in command.split("&&")]
    assert programs[:2] == ["python3", ".venv/bin/pip"]
    assert all(program == "python3" or program.startswith(".venv/bin/") for program in programs)


def test_every_command_and_global_option_is_named() -> None:
    ctx = click.Context(root)
    missing = []
    for name in root.list_commands(ctx):
        command = root.get_command(ctx, name)
        inner = (
            [f"{name} {one}" for one in command.list_commands(ctx)]
            if isinstance(command, click.Group)
            else [name]
        )
        missing += [words for words in inner if not re.search(rf"`(socialdesk )?{words}\b", README)]
    options = [option for parameter in root.params for option in parameter.opts if option != "--version"]
    missing += [option for option in options if f"`{option} " not in README]
    assert missing == []


def test_pictures_and_pages_it_points_to_exist() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    own = [target for target in targets if not target.startswith("http")]
    assert [target for target in own if not (HERE / target).exists()] == []
    pictures = [target for target in own if target.endswith(".svg")]
    assert len(pictures) >= 4
    assert all("__snapshots__" in picture for picture in pictures)
