"""Desk room: what follows when a message has arrived: the thread, the promises, the playbook's next step."""

from __future__ import annotations

import json
import os

from socialdesk.desk import clocks, steps
from socialdesk.desk.case import Case, load_one, save
from socialdesk.desk.changes import Changes
from socialdesk.inbox import conversations, drafts, events, people, store
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import Draft
from socialdesk.model import Receipt
from socialdesk.policy.model import Silence
from socialdesk.states import Status


def settle(changes: Changes, draft: Draft, receipt: Receipt) -> None:
    """Put the sent message into the thread and move the case on; one transaction with the receipt."""
    case = None if draft.conversation_id is None else load_one(changes.connection, draft.conversation_id)
    message = None
    if case is not None:
        # A pull that was quicker than the receipt has brought our own post in; it is counted already.
        known = store.stored_by_source(changes.connection, draft.network, [receipt.external_id])
        stored = known.get(receipt.external_id)
        message = stored.id if stored else _add_to_thread(changes, case, draft, receipt)
        if stored is None or stored.conversation_id != case.id:
            _count_in(case, draft, receipt, messages=0 if stored else 1)
        _move_case(changes, case, draft, receipt)
        changes.flush()
        save(changes.connection, [case])
    drafts.change(changes.connection, draft.id, draft.status, {"message_id": message})
    changes.record(
        "sent",
        conversation=draft.conversation_id,
        draft=draft.id,
        body={
            "external_id": receipt.external_id,
            "at": receipt.at,
            "kind": draft.kind,
            "network": draft.network,
            "author": draft.author,
            "approver": draft.approver,
            "reply": draft.reply_name,
            "step": draft.step,
            "message": message,
            "commitment": None if message is None else store.commitment_of(changes.connection, message).hex(),
            "policy": changes.policy.hash,
        },
    )


def _add_to_thread(changes: Changes, case: Case, draft: Draft, receipt: Receipt) -> int:
    salt = os.urandom(16)
    number = store.next_id(changes.connection, "messages")
    profile = people.own_profile(changes.connection, draft.network, _our_handle(changes), changes.now)
    row = dict.fromkeys(store.MESSAGE_COLUMNS)
    row.update(
        id=number,
        conversation_id=case.id,
        network=draft.network,
        external_id=receipt.external_id,
        channel_id=case.channel_id,
        direction="out",
        kind=draft.kind,
        visibility=draft.visibility,
        profile_id=profile,
        created_at=receipt.at,
        fetched_at=changes.now,
        reply_to=draft.reply_to,
        language=draft.language,
        url=receipt.url,
        text=draft.text,
        relation="from_us",
        topics="",
        risks="",
        origin=f"draft {draft.id}",
        salt=salt,
        commitment=commitment(salt, draft.text),
    )
    store.insert_messages(changes.connection, [tuple(row[name] for name in store.MESSAGE_COLUMNS)])
    return number


def _our_handle(changes: Changes) -> str:
    handles = [term.form for term in changes.policy.lexicon.terms if term.kind == "handle"]
    return handles[0].lstrip("@") if handles else "us"


def _count_in(case: Case, draft: Draft, receipt: Receipt, messages: int) -> None:
    case.message_count += messages
    case.last_at = max(case.last_at, receipt.at)
    if draft.kind != "post":
        case.reply_count += 1
        case.last_outbound_at = max(case.last_outbound_at or 0, receipt.at)
    if draft.visibility == "private":
        case.private += 1


def _move_case(changes: Changes, case: Case, draft: Draft, receipt: Receipt) -> None:
    if draft.kind != "post":
        case.unanswered_since = _said_meanwhile(changes, case, draft)
    if draft.step is not None:
        steps.settle_step(changes, case, draft.step)
        if case.unanswered_since is None:
            _listen_for_silence(changes, case, draft.step)
    answered = draft.kind != "post" and case.unanswered_since is None
    if case.status in (Status.NEW, Status.OPEN) and answered:
        case.become(Status.WAITING)
    steps.point_at_step(changes, case)
    clocks.set_due(changes, case)


def _said_meanwhile(changes: Changes, case: Case, draft: Draft) -> int | None:
    """Since when the customer waits again: they wrote after the answer had left, so it cannot have been to that."""
    sending = events.latest_of_draft(changes.connection, draft.id, "sending")
    heard = json.loads(sending.body).get("heard") if sending else None
    if heard is None or case.profile_id is None:
        return None
    return conversations.first_said_after(changes.connection, case.id, case.profile_id, heard)


def _listen_for_silence(changes: Changes, case: Case, step_id: str) -> None:
    playing = changes.policy.case(case.playbook, case.case_name)
    step = None if playing is None else playing.step(step_id)
    if (
        step is not None
        and step.if_silent is not None
        and case.status not in (Status.RESOLVED, Status.DISMISSED)
    ):
        start_silence(changes, case, step.if_silent, step_id, 0)


def start_silence(changes: Changes, case: Case, silence: Silence, step: str, depth: int) -> None:
    """Wait for the customer; `depth` counts how far down the chain of `then` we are."""
    changes.start_timer("silence", changes.now + silence.after, case.id, {"step": step, "depth": depth})
