"""Screen room: the dialogs: yes or no, one line of words, one of several. Imported when first asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from socialdesk.tui.bindings import bindings_named
from socialdesk.tui.plain import inert, inert_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what is returned, what is read, and more about it below."""

    value: str
    words: str
    more: str = ""


class Dialog(ModalScreen[str | None]):
    """A question over the desk; it answers with words, with "" when it was closed without an answer."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_named("dialog-close")

    def action_answer(self, words: str) -> None:
        """Close with this answer."""
        self.dismiss(words)


class Confirm(Dialog):
    """Yes or no. Enter does nothing, because it is often pressed once too often."""

    BINDINGS = bindings_named("dialog-yes", "dialog-no")

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and its two keys."""
        with Vertical(classes="dialog"):
            yield Static(Content(inert(self._question)), markup=False, classes="dialog-question")
            yield Static(_keys(("y", "yes"), ("n", "no")), markup=False)


class Ask(Dialog):
    """One line of words."""

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """The question and the line for the answer."""
        with Vertical(classes="dialog"):
            yield Static(Content(inert(self._question)), markup=False, classes="dialog-question")
            yield Input(self._value, compact=True)
            yield Static(_keys(("enter", "take it"), ("esc", "close")), markup=False)

    def on_mount(self) -> None:
        """A cursor that does not blink: an idle desk sends nothing."""
        self.query_one(Input).cursor_blink = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())


class Options(OptionList):
    """The choices; j and k move as everywhere."""

    BINDINGS = bindings_named("dialog-down", "dialog-up")


class Choose(Dialog):
    """One of several; the number before a choice takes it at once."""

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._question = question
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The question and its choices."""
        with Vertical(classes="dialog"):
            yield Static(Content(inert(self._question)), markup=False, classes="dialog-question")
            yield Options(*map(_option, range(1, len(self._choices) + 1), self._choices), markup=False)
            yield Static(_keys(("enter", "take it"), ("1-9", "at once"), ("esc", "close")), markup=False)

    def on_key(self, event: events.Key) -> None:
        """A digit takes its choice; it must not reach the desk, which opens views by digits."""
        if event.character and event.character in "123456789":
            event.stop()
            number = int(event.character)
            if number <= len(self._choices):
                self.dismiss(self._choices[number - 1].value)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._choices[event.option_index].value)


def _option(number: int, choice: Choice) -> Option:
    digit = f"{number} " if number < 10 else "  "
    line = Content.assemble((digit, "bold $accent"), (inert(choice.words), "bold" if choice.more else ""))
    if choice.more:
        below = "\n".join("  " + part for part in inert_lines(choice.more).split("\n"))
        line = line + Content.styled("\n" + below, "$dim")
    return Option(line)


def _keys(*pairs: tuple[str, str]) -> Content:
    return Content("   ").join(
        Content.assemble((key, "bold $accent"), (f" {words}", "$dim")) for key, words in pairs
    )
