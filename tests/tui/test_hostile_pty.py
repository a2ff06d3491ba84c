"""Hostile texts on the desk itself, on a real pseudo-terminal: none of their bytes steer it, and it stays alive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from socialdesk.desk.importing import import_paths
from tests.desk.hostile import CHARACTERS, MARK, SEQUENCES, WORDS, naughty_strings, write_hostile
from tests.desk.processes import desk_at, make_sandbox
from tests.desk.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEYS = ("j", "j", "\r", "G", "\x1b", "G", "k", "\r", "\x1b", "?", "\x1b", "/", "widget", "\r", "j", "\x1b")
"""Down the queue, into two conversations, to help and back, and through a search."""

LEAVE = "\x11"
INNOCENT = ("my widget is broken", "who is on duty today?", "danke, das ging schnell")

_SEQUENCE = re.compile(r"\x1b(?:\[[?><=0-9;:]*[ -/]*[@-~]|\][^\x07\x1b]*|.)")
_CHARACTERS = re.compile(
    "[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def bytes_of_a_visit(folder: Path, texts: Sequence[str]) -> str:
    """Everything that the desk writes while an agent looks around in an inbox with these texts."""
    folder.mkdir()
    inbox = make_sandbox(folder / "inbox.db")
    desk = desk_at(inbox)
    import_paths(desk, [write_hostile(folder / "hostile.jsonl", texts)], network="forum")
    desk.close()
    terminal = Terminal(inbox, columns=140, lines=40, environ={"SOCIALDESK_LOGIN": "ana"})
    try:
        terminal.wait_for("my widget")
        for keys in KEYS:
            terminal.press(keys)
            terminal.settle(0.15)
        terminal.press(LEAVE)
        assert terminal.to_end() == 0, terminal.text
        assert MARK not in terminal.screen.title
        return terminal.raw.decode("utf-8")
    finally:
        terminal.close()


def shapes(written: str) -> set[str]:
    """Every kind of escape sequence in it; numbers do not tell kinds apart."""
    return {re.sub(r"[0-9]+(?:;[0-9]+)*", "N", found) for found in _SEQUENCE.findall(written)}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The kinds of sequences that the desk needs by itself."""
    return shapes(bytes_of_a_visit(tmp_path_factory.mktemp("usual") / "inbox", INNOCENT))


def assert_nothing_got_through(written: str, usual: set[str]) -> None:
    """The desk wrote what it writes anyhow, and no character that steers."""
    assert shapes(written) <= usual
    assert set(_CHARACTERS.findall(written)) <= {"\x07"}
    assert "7;9;53m" not in written


def test_the_desk_shows_hostile_texts_and_obeys_none(tmp_path: Path, usual: set[str]) -> None:
    written = bytes_of_a_visit(tmp_path / "inbox", [*SEQUENCES, *CHARACTERS, *WORDS])
    assert MARK not in written
    assert_nothing_got_through(written, usual)


def test_the_desk_shows_naughty_strings_and_obeys_none(tmp_path: Path, usual: set[str]) -> None:
    texts = naughty_strings()
    if not texts:
        pytest.skip("the naughty strings (../shared/data/torture) are not at hand")
    assert_nothing_got_through(bytes_of_a_visit(tmp_path / "inbox", texts), usual)
