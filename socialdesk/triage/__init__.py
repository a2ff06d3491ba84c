"""Triage room: measures texts without the team's words and tags them with these; no network, no database."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.triage.fingerprint import fault_key, same_words
    from socialdesk.triage.measures import measure, measure_many
    from socialdesk.triage.personal import personal_data
    from socialdesk.triage.reach import reach_of
    from socialdesk.triage.tagger import Tagger
    from socialdesk.triage.urgent import urgency

__all__ = [
    "Tagger",
    "fault_key",
    "measure",
    "measure_many",
    "personal_data",
    "reach_of",
    "same_words",
    "urgency",
]

_HOME = {
    "Tagger": "tagger",
    "fault_key": "fingerprint",
    "measure": "measures",
    "measure_many": "measures",
    "personal_data": "personal",
    "reach_of": "reach",
    "same_words": "fingerprint",
    "urgency": "urgent",
}


def __getattr__(name: str) -> object:
    # A command that asks for urgency alone does not wait 20 ms for the expressions of the matcher.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
