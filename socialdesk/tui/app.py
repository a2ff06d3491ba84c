"""Screen room: the application: one engine, one desk, themes, help and palette."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding

from socialdesk.errors import SocialdeskError
from socialdesk.tui.actions import Place, actions_of
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.situation import why_not
from socialdesk.tui.themes import CYCLE, PLAIN_VARIABLES, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.command import Provider
    from textual.driver import Driver

    from socialdesk.tui.engine import Engine


def _action_provider() -> type[Provider]:
    """The palette's provider, imported when the palette is first opened."""
    from socialdesk.tui.palette import ActionProvider

    return ActionProvider


def _seamless_driver() -> type[Driver] | None:
    """The driver that draws over the first frame; None where Textual's own is another one."""
    try:
        from socialdesk.tui.driver import SeamlessDriver
    except ImportError:  # Windows has no termios
        return None
    return SeamlessDriver


def _as_textual_names(keys: str) -> str:
    """`question_mark` for `?`: bindings are renamed by Textual itself, the keys of a keymap are not."""
    return ",".join(binding.key for binding in Binding.make_bindings([(keys, "", "")]))


AFTER_FIRST_PAINT = 0.02
"""Seconds; one frame of the slowest refresh."""


class SocialdeskApp(App[None]):
    """The desk on screen; it owns the engine and closes it."""

    TITLE = "socialdesk"
    CSS_PATH = Path(__file__).parent / "screens" / "desk.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_action_provider}
    BINDINGS = bindings_of(Place.EVERYWHERE)

    def __init__(
        self, engine: Engine, keymap: Mapping[str, str] | None = None, *, on_first_frame: bool = False
    ) -> None:
        super().__init__(driver_class=_seamless_driver() if on_first_frame else None)
        self.engine = engine
        self.keymap: Mapping[str, str] = dict(keymap or {})
        self.set_keymap({action: _as_textual_names(keys) for action, keys in self.keymap.items()})
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The desk's own greys, for themes that do not set them."""
        return dict(PLAIN_VARIABLES)

    def get_default_screen(self) -> DeskScreen:
        """The desk is the screen that is always there."""
        return DeskScreen(self.engine, self.keymap)

    @property
    def desk(self) -> DeskScreen:
        """The desk, whatever is open over it."""
        found = self.screen_stack[0]
        if not isinstance(found, DeskScreen):
            raise LookupError("the desk is not the first screen")
        return found

    def on_ready(self) -> None:
        """Everything that can wait waits until the first frame is out."""
        self.set_timer(AFTER_FIRST_PAINT, self._settle)

    def _settle(self) -> None:
        """Free the keys from the collector, then open the desk beside them.

        What is imported by now lives as long as the program; walking it cost a key 19 ms at worst.
        """
        gc.collect()
        gc.freeze()
        gc.enable()
        self.desk.begin()

    def on_unmount(self) -> None:
        """Finish what was begun."""
        self.engine.close()

    def action_help(self) -> None:
        """Show the keys of the place one is in."""
        from socialdesk.tui.screens.help import HelpScreen

        if isinstance(self.screen, DeskScreen):
            here = self.screen.situation
            blocked = {a.id: why for a in actions_of(Place.DESK) if (why := why_not(a, here)) is not None}
            self.push_screen(HelpScreen(self.screen.places, self.keymap, blocked))

    def action_next_theme(self) -> None:
        """The next theme: dark, light, the terminal's own colours."""
        at = CYCLE.index(self.theme) if self.theme in CYCLE else -1
        self.theme = CYCLE[(at + 1) % len(CYCLE)]
        self.notify(f"theme {self.theme}", markup=False, timeout=2)

    async def action_quit(self) -> None:
        """Leave at once; what stands in the composer is kept first, and one stays where it cannot be."""
        if self.desk.has_class("writing"):
            try:
                await self.desk.writer.keep()
            except SocialdeskError as error:
                self.desk.tell_error(error)
                return
        self.exit()

    def action_leave(self) -> None:
        """Leave the desk, after asking."""
        from socialdesk.tui.screens.dialogs import Confirm

        def answered(answer: str | None) -> None:
            if answer:
                self.call_later(self.action_quit)

        if isinstance(self.screen, DeskScreen):
            self.push_screen(Confirm("Leave the desk? Drafts are kept."), answered)
