"""Desk room: a post that was fetched before comes again: edited, deleted, counted anew, or just the same."""

from __future__ import annotations

import json
from collections.abc import Callable

from socialdesk.desk import deciding, issues, staleness
from socialdesk.desk.case import Case, load_one, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged, addressed
from socialdesk.desk.retagging import tell_again
from socialdesk.inbox import conversations, store
from socialdesk.inbox.events import commitment
from socialdesk.inbox.rows import join_words
from socialdesk.inbox.store import Stored
from socialdesk.model import Mention


def apply(changes: Changes, judged: Judged, salts: Callable[[int], bytes], touched: dict[int, Case]) -> bool:
    """Bring a stored post up to date; False when nothing about it is new. Changed cases join `touched`."""
    m = judged.mention
    stored = store.stored_by_source(changes.connection, m.network, [m.external_id]).get(m.external_id)
    if stored is None:
        return False
    deleted = m.deleted and stored.deleted_at is None
    reworded = not m.deleted and stored.deleted_at is None and _is_new_wording(changes, m, stored)
    if deleted:
        store.set_message(changes.connection, stored.id, {"deleted_at": changes.now})
        changes.record("deleted", conversation=stored.conversation_id, body={"message": stored.id})
    if reworded:
        _reword(changes, judged, stored, salts)
    counted = _count_up(changes, judged, stored)
    if not (deleted or reworded or counted):
        return False
    case = _retell(changes, stored, touched)
    if stored.profile_id == case.profile_id and stored.direction == "in" and (deleted or reworded):
        what = "deleted" if deleted else "edited"
        staleness.mark(changes, case, f"the customer has {what} a message in the meantime")
    if reworded and stored.direction == "in":
        issues.report(changes, case, judged, stored.profile_id or 0, touched)
    _act(changes, case, stored.id)
    return True


def _is_older(m: Mention, stored: Stored) -> bool:
    """A record of an edited post as it was before."""
    return stored.edited_at is not None and (m.edited or 0) < stored.edited_at


def _is_new_wording(changes: Changes, m: Mention, stored: Stored) -> bool:
    if m.text == stored.text or _is_older(m, stored):
        return False
    if m.edited is not None and m.edited > (stored.edited_at or 0):
        return True
    before = {wording for _at, wording in conversations.versions_of(changes.connection, stored.id)}
    return m.text not in before


def _reword(changes: Changes, judged: Judged, stored: Stored, salts: Callable[[int], bytes]) -> None:
    m = judged.mention
    if stored.direction == "in" and _answers_us(changes, m):
        judged.signals = addressed(judged.signals)
    s = judged.signals
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
            "relation": s.relation,
            "sentiment": s.sentiment,
            "feeling": s.feeling,
            "topics": join_words(s.topics),
            "risks": join_words(s.risks),
            "measures": judged.measures,
            "language": m.language,
        },
    )
    changes.record(
        "edited",
        conversation=stored.conversation_id,
        body={"message": stored.id, "commitment": committed.hex()},
    )


def _answers_us(changes: Changes, m: Mention) -> bool:
    if m.reply_to is None:
        return False
    parent = store.stored_by_source(changes.connection, m.network, [m.reply_to]).get(m.reply_to)
    return parent is not None and parent.direction == "out"


def _count_up(changes: Changes, judged: Judged, stored: Stored) -> bool:
    """Take over higher counts. Records carry no time, so the highest seen is the only order-free answer."""
    if not judged.mention.metrics:
        return False
    known: dict[str, int] = json.loads(stored.metrics) if stored.metrics else {}
    highest = dict(known)
    for name, number in judged.mention.metrics.items():
        highest[name] = max(number, known.get(name, number))
    if highest == known:
        return False
    store.set_message(changes.connection, stored.id, {"metrics": json.dumps(highest)})
    return True


def _retell(changes: Changes, stored: Stored, touched: dict[int, Case]) -> Case:
    case = touched.get(stored.conversation_id) or load_one(changes.connection, stored.conversation_id)
    case = touched.setdefault(case.id, case)
    if case.fresh:
        changes.flush()
        save(changes.connection, [case])
    tell_again(changes, case)
    return case


def _act(changes: Changes, case: Case, message: int) -> None:
    if deciding.is_untouched(case):
        deciding.decide(changes, case, cause="edited", message=message)
        deciding.wake(changes, case)
    else:
        deciding.standing_orders(changes, case)
