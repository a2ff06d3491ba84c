"""Dates of real exports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.clock import iso
from socialdesk.networks.dates import DateReader, from_number, month_comes_first

HALLOWEEN = 1_509_487_847_000  # 2017-10-31T22:10:47Z


@pytest.mark.parametrize(
    "written",
    [
        "2017-10-31T22:10:47Z",
        "2017-10-31T22:10:47",
        "2017-10-31T22:10:47.000Z",
        "2017-10-31T22:10:47.0000001Z",
        "2017-11-01T00:10:47+02:00",
        "2017-11-01T00:10:47+0200",
        "2017-10-31 22:10:47",
        "2017-10-31 14:10:47 -0800",
        "2017-10-31 22:10:47 UTC",
        "2017/10/31 22:10:47",
        "20171031T221047Z",
        "20171031221047",
        "Tue Oct 31 22:10:47 +0000 2017",
        "Tue Oct 31 15:10:47 -0700 2017",
        "Tue, 31 Oct 2017 22:10:47 +0000",
        "Tue, 31 Oct 2017 22:10:47 GMT",
        "Tue, 31 Oct 2017 17:10:47 EST",
        "31/10/2017 22:10:47",
        "31.10.2017 22:10:47",
        "10/31/2017 22:10:47",
        "10/31/2017 10:10:47 PM",
        "31 Oct 2017 22:10:47",
        "Oct 31, 2017 10:10:47 pm",
        "October 31st, 2017 at 22:10:47",
        "1509487847",
        "1509487847000",
        "1509487847000000",
        "1509487847.0",
        " 2017-10-31T22:10:47Z ",
    ],
)
def test_one_moment_in_many_writings(written: str) -> None:
    assert DateReader().read(written) == HALLOWEEN


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2017-10-31 22:10", "2017-10-31T22:10:00Z"),
        ("31/10/2017 22:10", "2017-10-31T22:10:00Z"),
        ("2017-10-31", "2017-10-31T00:00:00Z"),
        ("20171031", "2017-10-31T00:00:00Z"),
        ("12/31/2017 12:30 AM", "2017-12-31T00:30:00Z"),
        ("12/31/2017 12:30 PM", "2017-12-31T12:30:00Z"),
        ("03/04/17", "2017-04-03T00:00:00Z"),
    ],
)
def test_shorter_writings(written: str, read: str) -> None:
    found = DateReader().read(written)
    assert found is not None
    assert iso(found) == read


@pytest.mark.parametrize(
    "written",
    ["", "nan", "0", "yesterday", "2017-02-30", "31/31/2017", "2017-10-31 25:00", "13:00", "5", "9" * 400,
     "10/31/2017 13:10 PM", "1869-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2017-10-31 22:10:47 +99:00",
     "²⁰¹⁷-10-31"],
)  # fmt: skip
def test_no_date_is_none(written: str) -> None:
    assert DateReader().read(written) is None


def test_american_files_are_known_by_their_unambiguous_rows() -> None:
    assert month_comes_first("03/04/2017\n10/31/2017 10:00\n")
    assert not month_comes_first("03/04/2017\n31/10/2017\n")
    assert not month_comes_first("03/04/2017\n")
    assert DateReader(month_first=True).read("03/04/2017") == DateReader().read("04/03/2017")


def test_numbers_tell_their_unit_by_their_size() -> None:
    assert from_number(1_509_487_847) == from_number(1_509_487_847_000) == HALLOWEEN
    assert from_number(1_509_487_847.5) == HALLOWEEN + 500
    assert from_number(12) is None
    assert from_number(float("inf")) is None
    assert from_number(float("nan")) is None


@settings(max_examples=60)
@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_every_moment_survives_every_writing(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    millis = round(moment.timestamp()) * 1000
    reader = DateReader()
    written = [
        moment.isoformat(),
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        moment.strftime("%a %b %d %H:%M:%S %z %Y"),
        moment.strftime("%Y-%m-%d %H:%M:%S %z"),
        moment.astimezone(UTC).strftime("%d.%m.%Y %H:%M:%S"),
        format_datetime(moment),
    ]
    assert {reader.read(one) for one in written} == ({millis} if millis >= 0 else {None})


@settings(max_examples=200)
@given(st.text(max_size=40) | st.from_regex(r"[0-9/:.T \-+APMZ]{1,40}", fullmatch=True))
def test_no_writing_raises(written: str) -> None:
    found = DateReader().read(written)
    assert found is None or 0 <= found < 4_102_444_800_000
