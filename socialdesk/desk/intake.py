"""Desk room: one batch of fetched posts into the inbox: threads, signals, decisions, issues, waking rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from socialdesk.desk import absorbing, deciding, edits, issues, profiles, ratings, retagging
from socialdesk.desk.case import Case, load, save
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged, addressed, is_ours
from socialdesk.desk.threads import Arrival, Group, Key, assemble, in_time
from socialdesk.inbox import cases as case_table
from socialdesk.inbox import store
from socialdesk.inbox.events import commitment, intake_digest
from socialdesk.inbox.rows import join_words
from socialdesk.model import Refusal

SALT_BYTES = 16
Salts = Callable[[int], bytes]
"""Gives n random bytes; `os.urandom` outside tests."""


@dataclass(slots=True)
class Tally:
    """How a batch went: posts stored, changed, already known, refused; `cases` are those it touched."""

    stored: int = 0
    updated: int = 0
    known: int = 0
    refused: int = 0
    cases: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Placed:
    """A new post on its way into the inbox."""

    judged: Judged
    arrival: Arrival
    profile: profiles.Writer
    message: int = 0


def store_batch(
    changes: Changes,
    judged: Sequence[Judged],
    refusals: Iterable[Refusal] = (),
    *,
    channel: int | None = None,
    origin: str = "",
    salts: Salts = os.urandom,
) -> Tally:
    """Store a batch inside the running write transaction and act on it; the record gets one event for it.

    Everything that conditions may ask about is in the tables before the first decision, so that
    the order of the rows in a file makes no difference.
    """
    tally = Tally()
    ratings.rate(changes, judged, channel)
    tally.refused = store.refuse(changes.connection, refusals, changes.now)
    fresh, again = _split_known(changes, judged, tally)
    touched: dict[int, Case] = {}
    digest, first, last = "", 0, 0
    if fresh:
        placed = _place(changes, fresh)
        touched, first, last, digest = _write(changes, placed, channel, origin, salts)
        tally.stored = len(placed)
    for one in again:
        if edits.apply(changes, one, salts, touched):
            tally.updated += 1
        else:
            tally.known += 1
    changes.flush()
    save(changes.connection, list(touched.values()))
    tally.cases = list(touched)
    if tally.stored or tally.updated or tally.refused:
        changes.record(
            "intake",
            body={
                "channel": channel,
                "origin": origin,
                "stored": tally.stored,
                "updated": tally.updated,
                "refused": tally.refused,
                "first": first,
                "last": last,
                "digest": digest,
                "policy": changes.policy.hash,
                "history": changes.history,
            },
        )
    return tally


def _split_known(
    changes: Changes, judged: Sequence[Judged], tally: Tally
) -> tuple[list[Judged], list[Judged]]:
    """New posts, and those whose id is stored already or stands twice in the batch."""
    ids: dict[str, list[str]] = {}
    for one in judged:
        ids.setdefault(one.mention.network, []).append(one.mention.external_id)
    seen: set[Key] = {
        (network, external)
        for network, wanted in ids.items()
        for external in store.stored_by_source(changes.connection, network, wanted)
    }
    fresh, again = [], []
    for one in judged:
        key = (one.mention.network, one.mention.external_id)
        if key in seen:
            again.append(one)
        else:
            seen.add(key)
            fresh.append(one)
    return fresh, again


def _place(changes: Changes, fresh: Sequence[Judged]) -> list[_Placed]:
    writers = profiles.writers_of(changes, [one.mention for one in fresh])
    ordered = sorted(fresh, key=lambda one: (one.mention.created, one.mention.external_id))
    return [
        _Placed(
            one,
            Arrival(
                (one.mention.network, one.mention.external_id),
                one.mention.reply_to,
                is_ours(one.signals),
                one.mention.created,
            ),
            writers[one.mention.network, one.mention.author.lower()],
        )
        for one in ordered
    ]


def _write(
    changes: Changes, placed: list[_Placed], channel: int | None, origin: str, salts: Salts
) -> tuple[dict[int, Case], int, int, str]:
    assembly = assemble(changes.connection, [p.arrival for p in placed])
    first = store.next_id(changes.connection, "messages")
    for offset, one in enumerate(placed):
        one.message = first + offset
    cases, homes = _open_cases(changes, placed, assembly.groups, channel)
    rows, digest = _message_rows(changes, placed, homes, channel, origin, salts)
    store.insert_messages(changes.connection, rows)
    if assembly.answering_us:
        store.mark_answering_us(changes.connection, assembly.answering_us)
    touched = {case.id: case for case in cases}
    _act(changes, placed, assembly.groups, cases, homes, touched)
    return touched, first, first + len(placed) - 1, digest


def _open_cases(
    changes: Changes, placed: list[_Placed], groups: list[Group], channel: int | None
) -> tuple[list[Case], list[Case]]:
    """The case of each group, loaded, merged or made, with the group's posts counted in; and that of each post.

    Where a group is stirred, or older than what is stored, the posts are counted when all are stored.
    """
    stored = load(changes.connection, [c for g in groups for c in g.conversations])
    earlier = _earlier_cases(changes, placed)
    number = store.next_id(changes.connection, "conversations")
    cases: list[Case] = []
    homes: list[Case] = [_NOWHERE] * len(placed)
    for group in groups:
        if group.conversations:
            case = absorbing.merge(changes, [stored[c] for c in group.conversations])
        else:
            case = Case(
                id=number,
                network=placed[group.arrivals[0]].judged.mention.network,
                channel_id=channel,
                history=changes.history,
                stored_at=changes.now,
                fresh=True,
            )
            number += 1
        _count_in(changes, case, group, placed)
        for index in group.arrivals:
            homes[index] = case
        if case.fresh and case.profile_id is not None:
            case.linked_to = earlier.get(case.profile_id)
            earlier[case.profile_id] = case.id
        cases.append(case)
    return cases, homes


def _count_in(changes: Changes, case: Case, group: Group, placed: list[_Placed]) -> None:
    new = [placed[index] for index in group.arrivals]
    if new and not case.fresh and new[0].arrival.created <= case.last_at:
        group.stirred = True
    if len(new) > 1:
        new = [new[at] for at in in_time([one.arrival for one in new])]
    named = case.topics
    for one in new:
        if one.arrival.parent_ours:
            one.judged.signals = addressed(one.judged.signals)
        if not one.arrival.ours and not changes.history:
            case.history = False
        if not group.stirred:
            absorbing.absorb(
                case,
                one.judged,
                one.message,
                one.profile.id,
                ours=one.arrival.ours,
                products=changes.policy.lexicon.products,
            )
    if not case.fresh and case.topics != named:
        group.stirred = True  # what bystanders said before may mean more now


_NOWHERE = Case(id=0, network="")


def _earlier_cases(changes: Changes, placed: list[_Placed]) -> dict[int, int]:
    known = {p.profile.id for p in placed if not p.profile.fresh}
    return case_table.latest_of_profiles(changes.connection, list(known)) if known else {}


def _message_rows(
    changes: Changes, placed: list[_Placed], homes: list[Case], channel: int | None, origin: str, salts: Salts
) -> tuple[list[tuple[object, ...]], str]:
    salt = salts(SALT_BYTES * len(placed))
    rows: list[tuple[object, ...]] = []
    commitments: list[bytes] = []
    for offset, one in enumerate(placed):
        m, s = one.judged.mention, one.judged.signals
        own_salt = salt[offset * SALT_BYTES : (offset + 1) * SALT_BYTES]
        committed = commitment(own_salt, m.text)
        commitments.append(committed)
        ours = one.arrival.ours
        kind = "mention" if not ours else "reply" if m.reply_to else "post"
        rows.append(
            (
                one.message,
                homes[offset].id,
                m.network,
                m.external_id,
                channel,
                "out" if ours else "in",
                kind,
                m.visibility,
                one.profile.id,
                m.created,
                changes.now,
                m.reply_to,
                m.quote_of,
                m.language,
                m.url,
                m.text,
                m.raw,
                m.edited,
                m.created if m.deleted else None,
                s.relation,
                s.sentiment,
                s.feeling,
                join_words(s.topics),
                join_words(s.risks),
                one.judged.measures,
                one.judged.metrics,
                m.origin or origin,
                own_salt,
                committed,
            )
        )
    return rows, intake_digest(iter(commitments))


def _act(
    changes: Changes,
    placed: list[_Placed],
    groups: list[Group],
    cases: list[Case],
    homes: list[Case],
    touched: dict[int, Case],
) -> None:
    """Decide each case that something was said in, then ask the waking rules of all who may be affected."""
    said = {
        case.id: retagging.tell_again(changes, case)
        for group, case in zip(groups, cases, strict=True)
        if group.stirred
    }
    for index, one in enumerate(placed):
        if not one.arrival.ours and homes[index].id not in said:
            issues.report(changes, homes[index], one.judged, one.profile.id, touched)
    for number, posts in said.items():
        for judged, profile in posts:
            issues.report(changes, touched[number], judged, profile, touched)
    for group, case in zip(groups, cases, strict=True):
        new = [placed[index] for index in group.arrivals]
        if case.fresh or deciding.is_untouched(case):
            words = _words(new, case) if case.fresh else None
            message = new[-1].message if new else case.root_message_id
            deciding.decide(changes, case, words, cause="intake", message=message)
            continue
        if any(one.profile.id == case.profile_id and not one.arrival.ours for one in new):
            absorbing.hear_customer(changes, case)
        absorbing.hear(changes, case)
    issues.wake_watchers(changes, touched)


def _words(new: list[_Placed], case: Case) -> str:
    """What the case's own person says in posts that are all new."""
    return "\n".join([one.judged.mention.text for one in new if one.profile.id == case.profile_id])
