"""JSON Lines as other programs write them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialdesk.errors import FeedUnusable
from socialdesk.model import Mention, Refusal, Visibility
from socialdesk.networks.lines import LINE_LIMIT
from socialdesk.networks.spool import Progress, read

if TYPE_CHECKING:
    from pathlib import Path

Read = Callable[..., tuple[list[Mention], list[Refusal]]]
PLAIN = {"id": "1", "text": "my widget broke", "author": "ann", "created": "2026-01-02T03:04:05Z"}


def line(**changes: Any) -> str:
    """One line of JSON: a plain mention with some keys changed."""
    return json.dumps(PLAIN | changes) + "\n"


def test_a_plain_mention_has_four_keys(reading: Read) -> None:
    mentions, refusals = reading(line(), "posts.jsonl")
    assert refusals == []
    assert mentions[0].external_id == "1"
    assert mentions[0].text == "my widget broke"
    assert mentions[0].author == "ann"
    assert mentions[0].created == 1_767_323_045_000
    assert mentions[0].network == "spool"
    assert mentions[0].raw == line().strip()
    assert mentions[0].origin.endswith("posts.jsonl:1")


def test_every_key_of_the_format_arrives(reading: Read) -> None:
    full = line(
        network="mastodon", name="Ann Example", followers=1200, verified=True, bot=False, language="en-GB",
        url="https://social.example/@ann/1", reply_to=7, quote_of="8.0", visibility="unlisted",
        edited="2026-01-02T04:00:00Z", metrics={"likes": 3, "odd": "x"},
        profile={"bio": "hi\x1b[31m"}, mood="?",
    )  # fmt: skip
    mentions, _ = reading(full, "posts.jsonl")
    found = mentions[0]
    assert (found.network, found.name, found.followers) == ("mastodon", "Ann Example", 1200)
    assert (found.verified, found.bot, found.language) == (True, False, "en-GB")
    assert (found.reply_to, found.quote_of) == ("7", "8")
    assert found.visibility is Visibility.UNLISTED
    assert found.edited == 1_767_326_400_000
    assert found.metrics == {"likes": 3}
    assert found.profile == {"bio": "hi"}
    assert json.loads(found.raw)["mood"] == "?"


def test_what_foreign_cells_really_hold(reading: Read) -> None:
    mentions, refusals = reading(
        line(
            id=3.0, author="@ann", followers="1,234", verified="no", url="javascript:alert(1)", reply_to=None
        )
        + line(id="4.0", text="salt &amp; vinegar &lt;3 &amp;lt;", reply_to="nan", language="und")
        + line(id=5, text="red \x1b[31malert\x1b[0m\u202e", author="eve\n\x07il", visibility="direct")
        + line(id=6, created=1_767_323_045, visibility="strange", followers=-3),
        "posts.jsonl",
    )
    assert refusals == []
    three, four, five, six = mentions
    assert (three.external_id, three.author, three.followers) == ("3", "ann", 1234)
    assert (three.verified, three.url, three.reply_to) == (False, None, None)
    assert (four.external_id, four.text) == ("4", "salt & vinegar <3 &lt;")
    assert (four.reply_to, four.language) == (None, None)
    assert (five.text, five.author, five.visibility) == ("red alert", "eve il", Visibility.PRIVATE)
    assert (six.created, six.visibility, six.followers) == (1_767_323_045_000, Visibility.PRIVATE, None)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('{"id": "1", "text": ', "not JSON"),
        ("[1, 2]", "no JSON object"),
        ('"words"', "no JSON object"),
        ("null", "no JSON object"),
        (line().strip() + " {}", "more after the JSON value"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": ' + "9" * 5_000 + "}", "too many digits"),
        (line(id=None), "no id"),
        (line(id=""), "no id"),
        (line(id=True), "no id"),
        (line(id=5.70306e17), "lost its last digits"),
        (line(id="5.70306E+17"), "lost its last digits"),
        (line(id=["1"]), "a list"),
        (line(id="x" * 600), "longer than any network"),
        (line(text=None), "no text"),
        (line(text={"en": "hi"}), "an object"),
        (line(text=" \n"), "text is empty"),
        (line(author=None), "no author"),
        (line(author=" @ "), "no author"),
        (line(created=None), "no date"),
        (line(created="soon"), "'soon' cannot be read"),
        (line(created={"at": 1}), "an object"),
        (line(network="my network!"), "is not a name"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(reading: Read, written: str, why: str) -> None:
    mentions, refusals = reading(f"{line()}{written}\n{line(id='3')}", "posts.jsonl")
    assert [mention.external_id for mention in mentions] == ["1", "3"]
    assert [refusal.line for refusal in refusals] == [2]
    assert why in refusals[0].reason
    assert refusals[0].raw.startswith(written.strip()[:100])


def test_a_missing_key_is_refused(reading: Read) -> None:
    for key in PLAIN:
        _, refusals = reading(json.dumps({k: v for k, v in PLAIN.items() if k != key}), "posts.jsonl")
        assert len(refusals) == 1, key


def test_a_deletion_needs_no_text(reading: Read) -> None:
    mentions, refusals = reading(
        line(text=None, deleted=True)
        + line(id="2", deleted=False)
        + line(id="3", deleted="2026-01-02T05:00:00Z"),
        "posts.jsonl",
    )
    assert [mention.deleted for mention in mentions] == [True, False, True]
    assert refusals == []


def test_raw_control_characters_are_mended_and_the_raw_form_is_valid_json(reading: Read) -> None:
    mentions, _ = reading(line(text="one").replace("one", "one\x00\ttwo"), "posts.jsonl")
    assert mentions[0].text == "one two"
    assert json.loads(mentions[0].raw)["text"] == "one\x00\ttwo"


def test_blank_lines_and_empty_files_hold_nothing(reading: Read) -> None:
    assert reading("", "posts.jsonl") == ([], [])
    assert reading("\n \n\r\n", "posts.jsonl") == ([], [])
    mentions, _ = reading(f"\n{line()}\n\n{line(id='2')}", "posts.jsonl")
    assert [mention.origin.rpartition(":")[2] for mention in mentions] == ["2", "5"]


def test_not_a_number_is_nothing(reading: Read) -> None:
    mentions, _ = reading(
        line(followers=float("nan"), reply_to=float("nan"), edited=float("nan")), "posts.jsonl"
    )
    assert (mentions[0].followers, mentions[0].reply_to, mentions[0].edited) == (None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_recognised(reading: Read, encoding: str) -> None:
    text = json.dumps(PLAIN | {"text": "Grüße 🙂 注文"}, ensure_ascii=False) + "\n" + line(id="2")
    mentions, refusals = reading(text.encode(encoding), "posts.jsonl")
    assert refusals == []
    assert [mention.text for mention in mentions] == ["Grüße 🙂 注文", "my widget broke"]


def test_windows_1252_is_read_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_bytes(json.dumps(PLAIN | {"text": "Café – “déjà vu”"}, ensure_ascii=False).encode("cp1252"))
    progress = Progress()
    (mention,) = read(file, progress=progress)
    assert isinstance(mention, Mention)
    assert mention.text == "Café – “déjà vu”"
    assert progress.notes == [f"{file}: not UTF-8, read as Windows-1252"]


def test_a_broken_byte_in_a_utf8_file_is_replaced_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    good = json.dumps(PLAIN | {"text": "Grüße"}, ensure_ascii=False).encode()
    file.write_bytes(good + b"\n" + good.replace("ü".encode(), b"\xc3") + b"\n")
    progress = Progress()
    texts = [item.text for item in read(file, progress=progress) if isinstance(item, Mention)]
    assert texts == ["Grüße", "Gr\ufffdße"]
    assert len(progress.notes) == 1
    assert "replaced" in progress.notes[0]


def test_an_endless_line_is_refused_and_the_rest_goes_in(reading: Read) -> None:
    mentions, refusals = reading(line(text="x" * (2 * LINE_LIMIT)) + line(id="2"), "posts.jsonl")
    assert [mention.external_id for mention in mentions] == ["2"]
    assert "longer than 4 MiB" in refusals[0].reason
    assert len(refusals[0].raw) < 10_000


def test_an_enormous_text_is_cut_but_kept_raw(reading: Read) -> None:
    mentions, _ = reading(line(text="x" * 300_000), "posts.jsonl")
    assert len(mentions[0].text) == 20_000
    assert len(mentions[0].raw) > 300_000


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(line(id=str(n)) for n in range(100)))
    progress = Progress()
    items = read(file, progress=progress)
    assert progress.bytes_total == file.stat().st_size
    next(items)
    assert 0 < progress.share < 0.02
    assert sum(1 for _ in items) == 99
    assert progress.share == 1.0


def test_a_folder_is_read_by_name_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(line(id="b"))
    (tmp_path / "a.csv").write_text("id,text,author,created\na,hello,ann,2026-01-02\n")
    (tmp_path / "c.csv").write_text("colour,taste\nred,sweet\n")
    (tmp_path / "README.md").write_text("no mentions here")
    items = list(read(tmp_path))
    assert [item.external_id for item in items if isinstance(item, Mention)] == ["a", "b"]
    refused = [item for item in items if isinstance(item, Refusal)]
    assert len(refused) == 1
    assert "no column found" in refused[0].reason


def test_feeds_are_read_like_any_other_file(tmp_path: Path) -> None:
    feed = '<rss version="2.0"><channel><item><title>hello</title><guid>x:1</guid></item></channel></rss>'
    (tmp_path / "a.xml").write_text(feed)
    (tmp_path / "b").write_text(f"\n{feed}")
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "x:1", "title": "hello"}]}
    (tmp_path / "c.json").write_text(json.dumps(body, indent=1))
    for name in ("a.xml", "b", "c.json"):
        progress = Progress()
        (item,) = read(tmp_path / name, progress=progress)
        assert isinstance(item, Mention)
        assert (item.network, item.text, progress.share) == ("feed", "hello", 1.0)
    assert [item.network for item in read(tmp_path, network="reviews") if isinstance(item, Mention)] == [
        "reviews", "reviews",
    ]  # fmt: skip
    (tmp_path / "a.xml").write_text("<html></html>")
    with pytest.raises(FeedUnusable, match="is no feed"):
        read(tmp_path / "a.xml")


def test_json_over_many_lines_is_one_clear_line_and_not_a_refusal_for_each(tmp_path: Path) -> None:
    (tmp_path / "posts.json").write_text(json.dumps([PLAIN, PLAIN], indent=2))
    with pytest.raises(FeedUnusable, match="one object a line"):
        read(tmp_path / "posts.json")
    (refused,) = read(tmp_path)
    assert isinstance(refused, Refusal)


def test_no_post_can_pass_a_file_off_as_something_else(reading: Read) -> None:
    liar = line(text="see https://jsonfeed.org/version/1.1 <rss><feed>")
    mentions, refusals = reading(liar + line(id="2"), "posts.jsonl")
    assert (len(mentions), refusals) == (2, [])
    mentions, refusals = reading("{\n" + line(), "posts.jsonl")
    assert (len(mentions), [refusal.line for refusal in refusals]) == (1, [1])


def test_what_is_not_there_is_told_at_once_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(FeedUnusable, match=r"^[^\n]+$"):
            read(path)


def test_mentions_take_the_network_of_the_reading(reading: Read) -> None:
    mentions, _ = reading(line() + line(id="2", network="Bluesky"), "posts.jsonl", network="mastodon")
    assert [mention.network for mention in mentions] == ["mastodon", "bluesky"]


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = [
    *PLAIN,
    "network",
    "followers",
    "visibility",
    "edited",
    "deleted",
    "metrics",
    "profile",
    "url",
    "reply_to",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_any_object_becomes_a_mention_or_a_refusal(reading: Read, changes: dict[str, Any]) -> None:
    mentions, refusals = reading(line(**changes), "posts.jsonl")
    assert len(mentions) + len(refusals) == 1
    for mention in mentions:
        assert mention.external_id
        assert not any(category(character) == "Cc" for character in mention.author)
        assert not any(category(character) == "Cc" and character != "\n" for character in mention.text)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_traceback(reading: Read, content: bytes) -> None:
    with contextlib.suppress(FeedUnusable):
        reading(content, "posts.jsonl")
