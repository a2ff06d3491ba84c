"""Numbers and durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.conditions.units import format_duration, format_number, parse_duration, parse_number


@pytest.mark.parametrize(
    ("written", "millis"),
    [
        ("90s", 90_000),
        ("5m", 300_000),
        ("2h", 7_200_000),
        ("3d", 259_200_000),
        ("1w", 604_800_000),
        ("1h30m", 5_400_000),
        ("1h 30m", 5_400_000),
        ("1.5h", 5_400_000),
        ("2 Days", 172_800_000),
        ("0s", 0),
        ("250ms", 250),
        ("1y", 365 * 86_400_000),
    ],
)
def test_durations_read_as_written(written: str, millis: int) -> None:
    assert parse_duration(written) == millis


@pytest.mark.parametrize(
    "written", ["", "5", "h", "5 parsecs", "-5m", "5m!", "1e3s", "99999999y", "2h later"]
)
def test_what_is_no_duration_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"duration|unit|longer"):
        parse_duration(written)


@given(st.integers(min_value=0, max_value=10**13))
def test_a_written_duration_reads_back_the_same(length: int) -> None:
    assert parse_duration(format_duration(length)) == length


def test_durations_are_written_short() -> None:
    assert format_duration(7_200_000) == "2h"
    assert format_duration(100_800_000) == "1d 4h"
    assert format_duration(0) == "0s"
    assert format_duration(-300_000) == "-5m"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("500", 500),
        ("50k", 50_000),
        ("1.5M", 1_500_000),
        ("10,000", 10_000),
        ("10_000", 10_000),
        ("2 k", 2_000),
    ],
)
def test_numbers_read_as_written(written: str, number: int) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize("written", ["", "k", "fifty", "1.5", "-3", "10,00", "1e9", "9" * 40, "50kk"])
def test_what_is_no_whole_number_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match="number"):
        parse_number(written)


@given(st.integers(min_value=0, max_value=2**53))
def test_a_written_number_reads_back_the_same(number: int) -> None:
    assert parse_number(format_number(number)) == number
