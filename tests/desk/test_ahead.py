"""Large files are read and judged by a second process: the same rows, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from socialdesk.desk import ahead
from socialdesk.desk.ahead import Source, judged_rows
from socialdesk.desk.importing import import_paths
from socialdesk.desk.judging import Judged
from socialdesk.errors import FeedUnusable, SocialdeskError, UsageError
from socialdesk.inbox import audit
from socialdesk.model import Refusal
from socialdesk.networks.lines import Progress
from tests.bench import mentions
from tests.desk.room import TUESDAY, Room
from tests.unit.shipped_policy import policy

ROWS = 3_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Posts with two bad lines among them."""
    path = tmp_path / "posts.jsonl"
    mentions.write(path, ROWS, TUESDAY)
    lines = path.read_text().splitlines(keepends=True)
    lines[700:700] = ["no JSON at all\n", '{"id": 7}\n']
    path.write_text("".join(lines))
    return path


@pytest.fixture
def second_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets small files be worth a process, and sees that none is left."""
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 1)
    yield
    assert multiprocessing.active_children() == []


def source(path: Path) -> Source:
    return Source(path, None, None, policy().lexicon)


def test_a_second_process_gives_the_same_rows_in_the_same_order(
    file: Path, second_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Progress()
    rows = list(judged_rows(source(file), there))
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 10**9)
    here = Progress()
    assert rows == list(judged_rows(source(file), here))
    assert sum(isinstance(row, Refusal) for row in rows) == 2
    assert sum(isinstance(row, Judged) for row in rows) == ROWS
    assert (there.bytes_read, there.file, there.notes) == (here.bytes_read, here.file, here.notes)


def test_whoever_wants_no_more_leaves_no_process_behind(file: Path, second_process: None) -> None:
    with closing(judged_rows(source(file), Progress())) as rows:
        assert len(list(islice(rows, 10))) == 10


def test_an_import_whose_reader_is_killed_says_so_and_can_be_run_again(
    room: Room, file: Path, second_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LEAD", 1)
    rows = judged_rows(source(file), Progress())
    next(rows)
    [reader] = multiprocessing.active_children()
    os.kill(reader.pid or 0, signal.SIGKILL)
    with pytest.raises(SocialdeskError, match="import it again"):
        list(rows)
    result = import_paths(room.ana, [file])
    assert (result.stored, result.refused) == (ROWS, 2)
    again = import_paths(room.ana, [file])
    assert (again.stored, again.known) == (0, ROWS)
    assert audit.verify(room.ana.connection).faults == ()


def test_a_file_that_cannot_be_read_is_told_at_once(tmp_path: Path, second_process: None) -> None:
    with pytest.raises(FeedUnusable, match="does not exist"):
        judged_rows(source(tmp_path / "nowhere.jsonl"), Progress())


@pytest.mark.parametrize("kind", [FeedUnusable, UsageError])
def test_what_the_reader_finds_out_later_comes_through_whole(kind: type[SocialdeskError]) -> None:
    told = pickle.loads(pickle.dumps(kind("feed.csv: there is no column 'x'")))
    assert type(told) is kind
    assert str(told) == "feed.csv: there is no column 'x'"
