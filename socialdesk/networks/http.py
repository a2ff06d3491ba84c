"""Networks room: the only place that speaks HTTP; one careful GET of a stranger's address."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import zlib
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import httpx

from socialdesk import __version__
from socialdesk.clock import DAY, SECOND
from socialdesk.errors import FeedUnusable
from socialdesk.model import Millis
from socialdesk.networks.addresses import is_public
from socialdesk.networks.base import FeedTrouble

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection

USER_AGENT: Final = f"socialdesk/{__version__} (feed reader of a customer care desk)"
_PERMANENT: Final = (301, 308)
_MOVED: Final = (*_PERMANENT, 302, 303, 307)
_WAIT_LIMIT: Final = DAY


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of our time and memory a stranger may take.

    `seconds` for everything together, `size` bytes after decompression, `redirects` hops.
    """

    seconds: float = 30.0
    size: int = 10 * 1024 * 1024
    redirects: int = 5


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: a whole body, or none and status 304 where nothing has changed.

    `moved_to` is the new address where the old one has moved for good; `retry_after` says how long
    the answer stays fresh (Cache-Control: max-age), at most a day.
    """

    status: int
    body: bytes
    address: str
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    retry_after: Millis | None = None


async def get(
    address: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    allow_hosts: Collection[str] = (),
    limits: Limits | None = None,
) -> Response:
    """Fetch an http(s) address with a conditional GET.

    Hosts in private address ranges are refused unless they stand in `allow_hosts`. Raises
    `FeedTrouble` where the server answers without a feed, `FeedUnusable` for everything else that
    goes wrong; neither shows the address's query, which may hold a token.
    """
    for logger in ("httpx", "httpcore"):  # which would write addresses, tokens and all, into a log
        logging.getLogger(logger).setLevel(logging.WARNING)
    shown, limits = shown_address(address), limits or LIMITS
    headers = _headers(etag, last_modified)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(address, headers, frozenset(map(str.lower, allow_hosts)), limits)
    except TimeoutError:
        raise FeedUnusable(f"{shown} did not finish within {limits.seconds:g} seconds") from None
    except httpx.TimeoutException:
        raise FeedUnusable(f"{shown} did not answer in time") from None
    except (httpx.InvalidURL, ValueError):
        # Their words repeat parts of the address, and a password with a # in it ends up as a port.
        raise FeedUnusable(f"{shown} cannot be understood; {_SPELLING}") from None
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise FeedUnusable(f"{shown} could not be read: {_plain(error)}") from None


_SPELLING: Final = "in a user name or password, write / as %2F, ? as %3F, # as %23, : as %3A and @ as %40"


def shown_address(address: str) -> str:
    """The address without user, password, parameters and fragment, for people's eyes and for records."""
    try:
        url = httpx.URL(address)
        port = f":{url.port}" if url.port is not None else ""
        host = f"[{url.host}]" if ":" in url.host else url.host
        path = url.path.partition(";")[0]
        return f"{url.scheme}://{host}{port}{path}" if host else "the address"
    except (httpx.InvalidURL, UnicodeError):
        return "the address"


