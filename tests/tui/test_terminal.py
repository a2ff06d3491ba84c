"""The desk on a real pseudo-terminal: what bytes reach it, and what stands on it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.tui.acme import Acme
from tests.tui.seeding import seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_SECONDS = 30.0
PAYLOADS = ("]52;c;aGk=", "]0;owned", "[31mred", "P+q544e", "]8;;https://evil.example")


class Terminal:
    """A program on a pseudo-terminal, and the screen that a person would see."""

    def __init__(self, descriptor: int, width: int, height: int) -> None:
        self.raw = b""
        self._descriptor = descriptor
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._descriptor, keys.encode())

    def read(self, seconds: float) -> bool:
        """Take in what comes within `seconds`; False when the program has ended."""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if ready:
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:
                return False
            self.raw += data
            self._stream.feed(data)
        return True

    def text(self) -> str:
        """The screen."""
        screen = self._screen  # its own `display` trips over the second half of a wide character
        return "\n".join(
            "".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines)
        )

    def until(self, words: str) -> None:
        """Read until these words stand on the screen."""
        end = time.monotonic() + PATIENCE_SECONDS
        while words not in self.text():
            assert time.monotonic() < end, f"never shown: {words!r} in\n{self.text()}"
            assert self.read(0.2), f"ended before {words!r} was shown:\n{self.text()}"


@contextmanager
def desk(inbox: Path, folder: Path, width: int = 120, height: int = 30) -> Iterator[Terminal]:
    """The desk on an inbox, as a person starts it."""
    child, descriptor = pty.fork()
    if child == 0:
        environ = {
            **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "SOCIALDESK_LOGIN": "ana",
            "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
        }  # fmt: skip
        os.execve(sys.executable, [sys.executable, "-m", "socialdesk", "--inbox", str(inbox)], environ)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    try:
        yield Terminal(descriptor, width, height)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(descriptor)


def strange_bytes(raw: bytes) -> list[str]:
    """Control sequences that neither Textual nor the first frame writes."""
    text = raw.decode("utf-8", "replace")
    known = re.compile(
        r"\x1b\[[0-9;:]*m|\x1b\[\d*;?\d*H|\x1b\[\?[0-9;]*[hl$p]+|\x1b\[[<>=?]?[0-9;]*[utcq]|\x1b\[\??\d*[Jn]|\x1b\[>4;\dm"
        r"|\x1b\]22;[a-z-]+\x07"  # Textual asks for a pointer's shape
    )
    rest = known.sub("", text)
    return [c for c in rest if (ord(c) < 32 and c not in "\r\n") or 0x7F <= ord(c) < 0xA0]


def test_no_byte_a_stranger_chose_reaches_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    seed(path, 40, hostile=True)
    with desk(path, tmp_path) as terminal:
        terminal.until("writer_")
        terminal.until("?")
        for key in ("j", "j", "j", "\r", "j", "\x1b", "G", "/", "gnp", "\r"):
            terminal.type(key)
            terminal.read(0.3)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            terminal.read(0.2)
    raw = terminal.raw.decode("utf-8", "replace")
    assert [payload for payload in PAYLOADS if "\x1b" + payload in raw] == []
    assert "\u202e" not in raw
    assert strange_bytes(terminal.raw) == []


@pytest.mark.parametrize("size", [(40, 10), (20, 4)])
def test_a_tiny_terminal_gets_a_message_and_no_traceback(
    acme: Acme, tmp_path: Path, size: tuple[int, int]
) -> None:
    acme.receive()
    with desk(acme.config.inbox, tmp_path, *size) as terminal:
        terminal.until("terminal")
        assert "Traceback" not in terminal.text()


def test_a_key_pressed_before_the_desk_is_there_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    seed(path, 200)
    with desk(path, tmp_path) as terminal:
        terminal.type("jj")
        terminal.until("▌")
        terminal.until("commands")
        end = time.monotonic() + PATIENCE_SECONDS
        while [y for y, line in enumerate(terminal.text().split("\n")) if line[20:21] == "▌"] != [4]:
            assert time.monotonic() < end, terminal.text()
            terminal.read(0.2)


def test_leaving_gives_the_terminal_back(acme: Acme, tmp_path: Path) -> None:
    acme.receive()
    with desk(acme.config.inbox, tmp_path) as terminal:
        terminal.until("maria_k")
        terminal.until("commands")
        terminal.type("q")
        terminal.until("Leave the desk?")
        terminal.type("y")
        while terminal.read(5.0):
            pass
    assert terminal.raw.count(b"\x1b[?1049h") == 1
    assert b"\x1b[?1049l" in terminal.raw
    assert b"Traceback" not in terminal.raw
