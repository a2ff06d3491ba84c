"""Runs commands as the program does, in this process: words in, exit code and both streams out."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socialdesk.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one JSON object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    def lines(self) -> list[Any]:
        """Every JSON object on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Commands:
    """A shell on one inbox; `login` is whom a sandbox takes for the person at the computer."""

    inbox: Path
    config: Path
    login: str | None = None

    def __call__(self, *words: object, stdin: str = "", **variables: str) -> Ran:
        """Run `socialdesk WORDS`; `variables` are set for this run."""
        chosen = {"SOCIALDESK_INBOX": str(self.inbox), "SOCIALDESK_CONFIG": str(self.config), **variables}
        if self.login:
            chosen.setdefault("SOCIALDESK_LOGIN", self.login)
        out, err = _stream(), _stream()
        with _as_process(chosen, stdin, out, err):
            code = main([str(word) for word in words])
        return Ran(code, _text(out), _text(err))

    def as_login(self, login: str) -> Commands:
        """The same inbox with somebody else at the computer."""
        return Commands(self.inbox, self.config, login)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@contextmanager
def _as_process(
    variables: dict[str, str], stdin: str, out: io.TextIOWrapper, err: io.TextIOWrapper
) -> Iterator[None]:
    before = dict(os.environ), sys.stdin, sys.stdout, sys.stderr
    for name in [name for name in os.environ if name.startswith("SOCIALDESK_")]:
        del os.environ[name]
    os.environ.update(variables)
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin.encode())), out, err
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        _, sys.stdin, sys.stdout, sys.stderr = before


def run_plain(*words: object) -> Ran:
    """Run `socialdesk WORDS` with no setting but the computer's own folders."""
    out, err = _stream(), _stream()
    with _as_process({}, "", out, err):
        code = main([str(word) for word in words])
    return Ran(code, _text(out), _text(err))
