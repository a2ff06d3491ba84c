"""Checks what is legal but wrong: cases and playbooks that nothing reaches, questions that settle nothing."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Always
from socialdesk.policy.model import ASK, CLOSE, Case, Playbook, Step

if TYPE_CHECKING:
    from socialdesk.policy.findings import Findings

CASE_UNREACHED, NOBODY_GOES_TO, PLAYBOOK_UNREACHED = "SD501", "SD502", "SD503"
SAME_ANSWERS, STEP_UNREACHED = "SD504", "SD505"


def check_reach(findings: Findings) -> None:
    """Playbooks, cases and steps that can never be reached, and questions whose answers do the same."""
    if "order" not in findings.broken:
        _playbooks(findings)
    for book in findings.playbooks:
        _cases(findings, book)
        for case in book.cases:
            _steps(findings, case.steps)


def _playbooks(findings: Findings) -> None:
    catch_all: Playbook | None = None
    for book in findings.policy.playbooks:
        if catch_all is not None:
            message = f"`{book.name}` is never reached: `{catch_all.name}` above it takes everything"
            expected = f"a place above `{catch_all.name}` in order.yaml"
            findings.say(PLAYBOOK_UNREACHED, book.place, message, expected=expected, severity="warning")
        elif _takes_all(book.condition) and any(
            _takes_all(case.condition) and not case.only_by_go_to for case in book.cases
        ):
            catch_all = book


def _takes_all(condition: object) -> bool:
    return condition is None or isinstance(condition, Always)


def _cases(findings: Findings, book: Playbook) -> None:
    gone_to = {wake.go_to for case in book.cases for wake in case.wakes}
    gone_to |= {case.watch.then for case in book.cases if case.watch}
    catch_all: Case | None = None
    for case in book.cases:
        if case.only_by_go_to:
            if case.name not in gone_to:
                message = f"nothing goes to the case `{case.name}`, which is reached only by go_to"
                expected = f"`go_to: {case.name}` in a wake of `{book.name}`"
                findings.say(NOBODY_GOES_TO, case.place, message, expected=expected, severity="warning")
        elif catch_all is not None and case.name not in gone_to:
            message = f"the case `{case.name}` is never reached: `{catch_all.name}` above it takes everything"
            expected = f"an `if:` under `{catch_all.name}`, or a place above it"
            findings.say(CASE_UNREACHED, case.place, message, expected=expected, severity="warning")
        elif _takes_all(case.condition):
            catch_all = catch_all or case


def _steps(findings: Findings, steps: tuple[Step, ...]) -> None:
    for step, after in zip_longest(steps, steps[1:]):
        if step.kind == CLOSE and after is not None:
            message = "this step is never reached: the one before it closes the conversation"
            findings.say(STEP_UNREACHED, after.place, message, severity="warning")
        if step.kind == ASK and step.if_yes and _same(step.if_yes, step.if_no):
            message = "both answers to this question do the same"
            findings.say(SAME_ANSWERS, step.place, message, expected="different steps", severity="warning")
        _steps(findings, step.if_yes)
        _steps(findings, step.if_no)


def _same(left: tuple[Step, ...], right: tuple[Step, ...]) -> bool:
    return [_what(step) for step in left] == [_what(step) for step in right]


def _what(step: Step) -> tuple[object, ...]:
    """What a step does, wherever it stands."""
    return (
        step.kind,
        step.text,
        step.reply,
        step.wait,
        step.escalation and (step.escalation.to, step.escalation.by),
        tuple(map(_what, step.if_yes)),
        tuple(map(_what, step.if_no)),
    )
