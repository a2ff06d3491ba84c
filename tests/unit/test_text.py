"""Foreign text is inert, what people write stays, and words for people come out right."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socialdesk.text import ago, clean, columns, from_html, snippet, time_left, unescape_html

TORTURE = Path(__file__).resolve().parents[3] / "shared" / "data" / "torture" / "blns.json"
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Every code point, the surrogates among them.
characters = st.characters(exclude_categories=())
anything = st.text(characters, max_size=60)
# Pieces that mean something to a terminal, a renderer or the normal form, in any order.
INTRODUCERS = ["\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b_", "\x9b", "\x9d", "\x90", "52;c;", "\ud83d"]
ENDS = ["\x1b\\", "\x9c", "\x07", "\x18", "m", ";", "\n", "\ude00"]
JOINED = ["\u200d", "\u200c", "👩", "❤️", "🏴", "\U000e0067", "\U000e007f", "🇩", "क", "ی", "↔", "\u202e"]
COMPOSED = ["<", "e", "\u0338", "\u0301", "\u0344", "\ufe0f", "\xe2\x80", "\xc2"]
pieces = st.sampled_from(INTRODUCERS + ENDS + JOINED + COMPOSED)
nasty = st.lists(st.text(characters, max_size=4) | pieces, max_size=14).map("".join)


def is_inert(text: str) -> bool:
    return all(
        character == "\n"
        or not (unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in BIDI)
        for character in text
    )


@settings(max_examples=300)
@given(st.one_of(anything, nasty))
@example("↔\u0338\u200d♀")
@example("\u200d↔\u0338")
@example("e\u200d\u0301")
@example("x" + "\u0344" * 6)
def test_whatever_comes_in_comes_out_inert_normal_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert is_inert(once)
    assert unicodedata.is_normalized("NFC", once)
    assert clean(once) == once


@settings(max_examples=300)
@given(nasty, st.integers(0, 12))
def test_a_limit_is_kept_and_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert len(once) <= limit
    assert is_inert(once)
    assert clean(once, limit) == once


@pytest.mark.parametrize(
    "introducer", ["\x1b]52;c;", "\x9d52;c;", "\x1bP1;2|", "\x90", "\x1b_", "\x1b^", "\x1bX", "\x98"]
)
@pytest.mark.parametrize("end", ["\x1b\\", "\x9c", "\x18", "\x1a"])
@given(payload=st.text("ABCabc123=+/ \n\t\x00é好", max_size=20))
@settings(max_examples=10)
def test_a_string_for_the_terminal_goes_with_its_payload(introducer: str, end: str, payload: str) -> None:
    assert clean(f"before {introducer}{payload}{end}after") == "before after"


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("\x1b]52;c;SGVsbG8=\x07hi", "hi"),
        ("\x1b]0;owned\x1b\\hi", "hi"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b[3\x001mred", "red"),
        ("\x1b[?1049h\x1b[2J\x1b[1;1Hhi", "hi"),
        ("\x1b(0hi\x1b(B", "hi"),
        ("\x1bc\x1b7hi", "hi"),
        ("\x1bkname\x1b\\hi", "hi"),
        ("\x1b]52;c;AAAA\x1b[31mhi", "hi"),
        ("\x1b]52;c;never ends\nnext line", "\nnext line"),
        ("\x1b\x1b[31mhi\x1b", "hi"),
        ("a\u202egnp.exe\u202c", "agnp.exe"),
        ("a\u2066b\u2069\u200f", "ab"),
        ("co\xadop\u200bera\ufefftion", "cooperation"),
        ("Acme\U000e0068\U000e0069", "Acme"),
        ("bell\x07 null\x00 del\x7f", "bell null del"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("cafe\u0301", "café"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_hostile_characters_leave_the_words(hostile: str, left: str) -> None:
    assert clean(hostile) == left


def test_utf8_read_as_latin1_is_read_again_and_loses_no_words() -> None:
    assert clean("they said â\x80\x9cno refundâ\x80\x9d to me") == "they said “no refund” to me"


def test_a_pile_of_marks_is_cut_to_five() -> None:
    assert len(clean("z" + "\u0316" * 500)) == 6


@pytest.mark.parametrize(
    "ordinary",
    [
        "My widget broke again, five days now!",
        "two\nlines",
        "family 👨\u200d👩\u200d👧\u200d👦 heart ❤️\u200d🔥 flag 🏳️\u200d🌈 skin 👍🏽 key 1️⃣ 🇩🇪",
        "England 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "نامه\u200cای از مشتری",
        "منتجكم معطّل منذ أيام",
        "क्\u200dष और नमस्ते",
        "注文が届きません。",
        "สวัสดี ที่นี่",
        "Tiếng Việt, Grüße, €5 – “quoted”… \xa0",
        "",
    ],
)
def test_what_people_write_stays_as_it_is(ordinary: str) -> None:
    assert clean(ordinary) == ordinary


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abcdef", 3, "abc"),
        ("ab👨\u200d👩\u200d👧", 4, "ab"),
        ("ab👍🏽", 3, "ab"),
        ("ab🇩🇪🇫🇷", 5, "ab🇩🇪"),
        ("abq\u0323\u0307", 4, "ab"),
        ("abक्\u200d", 4, "ab"),
        ("ab", 0, ""),
    ],
)
def test_a_cut_does_not_split_what_is_seen_as_one(text: str, limit: int, kept: str) -> None:
    assert clean(text, limit) == kept


@pytest.mark.parametrize(
    "unit",
    [
        "\x9d\n",
        "\x1b]",
        "\x9b1;",
        "👩\u200d",
        "\u0316\u0301",
        "\xe2\x80",
        "\U0001f1e6",
        "\U000e0061",
        "\x1b[ ",
    ],
)
def test_a_huge_hostile_body_is_cut_and_made_inert(unit: str) -> None:
    once = clean(unit * 500_000, 1_000)
    assert len(once) <= 1_000
    assert is_inert(once)
    assert clean(once, 1_000) == once


def test_the_naughty_strings_come_out_inert() -> None:
    if not TORTURE.exists():
        pytest.skip(f"{TORTURE} is absent")
    for text in json.loads(TORTURE.read_text(encoding="utf-8")):
        once = clean(text)
        assert is_inert(once), ascii(text)
        assert clean(once) == once, ascii(text)


def test_entities_are_decoded_once() -> None:
    assert unescape_html("Tom &amp; Jerry &lt;3 &#8220;x&#8221; &amp;lt;") == "Tom & Jerry <3 “x” &lt;"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>My widget<br>broke &amp; burns</p><p>Help</p>", "My widget\nbroke & burns\n\nHelp"),
        ("plain\n text  here", "plain text here"),
        ("a < b and c > d & e", "a < b and c > d & e"),
        ('see <a href="https://example.com/a">the page</a>', "see the page (https://example.com/a)"),
        ('<a href="https://example.com/a">https://example.com/a</a>', "https://example.com/a"),
        (
            '<a href="https://example.com/long/way"><span>https://</span><span>example.com/lo</span>…</a>',
            "https://example.com/long/way",
        ),
        (
            '<a href="https://evil.example">https://bank.example</a>',
            "https://bank.example (https://evil.example)",
        ),
        ('<a class="mention" href="https://m.example/@acme">@<span>acme</span></a> hi', "@acme hi"),
        ('<a href="https://m.example/tags/acme">#<span>Acme</span></a>', "#Acme"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        (
            "<a title='x href=\"https://no.example\"' HREF=https://yes.example>w</a>",
            "w (https://yes.example)",
        ),
        (
            '<a href="https://a.example">one <a href="https://b.example">two',
            "one (https://a.example)two (https://b.example)",
        ),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ('yes <img src="x" alt="😀"> and <img src=y>', "yes 😀 and"),
        ('<img alt="a > b">!', "a > b!"),
        ("x<script>alert('<p>')</SCRIPT>y<style>p{}</style>z", "xyz"),
        ("x<!-- not > seen -->y<?php z ?>", "xy"),
        ("<![if gte mso 9]>x<![endif]><![CDATA[y]]>", "xy"),
        ("&#27;]52;c;aGk=&#7;<b>hi&#x202e;", "]52;c;aGk=hi"),
        ("\x1b]52;c;aGk=\x07<b>hi", "hi"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_reads(html: str, text: str) -> None:
    assert from_html(html) == text


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                "<a href='",
                "<a ",
                ">",
                "</",
                "<!--",
                "<![",
                "]]>",
                "&#x1b;",
                "'",
                '"',
                "p",
                "é",
                "<script>",
            ]
        )
    )
)
def test_no_html_raises_and_its_text_is_inert(pieces: list[str]) -> None:
    assert is_inert(from_html("".join(pieces)))


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<a b='", "<a href=", "<!--", "</", "<![", "<b> ", "<script>", "<a>"]
)
def test_hostile_html_is_read_in_one_pass(unit: str) -> None:
    assert is_inert(from_html(unit * 100_000))


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("@acme my widget has been broken", 20, "@acme my widget has…"),
        ("two\n\nlines  here", 40, "two lines here"),
        ("exactly ten", 11, "exactly ten"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("注文が届きません 注文が届きません", 12, "注文が届き…"),
        ("ok 👨\u200d👩\u200d👧 yes", 6, "ok…"),
        ("", 10, ""),
        ("words", 0, ""),
    ],
)
def test_a_snippet_is_the_first_words_on_one_line(text: str, width: int, shown: str) -> None:
    assert snippet(text, width) == shown


@settings(max_examples=150)
@given(anything, st.integers(1, 40))
def test_a_snippet_fits_and_stands_on_one_line(text: str, width: int) -> None:
    line = snippet(clean(text), width)
    assert columns(line) <= width
    assert "\n" not in line


def test_columns_are_those_of_a_terminal() -> None:
    assert [columns(text) for text in ("abc", "é", "e\u0323", "注文", "😀", "❤️", "नी")] == [
        3,
        1,
        1,
        4,
        2,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("millis", "shown"),
    [
        (0, "0s"),
        (45_999, "45s"),
        (12 * 60_000, "12m"),
        (90 * 60_000, "90m"),
        (3 * 3_600_000, "3h"),
        (2 * 86_400_000, "2d"),
        (140 * 86_400_000, "20w"),
        (-5 * 60_000, "-5m"),
        (-999, "0s"),
    ],
)
def test_time_left_is_one_number_with_its_unit(millis: int, shown: str) -> None:
    assert time_left(millis) == shown


def test_ago_is_said_in_words() -> None:
    assert (ago(59_000), ago(5 * 60_000), ago(3 * 86_400_000)) == ("just now", "5m ago", "3d ago")
