"""The policy in force: every part of it by name, and the words its parts are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from socialdesk.policy import assemble, bundle
from socialdesk.policy.parts import (
    AGENT_DECIDES,
    ASK,
    CLOSE,
    CRITICAL,
    ESCALATE,
    FIND_OUT,
    IGNORE,
    POST,
    REPLY,
    RESPOND,
    TAKE_PRIVATE,
    URGENCY_POINTS,
    WAIT,
    WATCH,
    Afterwards,
    Case,
    Decision,
    EscalationOrder,
    Playbook,
    PolicyTest,
    Silence,
    StandingOrder,
    Step,
    View,
    Wake,
    Watch,
    When,
)
from socialdesk.policy.places import Place, Places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.model import Lexicon
    from socialdesk.policy.guardrails import Guardrails
    from socialdesk.policy.networks import Networks
    from socialdesk.policy.replies import Replies
    from socialdesk.policy.targets import Targets
    from socialdesk.policy.team import Team

__all__ = [
    "AGENT_DECIDES",
    "ASK",
    "CLOSE",
    "CRITICAL",
    "ESCALATE",
    "FIND_OUT",
    "IGNORE",
    "POST",
    "REPLY",
    "RESPOND",
    "TAKE_PRIVATE",
    "URGENCY_POINTS",
    "WAIT",
    "WATCH",
    "Afterwards",
    "Case",
    "Decision",
    "EscalationOrder",
    "Place",
    "Playbook",
    "Policy",
    "PolicyTest",
    "Silence",
    "StandingOrder",
    "Step",
    "View",
    "Wake",
    "Watch",
    "When",
]


@dataclass(frozen=True, eq=False)
class Policy:
    """A whole policy; `hash` names exactly the bytes of its files. Two are the same when they are one object.

    `sections` holds the files' plain normal form, `places` their lines, `files` their text: what the
    bundle stores. Every part is built from them when it is first asked for, so that a command pays
    for no more than it uses; what was loaded from files has been built and checked whole.
    """

    hash: str
    sections: Mapping[str, Any] = field(repr=False)
    places: Mapping[str, Places] = field(repr=False)
    files: Mapping[str, str] = field(repr=False)

    def playbook(self, name: str) -> Playbook | None:
        """The playbook of this name, or None."""
        return self._by_name.get(name)

    def case(self, playbook: str, case: str) -> Case | None:
        """The case of this name in this playbook, or None."""
        found = self.playbook(playbook)
        return None if found is None else found.case(case)

    @cached_property
    def playbooks(self) -> tuple[Playbook, ...]:
        """The playbooks in the order in which they are asked."""
        return self._playbooks[0]

    @cached_property
    def unlisted(self) -> tuple[Playbook, ...]:
        """Playbooks that order.yaml does not name: they never decide, and the check refuses them."""
        return self._playbooks[1]

    @cached_property
    def always(self) -> tuple[StandingOrder, ...]:
        """The standing orders."""
        return assemble.standing_orders(self.sections, self.places)[0]

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The team's own views."""
        return assemble.views(self.sections, self.places)[0]

    @cached_property
    def lexicon(self) -> Lexicon:
        """The team's words, for triage."""
        return assemble.lexicon(self.sections, self.places)

    @cached_property
    def team(self) -> Team:
        """Who works here, and who is called."""
        return assemble.team(self.sections, self.places)

    @cached_property
    def targets(self) -> Targets:
        """By when somebody must answer, and on which calendars."""
        return assemble.targets(self.sections, self.places)

    @cached_property
    def guardrails(self) -> Guardrails:
        """What may not be said."""
        return assemble.guardrails(self.sections, self.places)

    @cached_property
    def replies(self) -> Replies:
        """The templates: the shared ones and every playbook's own."""
        return assemble.replies(self.sections, self.places)

    @cached_property
    def networks(self) -> Networks:
        """What is customary where."""
        return assemble.networks(self.sections, self.places)

    def to_bundle(self) -> str:
        """The policy as one text that needs neither YAML nor shapes to be read again."""
        return bundle.write(bundle.Stored(self.hash, self.sections, self.places, self.files))

    @staticmethod
    def from_bundle(text: str) -> Policy:
        """The policy that `to_bundle` wrote; raise `SocialdeskError` when it is of another version."""
        stored = bundle.read(text)
        return Policy(stored.hash, stored.sections, stored.places, stored.files)

    @cached_property
    def _by_name(self) -> dict[str, Playbook]:
        return {playbook.name: playbook for playbook in self.playbooks}

    @cached_property
    def _playbooks(self) -> tuple[tuple[Playbook, ...], tuple[Playbook, ...]]:
        in_order, unlisted, _ = assemble.playbooks(self.sections, self.places)
        return in_order, unlisted