async def _follow(address: str, headers: dict[str, str], allowed: frozenset[str], limits: Limits) -> Response:
    """The answer at the end of the redirects."""
    url, seen, moved_to, for_good = httpx.URL(address), {address}, None, True
    # Environment proxies would resolve names themselves, past the check of private ranges.
    async with httpx.AsyncClient(
        headers=headers,
        trust_env=False,
        verify=_trust(*map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR"))),
        timeout=httpx.Timeout(10.0),
        # No connection outlives the name it was checked for.
        limits=httpx.Limits(max_keepalive_connections=0),
    ) as client:
        for _ in range(limits.redirects + 1):
            response = await _send(client, url, allowed)
            try:
                if response.status_code not in _MOVED:
                    return await _answer(response, url, moved_to, limits)
                for_good = for_good and response.status_code in _PERMANENT
                url = _next(url, response)
            finally:
                await response.aclose()
            if for_good:
                moved_to = str(url)
            if str(url) in seen:
                raise FeedUnusable(f"{shown_address(address)} redirects in a circle")
            seen.add(str(url))
    raise FeedUnusable(f"{shown_address(address)} redirects more than {limits.redirects} times")


async def _send(client: httpx.AsyncClient, url: httpx.URL, allowed: frozenset[str]) -> httpx.Response:
    """The answer's head, from an address that was checked; a name that resolves anew cannot slip past."""
    if url.scheme not in ("http", "https") or not url.host:
        raise FeedUnusable(f"{shown_address(str(url))} is no http or https address")
    port = url.port or (443 if url.scheme == "https" else 80)
    if not 0 < port < 65_536:
        raise FeedUnusable(f"there is no port {port}")
    host = url.raw_host.decode("ascii").lower()
    failed: httpx.TransportError | None = None
    for place in await _places(host, port, allowed):
        request = client.build_request(
            "GET",
            url.copy_with(host=place),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": host},
        )
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
    raise failed if failed is not None else FeedUnusable(f"{host} has no address")


async def _places(host: str, port: int, allowed: frozenset[str]) -> list[str]:
    """The addresses behind a host; raises `FeedUnusable` where one of them is not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise FeedUnusable(f"there is no host {host}") from None
    places = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host not in allowed and not all(map(is_public, places)):
        raise FeedUnusable(f"{host} is in a private network, where only a channel's own source may point")
    return places


def _next(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    target = response.headers.get("location", "")
    if not target:
        raise FeedUnusable(f"{shown_address(str(url))} redirects to nowhere")
    try:
        return url.join(target)
    except (httpx.InvalidURL, ValueError):
        raise FeedUnusable(f"{shown_address(str(url))} redirects to something that is no address") from None


async def _answer(response: httpx.Response, url: httpx.URL, moved_to: str | None, limits: Limits) -> Response:
    status, headers = response.status_code, response.headers
    if status not in (200, 304):
        raise _trouble(response, url)
    return Response(
        status=status,
        body=await _body(response, url, limits.size) if status == 200 else b"",
        address=str(url),
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        moved_to=moved_to,
        retry_after=_fresh_for(headers.get("cache-control", "")),
    )


def _trouble(response: httpx.Response, url: httpx.URL) -> FeedTrouble:
    shown, status = shown_address(str(url)), response.status_code
    wait = _retry_after(response.headers.get("retry-after", ""))
    words = f"{shown} answered {status} {response.reason_phrase.strip()[:60]}".rstrip()
    if status == 410:
        words = f"{shown} is gone for good (410); take the channel out of the configuration"
    elif wait is not None:
        words += f" and wants to be left alone for {wait // SECOND} seconds"
    return FeedTrouble(words, status, wait)


async def _body(response: httpx.Response, url: httpx.URL, size: int) -> bytes:
    """The body, decompressed here: httpx inflates whole chunks, and layers of layers, without a bound."""
    shown = shown_address(str(url))
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FeedUnusable(f"{shown} answers in an encoding that was not asked for ({coding[:40]})")
    inflate = None if coding in ("", "identity") else zlib.decompressobj(47)
    body = bytearray()
    async for chunk in response.aiter_raw():
        if inflate is None:
            body += chunk
        else:
            try:
                body += inflate.decompress(chunk, size + 1 - len(body))
            except zlib.error:
                raise FeedUnusable(f"{shown} sends broken {coding}") from None
        if len(body) > size:
            raise FeedUnusable(f"{shown} is larger than {size / 1024 / 1024:g} MiB")
        if inflate is not None and inflate.eof:
            break
    if inflate is not None and body and not inflate.eof:
        raise FeedUnusable(f"{shown} breaks off in the middle")
    return bytes(body)


def _headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
        " application/json;q=0.8, */*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # A stored value comes from a stranger: one with a line break in it would write headers of its own.
    fit = {name: value for name, value in known.items() if value and value.isascii() and value.isprintable()}
    return headers | fit


@lru_cache(maxsize=1)
def _trust(*_places: str | None) -> ssl.SSLContext:
    """The machine's own authorities and certifi's, so that a company's and a bare container both work.

    Reading them costs 90 ms, so it is done once while OpenSSL's own variables name the same places.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _retry_after(written: str) -> Millis | None:
    """Seconds or an HTTP date, as milliseconds from now, at most a day."""
    written = written.strip()
    if written.isdecimal() and len(written) < 12:
        return Millis(min(int(written) * SECOND, _WAIT_LIMIT))
    parts = parsedate_tz(written) if written else None
    if parts is None:
        return None
    try:
        wait = (mktime_tz(parts) - time.time()) * SECOND
    except (ValueError, OverflowError):
        return None
    return Millis(int(min(max(wait, 0), _WAIT_LIMIT)))


def _fresh_for(cache_control: str) -> Millis | None:
    for part in cache_control.lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age":
            return _retry_after(value.strip('"'))
    return None


def _plain(error: Exception) -> str:
    words = " ".join(str(error).split())[:200]
    return words or type(error).__name__
