"""Desk room: the day at Acme that a sandbox begins with: the sample feeds, moved so that the day ends now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from socialdesk.clock import MINUTE
from socialdesk.config import shipped
from socialdesk.model import Mention, Millis
from socialdesk.networks import spool
from socialdesk.networks.feed import read_feed_files

STILL_TO_COME = 8
"""How many of the day's last posts arrive while the agent is already at the desk."""

STORIES = (
    "desh_esq", "jonaswbr", "camillou_b", "rt_reporter_gale", "kk_konstantin", "noor_alhadi", "valentinaruizlive",
    "grumblecrank",
)  # fmt: skip
"""Morning stories that the agent should meet: their threads are brought forward, the last the most recent."""

STORIES_FROM, STORIES_EVERY = 8 * MINUTE, 11 * MINUTE


def day_at_acme(now: Millis, folder: Path | None = None) -> Iterator[Mention]:
    """The sample feeds' mentions, moved in time so that the newest is from `now`."""
    folder = folder or shipped("sample_feeds")
    found = [m for file in sorted(folder.glob("*.jsonl")) for m in spool.read(file) if isinstance(m, Mention)]
    for _file, result in read_feed_files(folder / "reviews.xml"):
        found += result.mentions
    shift = now - max(max(m.created, m.edited or 0) for m in found)
    for m in found:
        yield replace(
            m,
            created=Millis(m.created + shift),
            edited=None if m.edited is None else Millis(m.edited + shift),
        )


def held_back(posts: list[Mention]) -> list[Mention]:
    """The day's last posts that answer nobody and that nobody answers."""
    answered = {m.reply_to for m in posts if m.reply_to}
    again = {m.external_id for m in posts if m.edited or m.deleted}
    alone = [
        m for m in posts if not m.reply_to and m.external_id not in answered and m.external_id not in again
    ]
    return alone[-STILL_TO_COME:]


def brought_forward(posts: list[Mention], now: Millis) -> list[Mention]:
    """The posts by time, with the threads of `STORIES` moved to the last hour and a half."""
    root = _roots(posts)
    begun = {m.external_id: m for m in posts if m.author.lower() in STORIES and not m.reply_to}
    moved: dict[str, int] = {}
    for number, handle in enumerate(reversed(STORIES)):
        own = [m for m in begun.values() if m.author.lower() == handle]
        if own:
            first = min(own, key=lambda m: m.created)
            lasts = max(m.created for m in posts if root[m.external_id] == first.external_id) - first.created
            at = now - max(STORIES_FROM + number * STORIES_EVERY, lasts + STORIES_FROM)
            moved[first.external_id] = max(0, at - first.created)
    return sorted((_later(m, moved.get(root[m.external_id], 0)) for m in posts), key=lambda m: m.created)


def _roots(posts: list[Mention]) -> dict[str, str]:
    """The first post of each post's thread, by id."""
    parent = {m.external_id: m.reply_to for m in posts if m.reply_to}

    def top(one: str) -> str:
        above = parent.get(one)
        return one if above is None or above not in known else top(above)

    known = {m.external_id for m in posts}
    return {m.external_id: top(m.external_id) for m in posts}


def _later(m: Mention, by: int) -> Mention:
    if not by:
        return m
    edited = None if m.edited is None else Millis(m.edited + by)
    return replace(m, created=Millis(m.created + by), edited=edited)
