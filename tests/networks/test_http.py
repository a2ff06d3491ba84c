"""One careful GET: what strangers answer costs neither memory nor time nor a traceback."""

from __future__ import annotations

import gzip
import logging
import shutil
import ssl
import subprocess
import zlib
from email.utils import formatdate
from time import time
from typing import TYPE_CHECKING

import pytest

from socialdesk.errors import FeedUnusable
from socialdesk.networks.addresses import is_public
from socialdesk.networks.base import FeedTrouble
from socialdesk.networks.http import Limits, Response, get, shown_address
from tests.networks.server import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

HERE = ("127.0.0.1",)
SMALL = Limits(seconds=20, size=100_000, redirects=3)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


async def fetch(address: str, limits: Limits = SMALL, **known: str | None) -> Response:
    return await get(address, allow_hosts=HERE, limits=limits, **known)


async def test_a_plain_answer_with_what_to_send_next_time(web: WebServer) -> None:
    url = web.gives(
        "/f",
        b"hello",
        ETag='W/"1"',
        Last_Modified="Tue, 31 Oct 2017 22:10:47 GMT",
        Cache_Control="max-age=600",
    )
    answer = await fetch(url)
    assert (answer.status, answer.body, answer.etag) == (200, b"hello", 'W/"1"')
    assert (answer.last_modified, answer.retry_after) == ("Tue, 31 Oct 2017 22:10:47 GMT", 600_000)
    assert answer.moved_to is None
    assert web.requests[0][1]["user-agent"].startswith("socialdesk/")
    assert "if-none-match" not in web.requests[0][1]


async def test_asking_again_is_conditional_and_nothing_new_is_nothing(web: WebServer) -> None:
    url = web.gives("/f", status=304)
    answer = await fetch(url, etag='"1"', last_modified="Tue, 31 Oct 2017 22:10:47 GMT")
    assert (answer.status, answer.body) == (304, b"")
    sent = web.requests[0][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"1"', "Tue, 31 Oct 2017 22:10:47 GMT")


async def test_a_stored_etag_cannot_write_headers(web: WebServer) -> None:
    url = web.gives("/f", b"hello")
    await fetch(url, etag='"1"\r\nX-Evil: yes', last_modified="ünïcode")
    assert {"x-evil", "if-none-match", "if-modified-since"}.isdisjoint(web.requests[0][1])


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
async def test_compressed_bodies(web: WebServer, compress: object) -> None:
    assert callable(compress)
    coding = "gzip" if compress is gzip.compress else "deflate"
    assert (
        await fetch(web.gives("/f", compress(b"hello" * 100), Content_Encoding=coding))
    ).body == b"hello" * 100


@pytest.mark.parametrize(
    ("body", "coding", "says"),
    [
        (gzip.compress(b"\0" * 50_000_000), "gzip", "larger than"),
        (gzip.compress(gzip.compress(b"\0" * 50_000_000)), "gzip, gzip", "not asked for"),
        (b"no gzip at all", "gzip", "broken gzip"),
        (b"hello", "br", "not asked for"),
        (b"x" * 100_001, "identity", "larger than"),
    ],
)
async def test_bombs_and_rubble(web: WebServer, body: bytes, coding: str, says: str) -> None:
    with pytest.raises(FeedUnusable, match=says):
        await fetch(web.gives("/f", body, Content_Encoding=coding))


async def test_an_endless_body_ends_at_the_limit(web: WebServer) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 10_000)

    with pytest.raises(FeedUnusable, match="larger than"):
        await fetch(web.does("/f", endless))


async def test_a_slow_body_ends_with_our_patience(web: WebServer) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<rss>")
        handler.wfile.flush()
        web.released.wait(30)

    with pytest.raises(FeedUnusable, match=r"did not finish within 0\.2 seconds"):
        await fetch(web.does("/f", slow), Limits(seconds=0.2))


async def test_a_connection_cut_in_the_middle(web: WebServer) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")

    with pytest.raises(FeedUnusable, match="could not be read"):
        await fetch(web.does("/f", cut))


async def test_an_answer_that_is_no_http(web: WebServer) -> None:
    def rubble(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\xffnot http at all\r\n\r\n")

    with pytest.raises(FeedUnusable, match=r"^[^\n]+$"):
        await fetch(web.does("/f", rubble))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 204])
async def test_other_answers_are_told_with_their_number(web: WebServer, status: int) -> None:
    with pytest.raises(FeedTrouble, match=str(status)) as trouble:
        await fetch(web.gives("/f", status=status))
    assert (trouble.value.status, trouble.value.retry_after) == (status, None)


