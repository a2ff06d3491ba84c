"""Desk room: what one transaction has decided, collected and then written in bulk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from socialdesk.inbox import events, store
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import Connection
from socialdesk.inbox.timers import Timer
from socialdesk.inbox.work import DECISION_COLUMNS
from socialdesk.model import Millis, Person
from socialdesk.policy.model import Decision, Policy

_FOLLOW = frozenset({"deadline", "warn"})
"""Timers that are set anew from the case whenever it changes."""

_TIMER_COLUMNS = ("due_at", "kind", "conversation_id", "draft_id", "escalation_id", "payload")


@dataclass(slots=True)
class Changes:
    """One write transaction at work: who acts, under which policy, when, and what is to be written.

    `history` says that old posts are being read in: no clock starts and nobody is alerted. `started`
    (conversation and kind), `stopped`, `answers` and `escalations` are the timers, settled steps and
    calls of groups that it has touched, so that an undo can put them back.
    """

    connection: Connection
    policy: Policy
    person: Person
    now: Millis
    history: bool = False
    notices: list[tuple[str, str]] = field(default_factory=list)
    _decisions: list[tuple[object, ...]] = field(default_factory=list)
    _timers: dict[int, list[tuple[object, ...]]] = field(default_factory=dict)
    _next_decision: int = 0
    started: set[tuple[int, str]] = field(default_factory=set)
    stopped: list[Timer] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    escalations: list[int] = field(default_factory=list)

    def record(
        self,
        kind: str,
        *,
        conversation: int | None = None,
        draft: int | None = None,
        body: Mapping[str, object] | None = None,
    ) -> int:
        """Put an event on the record at once, so that its number is known."""
        return events.append(
            self.connection, kind, self.person, self.now, conversation=conversation, draft=draft, body=body
        )

    def add_decision(
        self,
        conversation: int,
        message: int | None,
        decision: Decision,
        cause: str,
        facts: Mapping[str, object],
    ) -> int:
        """Keep a decision; returns the number it will have."""
        if not self._next_decision:
            self._next_decision = store.next_id(self.connection, "decisions")
        number = self._next_decision
        self._next_decision += 1
        self._decisions.append(
            (
                number,
                conversation,
                message,
                self.now,
                decision.policy_hash,
                decision.playbook,
                decision.case,
                cause,
                _outcome(decision),
                _encode(facts) if facts else "{}",
            )
        )
        return number

    def start_timer(
        self,
        kind: str,
        due_at: int,
        conversation: int,
        payload: Mapping[str, object] | None = None,
        escalation: int | None = None,
    ) -> None:
        """Set a timer with the rest of the transaction."""
        self.started.add((conversation, kind))
        self._timers.setdefault(conversation, []).append(
            (due_at, kind, conversation, None, escalation, _encode(payload) if payload else "{}")
        )

    def stop_timers(self, conversation: int, *kinds: str) -> None:
        """Take timers away, those not written yet included."""
        if conversation in self._timers:
            kept = [timer for timer in self._timers[conversation] if kinds and timer[1] not in kinds]
            self._timers[conversation] = kept
        self.stopped += timer_table.stop(self.connection, conversation, *kinds)

    def side_effects(self, conversation: int) -> dict[str, object]:
        """What an undo has to put back besides the case's own columns, as JSON; deadlines follow from these."""
        told: dict[str, object] = {
            "started": sorted({kind for number, kind in self.started if number == conversation} - _FOLLOW),
            "stopped": [
                [timer.kind, timer.due_at, timer.escalation_id, dict(timer.payload)]
                for timer in self.stopped
                if timer.conversation_id == conversation and timer.kind not in _FOLLOW
            ],
            "answers": self.answers,
            "escalations": self.escalations,
        }
        return {name: value for name, value in told.items() if value}

    def flush(self) -> None:
        """Write the collected rows."""
        if self._decisions:
            store.insert_rows(self.connection, "decisions", DECISION_COLUMNS, self._decisions)
            self._decisions = []
        if self._timers:
            rows = [timer for timers in self._timers.values() for timer in timers]
            store.insert_rows(self.connection, "timers", _TIMER_COLUMNS, rows)
            self._timers = {}
        self._next_decision = 0


_encode = json.JSONEncoder().encode
_outcomes: dict[Decision, str] = {}


def _outcome(decision: Decision) -> str:
    """The decision as stored JSON; policy hands the same few out again and again, so each is written once."""
    known = _outcomes.get(decision)
    if known is None:
        if len(_outcomes) > 1_000:
            _outcomes.clear()
        known = _outcomes[decision] = json.dumps(
            {
                "engage": decision.engage,
                "target": decision.target,
                "critical": decision.critical,
                "tags": decision.tags,
                "escalate_to": [order.to for order in decision.escalations],
                "standing": decision.standing,
                "urgency": decision.urgency_boost,
                "source": decision.source,
            }
        )
    return known
