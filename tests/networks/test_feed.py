"""Feeds from files, folders and a real web server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.clock import FixedClock
from socialdesk.errors import FeedUnusable, SendFailed
from socialdesk.model import Handle, Mention, Millis, Outgoing, Refusal
from socialdesk.networks.base import Batch, FeedTrouble
from socialdesk.networks.feed import FeedNetwork, parse_feed, read_feed, read_feed_files
from tests.networks.server import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = Millis(1_767_355_200_000)
HERE = ("127.0.0.1",)


def parse(text: str | bytes) -> tuple[list[Mention], list[Refusal]]:
    body = text if isinstance(text, bytes) else text.encode()
    return parse_feed(body, "https://forum.example/feed", "feed", NOON)


def rss(*items: str, head: str = "<title>Acme forum</title><link>https://forum.example/</link>") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{inside}</channel></rss>'


def atom(*entries: str) -> str:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
        f' xml:lang="de"><title>Forum</title><link href="https://forum.example/"/>{inside}</feed>'
    )


WIDGET = "<title>Widget broke</title><guid>http://f.example/1</guid><description>It did.</description>"


def test_an_rss_item_becomes_a_mention() -> None:
    (found,), refusals = parse(
        rss(
            "<title>Widget &amp;amp; dock</title><guid isPermaLink='false'>4711</guid>"
            "<link>/t/4711?a=1&amp;b=2</link><author>ann@forum.example (Ann Example)</author>"
            "<pubDate>Tue, 31 Oct 2017 22:10:47 +0000</pubDate>"
            "<description>&lt;p&gt;Broke&lt;script&gt;alert(1)&lt;/script&gt;"
            " &amp;amp; smokes&lt;/p&gt;</description>",
        )
    )
    assert refusals == []
    assert found == Mention(
        network="feed",
        external_id="forum.example/4711",
        text="Widget & dock\n\nBroke & smokes",
        author=Handle("Ann Example"),
        created=Millis(1_509_487_847_000),
        name="Ann Example",
        url="https://forum.example/t/4711?a=1&b=2",
        raw=ANY,
        origin="https://forum.example/feed",
    )
    assert json.loads(found.raw)["id"] == "4711"


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("ann@forum.example (Ann Example)", "Ann Example"),
        ("Ann Example &lt;ann@forum.example&gt;", "Ann Example"),
        ("ann@forum.example", "ann@forum.example"),
        ("@ann", "ann"),
        ("/u/ann", "ann"),
    ],
)
def test_authors_are_called_by_their_names(written: str, author: str) -> None:
    (found,), _ = parse(rss(f"<title>t</title><guid>x:1</guid><author>{written}</author>"))
    assert found.author == author


def test_an_atom_entry_becomes_a_mention() -> None:
    (found,), _ = parse(
        atom(
            "<id>tag:forum.example,2026:7</id><title>Frage</title><author><name>/u/ben</name></author>"
            "<published>2026-01-02T03:04:05Z</published><updated>2026-01-02T04:00:00Z</updated>"
            '<link href="https://forum.example/t/7"/><thr:in-reply-to ref="tag:forum.example,2026:1"/>'
            "<thr:total>3</thr:total>"
            '<content type="html" xml:lang="en">&lt;b&gt;How&lt;/b&gt; long?</content>'
        )
    )
    assert (found.external_id, found.author, found.name) == ("tag:forum.example,2026:7", "ben", "/u/ben")
    assert (found.text, found.language) == ("Frage\n\nHow long?", "en")
    assert (found.created, found.edited) == (1_767_323_045_000, 1_767_326_400_000)
    assert (found.reply_to, found.metrics) == ("tag:forum.example,2026:1", {"replies": 3})


def test_a_json_feed_becomes_mentions() -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1", "title": "Blog", "language": "fr",
            "home_page_url": "https://blog.example/",
            "items": [
                {"id": "https://blog.example/1", "content_html": "<p>Un <i>widget</i></p>", "url": "/1",
                 "date_published": "2026-01-02T03:04:05Z", "authors": [{"name": "Zoé"}]},
                {"id": 2, "title": "Deux", "content_text": "tabs\tand \x1b[31mred"},
                {"id": "3"}, "four",
            ],
        }
    )  # fmt: skip
    (one, two), refusals = parse(body)
    assert (one.external_id, one.text, one.author) == ("https://blog.example/1", "Un widget", "Zoé")
    assert (one.url, one.language, one.created) == ("https://blog.example/1", "fr", 1_767_323_045_000)
    assert (two.external_id, two.text, two.created) == ("blog.example/2", "Deux\n\ntabs and red", NOON)
    assert [refusal.reason.partition(":")[0] for refusal in refusals] == ["entry 3", "entry 4"]


def test_entries_that_lack_things() -> None:
    (bare, linked, titled), refusals = parse(
        rss(
            "<description>No title, no date, no id</description>",
            "<title>Linked</title><link>https://forum.example/9</link>",
            "<title>Same words</title><guid>x:1</guid><description>Same words and more</description>",
            "<guid>x:2</guid>",
        )
    )
    assert (bare.created, bare.author, bare.name) == (NOON, "forum.example", "Acme forum")
    assert bare.external_id.startswith("forum.example/")
    assert (
        parse(rss("<description>No title, no date, no id</description>"))[0][0].external_id
        == bare.external_id
    )
    assert linked.external_id == "https://forum.example/9"
    assert titled.text == "Same words and more"
    assert [refusal.reason for refusal in refusals] == ["entry 4: it has neither a title nor a text"]


def test_dangerous_links_are_dropped() -> None:
    for link in ("javascript:alert(1)", "data:text/html,x", "http://[half", "file:///etc/passwd"):
        (found,), _ = parse(rss(f"<title>t</title><guid>x:1</guid><link>{link}</link>"))
        assert found.url is None, link


def test_hostile_text_is_inert() -> None:
    (found,), _ = parse(
        rss("<title>a\u202eb&#x9b;31m</title><guid>x:1</guid><author>e\u202ev\u200be</author>")
    )
    assert not set("\u202e\x9b\u200b") & set(found.text + found.author + (found.name or ""))


def test_a_broken_feed_gives_what_can_be_read_and_says_where_it_breaks() -> None:
    whole = rss(WIDGET, "<title>Two</title><guid>x:2</guid>").replace("<rss", "\n<rss")
    mentions, refusals = parse(whole.removesuffix("</item></channel></rss>"))
    assert [mention.text for mention in mentions] == ["Widget broke\n\nIt did.", "Two"]
    assert [refusal.line for refusal in refusals] == [2]
    assert "broken" in refusals[0].reason
    assert "Widget broke" in refusals[0].raw


def test_a_json_feed_that_breaks_off_gives_its_whole_items() -> None:
    mentions, refusals = parse(
        '{"items": [{"id": "1", "title": "a"},\n {"id": "2", "title": "b"},\n {"id": "3"'
    )
    assert [mention.text for mention in mentions] == ["a", "b"]
    assert [refusal.line for refusal in refusals] == [3]


def test_invalid_utf8_is_read_all_the_same() -> None:
    mentions, _ = parse(rss(WIDGET.replace("It did", "Caf\xe9")).encode("latin-1"))
    assert mentions[0].text == "Widget broke\n\nCafé."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding: str) -> None:
    declared = f'"1.0" encoding="{encoding.removesuffix("-sig")}"'
    mentions, _ = parse(rss(WIDGET.replace("did", "grüßt")).replace('"1.0"', declared, 1).encode(encoding))
    assert mentions[0].text == "Widget broke\n\nIt grüßt."


@pytest.mark.parametrize(
    "body",
    ["", "  \n", "<html><body>Please log in</body></html>", "/etc/passwd", "\0" * 1_000, "[" * 100_000, "[]",
     '{"items": 3}', '{"items": [', "{", "<a" * 1_000, "http://127.0.0.1:1/"],
)  # fmt: skip
def test_what_is_no_feed_is_one_clear_line(body: str) -> None:
    with pytest.raises(FeedUnusable, match=r"^https://forum\.example/feed is [^\n]+$"):
        parse(body)


def test_entities_neither_explode_nor_fetch() -> None:
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>' + rss("<title>&l9;</title><guid>x:1</guid>")[21:]
    mentions, _ = parse(bomb)
    assert all(len(mention.text) < 100 for mention in mentions)
    leak = (
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        + rss("<title>t&f;</title><guid>x:1</guid>")[21:]
    )
    mentions, _ = parse(leak)
    assert all("root" not in mention.text for mention in mentions)


def test_a_feed_with_too_many_entries_is_cut_and_says_so() -> None:
    body = json.dumps({"items": [{"id": f"x:{n}", "title": "t"} for n in range(5_010)]})
    mentions, refusals = parse(body)
    assert len(mentions) == 5_000
    assert "more than 5,000 entries" in refusals[0].reason


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<![CDATA[", "]]>", "<guid>", "x:1", "&amp;", "&", "<", "é",
     "\0", "<description>", "&lt;b&gt;", "<link>", "http://[", "<!--", "<pubDate>", "31/02", "<author>", "@"]
), max_size=25))  # fmt: skip
def test_any_rubble_in_a_feed_is_read_without_a_traceback(parts: list[str]) -> None:
    parse(f'<rss version="2.0"><channel>{"".join(parts)}')


def test_a_folder_of_feeds_is_read_by_name_and_one_bad_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html>no</html>")
    (tmp_path / "b.rss").write_text(rss(WIDGET))
    (tmp_path / "notes.txt").write_text("no feed")
    found = {file.name: result for file, result in read_feed_files(tmp_path)}
    assert list(found) == ["a.xml", "b.rss"]
    assert "is no feed" in found["a.xml"].refusals[0].reason
    assert found["b.rss"].mentions[0].created == int((tmp_path / "b.rss").stat().st_mtime * 1_000)


def test_files_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html>no</html>")
    for path in (tmp_path / "absent", tmp_path / "a.xml"):
        with pytest.raises(FeedUnusable, match=r"^[^\n]+$"):
            list(read_feed_files(path))


def test_real_feeds_give_mentions_and_no_traceback(real_data: Path) -> None:
    counts: dict[str, int] = {}
    for file, result in read_feed_files_each(real_data / "feeds" / "real"):
        counts[file.name] = len(result)
        for mention in result:
            assert mention.external_id
            assert mention.text
            assert mention.author
            assert len(mention.text) <= 20_000
    assert len(counts) == 31
    assert sum(counts.values()) == 1_369
    assert {name for name, count in counts.items() if not count} == {
        "unrecognized.rss", "missing-fields.atom", "incomplete-fields.atom",
    }  # fmt: skip


def read_feed_files_each(folder: Path) -> Iterator[tuple[Path, tuple[Mention, ...]]]:
    for file in sorted(folder.iterdir()):
        if file.suffix in (".rss", ".atom"):
            try:
                ((_, result),) = read_feed_files(file)
            except FeedUnusable:
                yield file, ()
            else:
                yield file, result.mentions


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


async def pull(network: FeedNetwork, cursor: str | None) -> list[Batch]:
    return [batch async for batch in network.fetch(cursor)]


async def test_a_second_pull_sends_what_the_server_gave(web: WebServer) -> None:
    network = FeedNetwork(
        web.gives("/f", rss(WIDGET).encode(), ETag='"1"'), allow_hosts=HERE, clock=FixedClock(NOON)
    )
    (first,) = await pull(network, None)
    assert [(mention.text, mention.created) for mention in first.mentions] == [
        ("Widget broke\n\nIt did.", NOON)
    ]
    web.gives("/f", status=304)
    (second,) = await pull(network, first.cursor)
    assert (second.mentions, second.refusals, second.cursor) == ((), (), first.cursor)
    assert web.requests[1][1]["if-none-match"] == '"1"'
    assert network.result is not None
    assert network.result.status == 304


async def test_a_failing_server_is_one_clear_line_and_the_next_pull_goes_on(web: WebServer) -> None:
    network = FeedNetwork(web.gives("/f", status=500), allow_hosts=HERE)
    with pytest.raises(FeedTrouble, match="answered 500"):
        await pull(network, None)
    web.gives("/f", b"<html>maintenance</html>")
    with pytest.raises(FeedUnusable, match="is no feed"):
        await pull(network, None)
    web.gives("/f", rss(WIDGET).encode())
    (batch,) = await pull(network, None)
    assert len(batch.mentions) == 1


async def test_a_moved_feed_tells_its_new_address_and_no_token(web: WebServer) -> None:
    web.gives("/new", rss("<guid>x:1</guid>", WIDGET).encode(), Cache_Control="public, max-age=900")
    url = web.gives("/old", status=301, Location="/new")
    result = await read_feed(f"{url}?feed=s3cret&user=ann", allow_hosts=HERE)
    assert (result.moved_to, result.retry_after) == (f"{web.url}/new", 900_000)
    assert result.mentions[0].origin == url
    assert "s3cret" not in repr(result)


async def test_only_changed_files_are_read_again(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(rss(WIDGET.replace("/1", f"/{name}")))
    network = FeedNetwork(str(tmp_path), network="reviews")
    first = await pull(network, None)
    assert [batch.mentions[0].external_id for batch in first] == [
        "http://f.example/a.xml",
        "http://f.example/b.xml",
    ]
    assert {mention.network for batch in first for mention in batch.mentions} == {"reviews"}
    assert await pull(network, first[-1].cursor) == []
    assert [len(batch.mentions) for batch in await pull(network, first[0].cursor)] == [1]
    for lost in ("rubbish", "[]"):
        assert len(await pull(network, lost)) == 2


async def test_what_is_not_there_and_what_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(FeedUnusable, match="does not exist"):
        await pull(FeedNetwork(str(tmp_path / "absent.xml")), None)
    assert await pull(FeedNetwork(str(tmp_path)), None) == []  # others fill it; at times it is empty
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FeedUnusable, match="holds nothing that can be read"):
        await pull(FeedNetwork(str(tmp_path)), None)


async def test_nothing_can_be_sent_to_a_feed() -> None:
    network = FeedNetwork("https://forum.example/feed")
    assert not network.capabilities.sends
    with pytest.raises(SendFailed, match="read only"):
        await network.send(Outgoing("k", "feed", "c", "reply", "hi"))
    assert await network.find_sent("k") is None
