"""The measure of all first paints: a Textual app with one Static."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

SENTINEL = "an-empty-app-is-here"


class Empty(App[None]):
    """Nothing but a sentence."""

    def compose(self) -> ComposeResult:
        yield Static(SENTINEL)


if __name__ == "__main__":
    Empty().run()
