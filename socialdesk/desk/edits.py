"""Desk room: a post that was fetched before comes again: edited, deleted, counted anew, or just the same."""

from __future__ import annotations

from collections.abc import Callable

from socialdesk.desk import deciding, staleness
from socialdesk.desk.case import Case, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.desk.retagging import tag_again
from socialdesk.inbox import conversations, store
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import join_words
from socialdesk.inbox.store import Stored
from socialdesk.model import Mention
from socialdesk.states import Status


def apply(changes: Changes, judged: Judged, salts: Callable[[int], bytes], touched: dict[int, Case]) -> bool:
    """Bring a stored post up to date; False when nothing about it is new. Changed cases join `touched`."""
    m = judged.mention
    stored = store.stored_by_source(changes.connection, m.network, [m.external_id]).get(m.external_id)
    if stored is None:
        return False
    changed = False
    if m.deleted and stored.deleted_at is None:
        store.set_message(changes.connection, stored.id, {"deleted_at": changes.now})
        changes.record("deleted", conversation=stored.conversation_id, body={"message": stored.id})
        changed = True
    elif not m.deleted and _is_new_wording(changes, m, stored):
        _reword(changes, judged, stored, salts)
        changed = True
    metrics = judged.metrics
    if metrics is not None and metrics != stored.metrics and not _is_older(m, stored):
        store.set_message(changes.connection, stored.id, {"metrics": metrics})
        changed = True
    if changed:
        _tell_case(changes, judged, stored, touched)
    return changed


def _is_older(m: Mention, stored: Stored) -> bool:
    """A record of an edited post as it was before."""
    return stored.edited_at is not None and (m.edited is None or m.edited < stored.edited_at)


def _is_new_wording(changes: Changes, m: Mention, stored: Stored) -> bool:
    if m.text == stored.text or _is_older(m, stored):
        return False
    return m.edited is not None or m.text not in {
        wording for _at, wording in conversations.versions_of(changes.connection, stored.id)
    }


def _reword(changes: Changes, judged: Judged, stored: Stored, salts: Callable[[int], bytes]) -> None:
    m, s = judged.mention, judged.signals
    salt = salts(16)
    committed = commitment(salt, m.text)
    store.replace_text(
        changes.connection,
        stored.id,
        text=m.text,
        raw=m.raw,
        edited_at=m.edited or changes.now,
        at=changes.now,
        salt=salt,
        commitment=committed,
    )
    store.set_message(
        changes.connection,
        stored.id,
        {
            "sentiment": s.sentiment,
            "feeling": s.feeling,
            "topics": join_words(s.topics),
            "risks": join_words(s.risks),
            "language": m.language,
        },
    )
    changes.record(
        "edited",
        conversation=stored.conversation_id,
        body={"message": stored.id, "commitment": committed.hex()},
    )


def _tell_case(changes: Changes, judged: Judged, stored: Stored, touched: dict[int, Case]) -> None:
    """The case hears of it: its line in lists, drafts that rest on the old words, and the policy while nobody has it."""
    m = judged.mention
    case = touched.get(stored.conversation_id) or load_one(changes.connection, stored.conversation_id)
    touched[case.id] = case
    if case.root_message_id == stored.id and not m.deleted:
        case.snippet = judged.snippet
    if stored.profile_id != case.profile_id or stored.direction == "out":
        return
    if m.deleted or m.text != stored.text:
        staleness.mark(
            changes,
            case,
            f"the customer has {'deleted' if m.deleted else 'edited'} a message in the meantime",
        )
    if m.text == stored.text or m.deleted:
        return
    tag_again(changes, case)
    if case.assignee is None and case.status in (Status.NEW, Status.WATCHING):
        deciding.decide(changes, case, m.text, at=m.created, cause="edited", message=stored.id)
