"""Decisions: who owns a conversation, what standing orders add, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.conditions.evaluate import explain
from socialdesk.conditions.subject import Values
from socialdesk.model import Millis, Reason
from socialdesk.policy.decide import decide, wake
from socialdesk.policy.explain import explain_decision
from socialdesk.policy.model import Decision, Policy
from tests.unit.small_policies import policy

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = Millis(1_800_000_000_000)
COMPLAINT: Mapping[str, object] = {
    "relation": "to_us",
    "topic": ("widget", "broken"),
    "feeling": "upset",
    "followers": 120,
    "risk": (),
    "network": "mastodon",
}


@pytest.fixture(scope="module")
def small() -> Policy:
    return policy()


def said(**changes: object) -> Values:
    return Values({**COMPLAINT, **changes})


def test_the_first_playbook_that_matches_owns_the_conversation(small: Policy) -> None:
    decision = decide(small, said(), NOW)
    assert (decision.playbook, decision.case, decision.engage) == ("acme-widget", "addressed", "respond")
    assert (decision.target, decision.wait_until_post_is) == ("complaint", 5 * MINUTE)
    assert decision.policy_hash == small.hash
    assert decision.source == "playbooks/widget.yaml:11"


def test_an_overheard_complaint_is_watched_without_a_clock(small: Policy) -> None:
    decision = decide(small, said(relation="about_us"), NOW)
    assert (decision.case, decision.engage, decision.target) == ("overheard", "watch", None)
    assert (decision.watch_for, decision.watch_then) == (48 * HOUR, "agent_decides")


def test_a_playbook_of_which_no_case_matches_lets_the_next_one_have_it(small: Policy) -> None:
    decision = decide(small, said(relation="none"), NOW)
    assert (decision.playbook, decision.case) == ("rest", "noise")
    assert (decision.engage, decision.close_as) == ("ignore", "not_about_us")


def test_when_nothing_matches_the_agent_decides() -> None:
    lonely = policy(order="order: [acme-widget]", rest=None)
    decision = decide(lonely, said(topic=()), NOW)
    assert decision == Decision(policy_hash=lonely.hash)
    assert decision.engage == "agent_decides"


def test_standing_orders_apply_whichever_playbook_wins(small: Policy) -> None:
    for topic in (("widget", "broken"), ()):
        decision = decide(small, said(topic=topic, followers=60_000, risk=("legal",)), NOW)
        assert [order.to for order in decision.escalations] == ["duty-manager", "legal"]
        assert decision.critical
        assert decision.tags == ("law",)
        assert decision.urgency_boost == 20
        assert decision.standing == ("Many are listening", "always.yaml:5")


def test_standing_orders_apply_when_nothing_matches() -> None:
    lonely = policy(order="order: [acme-widget]", rest=None)
    decision = decide(lonely, said(topic=(), risk=("safety",)), NOW)
    assert (decision.playbook, decision.critical) == ("", True)


def test_one_group_is_called_once_by_the_order_with_least_patience() -> None:
    twice = policy(
        always="""\
        - if: {risk: legal}
          escalate: {to: legal, acknowledge_within: 1h}
        - if: {followers: 1k+}
          escalate: {to: legal, acknowledge_within: 5m}
        """
    )
    (order,) = decide(twice, said(risk=("legal",), followers=2_000), NOW).escalations
    assert order.acknowledge_within == 5 * MINUTE


def test_a_case_only_by_go_to_is_never_chosen_by_itself_but_reached_by_name(small: Policy) -> None:
    decision = decide(small, said(relation="about_us", playbook="acme-widget"), NOW, go_to="intervene")
    assert (decision.case, decision.engage, decision.target) == ("intervene", "respond", "complaint")
    assert (decision.tags, decision.urgency_boost) == (("second-voice",), 20)


@pytest.mark.parametrize("go_to", ["acme-widget/intervene", "intervene"])
def test_go_to_finds_the_case_with_and_without_its_playbook(small: Policy, go_to: str) -> None:
    assert decide(small, said(), NOW, go_to=go_to).case == "intervene"


def test_go_to_keeps_standing_orders(small: Policy) -> None:
    decision = decide(small, said(risk=("legal",)), NOW, go_to="acme-widget/intervene")
    assert decision.critical


def test_going_to_the_agent_keeps_the_case_and_stops_the_watch(small: Policy) -> None:
    decision = decide(small, said(relation="about_us"), NOW, go_to="agent_decides")
    assert (decision.case, decision.engage, decision.watch_for) == ("overheard", "agent_decides", None)


def test_an_unknown_case_is_as_if_nothing_had_been_asked(small: Policy) -> None:
    assert decide(small, said(), NOW, go_to="acme-widget/no-such") == decide(small, said(), NOW)


def test_a_second_customer_wakes_a_watched_conversation(small: Policy) -> None:
    alone = said(relation="about_us", different_customers=1)
    joined = said(relation="about_us", different_customers=2)
    assert wake(small, "acme-widget", "overheard", alone) is None
    assert wake(small, "acme-widget", "overheard", joined) == "intervene"


def test_the_first_wake_that_holds_counts_and_unknown_cases_never_wake(small: Policy) -> None:
    both = said(different_customers=2, same_author_again=True)
    assert wake(small, "acme-widget", "overheard", both) == "intervene"
    assert wake(small, "acme-widget", "overheard", said(same_author_again=True)) == "agent_decides"
    assert wake(small, "acme-widget", "addressed", both) is None
    assert wake(small, "gone", "overheard", both) is None


NORMS = """\
networks:
  reddit: {engage: watch}
  mastodon: {engage: respond}
