"""Networks room: JSON Lines, one mention an object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from socialdesk.model import Handle, Mention, Refusal
from socialdesk.networks import cells
from socialdesk.networks.cells import RowError, refusal
from socialdesk.networks.lines import LINE_LIMIT, Overlong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.model import Millis
    from socialdesk.networks.dates import DateReader

REQUIRED: Final = ("id", "text", "author", "created")
# One decoder for a million lines: json.loads adds 0.7 µs of checks to each.
_scan = json.JSONDecoder().raw_decode
_scan_leniently = json.JSONDecoder(strict=False).raw_decode


def read_jsonl(
    lines: Iterator[str], source: str, network: str, dates: DateReader, first: int = 1
) -> Iterator[Mention | Refusal]:
    """Each line of `lines` as a mention or a refusal; `first` is the number of the first line.

    A mention without a network of its own is on `network`.
    """
    for number, line in enumerate(lines, start=first):
        try:
            found, raw = _object(line)
            if found is not None:
                yield mention_of(found, raw, f"{source}:{number}", network, dates)
        except RowError as reason:
            yield refusal(source, number, str(reason), line)


def _object(line: str) -> tuple[dict[str, Any] | None, str]:
    """The line's object and its raw form, which is always valid JSON; None for a blank line."""
    raw = line.strip()
    if not raw:
        return None, ""
    if line.__class__ is Overlong:
        raise RowError(f"the line is longer than {LINE_LIMIT // 1024 // 1024} MiB")
    try:
        found, end = _scan(raw)
    except (ValueError, RecursionError):
        found, end, raw = _mended(raw)
    if end != len(raw):
        raise RowError(f"there is more after the JSON value, from column {end + 1}")
    if found.__class__ is not dict:
        raise RowError("the line is no JSON object")
    return found, raw


def _mended(raw: str) -> tuple[Any, int, str]:
    """Control characters inside strings are let in, and written properly in the raw form."""
    try:
        found, end = _scan_leniently(raw)
    except json.JSONDecodeError as error:
        raise RowError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise RowError("the JSON is nested too deeply") from None
    except ValueError:
        raise RowError("not JSON: a number has too many digits") from None
    if end != len(raw):
        return found, end, raw
    mended = json.dumps(found, ensure_ascii=False)
    return found, len(mended), mended


def mention_of(found: dict[str, Any], raw: str, origin: str, network: str, dates: DateReader) -> Mention:
    """The mention an object describes; raises `RowError` where a required key is missing or unreadable."""
    get = found.get
    external = cells.identifier(get("id"))
    author = cells.handle(get("author"))
    created = cells.moment(get("created"), dates)
    deleted = len(found) > 4 and "deleted" in found and _deleted(found["deleted"])
    text = "" if deleted and get("text") is None else cells.body(get("text"))
    if not external:
        raise RowError("it has no id")
    if not author:
        raise RowError("it has no author")
    if created is None:
        raise RowError("it has no date (created)")
    if not text and not deleted:
        raise RowError("its text is empty")
    if len(found) == 4:
        return Mention(network, external, text, Handle(author), created, raw=raw, origin=origin)
    return Mention(
        cells.network_name(get("network")) or network,
        external,
        text,
        Handle(author),
        created,
        cells.words(get("name")),
        cells.count(get("followers")),
        cells.truth(get("verified")),
        cells.truth(get("bot")),
        cells.language(get("language")),
        cells.address(get("url")),
        cells.link(get("reply_to")),
        cells.link(get("quote_of")),
        cells.visibility(get("visibility")),
        _edited(get("edited"), dates),
        deleted,
        cells.metrics(get("metrics")),
        cells.profile(get("profile")),
        raw,
        origin,
    )


def _deleted(value: object) -> bool:
    """True, or the moment at which it was deleted."""
    said = cells.truth(value)
    return bool(value) and value == value if said is None else said


def _edited(value: object, dates: DateReader) -> Millis | None:
    try:
        return cells.moment(value, dates)
    except RowError:
        return None
