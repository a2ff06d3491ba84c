"""What a command may load: the desk on screen starts within a blink, and a list costs what click costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from socialdesk.cli.app import ENTRIES
from socialdesk.config import load_config
from socialdesk.desk.sandbox import make_demo

POLICIES = Path(__file__).parents[2] / "policies"
HEAVY = {
    "pydantic",
    "sqlite_utils",
    "httpx",
    "textblob",
    "nltk",
    "yaml",
    "rich",
    "textual",
    "feedparser",
    "rapidfuzz",
}

RUN = """
import json, sys
from socialdesk.__main__ import main
for words in json.loads(sys.argv[1]):
    code = main(words)
    assert code in (0, 3, 4), (words, code)
print("loaded:" + json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox inbox that has been worked with."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "config.yaml").write_text("", encoding="utf-8")
    flags = {
        "inbox": str(folder / "inbox.db"),
        "policies": str(POLICIES),
        "config": str(folder / "config.yaml"),
    }
    return make_demo(load_config(flags, {}), folder).inbox


def loaded(inbox: Path, *commands: list[str]) -> set[str]:
    """The modules in memory after these commands, run one after the other in a process of their own."""
    home = str(inbox.parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOCIALDESK_", "XDG_"))}
    ran = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        env=kept | {"SOCIALDESK_INBOX": str(inbox), "SOCIALDESK_POLICIES": str(POLICIES), "HOME": home},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("loaded:")]
    return set(json.loads(line.removeprefix("loaded:")))


@pytest.mark.parametrize(
    "command",
    [
        ["list", "--json"],
        ["list"],
        ["list", "--view", "queue", "--json", "--limit", "20"],
        ["-h"],
        ["audit", "verify"],
    ],
    ids=" ".join,
)
def test_a_command_that_only_reads_loads_nothing_heavy(warm: Path, command: list[str]) -> None:
    assert not loaded(warm, command) & HEAVY


@pytest.mark.parametrize(
    "command",
    [
        ["show", "12", "--json"],
        ["claim", "12", "--json"],
        ["list", "--query", "feeling:upset", "--json"],
        ["explain", "12"],
    ],
    ids=" ".join,
)
def test_working_on_a_warm_inbox_needs_no_yaml_and_no_shapes(warm: Path, command: list[str]) -> None:
    assert not loaded(warm, command) & HEAVY


def test_no_headless_command_loads_textual(warm: Path) -> None:
    helps = [[entry.name, "-h"] for entry in ENTRIES]
    work = [
        ["list"],
        ["show", "14"],
        ["explain", "14"],
        ["claim", "14"],
        ["note", "14", "seen"],
        ["undo", "14"],
        ["policy", "check"],
        ["policy", "test"],
        ["keys"],
        ["doctor"],
        ["config", "show"],
        ["run", "--once"],
        ["refusals"],
    ]
    assert "textual" not in loaded(warm, *helps, *work)


def test_importing_the_launcher_loads_no_textual_and_reads_no_file() -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import socialdesk.tui, sys; print(*(sys.modules.keys() & {'textual', 'sqlite3'}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == ""
