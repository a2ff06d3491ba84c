"""A program on a pseudo-terminal: when its output came, and how much memory it took at its peak."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

COLUMNS, LINES = 120, 40
_QUIET = 0.12
"""Seconds without output after which a program has nothing more to say about a key."""


class NotSeen(Exception):
    """The program ended, or stayed silent, before it showed what was waited for."""


class Terminal:
    """Starts `command` on a terminal of 120 by 40; a context manager that ends it again."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(command[0], list(command), dict(environ))
            finally:
                os._exit(127)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        os.set_blocking(self._fd, False)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def wait_for(self, sentinel: bytes, since: float | None = None, seconds: float = 30.0) -> float:
        """Seconds from `since` (by `perf_counter`; the start) until `sentinel` had been written."""
        seen = b""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            chunk, at = self._read(end - time.perf_counter())
            seen = seen[-len(sentinel) :] + chunk
            if sentinel in seen:
                return at - (self.started if since is None else since)
        raise NotSeen(f"{sentinel!r} was not shown within {seconds:g} s; the last was {seen[-200:]!r}")

    def send(self, keys: bytes) -> float:
        """Write keys without waiting; returns the moment, by `perf_counter`."""
        moment = time.perf_counter()
        os.write(self._fd, keys)
        return moment

    def press(self, key: bytes, seconds: float = 3.0) -> float:
        """Seconds from the key's byte to the first byte that the program writes in answer."""
        pressed = self.send(key)
        _chunk, at = self._read(seconds)
        return at - pressed

    def drain(self, seconds: float) -> None:
        """Read whatever comes for `seconds`."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and select.select([self._fd], [], [], left)[0]:
            self._read(0.0)

    def settle(self, seconds: float = 5.0) -> None:
        """Read until the program has been quiet for a while, at most `seconds`."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and select.select([self._fd], [], [], _QUIET)[0]:
            self._read(1.0)

    def peak_memory(self) -> int:
        """The most memory the process has held so far, in bytes (VmHWM, Linux)."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        if found is None:
            raise NotSeen("the kernel does not tell VmHWM")
        return int(found[1]) * 1024

    def _read(self, seconds: float) -> tuple[bytes, float]:
        ready = select.select([self._fd], [], [], max(0.0, seconds))[0]
        at = time.perf_counter()
        if not ready:
            raise NotSeen(f"nothing was written for {seconds:.1f} s")
        try:
            return os.read(self._fd, 1 << 16), at
        except OSError as error:  # Linux says EIO when the program has closed its end
            raise NotSeen("the program has ended") from error
