"""Steps: what is to be done next, given what was answered and what is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.policy.model import Case, Step
from socialdesk.policy.steps import Answer, Outcome, State, next_step, outline


def _ask(id: str, *, yes: tuple[Step, ...] = (), no: tuple[Step, ...] = ()) -> Step:
    return Step(id, "ask", f"question {id}?", if_yes=yes, if_no=no)


def _close(id: str) -> Step:
    return Step(id, "close", "done", close="done")


def _reply(id: str) -> Step:
    return Step(id, "reply", "hello", reply="hello")


WIDGET = Case(
    "addressed",
    "acme-widget",
    steps=(
        _ask("1", yes=(_close("1.yes.1"),)),
        Step("2", "find_out", "product, bought_on", reply="ask", facts=("product", "bought_on")),
        _ask(
            "3",
            yes=(_reply("3.yes.1"),),
            no=(_ask("3.no.1", yes=(_reply("3.no.1.yes.1"),)), _reply("3.no.2")),
        ),
        _reply("4"),
    ),
)


def nothing(_fact: str) -> bool:
    return False


def everything(_fact: str) -> bool:
    return True


def pending(answers: dict[str, str], known: object = nothing) -> str:
    given_answers = [Answer(path, outcome) for path, outcome in answers.items()]
    return next_step(WIDGET, given_answers, known).path  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({}, "1"),
        ({"1": "yes"}, "1.yes.1"),
        ({"1": "no"}, "2"),
        ({"1": "skipped"}, "2"),
        ({"1": "no", "2": "done"}, "3"),
        ({"1": "no", "2": "done", "3": "no"}, "3.no.1"),
        ({"1": "no", "2": "done", "3": "no", "3.no.1": "yes"}, "3.no.1.yes.1"),
        ({"1": "no", "2": "done", "3": "no", "3.no.1": "no"}, "3.no.2"),
        ({"1": "no", "2": "done", "3": "skipped"}, "4"),
        ({"1": "no", "2": "done", "3": "yes", "3.yes.1": "done", "4": "done"}, ""),
    ],
)
def test_the_next_step_follows_from_the_answers(answers: dict[str, str], path: str) -> None:
    assert pending(answers) == path


def test_a_find_out_needs_no_question_when_all_is_known() -> None:
    assert pending({"1": "no"}, everything) == "3"


def test_a_find_out_tells_which_facts_are_missing() -> None:
    state = next_step(WIDGET, [Answer("1", "no")], lambda fact: fact == "product")
    assert (state.path, state.missing) == ("2", ("bought_on",))


def test_after_a_close_nothing_is_pending() -> None:
    state = next_step(WIDGET, [Answer("1", "yes"), Answer("1.yes.1", "done")], nothing)
    assert state.pending is None
    assert state.closed


def test_a_skipped_close_closes_nothing() -> None:
    state = next_step(WIDGET, [Answer("1", "yes"), Answer("1.yes.1", "skipped", "they asked again")], nothing)
    assert (state.path, state.closed) == ("2", False)
    assert [line.state for line in state.done] == [State.DONE, State.SKIPPED]


def test_the_last_answer_counts() -> None:
    answers = [Answer("1", "yes"), Answer("1", "no")]
    assert next_step(WIDGET, answers, nothing).path == "2"


def test_an_answer_in_a_branch_not_taken_does_not_count() -> None:
    lines = outline(WIDGET, [Answer("1", "no"), Answer("1.yes.1", "done")], nothing)
    assert lines[1].state is State.NOT_TAKEN
    assert next_step(WIDGET, [Answer("1", "no"), Answer("1.yes.1", "done")], nothing).path == "2"


def test_done_does_not_answer_a_question() -> None:
    assert pending({"1": "done"}) == "1"


def test_the_outline_shows_open_branches_as_later_and_closed_ones_as_not_taken() -> None:
    shown = {line.step.id: (line.depth, line.state) for line in outline(WIDGET, [Answer("1", "no")], nothing)}
    assert shown == {
        "1": (0, State.DONE),
        "1.yes.1": (1, State.NOT_TAKEN),
        "2": (0, State.PENDING),
        "3": (0, State.LATER),
        "3.yes.1": (1, State.LATER),
        "3.no.1": (1, State.LATER),
        "3.no.1.yes.1": (2, State.LATER),
        "3.no.2": (1, State.LATER),
        "4": (0, State.LATER),
    }


IDS = [line.step.id for line in outline(WIDGET, [], nothing)]


@settings(max_examples=150)
@given(
    answers=st.dictionaries(st.sampled_from(IDS), st.sampled_from([str(o) for o in Outcome])),
    facts=st.sets(st.sampled_from(["product", "bought_on"])),
)
def test_one_step_at_most_is_pending_and_every_step_is_shown(
    answers: dict[str, str], facts: set[str]
) -> None:
    given_answers = [Answer(path, outcome) for path, outcome in answers.items()]
    lines = outline(WIDGET, given_answers, facts.__contains__)
    waiting = [line.step.id for line in lines if line.state is State.PENDING]
    assert [line.step.id for line in lines] == IDS
    assert len(waiting) <= 1
    assert next_step(WIDGET, given_answers, facts.__contains__).path == "".join(waiting)


@settings(max_examples=60)
@given(st.data())
def test_answering_whatever_is_pending_always_comes_to_an_end(data: st.DataObject) -> None:
    answers: list[Answer] = []
    for _ in range(len(IDS) + 1):
        state = next_step(WIDGET, answers, nothing)
        if state.pending is None:
            return
        outcomes = ["yes", "no", "skipped"] if state.pending.kind == "ask" else ["done", "skipped"]
        answers.append(Answer(state.path, data.draw(st.sampled_from(outcomes))))
    pytest.fail("the case never ends")
