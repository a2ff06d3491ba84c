"""Networks room: the spool, a file or folder of JSON Lines or CSV that other programs fill."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from socialdesk.errors import FeedUnusable, UsageError
from socialdesk.networks.cells import refusal
from socialdesk.networks.dates import DateReader, month_comes_first
from socialdesk.networks.lines import Progress, lines_of, peek
from socialdesk.networks.mapping import Mapping, parse_map
from socialdesk.networks.spool_csv import check_header, read_csv
from socialdesk.networks.spool_jsonl import read_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.model import Mention, Refusal

__all__ = ["Mapping", "Progress", "parse_map", "read"]

NAME: Final = "spool"
_JSON: Final = (".jsonl", ".ndjson", ".json")
_CSV: Final = (".csv", ".tsv")


def read(
    path: str | Path,
    mapping: Mapping | None = None,
    network: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Mention | Refusal]:
    """Everything in a file, or in the files of a folder by name: a mention or a refusal each, in order.

    Streams, in constant memory. What does not name its own network is on `network` ("spool").
    Raises at once `FeedUnusable` where nothing can be read, and `UsageError` where a single file's
    header lacks a column; in a folder such a file becomes a refusal. `progress` is kept up to date.
    """
    path = Path(path)
    progress = progress if progress is not None else Progress()
    files = files_of(path)
    progress.bytes_total = sum(_size(file) for file in files)
    if path.is_dir():
        return _folder(files, mapping, network or NAME, progress)
    with open_file(path) as file:
        if is_csv(path, peek(file)):
            check_header(lines_of(file, Progress()), peek(file), str(path), mapping)
    return read_one(path, mapping, network or NAME, progress)


def files_of(path: Path) -> list[Path]:
    """The file itself, or the JSON Lines and CSV files below a folder by name; raises `FeedUnusable`."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        what = "is neither a file nor a folder" if path.exists() else "does not exist"
        raise FeedUnusable(f"{path} {what}")
    found = sorted(
        Path(folder) / name
        for folder, _, names in os.walk(path)
        for name in names
        if name.lower().endswith(_JSON + _CSV) and not name.startswith(".")
    )
    if not found:
        wanted = ", ".join(f"*{ending}" for ending in _JSON + _CSV)
        raise FeedUnusable(f"{path} holds no JSON Lines or CSV file ({wanted})")
    return found


def _folder(
    files: list[Path], mapping: Mapping | None, network: str, progress: Progress
) -> Iterator[Mention | Refusal]:
    for file in files:
        try:
            yield from read_one(file, mapping, network, progress)
        except (UsageError, FeedUnusable) as error:
            yield refusal(str(file), None, str(error), "")


def read_one(
    path: Path, mapping: Mapping | None, network: str, progress: Progress
) -> Iterator[Mention | Refusal]:
    """One file's mentions and refusals; as `read`, but every failure comes while iterating."""
    source = progress.file = str(path)
    with open_file(path) as file:
        try:
            sample = peek(file)
            lines = lines_of(file, progress)
            if is_csv(path, sample):
                dates = DateReader(month_first=month_comes_first(sample))
                yield from read_csv(lines, sample, source, mapping, network, dates)
            else:
                yield from read_jsonl(lines, source, network, DateReader())
        except OSError as error:
            raise FeedUnusable(f"{path} could not be read to its end: {_why(error)}") from error


def open_file(path: Path) -> BinaryIO:
    """The file, opened for reading bytes; raises `FeedUnusable`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise FeedUnusable(f"{path} cannot be read: {_why(error)}") from error


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def is_csv(path: Path, sample: str) -> bool:
    """Whether a file is CSV, by its name or, where that says nothing, by its beginning."""
    name = path.name.lower()
    if name.endswith(_JSON + _CSV):
        return name.endswith(_CSV)
    return not sample.lstrip().startswith(("{", "["))
