"""Desk room: which promise runs out next, and the timers that notice."""

from __future__ import annotations

from socialdesk.desk.case import Case
from socialdesk.desk.changes import Changes
from socialdesk.model import Millis
from socialdesk.policy.calendars import ROUND_THE_CLOCK, Calendar
from socialdesk.policy.model import IGNORE, WATCH
from socialdesk.policy.targets import Kind, warn_at
from socialdesk.policy.targets import due as due_of
from socialdesk.states import Status

CLOCKED = frozenset({Status.NEW.value, Status.OPEN.value, Status.ESCALATED.value})
"""Where a conversation waits for us; a clock runs nowhere else."""


def set_due(changes: Changes, case: Case) -> None:
    """Point `due_at` at the next promise and set its timers; without a target, or in history, none runs.

    Acknowledge ends when an agent claims; reply and next_reply when an answer is sent; resolve at the end.
    A promise that had run out before the post was even fetched gets no timer: nobody could have kept it.
    """
    if changes.history and not case.history:
        return  # what is read in of old changes no promise that runs
    if not case.fresh or (case.id, "deadline") in changes.started:
        changes.stop_timers(case.id, "deadline", "warn")
    _count_pause(changes, case)
    case.due_at = case.due_kind = None
    if case.history or not case.target or case.engage in (WATCH, IGNORE) or case.status not in CLOCKED:
        return
    kind, start = _next_promise(case)
    policy = changes.policy
    due = due_of(policy, case.target, kind, start)
    if due is None and kind == "acknowledge":
        kind = "reply" if case.reply_count == 0 else "next_reply"
        due = due_of(policy, case.target, kind, start)
    if due is None:
        kind, start = "resolve", Millis(case.first_at)
        due = due_of(policy, case.target, kind, start)
    if due is None:
        return
    if kind == "resolve" and case.paused_for:
        due = _calendar(changes, case).add(due, case.paused_for)
    case.due_at, case.due_kind = due, kind
    if due <= changes.now:
        return
    changes.start_timer("deadline", due, case.id, {"kind": kind})
    warn = warn_at(policy, case.target, kind, start)
    if warn is not None and changes.now < warn < due:
        changes.start_timer("warn", warn, case.id, {"kind": kind})


def _count_pause(changes: Changes, case: Case) -> None:
    """Keep the working time for which the clock for `resolve` stands still, as the target says."""
    target = changes.policy.targets.target(case.target or "")
    paused = target is not None and target.pauses("resolve", case.status)
    if paused and case.paused_since is None:
        case.paused_since = changes.now
    elif not paused and case.paused_since is not None:
        case.paused_for += _calendar(changes, case).between(Millis(case.paused_since), changes.now)
        case.paused_since = None


def _calendar(changes: Changes, case: Case) -> Calendar:
    target = changes.policy.targets.target(case.target or "")
    return ROUND_THE_CLOCK if target is None else target.calendar


def _next_promise(case: Case) -> tuple[Kind, Millis]:
    waiting_since = Millis(case.unanswered_since if case.unanswered_since is not None else case.first_at)
    if case.unanswered_since is None and case.reply_count > 0:
        return "resolve", Millis(case.first_at)
    if case.reply_count == 0:
        return ("acknowledge" if case.assignee is None else "reply"), waiting_since
    return "next_reply", waiting_since
