"""Networks room: the lines of a file in any encoding, one at a time, however long the file is."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of one line; what is longer is refused, so that memory stays constant."""
SAMPLE: Final = 64 * 1024
"""Bytes at the beginning by which encoding, separator and order of day and month are judged."""
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Overlong(str):
    """The beginning of a line that passes `LINE_LIMIT`; the rest has been skipped."""

    __slots__ = ()


@dataclass(slots=True)
class Progress:
    """How far a reading has come; whoever reads may look at any time.

    `notes` says what was mended on the way, one sentence for each kind and file.
    """

    bytes_total: int = 0
    bytes_read: int = 0
    file: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How much of all bytes has been read, 0 to 1."""
        return min(1.0, self.bytes_read / self.bytes_total) if self.bytes_total else 1.0


def peek(file: BinaryIO) -> str:
    """The beginning of the file as text, without moving the place of reading."""
    place = file.tell()
    sample = file.read(SAMPLE)
    file.seek(place)
    return sample.decode(wide_encoding(sample) or "utf-8-sig", "replace")


def wide_encoding(sample: bytes) -> str | None:
    """The name of a 16- or 32-bit encoding, told by its mark or by its NULs; None where it is neither."""
    for mark, name in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    pairs = len(sample) // 2
    low, high = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if pairs and high > 0.4 * pairs and low < 0.1 * pairs:
        return "utf-16-le"
    if pairs and low > 0.4 * pairs and high < 0.1 * pairs:
        return "utf-16-be"
    return None


def lines_of(file: BinaryIO, progress: Progress) -> Iterator[str]:
    """The file's lines with their ends, from the place it stands at.

    UTF-8 (with or without its mark), UTF-16 and UTF-32; a file whose beginning is none of these is
    read as Windows-1252. Bytes that fit nowhere become U+FFFD, and a note says so.
    """
    place = file.tell()
    sample = file.read(SAMPLE)
    file.seek(place)
    wide = wide_encoding(sample) if place == 0 else None
    if wide or (b"\r" in sample and b"\n" not in sample):
        yield from _wide_lines(file, wide or "utf-8-sig", progress)
    else:
        yield from _narrow_lines(file, sample, progress)


def _wide_lines(file: BinaryIO, encoding: str, progress: Progress) -> Iterator[str]:
    progress.notes.append(f"{progress.file}: read as {encoding.removesuffix('-sig').upper()}")
    reader = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    done = progress.bytes_read - file.tell()
    try:
        for line in iter(partial(reader.readline, LINE_LIMIT), ""):
            progress.bytes_read = done + file.tell()
            if len(line) == LINE_LIMIT and not line.endswith(("\n", "\r")):
                while (more := reader.readline(LINE_LIMIT)) and not more.endswith(("\n", "\r")):
                    pass
                yield Overlong(line)
            else:
                yield line
    finally:
        reader.detach()


def _narrow_lines(file: BinaryIO, sample: bytes, progress: Progress) -> Iterator[str]:
    salvage = _Salvage(progress, proven=_MULTIBYTE.search(sample) is not None)
    first = True
    for line in iter(partial(file.readline, LINE_LIMIT), b""):
        progress.bytes_read += len(line)
        if first:
            first = False
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = salvage.decode(line)
        if len(line) == LINE_LIMIT and line[-1] != 0x0A:
            while (more := file.readline(LINE_LIMIT)) and more[-1] != 0x0A:
                progress.bytes_read += len(more)
            progress.bytes_read += len(more)
            text = Overlong(text)
        yield text


class _Salvage:
    """Decodes lines that are no UTF-8: as Windows-1252, unless the file has shown that it is UTF-8."""

    def __init__(self, progress: Progress, *, proven: bool) -> None:
        self._progress = progress
        self._proven = proven
        self._noted: set[str] = set()

    def decode(self, line: bytes) -> str:
        self._proven = self._proven or _MULTIBYTE.search(line) is not None
        if not self._proven:
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError:
                pass
            else:
                self._note("not UTF-8, read as Windows-1252")
                return text
        self._note("bytes that are no UTF-8 were replaced by �")
        return line.decode("utf-8", "replace")

    def _note(self, words: str) -> None:
        if words not in self._noted:
            self._noted.add(words)
            self._progress.notes.append(f"{self._progress.file}: {words}")
