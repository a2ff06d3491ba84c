"""(b) How long an import holds the lock when another desk is at the inbox, which waits for as long."""

from __future__ import annotations

import time
from itertools import islice

from socialdesk.config import load_config
from socialdesk.desk.importing import IN_COMPANY
from socialdesk.desk.intake import store_batch
from socialdesk.desk.judging import judge
from socialdesk.desk.session import open_desk
from socialdesk.inbox import store
from socialdesk.model import SYSTEM, Mention
from socialdesk.networks import spool
from tests.bench.place import Place
from tests.bench.table import Line, percentile

GOAL = 0.020
BATCHES = 60


def measure(place: Place, rows: int) -> Line:
    """Small batches into a large inbox, one transaction each: from the lock to its release."""
    held: list[float] = []
    with place.copy_of(place.inbox(rows)) as inbox:
        desk = open_desk(load_config({"inbox": str(inbox)}, place.environ()), environ=place.environ())
        store.tune_for_bulk(desk.connection)
        posts = spool.read(place.more_posts(rows))
        lexicon = desk.policy.lexicon
        for _ in range(BATCHES):
            mentions = [post for post in islice(posts, IN_COMPANY) if isinstance(post, Mention)]
            judged = judge(lexicon, mentions)
            with desk.changing(SYSTEM) as changes:
                started = time.perf_counter()
                store_batch(changes, judged)
            held.append(time.perf_counter() - started)
        desk.close()
    middle, worst = percentile(held, 0.5), percentile(held, 0.95)
    return Line(
        "b",
        f"lock held by {IN_COMPANY} posts in company, inbox of {rows:,}",
        f"p50 {middle * 1000:.0f} p95 {worst * 1000:.0f} ms",
        "",
        None,
        f"<= {GOAL * 1000:.0f} ms",
        middle <= GOAL,
    )
