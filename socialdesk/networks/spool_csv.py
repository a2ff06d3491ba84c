"""Networks room: CSV as it is really exported, ragged rows and stray quotation marks included."""

from __future__ import annotations

import csv
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from socialdesk.model import Handle, Mention, Refusal
from socialdesk.networks import cells
from socialdesk.networks.cells import RowError, refusal
from socialdesk.networks.dates import DateReader, month_comes_first
from socialdesk.networks.lines import LINE_LIMIT, Overlong
from socialdesk.networks.mapping import PARTS, find_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from socialdesk.networks.mapping import Mapping

RECORD_LINES: Final = 2_000
"""Lines one record may span; beyond it a quotation mark was never closed, and must not swallow the file."""
_SEPARATORS: Final = ",;\t|"
_EXCEL_HINT: Final = re.compile(r"sep=(.)\s*$")
_BARE_CR: Final = re.compile(r"(?<=\r)(?!\n|$)")
_UNCLOSED: Final = "a quotation mark is never closed"


class _BrokenError(Exception):
    """A record that is no row of this file; `str()` is the reason in plain words."""


class _Lines:
    """Hands lines to the CSV reader, remembers those of the present record and takes some back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: list[tuple[str, int]] = []
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, step = self._returned.pop() if self._returned else (next(self._lines), 1)
        self.number += step
        self.record.append(line)
        if line.__class__ is Overlong:
            raise _BrokenError(f"the line is longer than {LINE_LIMIT // 1024 // 1024} MiB")
        if len(self.record) > RECORD_LINES:
            raise _BrokenError(_UNCLOSED)
        return line

    def give_back(self, keep: int) -> None:
        """Return the lines of the present record after the first `keep`, to be read anew."""
        rest = self.record[keep:]
        self._returned.extend((line, 1) for line in reversed(rest))
        self.number -= len(rest)
        del self.record[keep:]

    def break_line(self) -> bool:
        """Return the present record's one line in parts where bare CRs stand in it; all keep its number."""
        parts = _BARE_CR.split(self.record[0])
        if len(parts) > 1:
            self._returned.extend((part, 0) for part in reversed(parts[1:]))
            self._returned.append((parts[0], 1))
            self.number -= 1
        return len(parts) > 1


def read_csv(
    lines: Iterator[str],
    sample: str,
    source: str,
    mapping: Mapping | None,
    network: str,
) -> Iterator[Mention | Refusal]:
    """Each record of `lines` as a mention or a refusal that names the record's first line.

    Raises `UsageError` where the header lacks a column that is named or required.
    """
    csv.field_size_limit(2 * LINE_LIMIT)
    feed = _Lines(lines)
    header, separator = read_header(feed, sample)
    if not header:
        return
    reader = csv.reader(feed, delimiter=separator, strict=True)
    if header[0] and _index_has_no_name(feed, reader, len(header)):
        header = ["", *header]
    places = find_columns(header, mapping, source)
    build = _builder(header, places, source, network, _dates(sample, separator, places["created"]))
    needed = max(places.values()) + 1
    for start, row, reason in _records(feed, reader, separator, len(header), needed):
        try:
            if row is None:
                raise RowError(reason)
            yield build(row, start)
        except RowError as why:
            yield refusal(source, start, str(why), "".join(feed.record))


def read_header(lines: Iterator[str], sample: str) -> tuple[list[str], str]:
    """The header's columns and the separator; takes the header's lines and no more from `lines`."""
    first = sample.partition("\n")[0]
    hint = _EXCEL_HINT.match(first)
    if hint:
        next(lines, None)
        separator = hint[1]
    else:
        outside = re.sub(r'"[^"]*"', "", first)
        separator = max(_SEPARATORS, key=outside.count)
    try:
        header = next(csv.reader(lines, delimiter=separator), [])
    except (csv.Error, _BrokenError):
        return [], separator
    return [cells.line(column) for column in header], separator


def _dates(sample: str, separator: str, column: int) -> DateReader:
    """Reads this file's dates in the order of day and month that its beginning shows."""
    try:
        rows = list(csv.reader(sample.splitlines(), delimiter=separator))
    except csv.Error:
        rows = []
    dates = "\n".join(row[column] for row in rows[1:] if len(row) > column)
    return DateReader(month_first=month_comes_first(dates))


def check_header(lines: Iterator[str], sample: str, source: str, mapping: Mapping | None) -> None:
    """Raise `UsageError` where the file has a header that lacks a named or required column."""
    header, _ = read_header(lines, sample)
    if header:
        find_columns(header, mapping, source)


