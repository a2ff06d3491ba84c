"""The company's customer records: who is writing, with what, and under which accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialdesk.clock import DAY
from socialdesk.desk import casework, customers, reading
from socialdesk.errors import FeedUnusable, UsageError
from tests.desk.room import ADDRESSED, BROKEN, TUESDAY, Room

RECORDS = """\
handle,email,reference,name,product,bought,open_ticket,tags
dana,dana@example.org,C-1,Dana Okafor,widget,2026-01-02,no,vip;newsletter
pietje pietje_alt,,C-2,Piet Bakker,,,T-77,
,,,Nobody,,,,
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


def test_records_go_in_and_the_rest_to_the_refusals(room: Room, records: Path) -> None:
    counts = customers.import_file(room.ana, records)

    assert (counts["read"], counts["stored"], counts["refused"]) == (3, 2, 1)
    assert room.rows("SELECT line, reason FROM refusals") == [(4, "names no handle, e-mail or reference")]


def test_importing_again_changes_nothing(room: Room, records: Path) -> None:
    customers.import_file(room.ana, records)
    before = len(room.events())

    counts = customers.import_file(room.ana, records)

    assert (counts["stored"], counts["updated"], counts["known"]) == (0, 0, 2)
    assert len(room.events()) == before


@pytest.mark.parametrize("first", ["the record", "the post"])
def test_a_post_and_its_customer_find_each_other_in_either_order(
    room: Room, records: Path, first: str
) -> None:
    if first == "the record":
        customers.import_file(room.ana, records)
    number = room.say(ADDRESSED, "Dana")
    if first == "the post":
        customers.import_file(room.ana, records)

    view = reading.case_view(room.ana.connection, room.ana.policy, number, room.clock.now())

    assert view.customer is not None
    assert (view.customer.name, view.customer.product, view.customer.open_ticket) == (
        "Dana Okafor",
        "widget",
        None,
    )
    assert view.customer.tags == ("vip", "newsletter")


def test_what_is_on_record_need_not_be_asked(room: Room, records: Path) -> None:
    customers.import_file(room.ana, records)
    number = room.say(ADDRESSED, "dana")

    casework.answer(room.ana, number, "no")

    assert room.case(number).step == "3"


def test_two_accounts_of_one_customer_are_one_voice(room: Room, records: Path) -> None:
    customers.import_file(room.ana, records)
    first = room.say(BROKEN, "pietje")
    room.say("so's mine, my third one", "pietje_alt", reply_to=room.source_of(first))
    room.say("my other #Acme widget has been broken, too", "pietje_alt")

    assert room.case(first).case_name == "overheard"
    assert room.case(first).issue_id is None


def test_past_conversations_of_all_accounts_are_shown(room: Room, records: Path) -> None:
    customers.import_file(room.ana, records)
    earlier = room.say(BROKEN, "pietje_alt", created=TUESDAY - 9 * DAY)
    number = room.say("@AcmeCustServ hello", "pietje")

    view = reading.case_view(room.ana.connection, room.ana.policy, number, room.clock.now())

    assert [one.id for one in view.earlier] == [earlier]
    assert {one.handle for one in view.accounts} == {"pietje", "pietje_alt"}


def test_a_spreadsheet_may_part_its_cells_with_semicolons(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_text("\ufeffreference;name\nC-9;Rosa\n", encoding="utf-8")

    assert customers.import_file(room.ana, path)["stored"] == 1


def test_a_file_that_names_nobody_is_told_so(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour,shape\nred,round\n", encoding="utf-8")

    with pytest.raises(UsageError, match="colour, shape"):
        customers.import_file(room.ana, path)
    with pytest.raises(FeedUnusable, match="cannot be read"):
        customers.import_file(room.ana, tmp_path / "missing.csv")
