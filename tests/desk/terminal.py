"""A program on a real pseudo-terminal: every byte that it writes there, and the screen that comes of them."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pyte

from tests.desk.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Terminal:
    """One run of the program; `raw` is everything that it has written so far."""

    def __init__(
        self,
        inbox: Path,
        *words: str,
        columns: int = 100,
        lines: int = 30,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.raw = b""
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._fd, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        own = {k: v for k, v in os.environ.items() if not k.startswith("SOCIALDESK_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "socialdesk", "--inbox", str(inbox), *words],
            cwd=ROOT,
            env={**own, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environ or {})},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._fd, keys.encode())

    def read(self, seconds: float) -> bool:
        """Take in what comes within that time; False when the program has closed the terminal."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            written = os.read(self._fd, 65_536)
        except OSError:  # Linux says that a terminal is closed with EIO
            written = b""
        self.raw += written
        self._stream.feed(written)
        return bool(written)

    def wait_for(self, words: str, seconds: float = 60) -> None:
        """Read until the screen shows these words."""
        end = time.monotonic() + seconds
        while words not in self.text:
            open_ = self.read(0.2)
            assert open_, f"the program has ended:\n{self.text}"
            assert time.monotonic() < end, f"{words!r} did not appear:\n{self.text}"

    def settle(self, quiet: float = 0.5, seconds: float = 30) -> None:
        """Read until nothing has come for a while."""
        end, before = time.monotonic() + seconds, -1
        while len(self.raw) != before and time.monotonic() < end:
            before = len(self.raw)
            self.read(quiet)

    def to_end(self, seconds: float = 60) -> int:
        """Read until the program has ended; returns its exit code."""
        end = time.monotonic() + seconds
        while self.read(0.2):
            assert time.monotonic() < end, f"the program does not end:\n{self.text}"
        return self.process.wait(timeout=seconds)

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)


_STYLE = re.compile(r"\x1b\[(?:0|1|2|31|32|33|31;1)?m")
"""The styles that our own commands write."""

_STEERING = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control and bidi characters other than the terminal's own line ends."""


def steering(raw: bytes) -> set[str]:
    """The characters in a command's output that could steer a terminal, our own styles aside."""
    return set(_STEERING.findall(_STYLE.sub("", raw.decode("utf-8"))))
