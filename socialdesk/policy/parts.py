"""What a policy is made of: playbooks, cases, steps, standing orders, and the decision they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socialdesk.policy.places import NOWHERE, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from socialdesk.conditions.ast import Node
    from socialdesk.model import Millis

RESPOND, WATCH, IGNORE, AGENT_DECIDES = "respond", "watch", "ignore", "agent_decides"
"""What can be done about a conversation."""

ASK, FIND_OUT, REPLY, POST = "ask", "find_out", "reply", "post"
TAKE_PRIVATE, WAIT, CLOSE, ESCALATE = "take_private", "wait", "close", "escalate"
"""What a step can be."""

CRITICAL = "critical"
URGENCY_POINTS: Mapping[str, int] = {"critical": 0, "high": 20, "normal": 0, "low": -20}
"""Points of 100 that an `urgency:` word adds; critical is a pin above the scale, not a number on it."""


@dataclass(frozen=True, slots=True)
class EscalationOrder:
    """Who is called: `to` a group, `by` a way, how soon they must have it, `otherwise` the next group."""

    to: str
    by: str | None = None
    acknowledge_within: Millis | None = None
    otherwise: str | None = None
    title: str = ""
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)


@dataclass(frozen=True, slots=True)
class Silence:
    """What happens `after` the customer has been silent for so long; `then` if they stay so."""

    after: Millis
    reply: str | None = None
    close: str | None = None
    escalation: EscalationOrder | None = None
    then: Silence | None = None
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case.

    `id` is its path, counted from 1: `2`, and `2.yes.1` for the first thing to do after a yes.
    `text` is what the step is about: the question of an ask, the facts of a find_out in words, the
    reply's name of reply, post and take_private, the reason of a close, the group of an escalate.
    `reply` is the template to send: for find_out the one that asks for what is missing.
    """

    id: str
    kind: str
    text: str
    reply: str | None = None
    facts: tuple[str, ...] = ()
    wait: Millis | None = None
    close: str | None = None
    escalation: EscalationOrder | None = None
    if_yes: tuple[Step, ...] = ()
    if_no: tuple[Step, ...] = ()
    if_silent: Silence | None = None
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)

    def walk(self) -> Iterator[Step]:
        """This step and every step under it, as written from top to bottom."""
        yield self
        for below in (*self.if_yes, *self.if_no):
            yield from below.walk()


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A step for when the case is settled; `condition` None means always."""

    step: Step
    condition: Node | None = None

    @property
    def source(self) -> str:
        """`file:line`."""
        return self.step.source


@dataclass(frozen=True, slots=True)
class Watch:
    """How long a conversation is watched; then `agent_decides`, `close`, or a case of the same playbook."""

    length: Millis
    then: str = AGENT_DECIDES
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Wake:
    """Asked again when something happens: when `condition` holds, the conversation goes to `go_to`."""

    condition: Node
    go_to: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a playbook; `condition` None means that it takes whatever the cases above it left."""

    name: str
    playbook: str
    engage: str = AGENT_DECIDES
    engage_written: bool = False
    title: str = ""
    condition: Node | None = None
    only_by_go_to: bool = False
    target: str | None = None
    wait_until_post_is: Millis | None = None
    watch: Watch | None = None
    wakes: tuple[Wake, ...] = ()
    steps: tuple[Step, ...] = ()
    afterwards: tuple[Afterwards, ...] = ()
    close: str | None = None
    escalations: tuple[EscalationOrder, ...] = ()
    urgency: str | None = None
    tags: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)

    def step(self, id: str) -> Step | None:
        """The step with this path, afterwards included (`afterwards.1`); None when there is none."""
        return next((step for step in self.every_step() if step.id == id), None)

    def every_step(self) -> Iterator[Step]:
        """Every step of the case, nested ones and those of afterwards included."""
        for step in self.steps:
            yield from step.walk()
        for later in self.afterwards:
            yield from later.step.walk()


@dataclass(frozen=True, slots=True)
class When:
    """One thing that happens in a test: somebody posts `text`, we answer `we_say`, or `wait` passes.

    `after` is the time since the entry before. `reply_to` counts the posts of the test from 1;
    `customer` and `facts` are what is known by then.
    """

    text: str | None = None
    wait: Millis | None = None
    we_say: str | None = None
    after: Millis | None = None
    author: str | None = None
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    network: str | None = None
    channel: str | None = None
    language: str | None = None
    visibility: str | None = None
    url: str | None = None
    engagement: int | None = None
    reply_to_us: bool | None = None
    reply_to: int | None = None
    customer: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """One `tests:` entry: what happens, and the expected values by name in the order written."""

    it: str
    when: tuple[When, ...]
    then: tuple[tuple[str, str | bool | tuple[str, ...]], ...]
    playbook: str = ""
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)


@dataclass(frozen=True, slots=True)
class Playbook:
    """One playbook; `condition` None means that it always matches."""

    name: str
    title: str = ""
    owner: str = ""
    condition: Node | None = None
    cases: tuple[Case, ...] = ()
    tests: tuple[PolicyTest, ...] = ()
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)

    def case(self, name: str) -> Case | None:
        """The case of this name, or None."""
        return next((case for case in self.cases if case.name == name), None)


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """One entry of always.yaml: what follows when `condition` holds, whichever playbook wins."""

    condition: Node
    title: str
    escalation: EscalationOrder | None = None
    urgency: str | None = None
    tags: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def source(self) -> str:
        """`file:line`."""
        return str(self.place)


@dataclass(frozen=True, slots=True)
class View:
    """A list of conversations that the team keeps at hand."""

    name: str
    title: str
    condition: Node
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says about a conversation, and which words of it said so.

    `playbook` is "" when none matched. `target` None means that no clock runs. `urgency_boost` adds
    to the queue's 0 to 100. `standing` names the standing orders that held; `source` is the case's
    `file:line`.
    """

    policy_hash: str
    playbook: str = ""
    case: str = ""
    engage: str = AGENT_DECIDES
    target: str | None = None
    critical: bool = False
    escalations: tuple[EscalationOrder, ...] = ()
    tags: tuple[str, ...] = ()
    watch_for: Millis | None = None
    watch_then: str | None = None
    close_as: str | None = None
    wait_until_post_is: Millis | None = None
    urgency_boost: int = 0
    standing: tuple[str, ...] = ()
    source: str = ""
