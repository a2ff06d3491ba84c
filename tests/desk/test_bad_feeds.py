"""What a hostile internet gets: a refusal, a notice and a pause; the other channels go in, and nothing is lost."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from socialdesk.networks import http
from socialdesk.networks.http import Limits
from tests.desk.channels import ATOM, Town, atom
from tests.networks.server import Answer, WebServer

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

SECRET = "s3cr3t-t0ken"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with WebServer().running() as web:
        yield Town(tmp_path, web)


def answering(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    answering(200, b'<feed xmlns="http://www.w3.org/2005/Atom">')(handler)
    while True:
        handler.wfile.write(b"<entry>" * 5_000)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    answering(200, atom("second")[:-40], Content_Length="100000")(handler)


def silent(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


def to_a_neighbour(handler: BaseHTTPRequestHandler) -> None:
    """To the same server by a name that the configuration does not give: a metadata service, say."""
    answering(302, Location=f"http://{handler.headers['Host']}/inside".replace("127.0.0.1", "localhost"))(
        handler
    )


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")


BAD: dict[str, tuple[Answer, str]] = {
    "500": (answering(500, b"oops"), "answered 500"),
    "404": (answering(404, b"oops"), "answered 404"),
    "410": (answering(410), "gone for good (410)"),
    "429": (answering(429, Retry_After="7200"), "answered 429"),
    "endless": (endless, "larger than 0.25 MiB"),
    "circle": (answering(301, Location="/bad"), "redirects in a circle"),
    "nowhere": (answering(302), "redirects to nowhere"),
    "neighbour": (to_a_neighbour, "localhost is in a private network"),
    "private": (answering(302, Location="http://169.254.169.254/latest"), "169.254.169.254 is in a private"),
    "file": (answering(302, Location="file:///etc/passwd"), "no http or https address"),
    "bomb": (answering(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), "larger than"),
    "half gzip": (
        answering(200, gzip.compress(atom("second"))[:-30], Content_Encoding="gzip"),
        "breaks off in the middle",
    ),
    "page": (answering(200, b"<!doctype html><html><body>Sign in</body></html>"), "is no feed"),
    "empty": (answering(200), "is empty"),
    "cut off": (cut_off, "could not be read"),
    "closed": (silent, "could not be read"),
    "garbage": (garbage, "could not be read"),
}


@pytest.mark.parametrize(("answer", "says"), BAD.values(), ids=BAD)
def test_one_bad_feed_keeps_nothing_else_out_and_comes_back(
    town: Town, monkeypatch: pytest.MonkeyPatch, answer: Answer, says: str
) -> None:
    monkeypatch.setattr(http, "LIMITS", Limits(seconds=20, size=262_144))
    inside = town.web.gives("/inside", atom("the neighbour's secrets"))
    town.feed("a", "hello")
    town.feed("bad", "first", ETag='"1"')
    town.feed("z", "bye")
    ran, _ = town.pull()
    assert (ran.code, ran.err) == (0, "")
    cursor = town.row("bad")["cursor"]

    town.web.does("/bad", answer)
    town.feed("a", "hello", "hello again")
    town.feed("z", "bye", "bye now")
    ran, results = town.pull()
    assert ran.code == 1
    assert says in results["bad"]["error"]
    assert results["bad"]["refused"] == 1
    assert ran.err.count("\n") == 1
    assert says in ran.err
    assert "bad fails since" in ran.err
    assert town.texts() == {"hello", "hello again", "first", "bye", "bye now"}
    (refusal,) = town.refusals()
    assert says in refusal["reason"]
    assert refusal["source"] == f"{town.web.url}/bad"
    health = town.health("bad")
    assert health["state"] == "warning"
    assert "fails since" in health["words"]
    assert town.row("bad")["cursor"] == cursor

    town.feed("bad", "first", "second", ETag='"2"')
    ran, results = town.pull()
    assert ran.code == 0
    assert (results["bad"]["stored"], results["bad"]["known"]) == (1, 1)
    assert "bad works again" in ran.err
    assert (town.row("bad")["failing_since"], town.row("bad")["last_error"]) == (None, None)
    assert town.texts() == {"hello", "hello again", "first", "second", "bye", "bye now"}
    assert inside.removeprefix(town.web.url) not in [path for path, _ in town.web.requests]


def assert_pulling_again_changes_nothing(town: Town) -> None:
    before = town.run("list", "--json").out
    ran, results = town.pull()
    assert ran.code == 0
    assert {(one["stored"], one["updated"], one["refused"]) for one in results.values()} == {(0, 0, 0)}
    assert town.run("list", "--json").out == before


def test_a_failure_is_refused_once_and_another_one_anew(town: Town) -> None:
    town.feed("bad", "first")
    town.web.does("/bad", answering(500))
    first, again = town.pull()[1], town.pull()[1]
    since = town.row("bad")["failing_since"]
    town.web.does("/bad", answering(404))
    other = town.pull()[1]
    assert [one["bad"]["refused"] for one in (first, again, other)] == [1, 0, 1]
    assert ["404" in one["reason"] for one in town.refusals()] == [True, False]
    assert town.row("bad")["failing_since"] == since
    town.feed("bad", "first")
    assert town.pull()[0].code == 0
    assert town.health("bad")["state"] == "ok"
    assert_pulling_again_changes_nothing(town)


def test_a_slow_body_costs_our_patience_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        answering(200, atom("second")[:60])(handler)
        handler.wfile.flush()
        town.web.released.wait(30)

    monkeypatch.setattr(http, "LIMITS", Limits(seconds=0.3))
    town.feed("bad", "first")
    town.feed("z", "bye")
    town.web.does("/bad", slow)
    ran, results = town.pull()
    assert (ran.code, results["z"]["stored"]) == (1, 1)
    assert "did not finish within 0.3 seconds" in ran.err
    town.feed("bad", "first")
    assert town.pull()[0].code == 0
    assert town.texts() == {"first", "bye"}


@pytest.mark.parametrize(
    ("body", "kept"),
    [(atom("first", "second")[:-120], {"first"}), (atom("first", "sec\x02ond"), {"first"})],
    ids=["truncated", "control character"],
)
def test_what_can_be_read_of_a_broken_feed_goes_in_and_the_rest_is_asked_for_again(
    town: Town, body: bytes, kept: set[str]
) -> None:
    """The server says with its ETag that nothing has changed; but we have not had all of it."""
    town.channel("bad", "feed", town.web.gives("/bad", body, ETag='"1"'))
    ran, results = town.pull()
    assert ran.code == 0
    assert results["bad"]["refused"] >= 1
    assert kept <= town.texts()
    assert "broken" in town.refusals()[0]["reason"]
    whole_until_asked_conditionally(town, "/bad", atom("first", "second"))
    ran, results = town.pull()
    assert (ran.code, town.texts()) == (0, {"first", "second"})
    assert_pulling_again_changes_nothing(town)


def whole_until_asked_conditionally(town: Town, path: str, body: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("If-None-Match") == '"1"'
        answering(304 if asked else 200, b"" if asked else body, ETag='"1"')(handler)

    town.web.does(path, answer)


def test_nothing_new_is_no_failure(town: Town) -> None:
    town.channel("news", "feed", f"{town.web.url}/news")
    whole_until_asked_conditionally(town, "/news", atom("first"))
    assert town.pull()[1]["news"]["stored"] == 1
    synced = town.row("news")["synced_at"]
    ran, results = town.pull()
    assert (ran.code, ran.err, results["news"]["known"]) == (0, "", 0)
    assert town.web.requests[-1][1]["if-none-match"] == '"1"'
    assert town.row("news")["synced_at"] >= synced


def test_another_address_under_the_same_name_is_read_from_its_beginning(town: Town) -> None:
    town.channel("news", "feed", f"{town.web.url}/news?q=acme")
    whole_until_asked_conditionally(town, "/news", atom("first"))
    town.pull()
    whole_until_asked_conditionally(town, "/news", atom("second"))
    town.channel("news", "feed", f"{town.web.url}/news?q=widget")
    assert town.pull()[1]["news"]["stored"] == 1
    assert town.texts() == {"first", "second"}


def test_invalid_utf_8_and_a_wrong_content_type_are_read_all_the_same(town: Town) -> None:
    body = atom("caf\u00e9 first").replace("\u00e9".encode(), b"\xe9")
    town.channel("bad", "feed", town.web.gives("/bad", body, Content_Type="application/octet-stream"))
    ran, results = town.pull()
    assert (ran.code, results["bad"]["stored"]) == (0, 1)
    (text,) = town.texts()
    assert text.startswith("caf")
    assert text.isprintable()


def test_a_server_that_asks_for_a_pause_gets_it_from_the_headless_desk(town: Town) -> None:
    town.feed("news", "first")
    town.web.does("/news", answering(429, Retry_After="7200"))
    assert town.run("run", "--once").code == 0
    row = town.row("news")
    assert row["next_at"] - row["failing_since"] >= 7_200_000
    asked = len(town.web.requests)
    assert town.run("run", "--once").code == 0
    assert len(town.web.requests) == asked


SIGNS: dict[str, Callable[[str], str]] = {
    "query": lambda url: f"{url}?token={SECRET}",
    "other query": lambda url: f"{url}?feed={SECRET}&user=acme",
    "password": lambda url: url.replace("//", f"//acme:{SECRET}@"),
    "odd password": lambda url: url.replace("//", f"//acme:{SECRET}#1@"),
    "parameter": lambda url: f"{url};jsessionid={SECRET}",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_a_secret_in_an_address_is_written_nowhere(
    town: Town, sign: Callable[[str], str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    said = []

    def tell(*words: str) -> None:
        ran = town.run(*words)
        said.extend([ran.out, ran.err])

    for answer in (
        answering(200, atom("first")),
        answering(500),
        answering(302, Location=f"http://127.0.0.1:x/?token={SECRET}"),
        cut_off,
    ):
        town.channel("news", "feed", sign(town.web.url + "/news"))
        town.web.does("/news", answer)
        town.web.does(f"/news;jsessionid={SECRET}", answer)
        tell("pull")
        tell("pull", "--json")
    for words in (
        ("run", "--once"),
        ("doctor",),
        ("refusals", "--json"),
        ("config", "show"),
        ("list", "--json"),
    ):
        tell(*words)
    written = town.everything_written()
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for place in (*said, logged):
        assert SECRET not in place
    assert SECRET.encode() not in written
    assert not list((tmp_path / "state").rglob("*"))
    assert ATOM not in logged
