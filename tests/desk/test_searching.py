"""What the query bar finds in an inbox that fills: words of posts, and the people who wrote them."""

from __future__ import annotations

from socialdesk.clock import MINUTE
from socialdesk.desk.reading import query_listing, typed_listing
from socialdesk.inbox import queue
from tests.desk.room import ADDRESSED, BROKEN, Room


def typed(room: Room, query: str) -> list[int]:
    """What the query bar shows while `query` is typed, newest first."""
    connection = room.ana.connection
    listing = typed_listing(connection, query, room.clock.now())
    found = [int(row.id) for row in queue.page(connection, listing, 100)]
    assert queue.count_up_to_cap(connection, listing) == len(found)
    return found


def asked(room: Room, query: str) -> list[int]:
    """What a command lists for the whole query."""
    listing = query_listing(query, room.clock.now())
    return [int(row.id) for row in queue.page(room.ana.connection, listing, 100)]


def test_people_are_found_by_handle_and_name_with_the_posts_that_name_them(room: Room) -> None:
    by_handle = room.say(ADDRESSED, "dana_okafor")
    by_name = room.say(ADDRESSED, "sunny22", name="Dana Kim")
    named = room.say("@AcmeCustServ Dana from your shop was kind, but my widget is broken", "pietje")
    humps = room.say(ADDRESSED, "DanaSails")
    room.say(ADDRESSED, "lee_s")

    assert (
        typed(room, "dan")
        == typed(room, "Dana ")
        == asked(room, "dana")
        == [humps, named, by_name, by_handle]
    )
    assert asked(room, "dan") == []
    assert typed(room, "@dana_okafor") == typed(room, "author:dana_*") == [by_handle]
    assert typed(room, "kim dana wid") == [by_name]
    assert typed(room, "text:dana") == [named]


def test_who_has_taken_another_name_is_found_by_the_new_one(room: Room) -> None:
    number = room.say(BROKEN, "sunny22", name="Dana Kim")
    room.clock.advance(MINUTE)
    room.say(BROKEN, "sunny22", name="Dana Okafor")
    room.clock.advance(MINUTE)
    room.say(BROKEN, "sunny22")

    assert number in typed(room, "okafor")
    assert typed(room, "kim") == []
    assert len(asked(room, "person:okafor")) == len(asked(room, "author:sunny22"))


def test_a_post_older_than_what_we_know_renames_nobody(room: Room) -> None:
    room.say(BROKEN, "sunny22", name="Dana Okafor")
    room.say(BROKEN, "sunny22", name="Dana Kim", created=room.clock.now() - MINUTE)

    assert typed(room, "kim") == []
    assert typed(room, "okafor") != []


def test_our_own_account_can_be_renamed_like_any_other(room: Room) -> None:
    number = room.say(ADDRESSED, "dana_okafor")
    assert room.sent(number).status == "sent"
    everybody = "SELECT count(*) FROM profiles"
    assert room.rows("SELECT count(*) FROM profiles_fts") == room.rows(everybody) == [(2,)]
    ours = room.rows("SELECT handle FROM profiles WHERE handle <> 'dana_okafor'")[0][0]
    room.clock.advance(MINUTE)
    room.say("a post of ours", ours, name="Acme Cares")

    assert room.rows("SELECT count(*) FROM profiles_fts WHERE profiles_fts MATCH 'cares'") == [(1,)]
    assert room.rows("SELECT count(*) FROM profiles_fts") == room.rows(everybody)


def test_emoji_are_no_part_of_a_word(room: Room) -> None:
    number = room.say("@AcmeCustServ love🤗 the widget, but it broke🙃", "pietje")

    assert asked(room, "love broke") == [number]
