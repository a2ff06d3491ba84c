"""Subject room: what a condition is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = object
"""str, int, bool, a tuple of str, or None for unknown; durations and moments (UTC) in milliseconds."""


class Subject(Protocol):
    """Anything that knows the values of fields at one moment."""

    def value(self, field: str, args: Mapping[str, int] | None = None, /) -> Value:
        """The value of `field`, None when nobody knows; `args` narrows a count (`within`, milliseconds).

        `text` gives one message, or a tuple with every message of the conversation. Names are the
        registry's own, never an alias. A field that this subject cannot know is None, not an error.
        """
        ...


class Values:
    """A subject made of a plain mapping: for tests, previews and policy examples."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def value(self, field: str, args: Mapping[str, int] | None = None, /) -> Value:
        """The value given for `field`, whatever the arguments; None when none was given."""
        return self._values.get(field)
