"""Desk room: after a policy edit: conversations that nobody has taken up are tagged and decided again."""

from __future__ import annotations

from socialdesk.clock import MINUTE
from socialdesk.desk import deciding
from socialdesk.desk.case import load, save
from socialdesk.desk.retagging import tag_again
from socialdesk.desk.session import Desk
from socialdesk.inbox import cases as case_table
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import writing
from socialdesk.model import SYSTEM

BATCH = 50
"""Conversations decided in one transaction, so that others do not wait for the lock."""


def redecide(desk: Desk, holder: str = "redecide") -> int:
    """Decide again what an older policy decided and nobody has claimed; returns how many changed hands.

    Does nothing while another desk is at it, and costs one indexed look-up when nothing is left to do.
    """
    current, now, last = desk.policy.hash, desk.clock.now(), 0
    if not case_table.decided_otherwise(desk.connection, current, 0, 1):
        return 0
    with writing(desk.connection):
        if not timer_table.lease(desk.connection, "redecide", holder, now, now + 10 * MINUTE):
            return 0
    moved = 0
    try:
        while ids := case_table.decided_otherwise(desk.connection, current, last, BATCH):
            moved += _batch(desk, ids)
            last = ids[-1]
    finally:
        with writing(desk.connection):
            timer_table.release(desk.connection, "redecide", holder)
    if moved:
        told = f"{moved:,} conversation{'s' * (moved != 1)} that nobody has claimed went to another case"
        desk.notices.append(("information", f"{told}, for the policy has changed"))
    return moved


def _batch(desk: Desk, ids: list[int]) -> int:
    moved = 0
    with desk.changing(SYSTEM) as changes:
        cases = load(changes.connection, ids)
        for case in cases.values():
            before = (case.playbook, case.case_name)
            tag_again(changes, case)
            deciding.decide(changes, case, cause=deciding.POLICY_EDIT, message=case.root_message_id)
            deciding.wake(changes, case)
            after = (case.playbook, case.case_name)
            if before != after:
                moved += 1
                changes.record("redecided", conversation=case.id, body={"from": before, "to": after})
        changes.flush()
        save(changes.connection, list(cases.values()))
    return moved
