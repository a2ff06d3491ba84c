"""Screen room: what an action of the desk is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a key applies."""

    EVERYWHERE = "everywhere"
    DESK = "the desk"
    LIST = "a list"
    TEXT = "a conversation's text"
    COMPOSER = "the composer"
    DIALOG = "a dialog"


class Need(StrEnum):
    """What must be there before an action can be taken."""

    AGENT = "agent"
    CONVERSATION = "conversation"
    QUESTION = "question"
    STEP = "step"
    DRAFT = "draft"
    APPROVAL = "approval"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Action:
    """Something an agent can do with one key.

    `keys` are Textual's names, separated by commas. `calls` is a use-case (`desk.casework.claim`,
    given desk, conversation, then `fixed`, then the answers to `asks`), or a method of the screen or
    of the widget that has the focus. `asks` names the dialogs of `asking.py`. `footer` orders the
    hints at the bottom of the screen; 0 keeps an action out of them.
    """

    id: str
    keys: str
    words: str
    help: str
    place: Place
    heading: str
    calls: str
    needs: tuple[Need, ...] = ()
    asks: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    footer: int = 0

    @property
    def use_case(self) -> bool:
        """Whether it changes the inbox through the desk, rather than only the screen."""
        return self.calls.startswith("desk.")
