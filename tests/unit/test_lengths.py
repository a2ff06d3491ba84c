"""The count beside the composer is the network's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk import lengths
from socialdesk.lengths import for_network, graphemes, mastodon, threads, utf8, utf16, x_weighted

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LINK = "https://help.acme.example/very/long/path?with=query&and=more#anchor"

texts = st.text(max_size=40) | st.text(st.sampled_from("ab .@:/-x😀é\u200d\ufe0f注🇩\n\r"), max_size=40)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (FAMILY, 1),
        ("🇩🇪", 1),
        ("👍🏽", 1),
        ("1️⃣", 1),
        ("e\u0301", 1),
        ("नमस्ते", 3),
        ("สวัสดี", 4),
        ("\r\n", 1),
        ("a\r\nb", 3),
        ("注文が", 3),
        ("", 0),
    ],
)
def test_a_grapheme_is_what_a_person_calls_a_character(text: str, seen: int) -> None:
    assert graphemes(text) == seen


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        (LINK, 23),
        (f"See {LINK}.", 28),
        (f"({LINK})", 25),
        ("https://acme.example/wiki/Widget_(old), ok", 27),
        ("@ana@very.long.instance.example hi", 7),
        ("@ana and @bo@b.example", 12),
        ("mail ana@acme.example", 21),
        ("bare acme.example stays", 23),
        (f"{FAMILY} ok", 4),
    ],
)
def test_mastodon_counts_links_as_23_and_mentions_without_their_host(text: str, counted: int) -> None:
    assert mastodon(text) == counted


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        (LINK, 23),
        (LINK.upper(), 23),
        ("example.com and foo.bar", 51),
        ("acme.de", 7),
        ("www.acme.de", 23),
        ("acme.de/help", 23),
        ("acme.co", 23),
        ("@acme.com", 9),
        ("ana@acme.com", 12),
        ("https://überhaupt.example/x", 23),
        ("days.Next, 2.5kg", 24 + 6),
        (FAMILY, 2),
        ("🇩🇪👍🏽1️⃣❤️", 8),
        ("注文が", 6),
        ("café", 4),
        ("cafe\u0301", 4),
        ("“quoted” – yes", 14),
        ("©", 1),
        ("", 0),
    ],
)
def test_x_weighs_links_23_emoji_2_and_other_scripts_2(text: str, weight: int) -> None:
    assert x_weighted(text) == weight


def test_threads_counts_an_emoji_by_its_bytes() -> None:
    assert threads("ok 😀") == 7
    assert threads(FAMILY) == utf8(FAMILY) == 25
    assert threads("注é") == 2


def test_bluesky_bounds_both_what_is_seen_and_its_bytes() -> None:
    rule = for_network("bluesky")
    assert rule.fits("a" * 300)
    assert not rule.fits("a" * 301)
    assert not rule.fits(FAMILY * 121)
    assert rule.left(FAMILY * 121) == 3000 - 121 * 25
    assert rule.left("abc") == 297


@pytest.mark.parametrize(
    ("network", "limit"),
    [
        ("sandbox", 500),
        ("spool", 500),
        ("feed", 500),
        ("mastodon", 500),
        ("bluesky", 300),
        ("x", 280),
        ("threads", 500),
        ("reddit", 10_000),
        ("instagram", 1_000),
        ("facebook", 2_000),
        ("forum.acme.example", 500),
    ],
)
def test_every_network_takes_exactly_its_limit(network: str, limit: int) -> None:
    rule = for_network(network)
    assert (rule.network, rule.limit) == (network, limit)
    assert rule.left("a" * limit) == 0
    assert rule.fits("a" * limit)
    assert not rule.fits("a" * (limit + 1))


def test_a_server_may_have_a_limit_of_its_own_and_email_has_none() -> None:
    assert for_network("mastodon", 5000).left("abc") == 4997
    assert for_network("email").left("a" * 100_000) is None
    assert for_network("email").fits("a" * 100_000)
    assert for_network("email", 10).left("abc") == 7


@settings(max_examples=150)
@given(texts)
def test_the_short_way_for_ascii_counts_as_the_long_one(text: str) -> None:
    # A clipped-on letter beyond ASCII takes the long way and adds one of everything but bytes.
    for measure in (graphemes, mastodon, x_weighted, threads):
        assert measure(text + " é") - measure(text + " e") == 0
    assert graphemes(text) <= len(text) <= utf16(text) <= utf8(text)


@settings(max_examples=100)
@given(texts, st.sampled_from(lengths.known_networks()))
def test_no_text_counts_less_than_nothing_and_more_text_never_counts_much_less(
    text: str, network: str
) -> None:
    measure = for_network(network).measure
    assert 0 <= measure(text) <= 25 * len(text)
    assert measure(text + "\nword") == measure(text + "\n") + 4


@pytest.mark.parametrize("unit", ["https://(", "a.", "a-", "@a@", "http://x.", "((", "1.a"])
def test_a_long_hostile_draft_is_counted_at_once(unit: str) -> None:
    for network in lengths.known_networks():
        assert for_network(network).measure(unit * 5_000) >= 0
