"""Calendars: working time adds up, never runs backwards, and knows both days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.model import Millis
from socialdesk.policy.calendars import (
    ROUND_THE_CLOCK,
    Calendar,
    parse_days,
    parse_holiday,
    parse_period,
    week,
    zone,
)

BERLIN = ZoneInfo("Europe/Berlin")

LUNCH = Calendar("lunch", "Europe/Berlin", week({"mon-fri": ["08:00-12:00", "13:00-18:00"]}))
NIGHT = Calendar("night", "America/New_York", week({"fri": ["22:00-06:00"], "sat": ["05:00-09:00"]}))
EVERY_HOUR = Calendar("all", "Europe/Berlin", week({"mon-sun": ["00:00-24:00"]}))
CHRISTMAS = Calendar(
    "christmas", "Europe/Berlin", week({"mon-sun": ["09:00-17:00"]}), frozenset({"12-25", "2026-12-24"})
)


def at(text: str, where: ZoneInfo = BERLIN, fold: int = 0) -> Millis:
    return Millis(int(datetime.fromisoformat(text).replace(tzinfo=where, fold=fold).timestamp() * 1000))


def test_a_day_has_several_periods() -> None:
    assert LUNCH.add(at("2026-11-18T11:30"), HOUR) == at("2026-11-18T13:30")
    assert LUNCH.between(at("2026-11-18T07:00"), at("2026-11-18T20:00")) == 9 * HOUR


def test_what_starts_on_saturday_counts_from_monday() -> None:
    assert LUNCH.add(at("2026-11-21T10:00"), 30 * MINUTE) == at("2026-11-23T08:30")
    assert LUNCH.next_open(at("2026-11-21T10:00")) == at("2026-11-23T08:00")


def test_a_period_that_is_just_filled_ends_there_and_not_on_the_next_morning() -> None:
    assert LUNCH.add(at("2026-11-18T17:00"), HOUR) == at("2026-11-18T18:00")
    assert LUNCH.add(at("2026-11-18T18:00"), 1) == at("2026-11-19T08:00") + 1


def test_a_night_shift_ends_on_the_next_day_and_an_overlap_counts_once() -> None:
    ny = ZoneInfo("America/New_York")
    friday = at("2026-11-20T22:00", ny)
    assert NIGHT.between(friday, at("2026-11-21T12:00", ny)) == 11 * HOUR
    assert NIGHT.is_open(at("2026-11-21T03:00", ny))


@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-25", "2027-12-25"])
def test_a_holiday_takes_the_day_away(day: str) -> None:
    assert not CHRISTMAS.is_open(at(f"{day}T10:00"))


def test_a_dated_holiday_holds_only_in_its_year() -> None:
    assert CHRISTMAS.is_open(at("2027-12-24T10:00"))


def test_the_day_with_23_hours_has_23() -> None:
    assert EVERY_HOUR.between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 23 * HOUR


def test_the_day_with_25_hours_has_25() -> None:
    assert EVERY_HOUR.between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == 25 * HOUR


def test_a_start_that_the_clocks_skip_is_the_moment_of_the_jump() -> None:
    early = Calendar("early", "Europe/Berlin", week({"sun": ["02:30-05:00"]}))
    assert early.next_open(at("2026-03-29T00:00")) == at("2026-03-29T03:00")
    assert early.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 2 * HOUR


def test_a_period_within_the_skipped_hour_is_empty() -> None:
    gone = Calendar("gone", "Europe/Berlin", week({"sun": ["02:10-02:50"]}))
    assert gone.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 0


def test_a_period_around_the_doubled_hour_holds_both() -> None:
    early = Calendar("early", "Europe/Berlin", week({"sun": ["02:30-03:00"]}))
    assert early.between(at("2026-10-25T00:00"), at("2026-10-25T12:00")) == 90 * MINUTE


def test_round_the_clock_is_plain_addition() -> None:
    start = at("2026-10-24T23:17")
    assert ROUND_THE_CLOCK.add(start, 2 * DAY + 7) == start + 2 * DAY + 7


def test_a_calendar_that_never_opens_says_so_instead_of_looking_for_ever() -> None:
    closed = Calendar("closed", "UTC", week({}))
    with pytest.raises(ValueError, match="closed does not open again"):
        closed.add(Millis(0), 1)
    assert closed.next_open(Millis(0)) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon", (0,)), ("Mon-Fri", (0, 1, 2, 3, 4)), ("sat, sun", (5, 6)), ("fri-mon", (4, 5, 6, 0))],
)
def test_days_are_read_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["someday", "mon-", "mon-funday", ""])
def test_no_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no days"):
        parse_days(text)


@pytest.mark.parametrize(
    "text", ["8-18", "08:00", "08:61-09:00", "24:00-25:00", "08:00-08:00", "08:00-18:00h"]
)
def test_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        parse_period(text)


@pytest.mark.parametrize("text", ["25-12", "2026-13-01", "christmas", "2026-02-30"])
def test_no_holiday_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        parse_holiday(text)


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone(name)


minutes = st.integers(0, 23 * 60 + 59)
periods = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1])


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    days = draw(
        st.dictionaries(
            st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon-fri", "sat,sun"]),
            st.lists(periods, min_size=1, max_size=3),
            min_size=1,
            max_size=3,
        )
    )
    hours = {day: [f"{_clock(a)}-{_clock(b)}" for a, b in pairs] for day, pairs in days.items()}
    zones = [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
    ]
    holidays = draw(st.sets(st.sampled_from(["03-29", "10-25", "2026-06-01"]), max_size=2))
    calendar = Calendar("any", draw(st.sampled_from(zones)), week(hours), frozenset(holidays))
    if calendar.next_open(Millis(0)) is None:  # a lone period within an hour that no clock shows
        calendar = LUNCH
    return calendar


YEAR = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
moments = st.integers(YEAR, YEAR + 365 * DAY).map(Millis)
lengths = st.integers(0, 5 * DAY)
MODEST = settings(max_examples=60, deadline=None)


@MODEST
@given(calendars(), moments, lengths, lengths)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: Millis, first: int, second: int) -> None:
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@MODEST
@given(calendars(), moments, lengths)
def test_what_was_added_lies_between(calendar: Calendar, start: Millis, length: int) -> None:
    assert calendar.between(start, calendar.add(start, length)) == length


@MODEST
@given(calendars(), moments, moments, moments)
def test_working_time_adds_up_over_any_moment_between(
    calendar: Calendar, one: Millis, two: Millis, three: Millis
) -> None:
    first, middle, last = sorted((one, two, three))
    assert calendar.between(first, last) == calendar.between(first, middle) + calendar.between(middle, last)


@MODEST
@given(calendars(), moments, moments, lengths)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, one: Millis, two: Millis, length: int
) -> None:
    early, late = sorted((one, two))
    assert calendar.add(early, length) <= calendar.add(late, length)
    assert calendar.add(early, length) >= early + length


@MODEST
@given(calendars(), moments)
def test_next_open_is_open_and_nothing_before_it_is(calendar: Calendar, start: Millis) -> None:
    opens = calendar.next_open(start)
    assert opens is not None
    assert calendar.is_open(opens)
    assert calendar.between(start, opens) == 0
