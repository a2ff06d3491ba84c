"""Desk room: the words of a thread that decisions and approvals rest on."""

from __future__ import annotations

import hashlib

from socialdesk.desk.case import Case
from socialdesk.inbox import conversations
from socialdesk.inbox.connection import Connection


def words_of_author(connection: Connection, case: Case) -> str:
    """Everything that the case's own person has said in it, oldest first."""
    return "\n".join(
        m.text for m in conversations.thread_of(connection, case.id) if m.profile_id == case.profile_id
    )


def context_hash(connection: Connection, case: Case) -> str:
    """One hash over the customer's newest words, their wording and whether they still stand.

    An approval holds for this; a bystander's post does not change it.
    """
    digest = hashlib.sha256()
    for m in conversations.thread_of(connection, case.id):
        if m.direction == "in" and m.profile_id == case.profile_id:
            digest.update(f"{m.id} {m.edited_at} {m.deleted_at} ".encode())
            digest.update(m.text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
