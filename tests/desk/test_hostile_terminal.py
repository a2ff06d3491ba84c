"""What strangers write never steers a terminal: every command's output, byte by byte, on a real pseudo-terminal."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from socialdesk.desk.importing import import_paths
from tests.desk import hostile
from tests.desk.hostile import MARK, SEQUENCES, write_hostile
from tests.desk.processes import desk_at, make_sandbox
from tests.desk.soundness import assert_sound
from tests.desk.terminal import Terminal, steering

COMMANDS = (
    ("list",),
    ("show", "1"),
    ("explain", "1"),
    ("list", "--json"),
    ("show", "1", "--json"),
    ("refusals",),
)


def inbox_of(folder: Path, texts: list[str]) -> Path:
    """An inbox into which a file with these texts has been read."""
    inbox = make_sandbox(folder / "inbox.db")
    desk = desk_at(inbox)
    result = import_paths(desk, [write_hostile(folder / "hostile.jsonl", texts)], network="forum")
    desk.close()
    assert result.read == result.stored + result.updated + result.known + result.refused
    return inbox


def output_of(inbox: Path, *words: str) -> bytes:
    """Everything that a command writes to its terminal."""
    terminal = Terminal(inbox, *words)
    try:
        assert terminal.to_end() == 0, terminal.text
        assert terminal.screen.title == ""
        return terminal.raw
    finally:
        terminal.close()


def assert_harmless(inbox: Path) -> None:
    """No command writes anything that a stranger could steer the terminal with."""
    for words in COMMANDS:
        raw = output_of(inbox, *words)
        assert len(raw) > 100
        assert steering(raw) == set(), words


def test_every_known_sequence_is_taken_out_whole(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path, [*SEQUENCES, *hostile.CHARACTERS, *hostile.WORDS])
    assert_sound(inbox)
    assert_harmless(inbox)
    for words in (("list",), ("show", "1"), ("explain", "1")):
        assert MARK.encode() not in output_of(inbox, *words)


# One failing example is enough: making it smaller would take minutes of processes.
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(texts=st.lists(hostile.texts, min_size=30, max_size=60))
def test_no_mixture_of_them_gets_through(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_harmless(inbox_of(Path(folder), texts))


def test_the_naughty_strings_are_harmless(tmp_path: Path) -> None:
    texts = hostile.naughty_strings()
    if not texts:
        pytest.skip("the naughty strings (../shared/data/torture) are not at hand")
    inbox = inbox_of(tmp_path, texts)
    assert_sound(inbox)
    assert_harmless(inbox)


_BAR = re.compile(rb"\x1b\[[?0-9;]*[A-Za-z]")
"""What the progress bar of an import moves the cursor with."""


def test_a_hostile_file_is_harmless_where_it_is_complained_about(tmp_path: Path) -> None:
    inbox = make_sandbox(tmp_path / "inbox.db")
    file = tmp_path / f"\x1b]0;{MARK}\x07\u202egnp.csv"
    file.write_text(f"id,text\n1,\x1b[7;9;53m{MARK}\n\x1b]0;{MARK}\x07", encoding="utf-8")
    for words in (
        ("import", str(file)),
        ("import", str(file), "--map", f"text=\x1b]0;{MARK}\x07"),
        ("import", str(tmp_path / f"\x1b]0;{MARK}\x07 missing")),
        (f"\x1b]0;{MARK}\x07",),
        ("list", "--query", f"topic:\x1b]0;{MARK}\x07"),
        ("list", "--view", f"\x1b]0;{MARK}\x07"),
        ("claim", f"\x1b]0;{MARK}\x07"),
    ):
        terminal = Terminal(inbox, *words)
        try:
            terminal.to_end()
        finally:
            terminal.close()
        assert terminal.raw
        assert steering(_BAR.sub(b"", terminal.raw)) == set(), words
        assert terminal.screen.title == ""


def test_a_terminal_without_colours_gets_no_escape_at_all(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path, list(SEQUENCES))
    for words in COMMANDS:
        terminal = Terminal(inbox, *words, environ={"NO_COLOR": "1"})
        try:
            assert terminal.to_end() == 0
        finally:
            terminal.close()
        assert b"\x1b" not in terminal.raw, words


def test_the_check_itself_sees_what_would_steer() -> None:
    for words in SEQUENCES:
        assert steering(words.encode()), repr(words)
    assert steering(b"\x1b[31mred\x1b[0m line\r\n") == set()
