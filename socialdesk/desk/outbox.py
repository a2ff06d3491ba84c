"""Desk room: the way out: queued, held for the undo window, sent once, and proved by a receipt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from socialdesk.clock import SECOND
from socialdesk.desk import approvals, delivered
from socialdesk.desk.case import Case, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.drafting import current_draft
from socialdesk.desk.senders import sender_for
from socialdesk.desk.session import Desk
from socialdesk.desk.steps import check_not_in_wait
from socialdesk.errors import NotAllowed, SendFailed, SocialdeskError
from socialdesk.inbox import drafts, store
from socialdesk.inbox.connection import get_meta
from socialdesk.inbox.rows import Draft
from socialdesk.model import SYSTEM, Millis, Outgoing, Receipt, Visibility
from socialdesk.networks.base import Idempotency, SendUnsure
from socialdesk.states import DraftStatus, check_draft_move

LEASE = 60 * SECOND
"""How long a sender may take; after that nobody knows, and the message is read back."""


def queue(desk: Desk, conversation: int, number: int | None = None) -> Draft:
    """Put an approved draft into the outbox; it leaves when the undo window is over.

    Raises `NotYet` while the playbook says to wait, and `NotAllowed` unless the draft is approved and
    nothing has changed since.
    """
    desk.acting()
    stale = ""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        draft = _to_send(changes, case, number)
        if draft.status in (DraftStatus.QUEUED, DraftStatus.SENT):
            return draft
        check_draft_move(DraftStatus(draft.status), DraftStatus.QUEUED)
        check_not_in_wait(changes, case)
        stale = approvals.why_stale(changes, case, draft) or ""
        if stale:
            approvals.send_back(changes, case, draft, stale)
        else:
            key = f"{get_meta(changes.connection, 'inbox_id')}-{draft.id}-{draft.version}"
            due = changes.now + desk.undo_window
            draft = drafts.change(
                changes.connection,
                draft.id,
                draft.status,
                {"status": DraftStatus.QUEUED.value, "not_before": due, "key": key, "error": None},
            )
            changes.record("queued", conversation=case.id, draft=draft.id, body={"not_before": due})
    if stale:
        raise NotAllowed(f"the draft goes back: {stale}; read it again and submit it anew")
    return draft


def _to_send(changes: Changes, case: Case, number: int | None) -> Draft:
    """The draft that is meant; one that has gone out already only when there is none written since."""
    ready = (DraftStatus.APPROVED, DraftStatus.FAILED, DraftStatus.QUEUED)
    if number is not None:
        return current_draft(changes, case, number, *ready, DraftStatus.SENT)
    own = drafts.of_conversation(changes.connection, case.id)
    if own and own[0].status == DraftStatus.SENT and not any(draft.status in ready for draft in own):
        return own[0]
    return current_draft(changes, case, None, *ready)


def hold(desk: Desk, conversation: int, number: int | None = None) -> Draft:
    """Take a message out of the outbox before its undo window is over."""
    with desk.changing() as changes:
        case = load_one(changes.connection, conversation)
        draft = current_draft(changes, case, number, DraftStatus.QUEUED, DraftStatus.SCHEDULED)
        draft = drafts.change(
            changes.connection,
            draft.id,
            draft.status,
            {"status": DraftStatus.APPROVED.value, "not_before": None},
        )
        changes.record("held", conversation=case.id, draft=draft.id)
    return draft


def send(
    desk: Desk, conversation: int, number: int | None = None, *, sleep: Callable[[float], None] = time.sleep
) -> Draft:
    """Queue a draft, wait until its undo window is over, deliver it, and return it with its receipt."""
    draft = queue(desk, conversation, number)
    for _ in range(600):
        draft = drafts.get(desk.connection, draft.id)
        if draft.status not in (DraftStatus.QUEUED, DraftStatus.SENDING, DraftStatus.UNSURE):
            break
        left = (draft.not_before or 0) - desk.clock.now()
        if left > 0:
            sleep(min(left / SECOND, 1.0))
        elif not deliver_due(desk):
            sleep(0.1)
    draft = drafts.get(desk.connection, draft.id)
    if draft.status == DraftStatus.SENT:
        return draft
    if draft.status == DraftStatus.FAILED:
        raise SendFailed(f"the message was not sent: {draft.error}; it is kept as draft {draft.id}")
    if draft.status == DraftStatus.UNSURE:
        raise SendFailed(
            f"nobody knows whether draft {draft.id} went out: {draft.error}; please check on the network"
        )
    raise NotAllowed(
        f"draft {draft.id} was not sent: it is {draft.status} ({draft.changed_reason or 'held back'})"
    )


def deliver_due(desk: Desk) -> list[Draft]:
    """Send whatever is due, and settle what an earlier sender left in doubt; returns the drafts touched."""
    touched = [*_settle_doubts(desk)]
    while (claimed := _claim(desk)) is not None:
        touched.append(_send_one(desk, claimed) if claimed.status == DraftStatus.SENDING else claimed)
    return touched


def _claim(desk: Desk) -> Draft | None:
    """Take one due draft; `sending` is committed before the network hears anything.

    What was approved is held against the conversation once more inside the same transaction.
    """
    now = desk.clock.now()
    if not drafts.any_due(desk.connection, now):
        return None
    with desk.changing(SYSTEM) as changes:
        draft = drafts.claim_due(changes.connection, now, Millis(now + LEASE))
        if draft is None:
            return None
        case = None if draft.conversation_id is None else load_one(changes.connection, draft.conversation_id)
        stale = None if case is None else approvals.why_stale(changes, case, draft)
        if stale and case is not None:
            draft = drafts.change(
                changes.connection,
                draft.id,
                DraftStatus.SENDING,
                {"status": DraftStatus.QUEUED.value, "lease_until": None},
            )
            approvals.send_back(changes, case, draft, stale)
            draft = drafts.get(changes.connection, draft.id)
        else:
            heard = store.next_id(changes.connection, "messages") - 1
            changes.record(
                "sending",
                conversation=draft.conversation_id,
                draft=draft.id,
                body={"token": draft.token, "heard": heard},
            )
    return draft


def outgoing_of(draft: Draft) -> Outgoing:
    """What was approved, frozen as the network gets it. A private message goes to exactly one account."""
    if Visibility.PRIVATE in (draft.kind, draft.visibility) and not draft.recipient:
        raise SendFailed("a private message needs exactly one recipient")
    return Outgoing(
        key=str(draft.key),
        network=draft.network,
        channel=draft.channel,
        kind=draft.kind,
        text=draft.text,
        reply_to=draft.reply_to,
        recipient=draft.recipient,
        visibility=Visibility(draft.visibility),
        language=draft.language,
    )


def _send_one(desk: Desk, draft: Draft) -> Draft:
    network = sender_for(desk, draft.network)
    try:
        receipt = asyncio.run(network.send(outgoing_of(draft)))
    except SendUnsure as error:
        _finish(desk, draft, DraftStatus.UNSURE, str(error))
        return _read_back(desk, drafts.get(desk.connection, draft.id))
    except SendFailed as error:
        _finish(desk, draft, DraftStatus.FAILED, str(error))
        return drafts.get(desk.connection, draft.id)
    _finish_sent(desk, draft, receipt)
    return drafts.get(desk.connection, draft.id)


def _settle_doubts(desk: Desk) -> list[Draft]:
    """Sends whose outcome nobody knows: the lease has expired, or the network did not answer."""
    now = desk.clock.now()
    for draft in drafts.expired_leases(desk.connection, now):
        _finish(desk, draft, DraftStatus.UNSURE, "the sender vanished")
    return [_read_back(desk, draft) for draft in drafts.with_status(desk.connection, DraftStatus.UNSURE)]


def _read_back(desk: Desk, draft: Draft) -> Draft:
    """Ask the network whether the message went out; where it cannot tell, a person must decide."""
    network = sender_for(desk, draft.network)
    if not network.capabilities.read_back:
        return draft
    try:
        receipt = asyncio.run(network.find_sent(str(draft.key)))
    except SocialdeskError as error:
        desk.notices.append(("warning", f"draft {draft.id} could not be read back: {error}"))
        return draft
    if receipt is not None:
        _finish_sent(desk, draft, receipt)
    elif network.capabilities.idempotency is not Idempotency.NONE and draft.attempts < 5:
        with desk.changing(SYSTEM) as changes:
            if drafts.finish_sending(changes.connection, draft, {"status": DraftStatus.QUEUED.value}):
                changes.record("requeued", conversation=draft.conversation_id, draft=draft.id)
    return drafts.get(desk.connection, draft.id)


def _finish(desk: Desk, draft: Draft, status: DraftStatus, error: str) -> None:
    with desk.changing(SYSTEM) as changes:
        if drafts.finish_sending(changes.connection, draft, {"status": status.value, "error": error}):
            changes.record(
                status.value, conversation=draft.conversation_id, draft=draft.id, body={"error": error}
            )
            changes.notices.append(
                ("error", f"the message for conversation {draft.conversation_id}: {error}")
            )


def _finish_sent(desk: Desk, draft: Draft, receipt: Receipt) -> None:
    with desk.changing(SYSTEM) as changes:
        values = {
            "status": DraftStatus.SENT.value,
            "sent_at": receipt.at,
            "sent_external_id": receipt.external_id,
            "sent_url": receipt.url,
            "error": None,
        }
        if drafts.finish_sending(changes.connection, draft, values):
            delivered.settle(changes, drafts.get(changes.connection, draft.id), receipt)
