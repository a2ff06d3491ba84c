"""Pulling the configured channels: what is new goes in once, and one that fails harms no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from socialdesk.clock import MINUTE
from socialdesk.config import ChannelSetting
from socialdesk.desk.pulling import LEASE, pull
from socialdesk.desk.session import Desk
from socialdesk.inbox import channels
from socialdesk.inbox import timers as table
from socialdesk.inbox.connection import writing
from tests.desk.room import ADDRESSED, BROKEN, MINE_TOO, Room


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "day.jsonl"


def write(spool: Path, *posts: tuple[str, str, str, str | None]) -> None:
    with spool.open("a", encoding="utf-8") as file:
        for number, author, text, reply_to in posts:
            record = {"id": number, "author": author, "text": text, "created": "2026-11-24T08:00:00Z"}
            file.write(json.dumps({**record, "reply_to": reply_to, "network": "mastodon"}) + "\n")


def with_channels(desk: Desk, *settings: ChannelSetting) -> Desk:
    return replace(desk, config=replace(desk.config, channels=settings))


def test_what_is_new_goes_in_once(room: Room, spool: Path) -> None:
    desk = with_channels(room.ana, ChannelSetting("day", "spool", str(spool)))
    write(spool, ("1", "dana", ADDRESSED, None))
    first = pull(desk)
    write(spool, ("2", "otto", ADDRESSED, None))
    second = pull(desk)
    third = pull(desk)

    assert [result[0].stored for result in (first, second, third)] == [1, 1, 0]
    assert len(room.events("intake")) == 2
    assert room.case(room.home_of("1")).channel == "day"


def test_waking_rules_have_run_when_a_pull_is_over(room: Room, spool: Path) -> None:
    desk = with_channels(room.ana, ChannelSetting("day", "spool", str(spool)))
    write(spool, ("1", "pietje", BROKEN, None))
    pull(desk)
    assert room.case(room.home_of("1")).status == "watching"
    write(spool, ("2", "kasper", MINE_TOO, "1"))
    pull(desk)

    assert room.case(room.home_of("1")).case_name == "intervene"


def test_one_channel_that_fails_keeps_no_other_from_being_pulled(
    room: Room, spool: Path, tmp_path: Path
) -> None:
    write(spool, ("1", "dana", ADDRESSED, None))
    missing = ChannelSetting("gone", "spool", str(tmp_path / "gone.jsonl"))
    desk = with_channels(room.ana, missing, ChannelSetting("day", "spool", str(spool)))

    failed, went_well = pull(desk)

    assert failed.error is not None
    assert went_well.stored == 1
    lines = {one.name: one for one in channels.all_channels(room.ana.connection)}
    assert lines["gone"].failing_since == room.clock.now()
    assert lines["day"].synced_at == room.clock.now()


def test_a_channel_that_works_again_says_so(room: Room, spool: Path) -> None:
    desk = with_channels(room.ana, ChannelSetting("day", "spool", str(spool)))
    pull(desk)
    write(spool, ("1", "dana", ADDRESSED, None))
    pull(desk)

    assert [e.kind for e in room.events() if e.kind.startswith("channel")] == [
        "channel_failed",
        "channel_back",
    ]
    assert channels.all_channels(room.ana.connection)[0].failing_since is None


def test_only_what_is_due_is_pulled_when_so_asked(room: Room, spool: Path) -> None:
    write(spool, ("1", "dana", ADDRESSED, None))
    desk = with_channels(room.ana, ChannelSetting("day", "spool", str(spool)))
    pull(desk, only_due=True)

    assert pull(desk, only_due=True) == []
    room.clock.advance(6 * MINUTE)
    assert len(pull(desk, only_due=True)) == 1


def test_while_another_desk_pulls_a_channel_it_is_left_alone(room: Room, spool: Path) -> None:
    write(spool, ("1", "dana", ADDRESSED, None))
    desk = with_channels(room.ana, ChannelSetting("day", "spool", str(spool)))
    now = room.clock.now()
    with writing(room.chloe.connection):
        table.lease(room.chloe.connection, "channel:day", "elsewhere", now, now + LEASE)

    assert pull(desk)[0].skipped is not None
    room.clock.advance(LEASE + 1)
    assert pull(desk)[0].stored == 1
