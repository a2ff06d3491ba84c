"""Desk room: what a policy is asked about: a case, its newest words, and facts that only the inbox knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from socialdesk.clock import DAY
from socialdesk.desk.case import Case
from socialdesk.desk.threadtext import words_of_author
from socialdesk.inbox import channels, issues, people
from socialdesk.inbox import facts as inbox_facts
from socialdesk.inbox.connection import Connection
from socialdesk.inbox.rows import Customer
from socialdesk.model import Millis
from socialdesk.policy.model import Policy
from socialdesk.policy.steps import Known

ME_TOO = "me_too"
"""The topic of words.yaml whose forms say that somebody has the same trouble."""


class CaseSubject:
    """Answers conditions about one case as of `at`; `used` keeps the facts it had to look up.

    `words` are what the case's own person has said; None has them read when a condition asks.
    """

    __slots__ = ("_connection", "_customer", "_looked", "_policy", "_words", "at", "case", "now", "used")

    def __init__(
        self,
        case: Case,
        words: str | None,
        *,
        at: int,
        now: int,
        connection: Connection,
        policy: Policy,
    ) -> None:
        self.case = case
        self._words = words
        self.at = at
        self.now = now
        self.used: dict[str, object] = {}
        self._connection = connection
        self._policy = policy
        self._customer: Customer | None = None
        self._looked = False

    def value(self, field: str, args: Mapping[str, int] | None = None, /) -> object:
        """The field's value, None when nobody knows."""
        own = _OWN.get(field)
        if own is not None:
            return own(self)
        asked = _FACTS.get(field)
        if asked is None:
            return None
        within = args.get("within") if args else None
        key = field if within is None else f"{field}:{within}"
        if key not in self.used:
            self.used[key] = asked(self, within)
        return self.used[key]

    @property
    def text(self) -> str:
        """What the case's own person has said, looked up once."""
        if self._words is None:
            self._words = words_of_author(self._connection, self.case)
        return self._words

    @property
    def customer(self) -> Customer | None:
        """The customer behind the case's profile, looked up once."""
        if not self._looked:
            self._looked = True
            profile = (
                None
                if self.case.profile_id is None
                else people.profile(self._connection, self.case.profile_id)
            )
            if profile is not None and profile.customer_id is not None:
                self._customer = people.customer(self._connection, profile.customer_id)
        return self._customer

    @property
    def _alone(self) -> bool:
        """Whether the case is one new post: most are, and what a thread would tell need not be looked up."""
        return self.case.fresh and self.case.message_count == 1

    def _since(self, moment: int | None) -> int | None:
        return None if moment is None else max(0, self.now - moment)

    def _product(self, _within: int | None) -> object:
        owned = self.customer.product if self.customer else None
        return tuple(dict.fromkeys([*self.case.products, *([owned.lower()] if owned else [])]))

    def _product_age(self, _within: int | None) -> object:
        return None if self.customer is None else self._since(self.customer.bought)

    def _open_case(self, _within: int | None) -> object:
        if self.customer is not None and self.customer.open_ticket:
            return True
        if self.case.profile_id is None:
            return False
        return inbox_facts.other_open_conversation(self._connection, self.case.id, self.case.profile_id)

    def _contacts(self, within: int | None) -> object:
        if self.case.profile_id is None:
            return 0
        customer = self.customer.id if self.customer else None
        since = 0 if within is None else self.at - within
        return people.contacts(self._connection, self.case.profile_id, customer, since, self.at)

    def _different_customers(self, within: int | None) -> object:
        span = within if within is not None else 365 * DAY
        since, until = self.at - span, self.at + span
        own = set()
        if self.case.profile_id is not None:
            own.add(inbox_facts.person_of(self._connection, self.case.profile_id))
        heard = set()
        if not self._alone:
            heard = {
                person
                for person, topics in inbox_facts.voices(self._connection, self.case.id, since, until)
                if person in own or self._same_trouble(topics)
            }
        if self.case.issue_id is not None:
            heard.update(issues.people_within(self._connection, self.case.issue_id, since, until))
        return len(heard | own)

    def _same_trouble(self, topics: str) -> bool:
        faults = self._policy.lexicon.faults
        return any(topic == ME_TOO or topic in faults for topic in topics.strip("|").split("|"))

    def _same_author_again(self, _within: int | None) -> object:
        if self.case.profile_id is None or self._alone:
            return False
        return inbox_facts.posts_of_author(self._connection, self.case.id, self.case.profile_id) > 1

    def _joint_reach(self, _within: int | None) -> object:
        if self._alone and self.case.issue_id is None and self.case.followers is not None:
            return self.case.followers
        return inbox_facts.joint_reach(self._connection, self.case.id, self.case.issue_id)

    def _office_hours(self, _within: int | None) -> object:
        return self._policy.targets.is_open(Millis(self.now))


