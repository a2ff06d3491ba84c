"""Desk room: who is at a conversation, so that two colleagues do not answer the same person."""

from __future__ import annotations

from socialdesk.desk.acting import PRESENT
from socialdesk.desk.session import Desk
from socialdesk.inbox import timers
from socialdesk.inbox.connection import writing

LOOKING, WRITING = "looking", "writing"


def be_at(desk: Desk, conversation: int | None, doing: str = LOOKING) -> None:
    """Tell colleagues for two minutes that the agent is at this conversation and at no other.

    None says that they are at none. Somebody who only reads leaves no trace.
    """
    if desk.person is None:
        return
    with writing(desk.connection) as connection:
        timers.leave(connection, desk.person.agent, conversation)
        if conversation is not None:
            timers.be_present(connection, desk.person.agent, conversation, doing, desk.clock.now() + PRESENT)
