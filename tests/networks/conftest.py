"""What the network tests share: files to read, and the real exports where they are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from socialdesk.model import Mention, Refusal
from socialdesk.networks.spool import parse_map, read

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

Reading = tuple[list[Mention], list[Refusal]]


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Reading]:
    """Writes a file and reads it: its mentions and its refusals."""

    def read_it(
        content: str | bytes, name: str = "posts.csv", columns: str | None = None, network: str | None = None
    ) -> Reading:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        items = list(read(file, parse_map(columns) if columns else None, network))
        return (
            [item for item in items if isinstance(item, Mention)],
            [item for item in items if isinstance(item, Refusal)],
        )

    return read_it


@pytest.fixture
def real_data() -> Path:
    """The folder of real exports and feeds; the test is skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the real exports (../shared/data) are not at hand")
    return DATA
