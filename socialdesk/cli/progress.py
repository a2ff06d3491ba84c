"""Command room: the progress bar of an import; on a terminal only, with rate and time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.desk.importing import ImportResult
    from socialdesk.networks.lines import Progress

Told = Callable[["ImportResult", "Progress"], None]


@contextmanager
def import_bar(as_json: bool) -> Iterator[Told | None]:
    """What an import tells after each batch; None where nobody looks on."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # 50 ms: paid only where the bar is seen
    from rich.progress import (
        BarColumn,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[file]}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows", markup=False),
        TextColumn("{task.fields[rate]:,}/s", markup=False),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("import", total=None, file="", rows=0, rate=0)

        def told(result: ImportResult, progress: Progress) -> None:
            rate = round(result.read / result.seconds) if result.seconds else 0
            name = progress.file.rsplit("/", 1)[-1][-30:]
            total = progress.bytes_total or None
            bar.update(
                task, completed=progress.bytes_read, total=total, file=name, rows=result.read, rate=rate
            )

        yield told
