"""Runs the `tests:` of the playbooks: what happens in them, decided for real, against what they expect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from socialdesk.model import Millis
from socialdesk.policy.decide import decide, wake
from socialdesk.policy.parts import AGENT_DECIDES, When
from socialdesk.policy.steps import next_step

if TYPE_CHECKING:
    from socialdesk.conditions.subject import Subject
    from socialdesk.policy.model import Decision, Policy, PolicyTest, Step

Tag: TypeAlias = Callable[[Sequence[When]], "Subject"]
"""Gives the first post's conversation as it stands after these events; the desk's, for policy cannot tag."""

Value: TypeAlias = "str | bool | tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that was not met."""

    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Tested:
    """One test's outcome; it passed when there is no difference. `source` is its `file:line`."""

    __test__ = False  # pytest would collect a class of this name

    it: str
    playbook: str
    source: str
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything expected came."""
        return not self.differences

    def render(self) -> str:
        """What a person reads: one line when it passed, otherwise a line per difference below it."""
        mark = "ok    " if self.passed else "FAILED"
        head = f"{mark} {self.playbook}: {self.it}  ({self.source})"
        return "\n".join([head, *(f"         {difference}" for difference in self.differences)])


@dataclass(frozen=True, slots=True)
class TestReport:
    """Every test's outcome in the playbooks' order, and the cases (`playbook/case`) that no test reached."""

    __test__ = False  # pytest would collect a class of this name

    results: tuple[Tested, ...]
    unreached: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Tested, ...]:
        """The tests that failed."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def passed(self) -> bool:
        """Whether all tests passed; also true of none."""
        return not self.failed


def run_tests(policy: Policy, tag: Tag, *, playbook: str | None = None) -> TestReport:
    """Run the tests of every playbook, or of one. A failing test is a result, not an error."""
    reached: set[tuple[str, str]] = set()
    results = []
    for book in policy.playbooks:
        if playbook in (None, book.name):
            for test in book.tests:
                decision, subject = _played(policy, test, tag, reached)
                got = _got(policy, test, decision, subject)
                results.append(Tested(test.it, test.playbook, test.source, _differences(test, got)))
    unreached = tuple(
        f"{book.name}/{case.name}"
        for book in policy.playbooks
        if playbook in (None, book.name)
        for case in book.cases
        if (book.name, case.name) not in reached
    )
    return TestReport(tuple(results), unreached)


def _played(
    policy: Policy, test: PolicyTest, tag: Tag, reached: set[tuple[str, str]]
) -> tuple[Decision, Subject]:
    """The decision after everything has happened, made step by step as the desk makes it."""
    subject = tag(test.when[:1])
    decision = decide(policy, subject, Millis(0))
    reached.add((decision.playbook, decision.case))
    watched = 0
    for count, event in enumerate(test.when[1:], 2):
        subject = tag(test.when[:count])
        watched += (event.wait or 0) + (event.after or 0)
        go_to = _destination(policy, decision, subject, watched)
        moved = decide(policy, subject, Millis(0), go_to=go_to)
        if (moved.playbook, moved.case) != (decision.playbook, decision.case):
            watched = 0
        decision = moved
        reached.add((decision.playbook, decision.case))
    return decision, subject


def _destination(policy: Policy, decision: Decision, subject: Subject, watched: int) -> str | None:
    """Where the conversation goes: where a wake says, where the end of the watch says, else where it is."""
    go_to = wake(policy, decision.playbook, decision.case, subject)
    over = decision.watch_for is not None and watched >= decision.watch_for
    if go_to is None and over and decision.watch_then != "close":
        go_to = decision.watch_then
    if go_to == AGENT_DECIDES or not decision.playbook:
        return go_to
    return f"{decision.playbook}/{go_to or decision.case}"


def _got(policy: Policy, test: PolicyTest, decision: Decision, subject: Subject) -> dict[str, Value]:
    """Everything a test may expect, by the word it uses."""
    return {
        "playbook": decision.playbook or "none",
        "case": decision.case or "none",
        "engage": decision.engage,
        "target": decision.target or "none",
        "next_step": _next(policy, test, decision),
        "critical": decision.critical,
        "urgency": _urgency(decision),
        "close": decision.close_as or "none",
        "watch": decision.watch_for is not None,
        "escalates_to": tuple(order.to for order in decision.escalations),
        "tags": decision.tags,
        "topics": _words(subject.value("topic")),
        "risks": _words(subject.value("risk")),
        "said": _word(subject.value("relation")),
        "feeling": _word(subject.value("feeling")),
        "sentiment": _word(subject.value("sentiment")),
        "language": _word(subject.value("language")),
        "spam": subject.value("spam") is True,
    }


def _next(policy: Policy, test: PolicyTest, decision: Decision) -> tuple[str, ...]:
    """The pending step by its kind and by the reply or question it is about."""
    case = policy.case(decision.playbook, decision.case)
    if case is None:
        return ("none",)
    known = {fact for event in test.when for fact in (*(event.customer or ()), *(event.facts or ()))}
    step: Step | None = next_step(case, (), known.__contains__).pending
    return ("none",) if step is None else (step.kind, step.text)


def _urgency(decision: Decision) -> str:
    if decision.critical:
        return "critical"
    boost = decision.urgency_boost
    return "high" if boost > 0 else "low" if boost < 0 else "normal"


def _word(value: object) -> str:
    return "not known" if value is None else str(value)


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _differences(test: PolicyTest, got: dict[str, Value]) -> tuple[Difference, ...]:
    return tuple(
        Difference(what, _shown(expected), _shown(got[what]))
        for what, expected in test.then
        if not _met(expected, got[what])
    )


def _met(expected: Value, got: Value) -> bool:
    """A list asks for at least these; a word met with several asks for one of them."""
    if isinstance(expected, tuple):
        return isinstance(got, tuple) and set(expected) <= set(got)
    return expected in got if isinstance(got, tuple) else expected == got


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(filter(None, value)) or "none") if isinstance(value, tuple) else value
