"""Approval: four eyes, counted by persons; raised by trainees and guardrails, never lowered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.model import Millis, Person
from socialdesk.policy.approval import LEVELS, approvers, may_approve, needed
from socialdesk.policy.guardrails import Finding, Severity
from socialdesk.policy.replies import Reply
from tests.unit.shipped_policy import policy


def at(text: str) -> Millis:
    return Millis(
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    )


LEE_WORKS, NOBODY_LEADS = at("2026-11-20T10:00"), at("2026-11-21T11:00")

TEMPLATE = Reply("sorry", ("Sorry.",))
HOLDING = Reply("hold", ("We're on it.",), approval="lead", if_nobody="on_call")


def finding(severity: Severity) -> Finding:
    return Finding("rule", severity, "because", 0, 1, "x", "guardrails.yaml:1")


def person(login: str) -> Person:
    known = policy().team.by_login(login)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("role", "reply", "severity", "kind", "level"),
    [
        ("agent", TEMPLATE, None, "reply", "none"),
        ("agent", None, None, "reply", "none"),
        ("trainee", TEMPLATE, None, "reply", "peer"),
        ("trainee", None, None, "private", "peer"),
        ("trainee", HOLDING, None, "reply", "lead"),
        ("agent", TEMPLATE, "warn", "reply", "none"),
        ("agent", TEMPLATE, "lead", "reply", "lead"),
        ("trainee", TEMPLATE, "lead", "reply", "lead"),
        ("agent", TEMPLATE, None, "post", "lead"),
        ("lead", None, None, "post", "lead"),
        ("agent", HOLDING, None, "reply", "lead"),
    ],
)
def test_who_must_read_a_draft(
    role: str, reply: Reply | None, severity: Severity | None, kind: str, level: str
) -> None:
    findings = [finding(severity)] if severity else []
    approval = needed(policy(), role, reply, findings, kind)
    assert approval.level == level
    assert bool(approval.because) is (level != "none")


def test_who_asked_for_it_is_told() -> None:
    assert needed(policy(), "trainee", TEMPLATE).because == ("written by a trainee",)
    assert needed(policy(), "agent", HOLDING, [finding("lead")], "post").because == (
        "the reply hold",
        "posts speak to everybody",
        "the guardrail rule",
    )


def test_somebody_may_stand_in_only_where_the_reply_says_so() -> None:
    assert needed(policy(), "agent", HOLDING, kind="post").if_nobody == "on_call"
    assert needed(policy(), "agent", TEMPLATE, kind="post").if_nobody is None
    assert needed(policy(), "agent", TEMPLATE, [finding("lead")]).if_nobody is None


def test_nobody_approves_their_own_words() -> None:
    for login in ("ana", "chloe", "lee"):
        for level in LEVELS:
            refused = may_approve(policy(), person(login), login, level, "on_call", NOBODY_LEADS)
            assert refused == "nobody approves what they wrote themselves"


def test_a_peer_reads_what_a_trainee_wrote_and_not_the_other_way_round() -> None:
    assert may_approve(policy(), person("ana"), "ben", "peer") is None
    assert may_approve(policy(), person("ben"), "ana", "peer") == "a trainee cannot approve"


def test_only_a_lead_approves_for_a_lead() -> None:
    assert may_approve(policy(), person("lee"), "ana", "lead") is None
    assert (
        may_approve(policy(), person("chloe"), "ana", "lead", "on_call", LEE_WORKS)
        == "a lead must approve this"
    )
    assert (
        may_approve(policy(), person("chloe"), "ana", "lead", None, NOBODY_LEADS)
        == "a lead must approve this"
    )


def test_who_is_on_call_stands_in_when_no_lead_is_at_work() -> None:
    assert may_approve(policy(), person("chloe"), "ana", "lead", "on_call", NOBODY_LEADS) is None
    assert (
        may_approve(policy(), person("ana"), "ben", "lead", "on_call", NOBODY_LEADS)
        == "a lead must approve this"
    )


def test_a_lead_who_is_alone_needs_somebody_on_call() -> None:
    assert may_approve(policy(), person("chloe"), "lee", "lead", "on_call", LEE_WORKS) is None


def test_who_somebody_is_tells_their_login_and_not_their_word() -> None:
    pretender = Person(agent="lee", login="ana", role="lead")
    assert may_approve(policy(), pretender, "ben", "lead") == "ana is ana, not lee"
    assert (
        may_approve(policy(), Person("lee", "mallory", "lead"), "ben", "peer")
        == "mallory is nobody in team.yaml"
    )
    boasting = Person(agent="ben", login="ben", role="lead")
    assert may_approve(policy(), boasting, "ana", "peer") == "a trainee cannot approve"


def test_everybody_who_may_approve_is_named() -> None:
    def names(*arguments: Any) -> list[str]:
        return [agent.name for agent in approvers(policy(), *arguments)]

    assert names("ben", "peer") == ["ana", "chloe", "lee"]
    assert names("ana", "lead") == ["lee"]
    assert names("lee", "lead") == []
    assert names("ana", "lead", "on_call", NOBODY_LEADS) == ["chloe", "lee"]


LEVEL = st.sampled_from(LEVELS)
ROLE = st.sampled_from(["trainee", "agent", "lead"])
SEVERITIES = st.lists(st.sampled_from(["warn", "lead", "block"]), max_size=3)


@settings(max_examples=60)
@given(ROLE, LEVEL, SEVERITIES, st.sampled_from(["reply", "post", "private"]))
def test_nothing_lowers_what_the_reply_asks_for(
    role: str, level: str, severities: list[Severity], kind: str
) -> None:
    reply = Reply("x", ("x",), approval=level)
    given_level = needed(policy(), role, reply, [finding(severity) for severity in severities], kind).level
    assert LEVELS.index(given_level) >= LEVELS.index(level)
    if "lead" in severities or kind == "post":
        assert given_level == "lead"
    if role == "trainee":
        assert given_level != "none"
