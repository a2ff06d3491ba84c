"""Where each entry of a policy file stands, kept so small that a stored policy knows its lines too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The way to an entry from the top of its file: keys and 0-based positions."""

_JOINT = "\x1f"  # no YAML text holds it: control characters are refused by the reader


@dataclass(frozen=True, slots=True)
class Place:
    """One spot of a file, `line` and `column` counted from 1; `str()` is `file:line`."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE = Place()
"""For what was made by the program and stands in no file."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line and a column, both counted from 1; what conditions.parse_mapping reads."""

    line: int
    col: int


class Places(Mapping[Path, Mark]):
    """The marks of one file by path; decodes a mark only when it is asked for.

    `packed` maps joined paths to (line, column): the form that goes into the bundle as it is.
    """

    def __init__(self, file: str, packed: Mapping[str, tuple[int, int]]) -> None:
        self.file = file
        self.packed = packed

    def __getitem__(self, path: Path) -> Mark:
        line, column = self.packed[_JOINT.join(map(str, path))]
        return Mark(line, column)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple) and _JOINT.join(map(str, path)) in self.packed

    def __iter__(self) -> Iterator[Path]:
        return (
            tuple(int(part) if part.isdigit() else part for part in key.split(_JOINT)) for key in self.packed
        )

    def __len__(self) -> int:
        return len(self.packed)

    def written(self, path: Path) -> Path:
        """`path` as the file has it: without the positions and tags that the shapes put in.

        A lone step stands in the file without a list, in the normal form as a list of one.
        """
        found: Path = ()
        for part in path:
            if (*found, part) in self:
                found = (*found, part)
        return found

    def find(self, path: Path) -> Place:
        """Where `path` stands; the nearest entry around it when it has no place of its own."""
        written = self.written(path)
        line, column = self.packed.get(_JOINT.join(map(str, written)), (1, 1))
        return Place(self.file, line, column, path)

    def source_of(self, path: Path) -> str:
        """`file:line` of `path`; what every section's `build` is given."""
        return str(self.find(path))


def pack(file: str, marks: Mapping[Path, tuple[int, int]]) -> Places:
    """The places of `file` from (line, column) by path."""
    return Places(file, {_JOINT.join(map(str, path)): at for path, at in marks.items()})
