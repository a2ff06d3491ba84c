"""Desk room: files read and judged ahead of their storing, large ones in a process of their own."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk.desk.judging import Judged, judge
from socialdesk.errors import SocialdeskError
from socialdesk.model import Lexicon, Mention, Refusal, Signals
from socialdesk.networks import spool
from socialdesk.networks.mapping import Mapping

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import Queue

WORTH_A_PROCESS = 4 * 1024 * 1024
"""Bytes of files from which a second process pays: some ten thousand posts, two seconds of judging.
Below that its start (0.3 s) eats the gain."""

CHUNK = 250
"""Posts that are judged and handed over together; a few milliseconds of work."""

LEAD = 60
"""Chunks that may wait to be stored: three large batches, about 12 MB."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read: a file or folder, its columns, the network of posts that name none."""

    path: Path | str
    mapping: Mapping | None
    network: str | None
    lexicon: Lexicon


def judged_rows(source: Source, progress: spool.Progress) -> Generator[Judged | Refusal, None, None]:
    """Every row of `source` in order, judged or refused; large files are read by a second process.

    Raises `FeedUnusable` or `UsageError` at once where nothing can be read. Close the iterator when
    the rest is not wanted.
    """
    rows = spool.read(source.path, source.mapping, source.network, progress)
    if progress.bytes_total >= WORTH_A_PROCESS:
        return _from_second_process(source, progress)
    return (row for chunk in _judged(rows, source.lexicon) for row in chunk)


def _judged(rows: Iterator[Mention | Refusal], lexicon: Lexicon) -> Iterator[list[Judged | Refusal]]:
    while chunk := list(islice(rows, CHUNK)):
        mentions = [row for row in chunk if isinstance(row, Mention)]
        judged = iter(judge(lexicon, mentions))
        yield [row if isinstance(row, Refusal) else next(judged) for row in chunk]


# Between the processes rows travel as plain tuples: pickled as objects they would cost as much as they gain.
_mention, _signals = (attrgetter(*(f.name for f in fields(kind))) for kind in (Mention, Signals))


def _packed(row: Judged | Refusal) -> tuple[Any, ...]:
    if isinstance(row, Refusal):
        return (row,)
    return (
        _mention(row.mention),
        _signals(row.signals),
        row.measures,
        row.metrics,
        row.snippet,
        row.engagement,
    )


def _unpacked(packed: tuple[Any, ...]) -> Judged | Refusal:
    if len(packed) == 1:
        refusal: Refusal = packed[0]
        return refusal
    mention, signals, *ready = packed
    return Judged(Mention(*mention), Signals(*signals), *ready)


def _from_second_process(source: Source, progress: spool.Progress) -> Generator[Judged | Refusal, None, None]:
    from multiprocessing import get_context  # 20 ms, and only large imports need it

    # Spawned, not forked: an open database must not be carried into another process.
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_read_ahead, args=(source, sender), daemon=True)
    process.start()
    sender.close()
    try:
        while (told := _next_message(receiver, source)) is not None:
            packed, progress.bytes_read, progress.file, progress.notes[:] = told
            for row in packed:
                yield _unpacked(row)
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _next_message(receiver: Connection, source: Source) -> tuple[Any, ...] | None:
    try:
        told = pickle.loads(receiver.recv_bytes())  # noqa: S301  # written by our own second process
    except EOFError:
        raise SocialdeskError(
            f"{source.path} was not read to its end: the process that read it was stopped; import it again"
        ) from None
    if isinstance(told, SocialdeskError):
        raise told
    found: tuple[Any, ...] | None = told
    return found


def _read_ahead(source: Source, sender: Connection) -> None:
    """The second process: reads, judges and hands over, at most `LEAD` chunks ahead."""
    import signal
    from queue import Queue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears Ctrl-C, and ends this one
    if hasattr(os, "nice"):
        os.nice(10)  # a desk on this machine goes first: with both cores busy its keys took twice as long
    waiting: Queue[bytes | None] = Queue(LEAD)
    # A thread of its own hands over, so that judging goes on while the first process is busy storing.
    postman = Thread(target=_hand_over, args=(waiting, sender))
    postman.start()
    progress = spool.Progress()
    try:
        rows = spool.read(source.path, source.mapping, source.network, progress)
        with few_collections():
            for chunk in _judged(rows, source.lexicon):
                packed = [_packed(row) for row in chunk]
                told = (packed, progress.bytes_read, progress.file, progress.notes)
                waiting.put(pickle.dumps(told, pickle.HIGHEST_PROTOCOL))
        waiting.put(pickle.dumps(None))
    except SocialdeskError as error:
        waiting.put(pickle.dumps(error))
    finally:
        waiting.put(None)
        postman.join()


def _hand_over(waiting: Queue[bytes | None], sender: Connection) -> None:
    try:
        while (told := waiting.get()) is not None:
            sender.send_bytes(told)
        sender.close()
    except OSError:  # the first process is gone, and with it everything that this one is good for
        os._exit(1)


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for cycles among objects rarely: a batch's rows have none, and the search took a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def split(rows: Sequence[Judged | Refusal]) -> tuple[list[Judged], list[Refusal]]:
    """Judged mentions and refusals of one batch, each in order."""
    judged = [row for row in rows if isinstance(row, Judged)]
    return judged, [row for row in rows if isinstance(row, Refusal)]
