"""Run a command in a pseudo-terminal until its screen shows mentions of the sample feeds, then leave with a key.

Exit 0 when mentions were seen and the program ended well; otherwise the last screen is printed.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

import pyte

COLUMNS, LINES = 120, 40
ENOUGH = 5
"""Different authors of the feeds that must stand on the screen at once."""
LEAVE = b"\x11"
"""Control-Q, the desk's key for leaving at once."""


def authors() -> set[str]:
    """Who writes in the sample feeds beside this script's checkout."""
    feeds = Path(__file__).resolve().parent.parent / "sample_feeds"
    return {
        str(json.loads(line)["author"])
        for file in sorted(feeds.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("{") and '"author"' in line
    }


class Terminal:
    """A program on a pseudo-terminal, and what its screen shows."""

    def __init__(self, command: list[str]) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.environ.pop("COLUMNS", None)
            os.environ.pop("LINES", None)
            os.execvp(command[0], command)  # noqa: S606  the README's own command
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def read(self, seconds: float) -> bool:
        """Take in what the program writes for up to `seconds`; False when it has closed the terminal."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            written = os.read(self._fd, 65536)
        except OSError:
            return False
        # pyte 0.8.2 knows neither private modes with several markers nor the kitty keyboard's `CSI > u`.
        self._stream.feed(written.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        return bool(written)

    def settle(self) -> None:
        """Read on until nothing has been written for half a second, ten seconds at most."""
        until = time.monotonic() + 10
        while time.monotonic() < until and select.select([self._fd], [], [], 0.5)[0] and self.read(0):
            pass

    def press(self, keys: bytes) -> None:
        """Write keys into the terminal."""
        os.write(self._fd, keys)

    def wait(self, seconds: float) -> int | None:
        """The program's exit code, or None when it is still there after `seconds`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.read(0.1):
                time.sleep(0.1)
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
        return None

    def text(self) -> str:
        """The screen as lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)


def main() -> int:
    """Watch the command given after `--`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="how long the mentions may take to appear")
    parser.add_argument("command", nargs="+")
    wanted = parser.parse_args()
    names, terminal = authors(), Terminal(wanted.command)
    until = time.monotonic() + wanted.seconds
    seen: set[str] = set()
    alive = True
    while alive and len(seen) < ENOUGH and time.monotonic() < until:
        alive = terminal.read(0.5)
        shown = terminal.text()
        seen = {name for name in names if name[:12] in shown}
    terminal.settle()
    print(terminal.text())
    if len(seen) < ENOUGH:
        print(f"only {len(seen)} authors of the sample feeds were on the screen", file=sys.stderr)
        os.kill(terminal.pid, signal.SIGKILL)
        return 1
    terminal.press(LEAVE)
    code = terminal.wait(20)
    if code is None:
        print("the desk did not leave at Control-Q", file=sys.stderr)
        os.kill(terminal.pid, signal.SIGKILL)
        return 1
    print(f"seen: {', '.join(sorted(seen))}; left with {code}")
    return code


if __name__ == "__main__":
    sys.exit(main())
