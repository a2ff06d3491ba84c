"""Urgency: bounded terms, pinned risks, and nobody starved by a celebrity."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.model import Feeling, Relation, Sentiment, Signals
from socialdesk.triage import urgency

CALM = Signals(relation=Relation.TO_US, sentiment=Sentiment.NEUTRAL, reach=29)
ANY = st.builds(
    Signals,
    relation=st.sampled_from(Relation),
    sentiment=st.sampled_from(Sentiment),
    feeling=st.sampled_from(Feeling),
    risks=st.sampled_from([(), ("legal",), ("legal", "safety")]),
    reach=st.integers(0, 100),
    spam=st.booleans(),
    vip=st.booleans(),
    advocate=st.booleans(),
)
MINUTES = st.none() | st.floats(-1e6, 1e6)


@settings(max_examples=150, deadline=None)
@given(ANY, st.booleans(), MINUTES, st.integers(0, 1000))
def test_the_terms_add_up_and_only_critical_ones_reach_ninety(
    signals: Signals, critical: bool, minutes: float | None, contacts: int
) -> None:
    points, evidence = urgency(signals, critical, minutes, contacts)
    assert (90 <= points <= 100) if critical else (0 <= points <= 89)
    assert sum(item.number or 0 for item in evidence) == pytest.approx(points, abs=1)


@settings(max_examples=60, deadline=None)
@given(ANY, st.floats(-1e4, 1e4), st.floats(0, 1e4), st.integers(1, 9))
def test_less_time_and_more_contacts_never_lower_it(
    signals: Signals, left: float, less: float, contacts: int
) -> None:
    before, _ = urgency(signals, False, left, contacts)
    after, _ = urgency(signals, False, left - less, contacts + 1)
    assert after >= before


def test_an_ordinary_customer_who_is_overdue_goes_before_a_celebrity_who_is_not() -> None:
    ordinary, _ = urgency(CALM, False, 0, 1)
    celebrity, _ = urgency(replace(CALM, reach=100, vip=True), False, 240, 1)
    assert ordinary > celebrity


def test_a_critical_safety_report_from_forty_followers_goes_before_everything() -> None:
    report, _ = urgency(Signals(risks=("safety",), reach=23), True, None, 1)
    loudest, _ = urgency(
        replace(CALM, feeling=Feeling.BELLIGERENT, risks=("legal",), reach=100, vip=True), False, -1, 9
    )
    assert report > loudest


def test_every_term_that_counts_is_told() -> None:
    upset = replace(CALM, feeling=Feeling.UPSET, sentiment=Sentiment.NEGATIVE)
    points, evidence = urgency(upset, False, 30, 2)
    assert {item.value: item.source for item in evidence} == {
        "relation": "to_us",
        "feeling": "upset",
        "sentiment": "negative",
        "time left": "30 min",
        "reach": "29",
        "contacts": "2",
    }
    assert points > urgency(CALM, False, 30, 2)[0]


def test_spam_sinks() -> None:
    assert urgency(replace(CALM, spam=True), False, 0, 1)[0] < urgency(CALM, False, None, 1)[0]
