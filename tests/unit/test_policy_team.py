"""The team: a login is one person, and who is at work can be told at any moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from socialdesk.model import Millis
from socialdesk.policy.schema.team import TeamFile
from socialdesk.policy.team import Team, build

AGENTS = {
    "ana": {
        "name": "Ana Álvarez",
        "logins": ["ana", "WORK\\ana"],
        "initials": "AA",
        "languages": ["en", "es"],
        "limit": 12,
        "shifts": ["early"],
    },
    "ben": {"logins": "ben", "role": "trainee", "shifts": "early"},
    "lee": {"logins": ["lee"], "role": "lead", "shifts": ["late"]},
    "root": {"logins": ["root"]},
}
SHIFTS = {
    "early": {"days": "mon-fri", "hours": "07:00-15:00", "zone": "Europe/Berlin"},
    "late": {
        "days": ["mon-thu", "fri"],
        "hours": ["12:00-20:00"],
        "zone": "Europe/Berlin",
        "holidays": ["12-25"],
    },
}
GROUPS = {
    "duty-manager": {
        "members": ["lee"],
        "on_call": ["lee", "ana"],
        "reach": {"email": "duty@acme.example", "desk": "yes"},
    },
    "legal": {"title": "Legal", "reach": {"webhook": "https://hooks.acme.example/legal", "desk": "no"}},
}


def team(**changes: object) -> Team:
    written = {"agents": AGENTS, "shifts": SHIFTS, "groups": GROUPS} | changes
    plain = TeamFile.model_validate(written).model_dump(mode="json")
    return build(plain, lambda path: f"team.yaml:{path[-1]}")


def at(text: str) -> Millis:
    return Millis(
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    )


def test_a_login_is_a_person() -> None:
    person = team().by_login("WORK\\ana")
    assert person is not None
    assert (person.agent, person.login, person.role, person.initials) == ("ana", "WORK\\ana", "agent", "AA")
    assert person.languages == ("en", "es")
    assert team().by_login("nobody") is None


def test_two_logins_of_one_agent_are_one_person() -> None:
    assert team().same_person("ana", "WORK\\ana")
    assert not team().same_person("ana", "lee")
    assert team().same_person("stranger", "stranger")
    assert not team().same_person("stranger", "another")


def test_a_login_of_two_agents_is_refused() -> None:
    with pytest.raises(ValidationError, match="the login `ana` belongs to ana and to eve"):
        team(agents=AGENTS | {"eve": {"logins": ["ana"]}})


def test_who_has_shifts_works_then_and_who_has_none_always() -> None:
    assert [agent.name for agent in team().on_shift(at("2026-11-20T08:00"))] == ["ana", "ben", "root"]
    assert [agent.name for agent in team().on_shift(at("2026-11-20T16:00"))] == ["lee", "root"]
    assert [agent.name for agent in team().on_shift(at("2026-11-21T08:00"))] == ["root"]


def test_a_lead_is_at_work_only_during_their_shift() -> None:
    assert [agent.name for agent in team().leads_on_shift(at("2026-12-24T13:00"))] == ["lee"]
    assert team().leads_on_shift(at("2026-12-25T13:00")) == ()


def test_on_call_of_one_group_or_of_all() -> None:
    assert [agent.name for agent in team().on_call("duty-manager")] == ["lee", "ana"]
    assert [agent.name for agent in team().on_call()] == ["lee", "ana"]
    assert team().on_call("legal") == team().on_call("gone") == ()


def test_how_a_group_is_reached() -> None:
    found = team()
    duty, legal = found.group("duty-manager"), found.group("legal")
    assert duty is not None
    assert dict(duty.reach) == {"desk": "yes", "email": "duty@acme.example"}
    assert legal is not None
    assert legal.ways == ("webhook",)
    assert (legal.title, legal.source) == ("Legal", "team.yaml:legal")


@pytest.mark.parametrize(
    ("section", "entry", "complaint"),
    [
        ("groups", {"x": {"title": "X"}}, "nobody can reach the group `x`"),
        ("groups", {"x": {"reach": {"email": "somewhere"}}}, "pattern"),
        ("groups", {"x": {"reach": {"pigeon": "yes"}}}, "Extra inputs"),
        ("agents", {"x": {"logins": []}}, "at least 1"),
        ("agents", {"x": {"logins": ["two words"]}}, "pattern"),
        ("agents", {"x": {"logins": ["x"], "role": "boss"}}, "'trainee', 'agent' or 'lead'"),
        ("agents", {"x": {"logins": ["x"], "limit": -1}}, "greater than or equal to 0"),
        ("shifts", {"x": {"days": "weekdays", "hours": "08:00-12:00"}}, "no days of the week"),
        ("shifts", {"x": {"days": "mon", "hours": "8 to 12"}}, "time of day"),
        ("shifts", {"x": {"days": "mon", "hours": "08:00-12:00", "zone": "Berlin"}}, "no time zone"),
    ],
)
def test_what_cannot_be_is_refused(section: str, entry: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        team(**{section: entry})


def test_an_empty_file_is_an_empty_team() -> None:
    found = team(agents={}, shifts={}, groups={})
    assert found.by_login("ana") is None
    assert found.on_shift(Millis(0)) == ()
