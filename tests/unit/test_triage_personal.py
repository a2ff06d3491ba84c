"""Personal data is found with its kind and place, and what only looks like it is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.triage import personal_data


def found(text: str) -> list[tuple[str, str]]:
    return [(item.value, text[item.start : item.end]) for item in personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("card 4111 1111 1111 1111 exp 12/27", [("card", "4111 1111 1111 1111")]),
        ("card 5500-0000-0000-0004.", [("card", "5500-0000-0000-0004")]),
        ("amex 378282246310005!", [("card", "378282246310005")]),
        ("amex 3782 822463 10005", [("card", "3782 822463 10005")]),
        ("IBAN DE89 3704 0044 0532 0130 00 please", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("GB29NWBK60161331926819", [("iban", "GB29NWBK60161331926819")]),
        ("write to jo.bloggs+acme@mail.example.co.uk.", [("email", "jo.bloggs+acme@mail.example.co.uk")]),
        ("call +44 20 7946 0958 now", [("phone", "+44 20 7946 0958")]),
        ("call (555) 010-9999 ext", [("phone", "(555) 010-9999")]),
        ("tel 0151 23456789", [("phone", "0151 23456789")]),
        ("ring 555-010-9999", [("phone", "555-010-9999")]),
        ("ring 555-010-9999x321 or ext", [("phone", "555-010-9999x321")]),
        ("my ssn 078-05-1120", [("ssn", "078-05-1120")]),
        ("4111111111111111 or a@b.example", [("card", "4111111111111111"), ("email", "a@b.example")]),
    ],
)
def test_what_is_personal(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "order 4111 1111 1111 1112",
        "order AC-123456 and 1234567890",
        "tracking 1Z999AA10123456784",
        "DE89 3704 0044 0532 0130 01",
        "on 2026-11-21 at 17:00, 21/11/2026",
        "@acme@mastodon.example and @acme.bsky.social",
        "https://a.example/4111111111111112?x=1",
        "$1,234,567.89 and 192.168.100.200",
        "version 10.4.22.1034",
        "call 911 or 116117",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert found(text) == []


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789 -+()./@abDE\n.", max_size=60))
def test_places_lie_inside_and_do_not_overlap(text: str) -> None:
    end = 0
    for item in personal_data(text):
        assert end <= item.start < item.end <= len(text)
        assert item.words == text[item.start : item.end]
        end = item.end
