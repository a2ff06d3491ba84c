"""Networks room: the spool, a file or folder of JSON Lines, CSV or feeds that other programs fill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from socialdesk.errors import FeedUnusable, UsageError
from socialdesk.networks.cells import refusal
from socialdesk.networks.dates import DateReader
from socialdesk.networks.files import (
    CSV,
    FEEDS,
    JSON_LINES,
    Kind,
    Unreadable,
    files_of,
    kind_of,
    named,
    open_file,
    plain,
    size_of,
)
from socialdesk.networks.lines import Progress, lines_of, peek
from socialdesk.networks.mapping import Mapping, parse_map
from socialdesk.networks.spool_csv import check_header, read_csv
from socialdesk.networks.spool_jsonl import read_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.model import Mention, Refusal

__all__ = ["Mapping", "Progress", "parse_map", "read"]

NAME: Final = "spool"
ENDINGS: Final = (*JSON_LINES, *CSV, *FEEDS)


def read(
    path: str | Path,
    mapping: Mapping | None = None,
    network: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Mention | Refusal]:
    """Everything in a file, or in the files of a folder by name: a mention or a refusal each, in order.

    JSON Lines and CSV stream, in constant memory. What does not name its own network is on
    `network` ("spool", and "feed" for the entries of a feed). Raises at once `FeedUnusable` where
    nothing can be read, and `UsageError` where a single file's header lacks a column; in a folder
    such a file becomes a refusal. `progress` is kept up to date.
    """
    path = Path(path)
    progress = progress if progress is not None else Progress()
    files = files_of(path, ENDINGS)
    progress.bytes_total = sum(map(size_of, files))
    if path.is_dir():
        return _folder(files, mapping, network, progress)
    with open_file(path) as file:
        kind = kind_of(path, peek(file))
        if kind is Kind.CSV:
            check_header(lines_of(file, Progress()), peek(file), str(path), mapping)
    found = read_one(path, mapping, network, progress)
    return iter(list(found)) if kind is Kind.FEED else found


def read_one(
    path: Path, mapping: Mapping | None, network: str | None, progress: Progress
) -> Iterator[Mention | Refusal]:
    """One file's mentions and refusals; as `read`, but every failure comes while iterating."""
    source = progress.file = named(path)
    with open_file(path) as file:
        try:
            sample = peek(file)
            kind = kind_of(path, sample)
            if kind is Kind.CSV:
                yield from read_csv(lines_of(file, progress), sample, source, mapping, network or NAME)
            elif kind is Kind.JSON_LINES:
                yield from read_jsonl(lines_of(file, progress), source, network or NAME, DateReader())
        except OSError as error:
            raise Unreadable(f"{path} could not be read to its end: {plain(error)}") from error
    if kind is Kind.FEED:
        from socialdesk.networks.feed import read_feed_file

        result = read_feed_file(path, network)
        progress.bytes_read += size_of(path)
        yield from result.mentions
        yield from result.refusals


def _folder(
    files: list[Path], mapping: Mapping | None, network: str | None, progress: Progress
) -> Iterator[Mention | Refusal]:
    for file in files:
        try:
            yield from read_one(file, mapping, network, progress)
        except (UsageError, FeedUnusable) as error:
            yield refusal(named(file), None, str(error), "")
