"""The demo on a real pseudo-terminal: however it ends, the throw-away inbox goes with it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.desk.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no hang-ups on this system")
def test_closing_the_window_leaves_nothing_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    terminal = Terminal(tmp_path / "inbox.db", "demo", environ={"TMPDIR": str(temporary)})
    try:
        terminal.wait_for("critical first")
        terminal.settle()
        assert list(temporary.glob("socialdesk-demo-*"))
        terminal.process.send_signal(signal.SIGHUP)
        terminal.to_end()
    finally:
        terminal.close()
    assert not list(temporary.glob("socialdesk-demo-*"))
