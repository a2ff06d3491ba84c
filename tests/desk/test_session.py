"""Who is at the desk: the computer says so, and only a sandbox lets anybody play somebody else."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from socialdesk.clock import ShiftedClock
from socialdesk.config import Config, shipped
from socialdesk.desk import casework
from socialdesk.desk.session import Desk, login_of, open_desk
from socialdesk.errors import InboxUnusable, NotAllowed
from tests.desk.room import ADDRESSED, Room

ME = pwd.getpwuid(os.getuid()).pw_name


def real_desk(tmp_path: Path, environ: Mapping[str, str], agent: str | None = None) -> Desk:
    config = Config(tmp_path / "real.db", shipped("policies"), agent=agent)
    return open_desk(config, environ=environ)


def test_the_environment_makes_nobody_another_person(tmp_path: Path) -> None:
    desk = real_desk(tmp_path, {"SOCIALDESK_LOGIN": "lee", "USER": "lee", "LOGNAME": "lee"})

    assert desk.person is None
    assert ME in desk.why_read_only
    with pytest.raises(NotAllowed, match=r"team\.yaml"):
        desk.acting()
    desk.close()


def test_saying_that_one_is_somebody_else_is_not_enough(tmp_path: Path) -> None:
    desk = real_desk(tmp_path, {}, agent="lee")

    assert desk.person is None
    assert f"signs in as lee, and you are {ME}" in desk.why_read_only
    desk.close()


def test_an_agent_that_nobody_knows_is_told_the_names(room: Room) -> None:
    desk = open_desk(replace(room.ana.config, agent="zoe"), environ={})

    assert "ana, ben, chloe, lee" in desk.why_read_only
    desk.close()


def test_in_a_sandbox_anybody_may_be_played_but_stays_who_they_are(room: Room) -> None:
    desk = open_desk(replace(room.ana.config, agent="chloe"), environ={"SOCIALDESK_LOGIN": "ben"})

    assert desk.person is not None
    assert (desk.person.agent, desk.person.login) == ("chloe", "ben")
    desk.close()


def test_the_clock_is_set_in_a_sandbox_only(tmp_path: Path, room: Room) -> None:
    played = open_desk(room.ana.config, environ={"SOCIALDESK_NOW": "1234"})
    assert played.clock.now() == 1234
    played.close()

    with pytest.raises(NotAllowed, match="sandbox"):
        real_desk(tmp_path, {"SOCIALDESK_NOW": "1234"})
    with pytest.raises(NotAllowed, match="milliseconds"):
        open_desk(room.ana.config, environ={"SOCIALDESK_NOW": "yesterday"})


def test_the_login_is_the_computers(room: Room) -> None:
    assert login_of({"SOCIALDESK_LOGIN": "lee"}, sandbox=False) == ME
    assert login_of({"SOCIALDESK_LOGIN": "lee"}, sandbox=True) == "lee"


def test_a_fork_has_a_connection_of_its_own(room: Room) -> None:
    other = room.ana.fork()

    assert other.connection is not room.ana.connection
    assert other.acting() == room.ana.acting()
    other.close()


def test_what_fails_in_the_middle_leaves_nothing_behind(room: Room) -> None:
    number = room.say(ADDRESSED)
    before = room.case(number)

    with pytest.raises(RuntimeError, match="power cut"):
        _stop_in_the_middle(room, number)

    assert room.events("claimed") == []
    assert room.case(number) == before
    assert not room.ana.connection.in_transaction
    casework.claim(room.ana, number)


def _stop_in_the_middle(room: Room, number: int) -> None:
    with room.ana.changing() as changes:
        changes.record("claimed", conversation=number)
        raise RuntimeError("power cut")


def test_a_broken_statement_is_told_in_one_line(room: Room) -> None:
    number = room.say(ADDRESSED)
    room.ana.connection.execute("PRAGMA query_only = 1")

    with pytest.raises(InboxUnusable, match="read-only"):
        casework.note(room.ana, number, "hello")


def test_a_shifted_clock_runs_on() -> None:
    assert ShiftedClock(10**9).now() > ShiftedClock(0).now()
