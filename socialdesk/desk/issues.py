"""Desk room: the same fault told by different people becomes an issue, found by one look-up per report."""

from __future__ import annotations

from socialdesk.clock import DAY
from socialdesk.desk import deciding
from socialdesk.desk.case import Case, load, load_one
from socialdesk.desk.changes import Changes
from socialdesk.desk.judging import Judged
from socialdesk.desk.subject import ME_TOO
from socialdesk.inbox import facts, issues, work
from socialdesk.inbox.issues import First
from socialdesk.model import Relation
from socialdesk.policy.decide import waking_cases
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
    """Every (product, fault) that a thread is about; the product is empty where only we are named."""
    if case.relation not in (Relation.TO_US, Relation.ABOUT_US):
        return ()
    faults = [topic for topic in case.topics if topic in changes.policy.lexicon.faults]
    return tuple((product, fault) for product in case.products or ("",) for fault in faults)


def _hold(
    changes: Changes, case: Case, key: tuple[str, str], profile: int, at: int, touched: dict[int, Case]
) -> None:
    connection, (product, fault) = changes.connection, key
    first = issues.first_report(connection, product, fault)
    if first is None or abs(at - first.at) > WINDOW:
        if first is None or at > first.at:
            issues.set_first_report(connection, product, fault, First(profile, case.id, at, None))
        return
    issue = first.issue_id
    if issue is None and facts.same_person(connection, first.profile_id, profile):
        if at > first.at:
            issues.set_first_report(connection, product, fault, First(profile, case.id, at, None))
        return
    home = _home_of(changes, first.conversation_id, touched)
    if issue is None:
        issue = _open_issue(changes, case, key, first, home)
    newly = case.issue_id is None
    issues.add_report(connection, issue, profile, at, int(newly and case is not home))
    if newly:
        case.issue_id = issue
    issues.set_first_report(connection, product, fault, First(profile, case.id, max(at, first.at), issue))


def _home_of(changes: Changes, conversation: int, touched: dict[int, Case]) -> Case:
    """The case of an earlier report, in the form in which this transaction will save it."""
    if conversation not in touched:
        case = load_one(changes.connection, conversation)
        touched.setdefault(case.id, case)
        conversation = case.id
    return touched[conversation]


def _open_issue(changes: Changes, case: Case, key: tuple[str, str], first: First, home: Case) -> int:
    connection, (product, fault) = changes.connection, key
    what = fault.replace("_", " ").replace("-", " ")
    title = f"{product}: {what}" if product else what
    issue = issues.create(connection, product, fault, title, first.at)
    issues.add_report(connection, issue, first.profile_id, first.at, 1)
    if home.issue_id is None:
        home.issue_id = issue
        work.put_under_issue(connection, home.id, issue)
    changes.record(
        "issue",
        conversation=case.id,
        body={"issue": issue, "product": product, "fault": fault, "with": home.id},
    )
    if not changes.history:
        changes.notices.append(("warning", f"a second person reports {title} (issue {issue})"))
    return issue


def wake_watchers(changes: Changes, touched: dict[int, Case]) -> None:
    """Ask the waking rules of watched cases: those with new words, and those whose issue has grown.

    Cases that were woken join `touched`.
    """
    for number in {case.issue_id for case in touched.values() if case.issue_id is not None}:
        latest = max(case.last_at for case in touched.values() if case.issue_id == number)
        for case in _watching(changes, touched, number):
            if deciding.wake(changes, case, at=max(latest, case.last_at)):
                touched[case.id] = case
    for case in list(touched.values()):
        if case.issue_id is None:
            deciding.wake(changes, case)


def _watching(changes: Changes, touched: dict[int, Case], issue: int) -> list[Case]:
    here = [case for case in touched.values() if case.issue_id == issue]
    playing = waking_cases(changes.policy)
    found = issues.to_be_woken(changes.connection, issue, playing)
    stored = [number for number in found if number not in touched]
    return [*here, *load(changes.connection, stored).values()]
