"""Desk room: the customer records that the company exports, so that the desk knows who is writing."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from socialdesk import text
from socialdesk.desk.session import Desk
from socialdesk.errors import FeedUnusable, UsageError
from socialdesk.inbox import people, store
from socialdesk.inbox.connection import writing
from socialdesk.inbox.events import append
from socialdesk.model import SYSTEM, Refusal

COLUMNS = {
    "handle": ("handle", "handles", "account", "username"),
    "email": ("email", "e-mail", "mail"),
    "reference": ("reference", "customer", "customer_id", "id", "number"),
    "name": ("name", "full_name"),
    "product": ("product",),
    "bought": ("bought", "bought_on", "purchased", "purchase_date"),
    "open_ticket": ("open_ticket", "open ticket", "ticket"),
    "tags": ("tags", "tag"),
    "network": ("network",),
}
"""What is read, by the header names under which exports have it."""

NO_TICKET = frozenset({"", "no", "none", "null", "false", "0", "-", "n/a"})
"""How exports say that a customer has no open ticket."""

BATCH = 500


def import_file(desk: Desk, path: Path | str) -> dict[str, int | float]:
    """Read a CSV of customers; one row a customer, several handles in one cell apart by blanks.

    Returns read, stored, updated, known, refused and seconds. Importing again changes nothing.
    """
    started = time.monotonic()
    counts: dict[str, int | float] = dict.fromkeys(("read", "stored", "updated", "known", "refused"), 0)
    batch: list[tuple[int, dict[str, str]]] = []
    for row in _rows(Path(path)):
        batch.append(row)
        if len(batch) == BATCH:
            _store(desk, str(path), batch, counts)
            batch = []
    _store(desk, str(path), batch, counts)
    counts["seconds"] = round(time.monotonic() - started, 3)
    return counts


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.DictReader(file, strict=False, delimiter=_delimiter(file))
            columns = _columns(reader.fieldnames or [], path)
            for row in reader:
                yield (
                    reader.line_num,
                    {
                        part: text.clean(str(row.get(column) or "")).strip()
                        for part, column in columns.items()
                    },
                )
    except OSError as error:
        raise FeedUnusable(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    except csv.Error as error:
        raise FeedUnusable(f"{path} is no CSV file: {error}") from error


def _delimiter(file: TextIO) -> str:
    """What parts the cells of the header: spreadsheets write commas, semicolons or tabs by their country."""
    header = file.readline()
    file.seek(0)
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str], path: Path) -> dict[str, str]:
    by_name = {name.strip().lower(): name for name in header if name}
    found = {
        part: next(by_name[name] for name in names if name in by_name)
        for part, names in COLUMNS.items()
        if any(name in by_name for name in names)
    }
    if not {"handle", "email", "reference"} & found.keys():
        raise UsageError(
            f"{path} has none of the columns handle, email, reference; its columns are {', '.join(header) or 'none'}"
        )
    return found


def _store(
    desk: Desk, source: str, batch: list[tuple[int, dict[str, str]]], counts: dict[str, int | float]
) -> None:
    if not batch:
        return
    now = desk.clock.now()
    with writing(desk.connection):
        before = store.changes_so_far(desk.connection)
        for line, row in batch:
            counts["read"] += 1
            handles = _handles(row)
            if not (handles or row.get("email") or row.get("reference")):
                refusal = Refusal(source, line, "names no handle, e-mail or reference", str(row))
                store.refuse(desk.connection, [refusal], now)
                counts["refused"] += 1
                continue
            _number, outcome = people.save_customer(
                desk.connection, _record(row), now, handles=handles, tags=_tags(row)
            )
            counts[outcome] += 1
        if store.changes_so_far(desk.connection) != before:
            body = {"source": source, "first": batch[0][0], "last": batch[-1][0]}
            append(desk.connection, "customers", SYSTEM, now, body=body)


def _handles(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((one.lstrip("@"), row.get("network", "")) for one in row.get("handle", "").split())


def _tags(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        tag.strip().lower() for tag in row.get("tags", "").replace(";", ",").split(",") if tag.strip()
    )


def _record(row: Mapping[str, str]) -> dict[str, object]:
    ticket = row.get("open_ticket", "")
    return {
        **row,
        "bought": _moment(row.get("bought", "")),
        "open_ticket": None if ticket.lower() in NO_TICKET else ticket,
    }


def _moment(written: str) -> int | None:
    from socialdesk.networks.dates import DateReader

    return DateReader().read(written) if written else None
