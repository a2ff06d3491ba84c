"""A team's own copy of the shipped policies, and an inbox that works by them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.desk.cli.commands import Commands, Ran

SHIPPED = Path(__file__).resolve().parents[2] / "policies"
WIDGET = "playbooks/acme-widget.yaml"


class Running:
    """A process of the program; ends with the test at the latest."""

    def __init__(self, words: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "socialdesk", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """The next line it prints; fails the test when it ends instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        return line

    def stop(self) -> tuple[int, str, str]:
        """Ask it to stop: exit code, and what it had left to say on both streams."""
        self._process.send_signal(signal.SIGTERM)
        try:
            out, err = self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, err = self._process.communicate()
            raise AssertionError(f"it did not stop: {out}{err}") from None
        return self._process.returncode, out, err


class Team:
    """A copy of the shipped policies, and an inbox that works by them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policies = folder / "policies"
        shutil.copytree(SHIPPED, self.policies)
        config = folder / "config.yaml"
        config.write_text(f"policies: {json.dumps(str(self.policies))}\n")
        self.run = Commands(folder / "inbox.db", config)
        self.rested()

    def edit(self, name: str, old: str, new: str) -> None:
        """Put other words into a file, once."""
        text = (self.policies / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new, 1))

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file anew."""
        (self.policies / name).write_bytes(content.encode() if isinstance(content, str) else content)
        self.rested()

    def add(self, name: str, content: str | bytes) -> None:
        """Write something below what a file holds."""
        before = (self.policies / name).read_bytes()
        self.write(name, before + (content.encode() if isinstance(content, str) else content))

    def everywhere(self, change: Callable[[bytes], bytes]) -> None:
        """Change every file."""
        for file in self.policies.rglob("*.yaml"):
            file.write_bytes(change(file.read_bytes()))
        self.rested()

    def only_folders(self) -> None:
        """Leave no file behind."""
        for file in self.policies.rglob("*.yaml"):
            file.unlink()

    def rested(self) -> None:
        """Let the last edit be a while ago: the desk gives a lead a second to finish."""
        for path in (self.policies, *self.policies.rglob("*")):
            os.utime(path, (1_700_000_000, 1_700_000_000))

    def sign_in(self) -> None:
        """Make whoever runs the tests Ana."""
        import getpass

        self.edit("team.yaml", "logins: [ana]", f"logins: [ana, {json.dumps(getpass.getuser())}]")

    def forget_desks(self) -> None:
        """Let the minute pass for which an open desk is believed to be there."""
        with contextlib.closing(sqlite3.connect(self.run.inbox)) as connection:
            connection.execute("DELETE FROM leases")
            connection.commit()

    def start(self, *words: str) -> Running:
        """Start a command of the program that goes on until it is stopped."""
        return Running(["--config", str(self.run.config), "--inbox", str(self.run.inbox), *words])

    def post(self, number: int, text: str, author: str = "dana") -> Ran:
        """Import one post."""
        row = {"id": str(number), "text": text, "author": author, "created": "2026-01-02T03:04:05Z"}
        file = self.folder / f"{number}.jsonl"
        file.write_text(json.dumps(row) + "\n")
        return self.run("import", str(file), "--json")
