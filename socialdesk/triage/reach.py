"""Triage room: how far a post carries, on one scale for every network."""

from __future__ import annotations

from math import log10

FARTHEST = 10_000_000
"""The audience that counts as 100; a handful of accounts have more, and no queue needs to tell them apart."""

LISTENERS_PER_REACTION = 25
"""How many readers one like, repost or reply stands for, where followers are not told or not listening."""


def reach_of(followers: int | None, engagement: int | None) -> int:
    """0 to 100, logarithmic in followers plus 25 times the reactions: 100 people 29, 50,000 people 67."""
    audience = max(0, followers or 0) + LISTENERS_PER_REACTION * max(0, engagement or 0)
    return min(100, round(100 * log10(1 + audience) / log10(1 + FARTHEST)))
