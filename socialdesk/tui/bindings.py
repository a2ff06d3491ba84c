"""Screen room: the registry's actions as Textual bindings, every one with an id."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from socialdesk.tui.actions import BY_ID, Action, Place, actions_of


def bindings_of(*places: Place) -> list[BindingType]:
    """The bindings of these places."""
    return [_binding(action) for action in actions_of(*places)]


def bindings_named(*ids: str) -> list[BindingType]:
    """The bindings of these actions."""
    return [_binding(BY_ID[name]) for name in ids]


def _binding(action: Action) -> Binding:
    """What the desk's keys do goes through one door, `act`; the other places have their own methods."""
    called = action.calls
    if action.place is Place.DESK:
        called = f"screen.act('{action.id}')"
    elif action.place is Place.EVERYWHERE:
        called = f"app.{action.calls}"
    return Binding(
        action.keys, called, action.words, show=action.footer > 0, tooltip=action.help, id=action.id
    )
