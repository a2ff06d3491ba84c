"""Why the policy decides as it does: every playbook in order, every condition with its actual value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.conditions.evaluate import explain
from socialdesk.model import Millis, Reason
from socialdesk.policy.decide import decide, norms_of
from socialdesk.policy.parts import AGENT_DECIDES

if TYPE_CHECKING:
    from socialdesk.conditions.subject import Subject
    from socialdesk.policy.model import Case, Decision, Playbook, Policy, StandingOrder


def explain_decision(
    policy: Policy, subject: Subject, at: Millis, *, go_to: str | None = None
) -> tuple[Reason, ...]:
    """One reason per playbook in order, then one per standing order.

    A playbook's `held` says that it matches, whether or not one above it owns the conversation;
    `actual` says in words why it won or lost. Its children are its condition and its cases. When no
    playbook owns the conversation, or when the norm of its network or site changes what is done
    about it, a reason that says so stands between the two.
    """
    decision = decide(policy, subject, at, go_to=go_to)
    playbooks = [_playbook(book, subject, decision) for book in policy.playbooks]
    nobody = (
        [] if decision.playbook else [Reason(True, "no playbook", "none of them matches: the agent decides")]
    )
    return (
        *playbooks,
        *nobody,
        *_norm(policy, subject, decision, go_to),
        *(_standing(order, subject) for order in policy.always),
    )


def _playbook(book: Playbook, subject: Subject, decision: Decision) -> Reason:
    conditions = () if book.condition is None else (explain(book.condition, subject),)
    open_ = all(reason.held for reason in conditions)
    cases: list[Reason] = []
    first = ""
    for case in book.cases:
        held = case.condition is None or explain(case.condition, subject).held
        cases.append(_case(case, subject, decision, held=held, above=first, open_=open_))
        if held and not case.only_by_go_to and not first:
            first = case.name
    matches = open_ and bool(first)
    if decision.playbook == book.name:
        words = f"owns the conversation: case {decision.case}"
        words += "" if matches and first == decision.case else ", sent there"
    elif matches:
        words = f"matches too, but {decision.playbook} comes first"
    elif open_:
        words = "none of its cases matches"
    else:
        words = "its condition does not hold"
    return Reason(matches, f"playbook {book.name}", words, book.source, "", (*conditions, *cases))


def _case(case: Case, subject: Subject, decision: Decision, *, held: bool, above: str, open_: bool) -> Reason:
    if (decision.playbook, decision.case) == (case.playbook, case.name):
        words = "taken"
    elif case.only_by_go_to:
        words = "only by go_to"
    elif not held:
        words = "does not hold"
    elif not open_:
        words = "holds, but its playbook does not"
    elif above:
        words = f"holds too, but {above} stands above it"
    else:
        words = "holds"
    children = () if case.condition is None else (explain(case.condition, subject),)
    return Reason(held and not case.only_by_go_to, f"case {case.name}", words, case.source, "", children)


def _norm(policy: Policy, subject: Subject, decision: Decision, go_to: str | None) -> tuple[Reason, ...]:
    case = policy.case(decision.playbook, decision.case)
    if case is None or case.engage == decision.engage or go_to == AGENT_DECIDES:
        return ()
    norms = norms_of(policy, subject)
    words = f"{decision.engage}: the case leaves it open"
    return (Reason(True, f"norm of {norms.title or 'this network or site'}", words, norms.source),)


def _standing(order: StandingOrder, subject: Subject) -> Reason:
    reason = explain(order.condition, subject)
    words = "applies" if reason.held else "does not hold"
    return Reason(reason.held, f"always: {order.title}", words, order.source, "", (reason,))
