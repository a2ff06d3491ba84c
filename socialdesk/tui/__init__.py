"""The desk on screen; importing this names the launcher only, Textual comes with the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.config import Config
    from socialdesk.desk.session import Desk


def run_desk(config: Config) -> int:
    """Open the desk on the inbox of `config` and run it until it is left; returns the exit code.

    Raises `InboxUnusable`, or `ConfigError` for a keymap with errors, before anything is painted.
    """
    import gc
    import time
    from pathlib import Path

    gc.disable()  # until the first paint is out: collecting while modules load costs 8 % of the wait
    from socialdesk.inbox.connection import open_inbox, open_reader
    from socialdesk.tui import first_frame

    keymap: Mapping[str, str] = {}
    if config.keymap:
        from socialdesk.tui.keymap import check_keymap

        keymap = check_keymap(config.keymap)
    path = Path(config.inbox)
    if not path.exists():
        open_inbox(path).close()
    glance = open_reader(path)
    painted = first_frame.paint(glance, time.time_ns() // 1_000_000)
    try:
        from socialdesk.tui.app import SocialdeskApp
        from socialdesk.tui.engine import Engine

        def opening() -> Desk:
            from socialdesk.desk.session import open_desk

            return open_desk(config)

        app = SocialdeskApp(Engine(path, opening, glance=glance), keymap, on_first_frame=painted)
    except BaseException:
        if painted:
            first_frame.leave()
        raise
    app.run()
    return app.return_code or 0
