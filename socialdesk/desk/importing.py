"""Desk room: reading files into the inbox, in batches that leave other desks room to write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from socialdesk.clock import SECOND
from socialdesk.desk import policies
from socialdesk.desk.ahead import Source, few_collections, judged_rows, split
from socialdesk.desk.intake import Tally, store_batch
from socialdesk.desk.judging import Judged, judge
from socialdesk.desk.session import Desk
from socialdesk.inbox import store
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import writing
from socialdesk.model import SYSTEM, Mention, Refusal
from socialdesk.networks import spool
from socialdesk.networks.mapping import Mapping

ALONE, IN_COMPANY = 5_000, 50
"""Mentions in one transaction: with no other desk at the inbox, and with others, who must not wait
longer than about 20 ms for the lock."""

DESK_LEASE = "desk:"
"""Every open desk holds a lease of this name, so that an import knows whether it is alone."""


@dataclass(slots=True)
class ImportResult:
    """How an import went; `read` counts rows of any kind, `seconds` is wall time."""

    read: int = 0
    stored: int = 0
    updated: int = 0
    known: int = 0
    refused: int = 0
    seconds: float = 0.0

    def add(self, tally: Tally, read: int) -> None:
        """Count a stored batch in."""
        self.read += read
        self.stored += tally.stored
        self.updated += tally.updated
        self.known += tally.known


Told = Callable[[ImportResult, spool.Progress], None]
"""Called after each batch, for a progress bar."""


def import_paths(
    desk: Desk,
    paths: Sequence[Path | str],
    *,
    mapping: Mapping | None = None,
    network: str | None = None,
    history: bool = False,
    told: Told | None = None,
) -> ImportResult:
    """Read every file; what can be used goes in, the rest to the refusals. Importing again changes nothing.

    With `history`, no clock starts and nobody is alerted. Waking rules have been run when this returns.
    Raises `FeedUnusable` when a file cannot be read at all.
    """
    started = time.monotonic()
    result = ImportResult()
    store.tune_for_bulk(desk.connection)
    for path in paths:
        progress = spool.Progress()
        rows = judged_rows(Source(path, mapping, network, desk.policy.lexicon), progress)
        with closing(rows), few_collections():
            for batch in _batches(desk, rows):
                judged, refusals = split(batch)
                tally = _store(desk, judged, refusals, origin=str(path), history=history)
                result.add(tally, len(batch))
                result.refused += len(refusals)
                result.seconds = time.monotonic() - started
                if told is not None:
                    told(result, progress)
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _batches(desk: Desk, rows: Iterator[Judged | Refusal]) -> Iterator[list[Judged | Refusal]]:
    """Rows in batches whose size depends on whether another desk is at the inbox right now."""
    while batch := list(islice(rows, IN_COMPANY if _in_company(desk) else ALONE)):
        yield batch


def _in_company(desk: Desk) -> bool:
    return bool(timer_table.holders(desk.connection, DESK_LEASE, desk.clock.now()))


def store_posts(
    desk: Desk,
    rows: Sequence[Mention | Refusal],
    *,
    channel: int | None = None,
    origin: str = "",
    history: bool = False,
    cursor: Callable[[], None] | None = None,
) -> Tally:
    """One batch: judged outside the lock, stored and decided inside it, with the cursor in the same transaction.

    Afterwards it pauses as long as it held the lock, when others are at the inbox.
    """
    judged = judge(desk.policy.lexicon, [row for row in rows if isinstance(row, Mention)])
    refusals = [row for row in rows if isinstance(row, Refusal)]
    return _store(desk, judged, refusals, channel=channel, origin=origin, history=history, cursor=cursor)


def _store(
    desk: Desk,
    judged: Sequence[Judged],
    refusals: Sequence[Refusal],
    *,
    channel: int | None = None,
    origin: str = "",
    history: bool = False,
    cursor: Callable[[], None] | None = None,
) -> Tally:
    company = _in_company(desk)
    started = time.monotonic()
    with desk.changing(SYSTEM, history=history) as changes:
        tally = store_batch(changes, judged, refusals, channel=channel, origin=origin)
        if cursor is not None:
            cursor()
    if company:
        time.sleep(min(time.monotonic() - started, 0.1))
    return tally


def announce(desk: Desk, holder: str) -> None:
    """Say that a desk is open here; to be repeated within the minute."""
    now = desk.clock.now()
    with writing(desk.connection):
        timer_table.lease(desk.connection, DESK_LEASE + holder, holder, now, now + 60 * SECOND)
        policies.watch(desk.connection, desk.policy_folder, now)
