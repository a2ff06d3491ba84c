"""The errors that reach people.

SocialdeskError            what went wrong, where, and what to do, in one line; exit 1
├── UsageError             the command's words do not fit; exit 2
│   └── PolicyInvalid      the policy files have errors; carries every diagnostic; exit 2
├── NotFound               nothing matched; exit 3
├── NotAllowed             this person may not do this; exit 4
│   └── NotYet             allowed, but not before a moment; carries it; exit 4
├── Stale                  the row has moved on since it was read; exit 1
├── InboxUnusable          locked, read-only, corrupt or of a newer version; exit 1
├── FeedUnusable           a file or address could not be read; exit 1
└── SendFailed             a network refused or did not answer; exit 1
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic
    from socialdesk.model import Millis


class SocialdeskError(Exception):
    """The base of every error that a person reads; `str()` is that sentence."""

    exit_code = 1


class UsageError(SocialdeskError):
    """The command's words, options or configuration do not fit."""

    exit_code = 2


class PolicyInvalid(UsageError):
    """The policy folder has errors; nothing of it was put in force."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class NotFound(SocialdeskError):
    """Nothing matched."""

    exit_code = 3


class NotAllowed(SocialdeskError):
    """This person may not do this, or the conversation's state does not admit it."""

    exit_code = 4


class NotYet(NotAllowed):
    """Allowed, but only from a moment on."""

    def __init__(self, message: str, until: Millis) -> None:
        super().__init__(message)
        self.until = until


class Stale(SocialdeskError):
    """The row has moved on since it was read; read it again."""


class InboxUnusable(SocialdeskError):
    """The inbox file cannot be used; the sentence says what to do."""


class FeedUnusable(SocialdeskError):
    """A feed's file or address could not be read at all."""


class SendFailed(SocialdeskError):
    """A network refused a message or could not be reached."""
