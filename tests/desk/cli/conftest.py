"""Inboxes for tests of commands: a sandbox with Acme's policies, and what a feed file looks like."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from socialdesk.clock import MINUTE, SystemClock, iso
from socialdesk.config import load_config
from socialdesk.desk.sandbox import make_demo, mark_sandbox
from tests.desk.cli.commands import Commands

POLICIES = Path(__file__).parents[3] / "policies"


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No test reads or writes the folders of whoever runs it."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A configuration file: Acme's policies, and nothing to wait for before a message leaves."""
    file = tmp_path / "config.yaml"
    file.write_text(f"policies: {json.dumps(str(POLICIES))}\nundo_window: 0s\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def empty_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox inbox with nothing in it, made once."""
    inbox = tmp_path_factory.mktemp("empty") / "inbox.db"
    mark_sandbox(inbox, SystemClock())
    return inbox


@pytest.fixture
def commands(tmp_path: Path, settings: Path, empty_inbox: Path) -> Commands:
    """A shell on an empty sandbox inbox, with the agent Ana at the computer."""
    return Commands(Path(shutil.copy(empty_inbox, tmp_path / "inbox.db")), settings, "ana")


@pytest.fixture(scope="session")
def day_at_acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's inbox, made once."""
    folder = tmp_path_factory.mktemp("demo")
    config = folder / "config.yaml"
    config.write_text("undo_window: 0s\n", encoding="utf-8")
    inbox = folder / "demo.db"
    flags = {"inbox": str(inbox), "policies": str(POLICIES), "config": str(config)}
    make_demo(load_config(flags, {}), folder)
    return inbox


@pytest.fixture
def demo(day_at_acme: Path, tmp_path: Path, settings: Path) -> Commands:
    """A shell on a copy of the demo's inbox, with Ana at the computer."""
    return Commands(Path(shutil.copy(day_at_acme, tmp_path / "demo.db")), settings, "ana")


class Feed:
    """Feed files of JSON Lines; posts are half an hour old unless they say otherwise."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._posts = 0

    def post(self, text: str, **more: Any) -> dict[str, Any]:
        """One mention; `minutes` is its age, everything else goes in as it is."""
        self._posts += 1
        age = int(more.pop("minutes", 30))
        created = iso(time.time_ns() // 1_000_000 - age * MINUTE)
        return {
            "id": f"p{self._posts}",
            "text": text,
            "author": "jane",
            "created": created,
            "network": "mastodon",
            **more,
        }

    def file(self, *posts: dict[str, Any], name: str = "feed.jsonl") -> Path:
        """A file with these posts."""
        path = self._folder / name
        path.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
        return path


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """Writes feed files."""
    return Feed(tmp_path)
