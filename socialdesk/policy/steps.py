"""Where a case stands: which step is next, given what was answered and what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from socialdesk.policy.model import ASK, CLOSE, FIND_OUT, Case, Step


class Outcome(StrEnum):
    """How a step ended. `YES` and `NO` answer an ask, `DONE` everything else, `SKIPPED` has a reason."""

    YES = "yes"
    NO = "no"
    DONE = "done"
    SKIPPED = "skipped"


class State(StrEnum):
    """How a step stands on screen."""

    DONE = "done"
    SKIPPED = "skipped"
    PENDING = "pending"
    LATER = "later"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Answer:
    """A recorded answer to the step with path `path`; the last one for a path counts."""

    path: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One step as the screen shows it: how it stands, and its answer."""

    step: Step
    state: State
    answer: Answer | None = None

    @property
    def depth(self) -> int:
        """How deep the step is nested; 0 for the case's own steps."""
        return self.step.id.count(".") // 2


@dataclass(frozen=True, slots=True)
class StepState:
    """Where a case stands.

    `pending` is the step to do now, None when all is done; `path` its id or "". `done` are the
    steps behind it, in order; `missing` the facts a pending find_out still lacks. `closed` says that
    a close step was carried out, so nothing after it counts.
    """

    pending: Step | None
    path: str = ""
    done: tuple[Line, ...] = ()
    missing: tuple[str, ...] = ()
    closed: bool = False


Known = Callable[[str], bool]
"""Says whether a fact (`product`, `bought_on`) is known of the customer."""


def outline(case: Case, answers: Sequence[Answer], known: Known) -> tuple[Line, ...]:
    """Every step of the case from top to bottom, each with how it stands; exactly one is pending, or none."""
    return tuple(_Walk({answer.path: answer for answer in answers}, known).steps(case.steps))


def next_step(case: Case, answers: Sequence[Answer], known: Known) -> StepState:
    """The step that is to be done now.

    An ask opens the branch of its answer; a skipped ask opens none. A find_out is done when every
    fact is known or its reply was sent. After a close that was carried out nothing is pending.
    """
    lines = outline(case, answers, known)
    done = tuple(line for line in lines if line.state in (State.DONE, State.SKIPPED))
    for line in lines:
        if line.state is State.PENDING:
            missing = tuple(fact for fact in line.step.facts if not known(fact))
            return StepState(line.step, line.step.id, done, missing)
    return StepState(None, done=done, closed=any(_closes(line) for line in done))


def _closes(line: Line) -> bool:
    return line.step.kind == CLOSE and line.state is State.DONE


class _Walk:
    """One pass over the steps; remembers whether the pending one has been met."""

    def __init__(self, answers: Mapping[str, Answer], known: Known) -> None:
        self.answers = answers
        self.known = known
        self.met = False
        self.closed = False

    def steps(self, steps: Sequence[Step]) -> Iterator[Line]:
        """The lines of `steps` and of everything below them."""
        for step in steps:
            line = Line(step, self._state(step), self.answers.get(step.id))
            self.met = self.met or line.state is State.PENDING
            self.closed = self.closed or _closes(line)
            yield line
            yield from self._branch(line, step.if_yes, Outcome.YES)
            yield from self._branch(line, step.if_no, Outcome.NO)

    def _branch(self, above: Line, steps: Sequence[Step], outcome: Outcome) -> Iterator[Line]:
        still_open = above.state in (State.PENDING, State.LATER)
        if still_open or (above.answer is not None and above.answer.outcome == outcome):
            yield from self.steps(steps)
        else:
            yield from (Line(below, State.NOT_TAKEN) for step in steps for below in step.walk())

    def _state(self, step: Step) -> State:
        if self.closed:
            return State.NOT_TAKEN
        answer = self.answers.get(step.id)
        if answer is not None and (step.kind != ASK or answer.outcome != Outcome.DONE):
            return State.SKIPPED if answer.outcome == Outcome.SKIPPED else State.DONE
        if step.kind == FIND_OUT and all(map(self.known, step.facts)):
            return State.DONE
        return State.LATER if self.met else State.PENDING
