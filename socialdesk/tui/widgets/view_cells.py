"""Screen room: the list of views and the title above the queue, as plain pieces of text with their styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.tui.plain import fit, inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from socialdesk.inbox.views import Listing

MOST_COUNTED = 999

Piece = tuple[str, str]
"""Text and its style, in Textual's words."""


def view_lines(
    listings: Sequence[Listing], counts: Mapping[str, int], current: int, width: int
) -> Iterator[list[Piece]]:
    """The views, one a line, each with its digit and its count; the one in force has a bar and is bold."""
    yield [(fit(" Views", width), "$dim bold")]
    for index, listing in enumerate(listings):
        key = str(index + 1) if index < 9 else " "
        number = shown_count(listing, counts.get(listing.name))
        chosen = index == current
        name = fit(inert(title_of(listing.name)), max(0, width - 5 - len(number)))
        yield [
            ("▌" if chosen else " ", "$accent"),
            (f"{key} ", "$dim"),
            (name, "bold" if chosen else ""),
            (f" {number} ", "bold" if chosen else "$dim"),
        ]


def title_line(name: str, number: str, *, newest_first: bool) -> list[Piece]:
    """What stands above the queue: its name, how many, in which order."""
    order = "newest first" if newest_first else "critical first, then by deadline"
    return [
        (f" {inert(name)} ", "bold"),
        (f" {number} " if number else " ", "bold $accent"),
        (f" {order}", "$dim"),
    ]


def title_of(name: str) -> str:
    """A view's name as people read it."""
    return name.replace("-", " ")


def shown_count(listing: Listing, number: int | None) -> str:
    """A listing's length; those without a kept counter are counted up to a cap."""
    return (
        "999+"
        if listing.counter is None and number is not None and number > MOST_COUNTED
        else counted(number)
    )


def counted(number: int | None) -> str:
    """A count in at most six cells; blank when it is not known."""
    if number is None:
        return ""
    if number < 100_000:
        return str(number)
    return f"{number / 1_000_000:.1f}M" if number >= 1_000_000 else f"{number // 1000}k"
