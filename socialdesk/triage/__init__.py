"""Triage room: measures texts and tags them with the team's words; pure: no network, no database."""

from __future__ import annotations

from socialdesk.triage.fingerprint import fault_key, same_words
from socialdesk.triage.measures import measure, measure_many
from socialdesk.triage.personal import personal_data
from socialdesk.triage.reach import reach_of
from socialdesk.triage.tagger import Tagger
from socialdesk.triage.urgency import urgency

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
