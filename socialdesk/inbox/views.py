"""Inbox room: the lists an agent works from, by name; light, for the commands that read one list and end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """Which conversations, in which order: a named view, or a query's WHERE fragment over alias `c`.

    `newest_first` lists run by id downwards; all others run in queue order: critical first, then
    deadline, urgency and age.
    """

    name: str
    where: str = "1"
    parameters: tuple[object, ...] = ()
    newest_first: bool = False
    counter: str | None = None


def standard_views(agent: str | None) -> tuple[Listing, ...]:
    """The views every desk has, in the order they are shown; `mine` needs an agent."""
    mine = Listing(
        "mine",
        "c.assignee = ? AND c.lane NOT IN ('resolved', 'dismissed', 'merged')",
        (agent,),
        counter=f"mine:{agent}",
    )
    return (
        Listing("queue", "c.lane = 'queue'", counter="queue"),
        *((mine,) if agent else ()),
        Listing("unclaimed", "c.lane = 'queue' AND c.assignee IS NULL", counter="unclaimed"),
        Listing("to-approve", "c.to_approve > 0", counter="to_approve"),
        Listing("escalated", "c.status = 'escalated'", counter="escalated"),
        Listing("watching", "c.lane = 'watching'", counter="watching"),
        Listing("waiting", "c.lane = 'waiting'", counter="waiting"),
        Listing("private", "c.private > 0", counter="private"),
        Listing("snoozed", "c.lane = 'snoozed'", counter="snoozed"),
        Listing("resolved", "c.lane = 'resolved'", newest_first=True, counter="resolved"),
        Listing("dismissed", "c.lane = 'dismissed'", newest_first=True, counter="dismissed"),
        Listing("all", "c.merged_into IS NULL", newest_first=True, counter="all"),
    )
