"""Where the measurements keep their files: generated posts and inboxes, made once and kept for the next run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from socialdesk.inbox import migrations
from socialdesk.inbox.connection import open_inbox
from tests.bench import mentions

PROGRAM = (sys.executable, "-m", "socialdesk")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder outside the repository."""

    folder: Path

    def environ(self) -> Mapping[str, str]:
        """An environment without the settings of whoever measures."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        return {
            "LANG": "C.UTF-8",
            **kept,
            "HOME": str(self.folder),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }

    def posts(self, rows: int) -> Path:
        """A file of generated posts, the newest of them from now; made anew after a day, when it has aged."""
        path = self.folder / f"posts-{rows}.jsonl"
        if not path.exists() or time.time() - path.stat().st_mtime > 86_400:
            half = path.with_suffix(".half")
            mentions.write(half, rows, time.time_ns() // 1_000_000)
            half.replace(path)
        return path

    def more_posts(self, rows: int) -> Path:
        """A file of `rows` posts that no inbox holds yet, for an import beside something else."""
        path = self.folder / f"more-{rows}.jsonl"
        if not path.exists():
            with path.open("w", encoding="utf-8") as file:
                for row in mentions.generate(rows, time.time_ns() // 1_000_000, seed=2):
                    file.write(
                        row.line.replace(f'"id": "{row.external_id}"', f'"id": "+{row.external_id}"', 1)
                    )
        return path

    def inbox(self, rows: int) -> Path:
        """An inbox into which that many posts were imported; kept for the next run with the same tables."""
        tables = zlib.crc32(Path(migrations.__file__).read_bytes())
        path = self.folder / f"inbox-{rows}-{tables:08x}.db"
        if not path.exists():
            _say(f"importing {rows:,} posts once, for {path}")
            half = self.folder / f"half-{rows}.db"
            remove(half)
            self.run("--inbox", str(half), "import", str(self.posts(rows)), "--json")
            with closing(open_inbox(half)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            half.replace(path)
        return path

    @contextmanager
    def copy_of(self, inbox: Path) -> Iterator[Path]:
        """A copy that may be written to."""
        path = self.folder / "copy.db"
        remove(path)
        shutil.copyfile(inbox, path)
        try:
            yield path
        finally:
            remove(path)

    def run(self, *words: str) -> float:
        """Run one command and return the seconds it took; raises `CalledProcessError` when it fails."""
        started = time.perf_counter()
        subprocess.run([*PROGRAM, *words], env=self.environ(), check=True, capture_output=True)
        return time.perf_counter() - started


def remove(database: Path) -> None:
    """Take a database away, with what SQLite keeps beside it."""
    for path in (database, *(Path(f"{database}{ending}") for ending in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
