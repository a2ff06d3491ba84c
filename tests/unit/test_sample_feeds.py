"""The day at Acme that `socialdesk demo` shows: everything an agent must meet is in it."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

FEEDS = Path(__file__).resolve().parents[2] / "sample_feeds"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
KEYS = {
    "id",
    "text",
    "author",
    "created",
    "network",
    "name",
    "followers",
    "verified",
    "bot",
    "language",
    "url",
    "reply_to",
    "quote_of",
    "visibility",
    "edited",
    "deleted",
    "metrics",
    "profile",
}
OUR_ACCOUNTS = {"AcmeCustServ", "Acme"}
OPENING, CLOSING = datetime(2026, 1, 15, 7, 0, tzinfo=UTC), datetime(2026, 1, 15, 18, 0, tzinfo=UTC)

Record = dict[str, Any]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Every line of every spool file, in the order a reader meets them."""
    return [
        {**json.loads(line), "file": path.name}
        for path in sorted(FEEDS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


@pytest.fixture(scope="module")
def reviews() -> list[ElementTree.Element]:
    """The entries of the review site's Atom feed."""
    return ElementTree.parse(FEEDS / "reviews.xml").getroot().findall("a:entry", ATOM)


@pytest.fixture(scope="module")
def customers() -> list[dict[str, str]]:
    """The rows of the customer file."""
    with (FEEDS / "customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def when(record: Record, key: str = "created") -> datetime:
    return datetime.fromisoformat(record[key])


def saying(records: list[Record], pattern: str) -> list[Record]:
    return [r for r in records if re.search(pattern, r["text"], re.IGNORECASE | re.DOTALL)]


def by_id(records: list[Record]) -> dict[tuple[str, str], Record]:
    return {(r["network"], r["id"]): r for r in records}


def thread_above(records: list[Record], record: Record) -> list[Record]:
    known, above = by_id(records), []
    while (parent := known.get((record["network"], record.get("reply_to", "")))) is not None:
        above.append(parent)
        record = parent
    return above


def test_some_150_mentions_stand_on_five_networks(
    records: list[Record], reviews: list[ElementTree.Element]
) -> None:
    distinct = Counter(network for network, _ in by_id(records))
    distinct["feed"] = len(reviews)
    assert set(distinct) == {"x", "mastodon", "bluesky", "reddit", "feed"}
    assert 150 <= sum(distinct.values()) <= 165
    assert min(distinct.values()) >= 15


def test_every_line_is_a_usable_mention(records: list[Record]) -> None:
    for record in records:
        assert set(record) - {"file"} <= KEYS
        assert record["id"]
        assert record["author"]
        assert record["text"] or record.get("deleted")
        assert OPENING <= when(record) < CLOSING


def test_every_key_of_the_format_is_used_and_explained(records: list[Record]) -> None:
    readme = (FEEDS / "README.md").read_text(encoding="utf-8")
    assert {key for record in records for key in record} - {"file"} == KEYS
    assert {key for key in KEYS if f"`{key}`" not in readme} == set()


def test_an_answer_is_younger_than_what_it_answers(records: list[Record]) -> None:
    known = by_id(records)
    answers = [r for r in records if "reply_to" in r]
    assert len(answers) >= 35
    for record in answers:
        assert when(known[record["network"], record["reply_to"]]) < when(record)


def test_the_acme_widget_checklist_can_be_played(records: list[Record]) -> None:
    (addressed,) = saying(records, r"^@AcmeCustServ my widget has been broken for days")
    (overheard,) = saying(records, r"^my #Acme widget has been broken for days")
    voices = saying(records, r"so's mine, my third one")
    (joined,) = [r for r in voices if r.get("reply_to") == overheard["id"]]
    (alone,) = [r for r in voices if "reply_to" not in r]
    assert len({r["author"] for r in (addressed, overheard, joined, alone)}) == 4
    for second in (joined, alone):
        assert timedelta(minutes=50) < when(second) - when(overheard) < timedelta(minutes=75)


def test_one_topic_spikes_in_three_languages(records: list[Record]) -> None:
    start = datetime(2026, 1, 15, 13, 3, tzinfo=UTC)
    outage = [
        r
        for r in saying(records, r"\bapp\b|アプリ")
        if start <= when(r) < start + timedelta(minutes=40) and r["author"] not in OUR_ACCOUNTS
    ]
    assert len({r["author"] for r in outage}) >= 20
    assert {"en", "de", "es"} <= {r["language"] for r in outage}


@pytest.mark.parametrize(
    ("kind", "pattern", "at_least"),
    [
        ("legal threat", r"my lawyer", 1),
        ("burn", r"smoke.*burn mark", 1),
        ("belligerent", r"actually stupid|useless clowns", 2),
        ("thanks", r"\b(thank you|thanks)\b", 6),
        ("delivery", r"deliver|parcel|ship\b", 3),
        ("billing", r"charged|invoice|Rechnung", 3),
        ("battery", r"batter", 3),
        ("returns", r"return|renvoyé", 4),
        ("login", r"log ?in|anmeld", 4),
        ("questions", r"\?", 40),
    ],
)
def test_the_day_has(records: list[Record], kind: str, pattern: str, at_least: int) -> None:
    assert len(saying(records, pattern)) >= at_least, kind


def test_a_celebrity_complains_a_little_and_a_nobody_reports_a_fire(records: list[Record]) -> None:
    (celebrity,) = [r for r in records if r.get("followers", 0) >= 1_000_000]
    assert celebrity["verified"]
    assert "tiny thing" in celebrity["text"]
    (smoke,) = saying(records, "started to smoke")
    assert smoke["followers"] == 40


def test_somebody_posts_personal_data_in_public(records: list[Record]) -> None:
    (post,) = saying(records, "4111 1111 1111 1111")
    assert re.search(r"AC-\d{6}", post["text"])
    assert "@example.com" in post["text"]


def test_look_alikes_ask_for_cards_and_passwords(records: list[Record]) -> None:
    phishing = [r for r in records if r["author"] in {"AcmeCustServ_help", "AcrneCustServ"}]
    assert {r["author"] for r in phishing} == {"AcmeCustServ_help", "AcrneCustServ"}
    assert len(saying(phishing, "card")) == len(phishing)


def test_bots_repeat_one_advertisement_word_for_word(records: list[Record]) -> None:
    texts = Counter(r["text"] for r in records if r.get("bot"))
    assert max(texts.values()) >= 3


def test_our_own_people_and_accounts_speak(records: list[Record]) -> None:
    assert len([r for r in records if r["author"] in OUR_ACCOUNTS]) >= 6
    assert {"marisol_at_acme", "lee_at_acme", "AcmeWorkshop"} <= {r["author"] for r in records}


def test_our_earlier_answer_stands_inside_a_running_thread(records: list[Record]) -> None:
    (unsolved,) = saying(records, "fixed channel 6")
    assert [r["author"] == "AcmeCustServ" for r in thread_above(records, unsolved)] == [True, False]


def test_bystanders_answer_a_complaint_well_before_we_do(records: list[Record]) -> None:
    (frozen,) = saying(records, "froze on 'updating'")
    (thanks,) = [r for r in records if r["author"] == frozen["author"] and r is not frozen]
    helper, root = thread_above(records, thanks)
    assert root is frozen
    assert helper["author"] not in OUR_ACCOUNTS


def test_the_same_id_comes_twice_in_two_files_of_a_network(records: list[Record]) -> None:
    files: dict[tuple[str, str], set[str]] = {}
    for record in records:
        files.setdefault((record["network"], record["id"]), set()).add(record["file"])
    assert sum(len(names) > 1 for names in files.values()) >= 2


def test_different_people_say_nearly_the_same(records: list[Record]) -> None:
    words: dict[str, set[str]] = {}
    for record in records:
        if not record.get("bot") and record.get("deleted") is None:
            plain = re.sub(r"[^\w ]|_", "", record["text"].lower()).strip()
            words.setdefault(plain, set()).add(record["author"])
    assert any(len(authors) > 1 for authors in words.values())


def test_one_post_is_edited_and_one_is_deleted(records: list[Record]) -> None:
    for key in ("edited", "deleted"):
        (changed,) = [r for r in records if key in r]
        (first,) = [r for r in records if r["id"] == changed["id"] and key not in r]
        assert records.index(first) < records.index(changed)
        assert first["text"] != changed["text"]
    (edited,) = [r for r in records if "edited" in r]
    assert when(edited) < when(edited, "edited") < CLOSING


def test_the_world_writes_in_its_own_languages_and_alphabets(records: list[Record]) -> None:
    languages = Counter(r.get("language") for r in records)
    assert {"en", "de", "fr", "es", "ar", "ja"} <= set(languages)
    for language, script in (("ar", "ARABIC"), ("ja", "KATAKANA")):
        text = next(r["text"] for r in records if r.get("language") == language)
        assert any(script in unicodedata.name(letter, "") for letter in text)


def test_some_posts_are_nothing_but_emoji(records: list[Record]) -> None:
    bare = [re.sub(r"@\w+", "", r["text"]) for r in records]
    assert sum(bool(text.strip()) and not re.search(r"\w", text) for text in bare) >= 2


@pytest.mark.parametrize(
    "poison",
    [
        "\x1b]52;c;",
        "\x1b[31;5m",
        "\x9b2J",
        "\x00",
        "\x08",
        "\u202e",
        "\u2066",
        "\u2028",
        "\u200b",
        "\ud83d",
        "[/oops]",
        "[@click=app.bell]x[/]",
    ],
)
def test_hostile_text_is_really_hostile(records: list[Record], poison: str) -> None:
    assert [r for r in records if poison in r["text"]]


def test_hostile_text_is_long_and_stacked(records: list[Record]) -> None:
    assert max(len(r["text"]) for r in records) > 10_000
    assert max(sum(unicodedata.combining(c) > 0 for c in r["text"]) for r in records) > 100


def test_the_files_themselves_are_safe_to_print() -> None:
    for path in FEEDS.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069]", text), (
            path.name
        )


def test_people_write_at_every_length(records: list[Record]) -> None:
    lengths = [len(r["text"]) for r in records if r["text"] and len(r["text"]) <= 480]
    assert min(lengths) <= 10
    assert max(lengths) >= 400
    assert len(lengths) >= 140


def test_reviews_have_one_to_five_stars(reviews: list[ElementTree.Element]) -> None:
    given = set()
    for entry in reviews:
        stars = len(re.findall("★", entry.findtext("a:title", "", ATOM)))
        assert entry.find(f"a:category[@term='{stars}']", ATOM) is not None
        assert OPENING <= datetime.fromisoformat(entry.findtext("a:published", "", ATOM)) < CLOSING
        given.add(stars)
    assert given == {1, 2, 3, 4, 5}


def test_customers_are_people_of_the_day(records: list[Record], customers: list[dict[str, str]]) -> None:
    assert list(customers[0]) == ["handle", "email", "reference", "product", "bought", "open_ticket", "tags"]
    assert len(customers) >= 40
    authors = {r["author"] for r in records}
    assert [row["handle"] for row in customers if row["handle"] not in authors] == []
    assert all(date.fromisoformat(row["bought"]) < OPENING.date() for row in customers if row["bought"])
    assert any(row["open_ticket"] for row in customers)
    accounts = Counter(row["reference"] for row in customers if row["reference"])
    assert max(accounts.values()) > 1