def _moment_states(subject: CaseSubject) -> tuple[str, ...]:
    case = subject.case
    held = {
        "history": case.history,
        "private": case.private > 0,
        "overdue": case.due_at is not None and case.due_at < subject.now,
        "snoozed": case.status == "snoozed",
        "unassigned": case.assignee is None,
        "closed": case.status in ("resolved", "dismissed"),
        "merged": case.merged_into is not None,
    }
    return tuple(name for name, holds in held.items() if holds)


_OWN: dict[str, Callable[[CaseSubject], object]] = {
    "relation": lambda s: s.case.relation,
    "sentiment": lambda s: s.case.sentiment,
    "feeling": lambda s: s.case.feeling,
    "topic": lambda s: s.case.topics,
    "risk": lambda s: s.case.risks,
    "tag": lambda s: s.case.tags,
    "text": lambda s: s.text,
    "language": lambda s: s.case.language,
    "network": lambda s: s.case.network,
    "channel": lambda s: _channel(s),
    "site": lambda s: s.case.site,
    "visibility": lambda s: s.case.visibility,
    "author": lambda s: s.case.author,
    "reach": lambda s: s.case.reach,
    "followers": lambda s: s.case.followers,
    "engagement": lambda s: s.case.engagement,
    "verified": lambda s: s.case.verified,
    "bot": lambda s: s.case.bot,
    "spam": lambda s: s.case.spam,
    "vip": lambda s: s.case.vip,
    "advocate": lambda s: s.case.advocate,
    "colleague": lambda s: s.case.colleague,
    "status": lambda s: s.case.status,
    "assignee": lambda s: s.case.assignee,
    "playbook": lambda s: s.case.playbook or None,
    "case": lambda s: s.case.case_name or None,
    "urgency": lambda s: s.case.urgency,
    "critical": lambda s: s.case.critical,
    "waiting": lambda s: s._since(s.case.unanswered_since),
    "age": lambda s: s._since(s.case.first_at),
    "post_age": lambda s: s._since(s.case.last_inbound_at),
    "replies": lambda s: s.case.reply_count,
    "messages": lambda s: s.case.message_count,
    "id": lambda s: s.case.id,
    "is": _moment_states,
}


def _channel(subject: CaseSubject) -> str | None:
    if subject.case.channel_id is None:
        return None
    return channels.name_of(subject._connection, subject.case.channel_id)


_FACTS: dict[str, Callable[[CaseSubject, int | None], object]] = {
    "known_customer": lambda s, _within: s.customer is not None,
    "product": CaseSubject._product,
    "product_age": CaseSubject._product_age,
    "customer_tag": lambda s, _within: s.customer.tags if s.customer else (),
    "open_case": CaseSubject._open_case,
    "contacts": CaseSubject._contacts,
    "different_customers": CaseSubject._different_customers,
    "same_author_again": CaseSubject._same_author_again,
    "joint_reach": CaseSubject._joint_reach,
    "office_hours": CaseSubject._office_hours,
}


def known_facts(case: Case, subject: CaseSubject) -> Known:
    """Says which facts about the person are on record: product, bought_on, email, reference, name."""

    def known(fact: str) -> bool:
        if fact == "product" and case.products:
            return True
        customer = subject.customer
        if customer is None:
            return False
        held = {
            "product": customer.product,
            "bought_on": customer.bought,
            "bought": customer.bought,
            "email": customer.email,
            "reference": customer.reference,
            "name": customer.name,
            "customer": customer.id,
            "open_ticket": customer.open_ticket,
        }
        return bool(held.get(fact))

    return known
