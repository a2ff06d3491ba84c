"""Commands that wait, as processes: the headless desk, and a message that is held back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.cli.commands import Commands
    from tests.desk.cli.conftest import Feed


@pytest.fixture
def process(commands: Commands) -> Iterator[Process]:
    """Starts one command as a process and leaves none behind."""
    started = Process(commands)
    yield started
    started.end()


class Process:
    """A command on its own, with both streams read line by line."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._child: subprocess.Popen[str] | None = None

    def start(self, *words: object) -> None:
        """Run `socialdesk WORDS`."""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "socialdesk", "--inbox", str(self._commands.inbox), *map(str, words)],
            env=os.environ
            | {
                "SOCIALDESK_CONFIG": str(self._commands.config),
                "SOCIALDESK_LOGIN": str(self._commands.login),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def child(self) -> subprocess.Popen[str]:
        """The running process."""
        assert self._child is not None
        return self._child

    def said(self, words: str) -> str:
        """The next line on stderr, which must hold `words`."""
        assert self.child.stderr is not None
        line = self.child.stderr.readline()
        assert words in line
        return line

    def told(self) -> str:
        """The next line on stdout."""
        assert self.child.stdout is not None
        return self.child.stdout.readline()

    def stop(self, number: int) -> int:
        """Send a signal, and the exit code."""
        self.child.send_signal(number)
        return self.child.wait(timeout=30)

    def end(self) -> None:
        """Close what is open."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_headless_desk_pulls_until_it_is_told_to_stop(
    commands: Commands, feed: Feed, process: Process, number: int
) -> None:
    file = feed.file(feed.post("@AcmeCustServ my widget broke"))
    channels = [{"name": "spool", "network": "spool", "source": str(file)}]
    with commands.config.open("a", encoding="utf-8") as config:
        config.write(f"channels: {json.dumps(channels)}\n")
    process.start("run", "--json")
    process.said("Ctrl-C stops")
    assert json.loads(process.told())["kind"] == "pulled"
    assert process.stop(number) == 0
    assert commands("list", "--json").json()["author"] == "jane"


def test_the_headless_desk_pulls_delivers_and_wakes_and_then_stops(
    commands: Commands, feed: Feed, process: Process
) -> None:
    spool = commands.config.parent / "spool"
    spool.mkdir()
    channels = [{"name": "spool", "network": "spool", "source": str(spool), "every": "10s"}]
    with commands.config.open("a", encoding="utf-8") as config:
        config.write(f"channels: {json.dumps(channels)}\n")
    posts = (
        feed.post("@AcmeCustServ my widget broke"),
        feed.post("@AcmeCustServ where is my parcel", author="eli"),
    )
    feed.file(*posts).rename(spool / "day.jsonl")
    process.start("run", "--json")
    process.said("running on")
    pulled = json.loads(process.told())
    assert (pulled["kind"], pulled["what"]) == ("pulled", "spool: 2 new, 0 updated, 0 refused")

    commands("claim", 2)
    assert commands("snooze", 2, "1s", "--json").json()["status"] == "snoozed"
    commands("draft", 1, "--text", "Sorry about that. Which widget is it? AA")
    assert commands("submit", 1, "--json").json()["status"] == "approved"
    assert commands("send", 1, "--no-wait").code == 0
    wanted = {"outbox", "timer"}
    told = []
    while wanted:
        told.append(json.loads(process.told()))
        wanted.discard(told[-1]["kind"])
    assert process.stop(signal.SIGTERM) == 0

    words = " ".join(one["what"] for one in told)
    assert "conversation 2 is back from snooze" in words
    (draft,) = commands("show", 1, "--json").json()["drafts"]
    assert draft["status"] == "sent"
    statuses = {one["id"]: one["status"] for one in commands("list", "--json").lines()}
    assert statuses == {1: "waiting", 2: "open"}
    assert commands("audit", "verify").code == 0


def test_the_people_of_a_sandbox_answer_the_headless_desk(demo: Commands) -> None:
    number = demo("list", "--query", "case:addressed status:new", "--limit", "1", "--json").json()["id"]
    trainee = demo.as_login("ben")
    trainee("draft", number, "--text", "Sorry to hear that! Which one is it? BO")
    assert trainee("submit", number, "--json").json()["status"] == "submitted"
    assert demo("run", "--once").code == 0
    waiting = demo("show", number, "--json").json()
    assert waiting["drafts"][0]["status"] in ("submitted", "approved", "rejected")


def test_control_c_holds_a_message_back(commands: Commands, feed: Feed, process: Process) -> None:
    commands("import", feed.file(feed.post("@AcmeCustServ my widget broke")))
    commands("draft", 1, "--text", "Sorry about that. AA")
    assert commands("submit", 1, "--json").json()["status"] == "approved"
    words = commands.config.read_text(encoding="utf-8").replace("undo_window: 0s", "undo_window: 60s")
    commands.config.write_text(words, encoding="utf-8")
    process.start("send", 1)
    process.said("Ctrl-C holds it back")
    assert process.stop(signal.SIGINT) == 130
    assert "held back" in process.child.communicate()[1]
    (draft,) = commands("show", 1, "--json").json()["drafts"]
    assert (draft["status"], draft["sent_at"]) == ("approved", None)
