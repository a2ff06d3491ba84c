"""Screen room: the keys of the configuration file, checked before the desk takes them over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from socialdesk.config import ConfigError
from socialdesk.diagnostics import nearest
from socialdesk.tui.actions import ACTIONS, BY_ID, Action, Place, keys_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from socialdesk.config import KeySetting

EXAMPLES = "keys such as x, ctrl+n or f9, separated by commas"
_HELD = frozenset({"ctrl", "shift", "alt"})
_WORDS = ("escape", "enter", "tab", "space", "backspace", "delete", "insert")
_WAYS = ("home", "end", "pageup", "pagedown", "up", "down", "left", "right")
_NAMED = frozenset({*_WORDS, *_WAYS, *(f"f{number}" for number in range(1, 13))})


def check_keymap(settings: Sequence[KeySetting]) -> Mapping[str, str]:
    """The keys that the file gives to actions, by the actions' ids.

    Raises `ConfigError` for unknown actions and keys, actions left without a key, and keys that two
    actions of a place want: Textual takes all of these in silence, and an action loses its key.
    """
    keymap = {one.action: ",".join(_split(one.keys)) for one in settings}
    found = [
        replace(one.at_action, message=f"there is no action {one.action!r}",
                expected="an action that `socialdesk keys` lists", nearest=nearest(one.action, BY_ID))
        for one in settings if one.action not in BY_ID
    ]  # fmt: skip
    for one in settings:
        found += [
            replace(one.at_keys, message=problem, expected=EXAMPLES) for problem in _problems(one, keymap)
        ]
    if found:
        raise ConfigError(found)
    return keymap


def clashes(action: Action, keymap: Mapping[str, str]) -> Iterator[tuple[str, Action]]:
    """The keys of `action` that another action wants where both are heard, and that action."""
    here = _heard_in(action.place)
    for other in ACTIONS:
        if other.id != action.id and here & _heard_in(other.place):
            for key in keys_of(other, keymap):
                if key in keys_of(action, keymap):
                    yield key, other


def _problems(setting: KeySetting, keymap: Mapping[str, str]) -> Iterator[str]:
    keys, action = _split(setting.keys), BY_ID.get(setting.action)
    if not keys:
        yield f"action {setting.action!r} would be left without a key"
    yield from (f"there is no key {key!r}" for key in keys if not _is_key(key))
    if action is not None and keys:
        for key, other in clashes(action, keymap):
            yield f"{shown(key)} is wanted by {action.id!r} and by {other.id!r}"


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]


def _is_key(key: str) -> bool:
    *held, name = key.split("+") if len(key) > 1 else [key]
    return _HELD.issuperset(held) and (name in _NAMED or (len(name) == 1 and name.isprintable()))


def _heard_in(place: Place) -> frozenset[Place]:
    """The places in which a key of `place` is heard; composer and dialogs keep the keys to themselves."""
    if place in (Place.EVERYWHERE, Place.DESK):
        return frozenset({Place.DESK, Place.LIST, Place.TEXT})
    return frozenset({place})
