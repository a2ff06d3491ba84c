"""Desk room: what the sandbox's colleagues have done before the agent comes: the earlier part of the day."""

from __future__ import annotations

from socialdesk.clock import SECOND, FixedClock
from socialdesk.desk import casework, outbox, replies, timers
from socialdesk.desk.sandbox_day import STORIES
from socialdesk.desk.session import Desk
from socialdesk.errors import SocialdeskError
from socialdesk.inbox.queue import Listing, page
from socialdesk.inbox.rows import Draft, QueueRow
from socialdesk.model import Person

LEFT_FOR_YOU = frozenset({*STORIES, "dana_okafor", "pietje_puck81", "wrenhollis", "xx_pipe_xx"})
"""Handles whose stories the demo tells; colleagues leave these alone."""

EACH_TAKES = 70 * SECOND
MOST_STEPS = 6


def work_a_shift(desk: Desk, clock: FixedClock, workers: tuple[Person, ...], approver: Person) -> int:
    """Let colleagues answer what waits, one after the other, as agents do; returns how many they answered."""
    answered = 0
    listing = Listing("queue", "c.lane = 'queue' AND c.critical = 0 AND c.status = 'new'")
    for number, row in enumerate(page(desk.connection, listing, 500)):
        if row.author.lower() in LEFT_FOR_YOU:
            continue
        clock.advance(EACH_TAKES)
        worker = workers[number % len(workers)]
        try:
            answered += _answer(desk, clock, row, worker, approver)
        except SocialdeskError:
            casework.release(desk.played_by(worker), row.id)  # what a colleague cannot finish, they give back
    timers.tick(desk)
    return answered


def _answer(desk: Desk, clock: FixedClock, row: QueueRow, worker: Person, approver: Person) -> bool:
    theirs = desk.played_by(worker)
    found = casework.claim(theirs, row.id)
    for _ in range(MOST_STEPS):
        if found.step_kind != "ask":
            break
        found = casework.answer(theirs, row.id, "no")
    if found.status in ("resolved", "dismissed"):
        return True
    if found.step_kind not in ("find_out", "reply", "take_private"):
        casework.resolve(theirs, row.id, "no_answer_needed")
        return True
    draft = replies.submit(theirs, row.id, replies.draft(theirs, row.id).id)
    if draft.status == "submitted":
        clock.advance(20 * SECOND)
        draft = replies.approve(desk.played_by(approver), row.id, draft.id)
    _send(theirs, clock, row, draft)
    if row.feeling == "thankful":
        casework.resolve(theirs, row.id, "thanked")
    return True


def _send(desk: Desk, clock: FixedClock, row: QueueRow, draft: Draft) -> None:
    outbox.queue(desk, row.id, draft.id)
    clock.advance(int(desk.undo_window) + SECOND)
    outbox.deliver_due(desk)