sites:
  rants.example: {engage: ignore}
"""


def test_the_norm_of_a_place_holds_where_the_case_leaves_it_open() -> None:
    with_norms = policy(networks=NORMS)
    here = decide(with_norms, said(), NOW)
    there = decide(with_norms, said(network="reddit"), NOW)
    rants = decide(with_norms, said(site="www.rants.example"), NOW)
    assert (here.engage, here.target) == ("respond", "complaint")
    assert (there.engage, there.target, there.watch_for) == ("watch", None, 2 * DAY)
    assert (rants.engage, rants.target, rants.watch_for) == ("ignore", None, None)


def test_a_norm_never_holds_against_what_a_case_says_nor_against_what_is_critical() -> None:
    with_norms = policy(networks=NORMS)
    says = decide(with_norms, said(topic=(), network="reddit"), NOW)
    critical = decide(with_norms, said(network="reddit", risk=("legal",)), NOW)
    assert (says.playbook, says.engage) == ("rest", "respond")
    assert (critical.engage, critical.target) == ("respond", "complaint")


def test_a_norm_does_not_keep_us_looking_on_where_a_waking_rule_has_sent_a_conversation() -> None:
    sent = decide(policy(networks=NORMS), said(network="reddit"), NOW, go_to="intervene")
    assert (sent.case, sent.engage, sent.target, sent.watch_for) == (
        "intervene",
        "agent_decides",
        "complaint",
        None,
    )


def test_explain_shows_every_playbook_in_order_and_why_it_won_or_lost(small: Policy) -> None:
    widget, rest, listening, law = explain_decision(small, said(), NOW)
    assert (widget.test, widget.held, widget.source) == (
        "playbook acme-widget",
        True,
        "playbooks/widget.yaml:1",
    )
    assert widget.actual == "owns the conversation: case addressed"
    assert rest.actual == "matches too, but acme-widget comes first"
    assert (listening.test, listening.held, law.held) == ("always: Many are listening", False, False)


def test_explain_shows_each_condition_with_its_actual_value_and_line(small: Policy) -> None:
    widget = explain_decision(small, said(feeling="calm"), NOW)[0]
    lines = {reason.test: reason for reason in _all(widget)}
    assert lines["feeling is upset or belligerent"].held is False
    assert lines["feeling is upset or belligerent"].actual == "calm"
    assert lines["feeling is upset or belligerent"].source.startswith("playbooks/widget.yaml:7:")
    assert lines["case overheard"].actual == "does not hold"
    assert lines["case intervene"].actual == "only by go_to"


def test_explain_says_that_a_case_was_reached_by_go_to(small: Policy) -> None:
    reason = explain_decision(small, said(), NOW, go_to="acme-widget/intervene")[0]
    assert reason.actual == "owns the conversation: case intervene, sent there"


def test_explain_says_when_no_playbook_matches_and_when_a_norm_decides() -> None:
    lonely = policy(order="order: [acme-widget]", rest=None, networks=NORMS)
    nobody = explain_decision(lonely, said(topic=()), NOW)
    normed = explain_decision(lonely, said(network="reddit"), NOW)
    assert nobody[1].test == "no playbook"
    assert normed[1].actual == "watch: the case leaves it open"


def _all(reason: Reason) -> list[Reason]:
    return [reason, *(below for child in reason.children for below in _all(child))]


SUBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "relation": st.sampled_from(["to_us", "about_us", "from_us", "none"]),
        "topic": st.lists(st.sampled_from(["widget", "broken", "praise"]), unique=True).map(tuple),
        "feeling": st.sampled_from(["calm", "upset", "belligerent", "thankful"]),
        "followers": st.sampled_from([0, 49_999, 50_000, 2_000_000]),
        "risk": st.lists(st.sampled_from(["safety", "legal"]), unique=True).map(tuple),
        "different_customers": st.integers(0, 3),
        "known_customer": st.booleans(),
        "text": st.sampled_from(["my widget", "help", ""]),
    },
)

TANGLED = """\
playbook: acme-widget
if:
  - {said: to_us, known_customer: true}
  - none_of:
      - topic: [praise, widget]
      - text: help