def _index_has_no_name(feed: _Lines, reader: Iterator[list[str]], columns: int) -> bool:
    """Whether the first two records have a number in front of the header's columns (R writes so)."""
    seen = []
    feed.record = []
    for _ in range(2):
        try:
            seen.append(next(reader))
        except (StopIteration, csv.Error, _BrokenError):
            break
    feed.give_back(0)
    return bool(seen) and all(len(row) == columns + 1 and row[0].isdecimal() for row in seen)


def _records(
    feed: _Lines, reader: Iterator[list[str]], separator: str, columns: int, needed: int
) -> Iterator[tuple[int, list[str] | None, str]]:
    """First line, row and reason of each record; no row where it is broken, and the reason then.

    Reading is strict, for a stray quotation mark would otherwise join two customers' rows into one.
    Of a broken record over several lines only the first is given up; the rest is read anew.
    """
    broken = False
    while True:
        feed.record = []
        row: list[str] | None
        reason = ""
        try:
            row = next(reader)
            if len(row) != columns:
                if not row and not broken:
                    continue  # a blank line says something only within a broken record
                row = _fitted(row, columns, needed)
        except StopIteration:
            return
        except csv.Error:
            row, reason = None, _UNCLOSED
            if len(feed.record) == 1:
                if feed.break_line():
                    continue
                row, reason = _leniently(feed.record[0], separator, columns)
        except _BrokenError as why:
            row, reason = None, str(why)
        start = feed.number + 1 - len(feed.record)
        broken = row is None
        if broken:
            feed.give_back(1)
        yield start, row, reason


def _fitted(row: list[str], columns: int, needed: int) -> list[str]:
    """The row with as many columns as the header, where no mapped one is missing and nothing gets lost."""
    if len(row) > columns and not any(row[columns:]):
        return row[:columns]
    if needed <= len(row) < columns:
        return row + [""] * (columns - len(row))
    raise _BrokenError(_ragged(row, columns))


def _ragged(row: list[str], columns: int) -> str:
    return f"the row has {len(row)} column{'' if len(row) == 1 else 's'}, the header {columns}"


def _leniently(line: str, separator: str, columns: int) -> tuple[list[str] | None, str]:
    r"""One line whose quotation marks are not doubled but escaped with \ or simply standing there."""
    line = line.rstrip("\r\n")
    row: list[str] = []
    for escape in ("\\", None):
        try:
            row = next(csv.reader([line], delimiter=separator, escapechar=escape, strict=True), [])
        except csv.Error:
            if escape is None and line.count('"') % 2 == 0:
                row = next(csv.reader([line], delimiter=separator), [])
            else:
                continue
        if len(row) == columns:
            return row, ""
    return None, _ragged(row, columns) if row else _UNCLOSED


def _builder(
    header: Sequence[str], places: dict[str, int], source: str, network: str, dates: DateReader
) -> Callable[[list[str], int], Mention]:
    """The function from a row and its line to a mention; made once, for it runs a million times."""
    absent = len(header)  # the place of an empty cell added to each row
    at = {part: places.get(part, absent) for part in PARTS}
    text, external, author, created = at["text"], at["id"], at["author"], at["created"]
    reply_to, network_at = at["reply_to"], at["network"]
    extras = any(part in places for part in ("name", "followers", "language", "url", "quote_of"))
    names = (encode_basestring(column).replace("%", "%%") for column in header)
    form = "{" + ", ".join(f"{name}: %s" for name in names) + "}"

    def build(row: list[str], line: int) -> Mention:
        raw = form % tuple(map(encode_basestring, row))
        row.append("")
        words, who = cells.body(row[text]), cells.handle(row[author])
        name, when = cells.identifier(row[external]), cells.moment(row[created], dates)
        if not name:
            raise RowError("it has no id")
        if not who:
            raise RowError("it has no author")
        if when is None:
            raise RowError("it has no date")
        if not words:
            raise RowError("its text is empty")
        parent = cells.link(row[reply_to]) if row[reply_to] else None
        where = cells.network_name(row[network_at]) or network
        origin = f"{source}:{line}"
        if not extras:
            return Mention(where, name, words, Handle(who), when, reply_to=parent, raw=raw, origin=origin)
        return Mention(
            where,
            name,
            words,
            Handle(who),
            when,
            name=cells.words(row[at["name"]]),
            followers=cells.count(row[at["followers"]]),
            language=cells.language(row[at["language"]]),
            url=cells.address(row[at["url"]]),
            reply_to=parent,
            quote_of=cells.link(row[at["quote_of"]]),
            raw=raw,
            origin=origin,
        )

    return build
