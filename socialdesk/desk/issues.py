"""Desk room: the same fault told by different people becomes an issue, found by one look-up per report."""

from __future__ import annotations

from socialdesk.clock import DAY
from socialdesk.desk import deciding
from socialdesk.desk.case import Case, load
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.desk.subject import ME_TOO
from socialdesk.inbox import issues, work
from socialdesk.inbox.issues import First
from socialdesk.model import Relation
from socialdesk.states import Status
from socialdesk.triage import fault_key

WINDOW = 7 * DAY
"""Reports of one fault that lie further apart than this are not the same issue."""


def report(changes: Changes, case: Case, judged: Judged, profile: int, touched: dict[int, Case]) -> None:
    """Hold one person's post against earlier reports of the same fault; link the case to the issue it makes.

    A post in somebody's thread that says "mine too" reports what the thread is about. Bots, colleagues
    and deleted posts report nothing.
    """
    m, s = judged.mention, judged.signals
    if m.bot or m.deleted or s.spam or s.colleague or s.relation is Relation.FROM_US:
        return
    keys = fault_key(s, changes.policy.lexicon)
    if not keys and ME_TOO in s.topics and profile != case.profile_id:
        keys = _keys_of(changes, case)
    for product, fault in keys:
        _hold(changes, case, (product, fault), profile, m.created, touched)


def _keys_of(changes: Changes, case: Case) -> tuple[tuple[str, str], ...]:
    lexicon = changes.policy.lexicon
    faults = [topic for topic in case.topics if topic in lexicon.faults]
    products = [topic for topic in case.topics if topic in lexicon.products]
    return tuple((product, fault) for product in products for fault in faults)


def _hold(
    changes: Changes, case: Case, key: tuple[str, str], profile: int, at: int, touched: dict[int, Case]
) -> None:
    connection, (product, fault) = changes.connection, key
    first = issues.first_report(connection, product, fault)
    if first is None or at - first.at > WINDOW:
        issues.set_first_report(connection, product, fault, First(profile, case.id, at, None))
        return
    issue = first.issue_id
    if issue is None:
        if first.profile_id == profile:
            return
        issue = issues.create(connection, product, fault, f"{product}: {fault.replace('_', ' ')}", first.at)
        issues.add_report(connection, issue, first.profile_id, first.at, 1)
        work.put_under_issue(connection, first.conversation_id, issue)
        if first.conversation_id in touched:
            touched[first.conversation_id].issue_id = issue
        else:
            issues.link(connection, first.conversation_id, issue)
        changes.record(
            "issue",
            conversation=case.id,
            body={"issue": issue, "product": product, "fault": fault, "with": first.conversation_id},
        )
        if not changes.history:
            changes.notices.append(("warning", f"a second person reports {product}: {fault}: issue {issue}"))
    newly = case.issue_id is None
    issues.add_report(connection, issue, profile, at, int(newly and case.id != first.conversation_id))
    if newly:
        case.issue_id = issue
    issues.set_first_report(connection, product, fault, First(profile, case.id, max(at, first.at), issue))


def wake_watchers(changes: Changes, touched: dict[int, Case], spoken: dict[int, tuple[str, int]]) -> None:
    """Ask the waking rules of watched cases: those with new words, and those whose issue has grown.

    `spoken` gives, by case, what was said and when. Cases that were woken join `touched`.
    """
    for number in {case.issue_id for case in touched.values() if case.issue_id is not None}:
        affected = [case for case in touched.values() if case.issue_id == number]
        latest = max((case.last_at for case in affected), default=changes.now)
        for case in _watching(changes, touched, number):
            if case.issue_id is None:
                case.issue_id = number
            if deciding.wake(changes, case, case.snippet, at=max(latest, case.last_at)):
                touched[case.id] = case
    for number, (words, at) in spoken.items():
        case = touched[number]
        if case.status == Status.WATCHING:
            deciding.wake(changes, case, words, at=at)


def _watching(changes: Changes, touched: dict[int, Case], issue: int) -> list[Case]:
    here = [case for case in touched.values() if case.issue_id == issue and case.status == Status.WATCHING]
    stored = [number for number in issues.watching_in(changes.connection, issue) if number not in touched]
    return [*here, *load(changes.connection, stored).values()]
