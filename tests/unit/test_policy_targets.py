"""Targets: by when somebody must answer, told by the team's own calendars."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.model import Millis
from socialdesk.policy.schema.targets import TargetsFile
from socialdesk.policy.targets import KINDS, Targets, build, due, warn_at

CARE = {"zone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-12:00", "13:00-18:00"]}}
COMPLAINT = {
    "acknowledge": "15m",
    "reply": "1h",
    "next_reply": "2h",
    "resolve": "2d",
    "calendar": "care",
    "warn_before": "10m",
    "pause_in": ["waiting", "snoozed"],
    "on_breach": {"escalate": "duty-manager"},
}


def targets(**changes: object) -> Targets:
    written = {
        "calendars": {"care": CARE},
        "targets": {"complaint": COMPLAINT, "urgent": {"reply": "10m"}},
        "other_channels": {"chat": "2m", "email": {"reply": "8h"}},
    } | changes
    plain = TargetsFile.model_validate(written).model_dump(mode="json")
    return build(plain, lambda path: f"targets.yaml:{len(path)}")


def at(text: str) -> Millis:
    return Millis(
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    )


def policy(found: Targets) -> SimpleNamespace:
    return SimpleNamespace(targets=found)


def test_every_promise_runs_on_the_calendar() -> None:
    start, team = at("2026-11-20T17:50"), policy(targets())  # a Friday
    assert due(team, "complaint", "acknowledge", start) == at("2026-11-23T08:05")
    assert due(team, "complaint", "reply", start) == at("2026-11-23T08:50")
    assert due(team, "complaint", "next_reply", start) == at("2026-11-23T09:50")


def test_a_warning_comes_before_in_working_time_and_never_before_the_start() -> None:
    start, team = at("2026-11-20T17:50"), policy(targets())
    assert warn_at(team, "complaint", "reply", start) == at("2026-11-23T08:40")
    assert (
        warn_at(policy(targets(targets={"t": {"reply": "5m", "warn_before": "1h"}})), "t", "reply", start)
        == start
    )


def test_nothing_is_due_without_a_target_or_a_promise() -> None:
    team = policy(targets())
    assert due(team, None, "reply", Millis(0)) is None
    assert due(team, "gone", "reply", Millis(0)) is None
    assert due(team, "urgent", "resolve", Millis(0)) is None


def test_a_target_without_a_calendar_runs_round_the_clock() -> None:
    sunday = at("2026-11-22T03:00")
    assert due(policy(targets()), "urgent", "reply", sunday) == sunday + 10 * MINUTE


def test_the_clock_for_settling_stands_still_while_the_customer_is_to_answer() -> None:
    complaint = targets().targets["complaint"]
    assert complaint.pauses("resolve", "waiting")
    assert not complaint.pauses("resolve", "open")
    assert not complaint.pauses("next_reply", "waiting")
    due_at, asked, answered = at("2026-11-20T16:00"), at("2026-11-19T16:00"), at("2026-11-20T09:00")
    # Two hours on Thursday and one on Friday passed meanwhile; two of the three are left of Friday.
    assert complaint.after_pause(due_at, asked, answered) == at("2026-11-23T09:00")


def test_what_was_left_before_a_long_pause_is_left_after_it() -> None:
    complaint = targets().targets["complaint"]
    due_at, asked, answered = at("2026-11-20T16:00"), at("2026-11-20T15:00"), at("2026-12-01T09:00")
    assert complaint.after_pause(due_at, asked, answered) == at("2026-12-01T10:00")


def test_what_was_overdue_before_the_pause_stays_overdue() -> None:
    complaint = targets().targets["complaint"]
    due_at = at("2026-11-20T16:00")
    assert complaint.after_pause(due_at, at("2026-11-20T17:00"), at("2026-11-27T17:00")) == due_at


def test_a_breach_calls_a_group() -> None:
    breach = targets().targets["complaint"].on_breach
    assert breach is not None
    assert breach.escalation is not None
    assert (breach.escalation.to, breach.escalation.source) == ("duty-manager", "targets.yaml:3")


def test_social_stands_between_live_talk_and_e_mail() -> None:
    slow = targets(targets={"slow": {"reply": "1d"}, "hasty": {"reply": "1m"}, "right": {"reply": "1h"}})
    assert [(target.name, words) for target, words in slow.misplaced()] == [
        ("slow", "slow: 1d is slower than e-mail"),
        ("hasty", "hasty: 1m is faster than live chat or phone"),
    ]


def test_somebody_is_at_work_when_a_calendar_with_hours_is_open() -> None:
    found = targets()
    assert found.is_open(at("2026-11-20T11:00"))
    assert not found.is_open(at("2026-11-20T12:30"))


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ({"reply": "1h", "resolve": "30m"}, "reply .1h. would come after resolve .30m."),
        ({"acknowledge": "2h", "reply": "1h"}, "acknowledge .2h. would come after reply"),
        ({"calendar": "care"}, "promises nothing"),
        ({"reply": 5}, "number without a unit"),
        ({"reply": "1h", "pause_in": ["asleep"]}, "waiting"),
        ({"reply": "1h", "replies": "1h"}, "Extra inputs"),
    ],
)
def test_a_target_that_cannot_be_is_refused(target: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        targets(targets={"complaint": target})


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(ValidationError, match="never opens"):
        targets(calendars={"care": {"hours": {"mon": []}}})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400 * DAY), st.integers(0, 10 * DAY))
def test_who_writes_later_is_never_due_earlier(start: int, later: int) -> None:
    base = at("2026-01-01T00:00")
    complaint = targets().targets["complaint"]
    for kind in KINDS:
        first = complaint.due(kind, Millis(base + start))
        second = complaint.due(kind, Millis(base + start + later))
        assert first is not None
        assert second is not None
        assert base + start < first <= second


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30 * DAY), st.integers(0, 3 * DAY), st.integers(0, 3 * DAY))
def test_a_pause_never_makes_anything_due_earlier(start: int, before: int, length: int) -> None:
    complaint = targets().targets["complaint"]
    begun = Millis(at("2026-10-20T00:00") + start)
    due_at = complaint.due("resolve", begun)
    assert due_at is not None
    paused = Millis(begun + before)
    moved = complaint.after_pause(due_at, paused, Millis(paused + length))
    assert moved >= due_at
    if begun <= paused < due_at:
        left = complaint.calendar.between(paused, due_at)
        assert complaint.calendar.between(Millis(paused + length), moved) == left


def test_one_hour_is_one_hour() -> None:
    assert targets().targets["complaint"].promises["reply"] == HOUR