cases:
  many: {if: {different_customers: {at_least: 2, within: 1d}, followers: under 50k}, engage: watch}
  some: {if: {any_of: [{feeling: upset}, {text: my widget}]}, engage: ignore}
"""


@pytest.fixture(scope="module")
def tangled() -> Policy:
    return policy(widget=TANGLED)


@settings(max_examples=300)
@given(values=SUBJECTS)
def test_deciding_fast_is_deciding_as_the_conditions_read(tangled: Policy, values: dict[str, object]) -> None:
    subject = Values(values)
    owner = next(
        (
            (book.name, case.name)
            for book in tangled.playbooks
            if book.condition is None or explain(book.condition, subject).held
            for case in book.cases
            if case.condition is None or explain(case.condition, subject).held
        ),
        ("", ""),
    )
    standing = tuple(o.title for o in tangled.always if explain(o.condition, subject).held)
    decision = decide(tangled, subject, NOW)
    assert (decision.playbook, decision.case) == owner
    assert decision.standing == standing


@settings(max_examples=200)
@given(values=SUBJECTS)
def test_explain_and_decide_cannot_disagree(tangled: Policy, values: dict[str, object]) -> None:
    subject = Values(values)
    decision = decide(tangled, subject, NOW)
    reasons = explain_decision(tangled, subject, NOW)
    owners = [reason for reason in reasons if reason.test.startswith("playbook ") and reason.held]
    assert (owners[0].test if owners else "") == (
        f"playbook {decision.playbook}" if decision.playbook else ""
    )
    held = tuple(r.test.removeprefix("always: ") for r in reasons if r.test.startswith("always: ") and r.held)
    assert held == decision.standing


def test_facts_are_not_asked_when_the_rest_settles_it(small: Policy) -> None:
    asked: list[str] = []

    class Recording(Values):
        def value(self, field: str, args: Mapping[str, int] | None = None, /) -> object:
            asked.append(field)
            return super().value(field, args)

    decide(small, Recording(COMPLAINT), NOW)
    assert "different_customers" not in asked
    assert asked.count("relation") == 1
