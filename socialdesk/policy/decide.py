"""The decision: which playbook and case own a conversation, and which standing orders apply."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from socialdesk.clock import DAY
from socialdesk.conditions.evaluate import compile_test
from socialdesk.model import Millis
from socialdesk.policy.model import (
    AGENT_DECIDES,
    CRITICAL,
    IGNORE,
    URGENCY_POINTS,
    WATCH,
    Case,
    Decision,
    EscalationOrder,
    Policy,
    StandingOrder,
    Watch,
)
from socialdesk.policy.program import Holds, Program

if TYPE_CHECKING:
    from socialdesk.conditions.subject import Subject
    from socialdesk.policy.networks import Norms


class _Compiled:
    """A policy's conditions as functions, and the decisions made so far.

    A decision follows from the case, the engagement and the standing orders that held, so each is
    made once and handed out again: a fire hose of mentions asks for the same few.
    """

    def __init__(self, policy: Policy) -> None:
        self.program = Program(policy)
        self.wakes: dict[tuple[str, str], tuple[tuple[Holds, str], ...]] = {
            (book.name, case.name): tuple((compile_test(w.condition), w.go_to) for w in case.wakes)
            for book in policy.playbooks
            for case in book.cases
        }
        self.norms: dict[tuple[object, object, object], Norms] = {}
        self.made: dict[tuple[int, str, bool, tuple[int, ...]], Decision] = {}


def decide(policy: Policy, subject: Subject, at: Millis, *, go_to: str | None = None) -> Decision:
    """What `policy` says about `subject` as of `at`.

    The first playbook of which a case matches owns it; when none does, `playbook` is "" and the
    agent decides. With `go_to` (a case, `playbook/case`, or `agent_decides`) the conversation goes
    there instead; an unknown case is as if nothing had been asked. Standing orders apply either way.
    """
    compiled = _compiled(policy)
    case, held = compiled.program.settle(subject)
    if go_to:
        case = destination(policy, subject, go_to) or case
    left_to_agent = go_to == AGENT_DECIDES
    engage = AGENT_DECIDES if case is None or left_to_agent else _engagement(policy, subject, case, held)
    key = (id(case), engage, left_to_agent, held)
    decision = compiled.made.get(key)
    if decision is None:
        decision = _made(policy, case, engage, [policy.always[n] for n in held], left_to_agent)
        compiled.made[key] = decision
    return decision


def wake(policy: Policy, playbook: str, case: str, subject: Subject) -> str | None:
    """Where a conversation of this case goes now that something happened: a case's name,
    `agent_decides`, or None to stay."""
    for holds, go_to in _compiled(policy).wakes.get((playbook, case), ()):
        if holds(subject):
            return go_to
    return None


def has_waking_rules(policy: Policy, playbook: str, case: str) -> bool:
    """Whether anything can wake a conversation of this case; spares most of them the question."""
    return bool(_compiled(policy).wakes.get((playbook, case)))


def waking_cases(policy: Policy) -> tuple[tuple[str, str], ...]:
    """The cases that have waking rules, by playbook and name."""
    return tuple(place for place, wakes in _compiled(policy).wakes.items() if wakes)


def destination(policy: Policy, subject: Subject, go_to: str) -> Case | None:
    """The case that `go_to` names: `playbook/case`, or a case of the playbook that owns the conversation.

    The owner is the subject's own `playbook` where it has one, otherwise the first that has the case.
    None for `agent_decides` and for a case that does not exist.
    """
    if go_to == AGENT_DECIDES:
        return None
    owner, slash, name = go_to.partition("/")
    if slash:
        return policy.case(owner, name)
    current = subject.value("playbook")
    found = policy.case(current, go_to) if isinstance(current, str) else None
    if found is not None:
        return found
    return next((case for book in policy.playbooks if (case := book.case(go_to))), None)


def norms_of(policy: Policy, subject: Subject) -> Norms:
    """What is customary where the conversation takes place."""
    compiled = _compiled(policy)
    place = (subject.value("network"), subject.value("channel"), subject.value("site"))
    norms = compiled.norms.get(place)
    if norms is None:
        network, channel, site = (part if isinstance(part, str) else None for part in place)
        if len(compiled.norms) >= _KEPT:
            compiled.norms.clear()
        norms = policy.networks.norms(network or "", channel=channel, site=site)
        compiled.norms[place] = norms
    return norms


def _engagement(policy: Policy, subject: Subject, case: Case, held: tuple[int, ...]) -> str:
    """What is done about it: what the case says, else what is the norm on its network or site.

    A norm never silences what is critical, nor wakes what a case only closes. Nor does it keep on looking
    where a waking rule has sent the conversation on: there the agent decides.
    """
    if case.engage_written or case.engage == IGNORE or case.urgency == CRITICAL:
        return case.engage
    if any(policy.always[n].urgency == CRITICAL for n in held):
        return case.engage
    norm = norms_of(policy, subject).engage or case.engage
    return AGENT_DECIDES if case.only_by_go_to and norm in (WATCH, IGNORE) else norm


def _made(
    policy: Policy, case: Case | None, engage: str, standing: list[StandingOrder], left_to_agent: bool
) -> Decision:
    urgencies = [order.urgency for order in standing if order.urgency]
    tags = [tag for order in standing for tag in order.tags]
    orders = [order.escalation for order in standing if order.escalation]
    if case is None:
        case = _NO_CASE
    if case.urgency:
        urgencies.append(case.urgency)
    watch = case.watch
    target = case.target
    if left_to_agent:
        watch = None
    elif engage != case.engage and engage in (WATCH, IGNORE):
        # The norm of the place keeps us back: no clock runs, and what is watched is looked at again.
        target = None
        watch = _WATCH_BY_NORM if engage == WATCH else None
    return Decision(
        policy_hash=policy.hash,
        playbook=case.playbook,
        case=case.name,
        engage=engage,
        target=target,
        critical=CRITICAL in urgencies,
        escalations=_one_each([*orders, *case.escalations]),
        tags=tuple(dict.fromkeys([*case.tags, *tags])),
        watch_for=watch.length if watch else None,
        watch_then=watch.then if watch else None,
        close_as=None if left_to_agent else case.close,
        wait_until_post_is=case.wait_until_post_is,
        urgency_boost=sum(URGENCY_POINTS[word] for word in dict.fromkeys(urgencies)),
        standing=tuple(order.title for order in standing),
        source=case.source if case is not _NO_CASE else "",
    )


def _one_each(orders: list[EscalationOrder]) -> tuple[EscalationOrder, ...]:
    """One order per group: the one that must be acknowledged soonest."""
    soonest: dict[str, EscalationOrder] = {}
    for order in orders:
        present = soonest.get(order.to)
        if present is None or _patience(order) < _patience(present):
            soonest[order.to] = order
    return tuple(soonest.values())


def _patience(order: EscalationOrder) -> float:
    return float("inf") if order.acknowledge_within is None else order.acknowledge_within


_KEPT = 20_000
"""How many places' norms are kept; sites are many."""

_WATCH_BY_NORM = Watch(Millis(2 * DAY))
"""Two days, then the agent decides: nothing may be watched for ever."""

_NO_CASE = Case(name="", playbook="")


@lru_cache(maxsize=8)  # the policy in force, those a replay compares, those of a test run
def _compiled(policy: Policy) -> _Compiled:
    return _Compiled(policy)