async def test_a_server_that_wants_to_be_left_alone(web: WebServer) -> None:
    with pytest.raises(FeedTrouble, match="120 seconds") as trouble:
        await fetch(web.gives("/f", status=429, Retry_After="120"))
    assert trouble.value.retry_after == 120_000
    with pytest.raises(FeedTrouble) as trouble:
        await fetch(web.gives("/f", status=503, Retry_After=formatdate(time() + 600, usegmt=True)))
    assert trouble.value.retry_after is not None
    assert 500_000 < trouble.value.retry_after <= 600_000
    for nonsense, wait in (("soon", None), ("9" * 11, 86_400_000), (formatdate(0), 0), ("-5", None)):
        with pytest.raises(FeedTrouble) as trouble:
            await fetch(web.gives("/f", status=429, Retry_After=nonsense))
        assert trouble.value.retry_after == wait


async def test_a_feed_that_is_gone(web: WebServer) -> None:
    with pytest.raises(FeedTrouble, match="gone for good") as trouble:
        await fetch(web.gives("/f", status=410))
    assert trouble.value.status == 410


async def test_redirects_are_followed_and_a_move_for_good_is_told(web: WebServer) -> None:
    web.gives("/new", b"hello")
    moved = await fetch(web.gives("/old", status=301, Location="/new"))
    assert (moved.body, moved.moved_to) == (b"hello", f"{web.url}/new")
    for_now = await fetch(web.gives("/old", status=302, Location="/new"))
    assert (for_now.body, for_now.moved_to) == (b"hello", None)
    web.gives("/middle", status=307, Location="/new")
    both = await fetch(web.gives("/old", status=308, Location="/middle"))
    assert (both.body, both.moved_to) == (b"hello", f"{web.url}/middle")


async def test_redirects_that_lead_nowhere(web: WebServer) -> None:
    web.gives("/b", status=302, Location="/a")
    with pytest.raises(FeedUnusable, match="in a circle"):
        await fetch(web.gives("/a", status=302, Location="/b"))
    for n in range(6):
        web.gives(f"/{n}", status=302, Location=f"/{n + 1}")
    with pytest.raises(FeedUnusable, match="more than 3 times"):
        await fetch(f"{web.url}/0")
    for target in ("", "file:///etc/passwd", "ftp://example.org/", "http://", "http://[half", "javascript:1"):
        with pytest.raises(FeedUnusable, match=r"^[^\n]+$"):
            await fetch(web.gives("/a", status=302, Location=target))


async def test_private_networks_are_closed_unless_named(web: WebServer) -> None:
    url = web.gives("/f", b"secret")
    with pytest.raises(FeedUnusable, match="private network"):
        await get(url)
    port = url.split(":")[2]
    for host in ("localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):
        with pytest.raises(FeedUnusable):
            await get(f"http://{host}:{port}")
    assert web.requests == []
    assert (await get(url, allow_hosts=["127.0.0.1"])).body == b"secret"


async def test_a_redirect_into_a_private_network_is_refused(web: WebServer) -> None:
    web.gives("/secret", b"secret")
    port = web.url.rpartition(":")[2]
    outside = web.gives("/a", status=302, Location=f"http://localhost:{port}/secret")
    with pytest.raises(FeedUnusable, match="localhost is in a private network"):
        await fetch(outside)
    assert [path for path, _ in web.requests] == ["/a"]


@pytest.mark.parametrize(
    ("place", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("10.1.2.3", False), ("192.168.0.1", False),
        ("172.16.0.1", False), ("127.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True), ("ff0e::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(place: str, public: bool) -> None:
    assert is_public(place) is public


@pytest.mark.parametrize(
    "address",
    ["http://no-such-host.invalid/", "http://127.0.0.1:1/", "ftp://127.0.0.1/", "http://", "http://[half/",
     "nonsense", "http://a..b/", f"http://{'x' * 300}/", "http://127.0.0.1:99999999/", "http://\x1b[31m/"],
)  # fmt: skip
async def test_addresses_that_lead_nowhere_are_one_line(address: str) -> None:
    with pytest.raises(FeedUnusable, match=r"^[^\n\x1b]+$"):
        await fetch(address)


async def test_tokens_and_passwords_are_shown_nowhere(
    web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.gives("/f", status=500).replace("http://", "http://ann:hunter2@") + "?token=s3cret#part"
    with caplog.at_level(logging.DEBUG), pytest.raises(FeedTrouble) as trouble:
        await fetch(url)
    assert web.requests[0][0] == "/f?token=s3cret"
    assert web.requests[0][1]["authorization"].startswith("Basic ")
    for words in (str(trouble.value), caplog.text, shown_address(url)):
        assert "s3cret" not in words
        assert "hunter2" not in words


async def test_the_host_header_is_the_name_that_was_asked_for(web: WebServer) -> None:
    url = web.gives("/f", b"hello").replace("127.0.0.1", "localhost")
    assert (await get(url, allow_hosts=["localhost"])).body == b"hello"
    assert web.requests[0][1]["host"] == url.split("/")[2]


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_nobody_vouches_for_is_refused(self_signed: ssl.SSLContext) -> None:
    server = WebServer(self_signed)
    with server.running(), pytest.raises(FeedUnusable, match="certificate"):
        await get(server.gives("/f", b"hello").replace("127.0.0.1", "localhost"), allow_hosts=["localhost"])
    assert server.requests == []
