"""Networks room: which files a path stands for, and what kind of file each is."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from socialdesk.errors import FeedUnusable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

JSON_LINES: Final = (".jsonl", ".ndjson", ".json")
CSV: Final = (".csv", ".tsv")
FEEDS: Final = (".xml", ".rss", ".atom", ".rdf")
# At the very beginning alone: further down it could stand in a stranger's post.
_JSON_FEED: Final = re.compile(r'\{\s*"version"\s*:\s*"https://jsonfeed\.org/version/')


class Unreadable(FeedUnusable):
    """The system does not let us read it now; the same file may be readable the next time."""


class Kind(StrEnum):
    """What a file holds."""

    JSON_LINES = "JSON Lines"
    CSV = "CSV"
    FEED = "a feed"


def files_of(path: Path, endings: Collection[str]) -> list[Path]:
    """The file itself, or by name the files with these endings below a folder; raises `FeedUnusable`."""
    found = waiting_in(path, endings)
    if not found:
        raise FeedUnusable(f"{path} is empty")
    return found


def waiting_in(path: Path, endings: Collection[str]) -> list[Path]:
    """The same for a place that other programs fill, which may be an empty folder at times."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        what = "is neither a file nor a folder" if path.exists() else "does not exist"
        raise Unreadable(f"{path} {what}")
    seen = [file for file in _below(path) if not file.name.startswith(".")]
    found = sorted(file for file in seen if file.suffix.lower() in endings)
    if seen and not found:
        wanted = ", ".join(f"*{ending}" for ending in endings)
        raise FeedUnusable(f"{path} holds nothing that can be read here ({wanted})")
    return found


def _below(path: Path) -> Iterator[Path]:
    """Every file below a folder but pipes and devices, whose reading might never end."""
    for folder, _, names in os.walk(path, onerror=_complain):
        for name in names:
            file = Path(folder) / name
            if file.is_file() or not file.exists():
                yield file


def _complain(error: OSError) -> None:
    """What `os.walk` would pass over in silence."""
    raise Unreadable(f"{error.filename} cannot be read: {plain(error)}") from error


def kind_of(path: Path, sample: str) -> Kind:
    """What a file holds, by its name or, where that says nothing, by its beginning.

    Raises `FeedUnusable` where it is one JSON value over many lines, each of which would be refused.
    """
    ending, beginning = path.suffix.lower(), sample.lstrip()
    if ending in CSV:
        return Kind.CSV
    if ending in FEEDS or (ending not in JSON_LINES and beginning.startswith("<")):
        return Kind.FEED
    if ending not in JSON_LINES and not beginning.startswith(("{", "[")):
        return Kind.CSV
    if _JSON_FEED.match(beginning):
        return Kind.FEED
    if _is_spread_out(beginning):
        raise FeedUnusable(f"{path} is one JSON value over many lines; write one object a line (jq -c '.[]')")
    return Kind.JSON_LINES


def _is_spread_out(beginning: str) -> bool:
    """Whether the first line only opens what the next goes on with; a lone bad line is no such thing."""
    first, _, rest = beginning.partition("\n")
    second = rest.lstrip().partition("\n")[0].rstrip()
    whole = second.startswith("{") and second.endswith("}")
    return first.rstrip() in ("{", "[", "[{") and bool(second) and not whole


def named(path: Path | str) -> str:
    """The path as it is kept and shown; a name in another encoding than the system's has no text of its own."""
    return os.fsencode(path).decode("utf-8", "replace")


def open_file(path: Path) -> BinaryIO:
    """The file, opened for reading bytes; raises `Unreadable`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {plain(error)}") from error


def plain(error: OSError) -> str:
    """The system's words for what went wrong."""
    return (error.strerror or str(error)).lower()


def size_of(path: Path) -> int:
    """The file's size in bytes; 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
