"""Desk room: what a draft is made of: its reply filled in, its guardrails, its length, its approval."""

from __future__ import annotations

from dataclasses import dataclass

from socialdesk import lengths
from socialdesk.clock import iso
from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.errors import NotAllowed, NotFound, UsageError
from socialdesk.inbox import drafts, issues, people
from socialdesk.inbox.rows import Conversation, Customer, Draft
from socialdesk.model import Person, Visibility
from socialdesk.policy import approval, guardrails, replies
from socialdesk.policy.approval import Approval
from socialdesk.policy.guardrails import DraftContext, Finding
from socialdesk.policy.model import Policy
from socialdesk.states import PLAIN, DraftStatus
from socialdesk.triage import personal_data

REPLY, POST, PRIVATE = "reply", "post", "private"


@dataclass(frozen=True, slots=True)
class Preview:
    """How a text stands while it is written: its length as the network counts, what it touches, who must read it."""

    length: int
    limit: int | None
    unit: str
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    needs: Approval

    @property
    def too_long(self) -> bool:
        """Whether the network would refuse the length."""
        return self.limit is not None and self.length > self.limit

    @property
    def blocked(self) -> bool:
        """Whether it cannot be submitted."""
        return self.too_long or bool(self.missing) or guardrails.blocks(self.findings)

    def why_blocked(self) -> str:
        """The reasons in one line."""
        reasons = [
            f"{f.reason} ({f.words!r}, {f.source})" for f in self.findings if f.severity == guardrails.BLOCK
        ]
        if self.too_long:
            reasons.append(f"{self.length} of {self.limit} {self.unit}")
        if self.missing:
            reasons.append(f"fill in {', '.join('{' + name + '}' for name in self.missing)}")
        return "; ".join(reasons)


def context_of(policy: Policy, case: Case | Conversation, kind: str, person: Person | None) -> DraftContext:
    """What guardrails need to know of a draft in this case."""
    return DraftContext(
        kind=kind,
        network=case.network,
        visibility=visibility_of(policy, case, kind),
        recipient=case.author or None,
        role=person.role if person else "agent",
        target=case.target,
        feeling=case.feeling,
        initials=person.initials if person else "",
    )


def visibility_of(policy: Policy, case: Case | Conversation, kind: str) -> Visibility:
    """Who will be able to read it: what the network's norms say, never wider than what we answer."""
    if kind == PRIVATE or case.visibility == Visibility.PRIVATE:
        return Visibility.PRIVATE
    wanted = policy.networks.norms(case.network, site=case.site).visibility
    return wanted or Visibility.PUBLIC


def preview(
    policy: Policy,
    case: Case | Conversation,
    text: str,
    kind: str,
    person: Person | None,
    reply_name: str | None = None,
) -> Preview:
    """Hold a text against length, guardrails and placeholders; fast enough for every key."""
    context = context_of(policy, case, kind, person)
    findings = guardrails.check_text(policy, text, context, personal_data(text))
    norms = policy.networks.norms(case.network, site=case.site)
    rule = lengths.for_network(case.network, norms.limit)
    try:
        missing = tuple(dict.fromkeys(p.name for p in replies.placeholders(text)))
    except ValueError:
        missing = ()
    reply = policy.replies.reply(reply_name) if reply_name else None
    needs = approval.needed(policy, person.role if person else "agent", reply, findings, kind)
    return Preview(rule.measure(text), rule.limit, rule.unit, findings, missing, needs)


def values_for(
    case: Case | Conversation,
    customer: Customer | None,
    person: Person | None,
    policy: Policy,
    issue: issues.Issue | None = None,
) -> dict[str, str | None]:
    """What placeholders are filled with."""
    agent = policy.team.agent(person.agent) if person else None
    return {
        "name": (customer.name if customer else None) or case.name,
        "handle": f"@{case.author}" if case.author else None,
        "product": (customer.product if customer else None) or next(iter(case.products), None),
        "bought_on": iso(customer.bought)[:10] if customer and customer.bought else None,
        "reference": customer.reference if customer else None,
        "initials": person.initials if person else None,
        "agent": agent.title if agent else None,
        "network": case.network,
        "issue": issue.title if issue else None,
        "count": str(issue.people) if issue else None,
    }


def fill(changes: Changes, case: Case, name: str) -> replies.Rendered:
    """A reply of the policy filled in for a case, in a wording that the thread has not seen yet."""
    if changes.policy.replies.reply(name) is None:
        from socialdesk.diagnostics import nearest

        near = nearest(name, sorted(changes.policy.replies.replies))
        raise UsageError(f"there is no reply {name!r}" + (f"; did you mean {near}?" if near else ""))
    profile = None if case.profile_id is None else people.profile(changes.connection, case.profile_id)
    customer = (
        people.customer(changes.connection, profile.customer_id) if profile and profile.customer_id else None
    )
    issue = None if case.issue_id is None else issues.issue(changes.connection, case.issue_id)
    said = drafts.said_in_thread(changes.connection, case.id)
    values = values_for(case, customer, changes.person, changes.policy, issue)
    return replies.render(changes.policy, name, values, said, case.language)


def current_draft(changes: Changes, case: Case, number: int | None, *statuses: DraftStatus) -> Draft:
    """The draft meant: the one numbered, or the only one of the case in any of `statuses`.

    Raises `NotFound` when it is not the case's, `NotAllowed` when it stands elsewhere, `UsageError` when
    several could be meant.
    """
    found = drafts.of_conversation(changes.connection, case.id)
    if case.issue_id is not None:
        here = {d.id for d in found}
        found += [d for d in drafts.of_issue(changes.connection, case.issue_id) if d.id not in here]
    if number is not None:
        found = [draft for draft in found if draft.id == number]
        if not found:
            raise NotFound(f"conversation {case.id} has no draft {number}")
    fitting = [draft for draft in found if draft.status in statuses]
    if len(fitting) > 1 and len({d.status for d in fitting}) > 1:
        first = min(statuses.index(DraftStatus(d.status)) for d in fitting)
        fitting = [d for d in fitting if d.status == statuses[first]]
    if len(fitting) > 1 and fitting[0].status != DraftStatus.SENT:
        numbers = ", ".join(str(draft.id) for draft in fitting)
        raise UsageError(
            f"conversation {case.id} has several such drafts ({numbers}); say which with --draft N"
        )
    if fitting:
        return fitting[0]
    wanted = " or ".join(PLAIN[status] for status in statuses[:2])
    if not found:
        raise NotAllowed(
            f"conversation {case.id} has no draft; write one first: socialdesk draft {case.id} --text …"
        )
    states = ", ".join(f"draft {draft.id} is {PLAIN[DraftStatus(draft.status)]}" for draft in found[:3])
    raise NotAllowed(f"conversation {case.id} has nothing that is {wanted}: {states}")
