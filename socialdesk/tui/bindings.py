"""Screen room: the registry's actions as Textual bindings, every one with an id."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from socialdesk.tui.actions import Action, Place, actions_of


def bindings_of(*places: Place) -> list[BindingType]:
    """The bindings of these places; use-cases and the desk's own methods go through one door, `act`."""
    return [_binding(action) for action in actions_of(*places)]


def _binding(action: Action) -> Binding:
    called = f"screen.act('{action.id}')" if action.place is Place.DESK else action.calls
    if action.place is Place.EVERYWHERE:
        called = f"app.{action.calls}"
    return Binding(
        action.keys, called, action.words, show=action.footer > 0, tooltip=action.help, id=action.id
    )
