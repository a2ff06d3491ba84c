"""Ratios: what each measure yields, and the one table in which all of them stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """One measured ratio: what was measured, its figure and what it is held against, and the goal.

    `ratio` is the median of ratios taken pair by pair, so that a machine that slows down for a while
    slows both sides; None where the figure itself is the goal (milliseconds of a key).
    """

    group: str
    what: str
    figure: str
    against: str
    ratio: float | None
    goal: str
    reached: bool


Run = Callable[[], float]


def pairs(one: Run, other: Run, rounds: int) -> list[tuple[float, float]]:
    """Both runs measured in turn, `rounds` times; the order changes every time."""
    found: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            second = other()
            found.append((one(), second))
        else:
            first = one()
            found.append((first, other()))
    return found


def ratio_of(found: Sequence[tuple[float, float]]) -> float:
    """The median of the ratios of all pairs."""
    return median(one / other for one, other in found)


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def printed(lines: Sequence[Line]) -> str:
    """The table as text, one line a ratio."""
    rows = [("", "measure", "figure", "against", "ratio", "goal", "")]
    rows += [
        (
            line.group,
            line.what,
            line.figure,
            line.against,
            "" if line.ratio is None else f"{line.ratio:.2f}",
            line.goal,
            "ok" if line.reached else "missed",
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
