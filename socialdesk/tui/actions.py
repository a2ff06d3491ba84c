"""Screen room: the one door to the registry; bindings, footer, help, palette and `keys` ask here.

Nothing here imports Textual, so that the command that lists the keys stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.tui.action import Action, Need, Place
from socialdesk.tui.registry import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "ACTIONS",
    "BY_ID",
    "Action",
    "Need",
    "Place",
    "actions_of",
    "hint",
    "keys_of",
    "shown",
    "table",
]

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def actions_of(*places: Place) -> Iterator[Action]:
    """The actions of these places, in the registry's order."""
    return (action for action in ACTIONS if action.place in places)


def shown(key: str) -> str:
    """A key as people write it: `?` for `question_mark`, `^S` for `ctrl+s`."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return _NAMES.get(key, key)


def keys_of(action: Action, keymap: Mapping[str, str] | None = None) -> list[str]:
    """The keys of an action as Textual names them; those of `keymap` instead of its own where it has some."""
    return [key.strip() for key in (keymap or {}).get(action.id, action.keys).split(",")]


def hint(action: Action, keymap: Mapping[str, str] | None = None) -> str:
    """The first key of an action as people write it."""
    return shown(keys_of(action, keymap)[0])


def table() -> list[dict[str, str]]:
    """Every action as words, for `socialdesk keys`: id, keys, words, what it does, where, under which heading."""
    return [
        {
            "id": action.id,
            "keys": " ".join(shown(key) for key in keys_of(action)),
            "words": action.words,
            "help": action.help,
            "place": action.place.value,
            "heading": action.heading,
            "needs_agent": "yes" if Need.AGENT in action.needs else "no",
        }
        for action in ACTIONS
    ]
