"""Screen room: the application: one engine, one desk, themes, and a notice for every failure."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.worker import Worker, WorkerState

from socialdesk.tui.actions import Place
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.themes import THEMES

if TYPE_CHECKING:
    from textual.binding import BindingType

    from socialdesk.tui.engine import Engine


class SocialdeskApp(App[None]):
    """The desk on screen; it owns the engine and closes it."""

    TITLE = "socialdesk"
    CSS_PATH = "screens/desk.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Place.EVERYWHERE)

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_default_screen(self) -> DeskScreen:
        """The desk is the screen that is always there."""
        return DeskScreen(self.engine)

    def on_ready(self) -> None:
        """The first paint is out: free the keys from the collector, then open the desk beside them.

        What is imported by now lives as long as the program; walking it cost a key 19 ms at worst.
        """
        gc.collect()
        gc.freeze()

    def on_unmount(self) -> None:
        """Finish what was begun."""
        self.engine.close()

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.tell_error(event.worker.error)

    def tell_error(self, error: BaseException | None) -> None:
        """A failure becomes a notice: the sentence of our own errors, the kind and words of others."""
        from socialdesk.errors import SocialdeskError

        words = str(error) if isinstance(error, SocialdeskError) else f"{type(error).__name__}: {error}"
        self.notify(words, severity="error", markup=False, timeout=10)
