"""Screen room: one conversation as one aligned line of the queue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialdesk.tui.plain import FEELINGS, due_words, fit, inert, people

if TYPE_CHECKING:
    from socialdesk.inbox.rows import QueueRow

_LEADING = re.compile(r"^(?:@[\w.@-]+[\s,:]+)+")
"""Whom a post is addressed to stands first in most of them, and says nothing in a queue of ours."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cells each column has at one width of the list; 0 leaves a column out."""

    width: int
    due: int = 8
    feeling: int = 9
    network: int = 8
    reach: int = 5
    who: int = 16
    gap: int = 2

    @property
    def words(self) -> int:
        """What is left for the first words: everything foreign stands last, so that nothing is pushed."""
        columns = [n for n in (self.due, self.feeling, self.network, self.reach, self.who) if n]
        return max(0, self.width - 4 - sum(columns) - self.gap * len(columns))


def plan_for(width: int) -> Plan:
    """The columns that a list of `width` cells has room for; the first words get a third of it or more.

    Where it is narrow the mood is its sign alone; help says what each sign means.
    """
    if width >= 104:
        return Plan(width, who=18)
    if width >= 96:
        return Plan(width, who=14)
    if width >= 76:
        return Plan(width, feeling=1, who=12)
    if width >= 60:
        return Plan(width, reach=0, network=4, feeling=1, who=12)
    return Plan(width, due=7, reach=0, network=2, feeling=1, who=10 if width >= 44 else 8, gap=1)


def heading(plan: Plan) -> str:
    """The column titles, aligned with the cells below them."""
    cells = [
        ("due", plan.due, True),
        ("mood", plan.feeling, False),
        ("on", plan.network, False),
        ("heard", plan.reach, True),
        ("who", plan.who, False),
    ]
    parts = [
        word.rjust(width) if right else fit(word, width)
        for word, width, right in cells
        if width > 2 or (width and word == "on")
    ]
    if plan.feeling == 1:
        parts.insert(1, " ")
    return fit("    " + (" " * plan.gap).join([*parts, "first words"]), plan.width)


def mark_of(row: QueueRow, agent: str | None) -> str:
    """Whose it is: `●` mine, `○` a colleague's, `?` a draft waits for approval, blank for nobody's."""
    if row.to_approve:
        return "?"
    if row.assignee is None:
        return " "
    return "●" if row.assignee == agent else "○"


def cells_of(
    row: QueueRow, plan: Plan, now: int, agent: str | None, *, cursor: bool
) -> list[tuple[str, str]]:
    """The line as (piece, text) pairs; `piece` names the style: mark, critical, due, feeling, dim or words."""
    sign, word = FEELINGS.get(row.feeling, (" ", row.feeling))
    late = row.due_at is not None and row.due_at <= now
    soon = row.due_at is not None and not late and row.due_at - now < 15 * 60_000
    due = due_words(row.due_at, row.first_at, now)
    if plan.due < 8 or len(due) > plan.due:
        due = due.replace("late ", "-")
    if len(due) > plan.due:
        due = due.replace(" ago", "")
    gap = " " * plan.gap
    cells = [
        ("cursor", "▌" if cursor else " "),
        ("mark", mark_of(row, agent)),
        ("critical", "! " if row.critical else "  "),
        (
            "late" if late else "soon" if soon else "due" if row.due_at else "dim",
            due.rjust(plan.due) + gap,
        ),
        (
            f"feeling-{row.feeling or 'calm'}",
            fit(f"{sign} {word}" if plan.feeling > 1 else sign, plan.feeling) + gap,
        ),
        ("dim", _network(row.network, plan.network) + gap),
    ]
    if plan.reach:
        cells.append(("dim", people(row.followers).rjust(plan.reach) + gap))
    cells.append(("who", fit(inert(row.author), plan.who) + gap))
    cells.append(("words", fit(_LEADING.sub("", inert(row.snippet)), plan.words)))
    return cells


def _network(name: str, width: int) -> str:
    """The first letters of a network, which are enough to know it by."""
    return name[:width].ljust(width) if name.isascii() and name.isprintable() else fit(inert(name), width)
