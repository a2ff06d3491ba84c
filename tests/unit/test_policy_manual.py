"""The lead's manual explains every word that a policy file knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import BaseModel

from socialdesk.conditions.fields import FIELDS, policy_names
from socialdesk.policy.load import load_files
from socialdesk.policy.replies import FIELDS as PLACEHOLDERS
from socialdesk.policy.schema.always import AlwaysFile
from socialdesk.policy.schema.guardrails import GuardrailsFile
from socialdesk.policy.schema.networks import NetworksFile
from socialdesk.policy.schema.order import OrderFile
from socialdesk.policy.schema.playbook import PlaybookFile
from socialdesk.policy.schema.replies import RepliesFile
from socialdesk.policy.schema.targets import TargetsFile
from socialdesk.policy.schema.team import TeamFile
from socialdesk.policy.schema.views import ViewsFile
from socialdesk.policy.schema.words import WordsFile
from tests.unit.shipped_policy import FOLDER, loaded, policy

if TYPE_CHECKING:
    from collections.abc import Iterator

MANUAL = (FOLDER / "README.md").read_text(encoding="utf-8")
SHAPES = [
    AlwaysFile,
    GuardrailsFile,
    NetworksFile,
    OrderFile,
    PlaybookFile,
    RepliesFile,
    TargetsFile,
    TeamFile,
    ViewsFile,
    WordsFile,
]
NORMAL_FORM = {"level", "root"}  # what the shapes make of short forms; never written by hand


def words_of(shape: Any, seen: set[type]) -> Iterator[str]:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if shape not in seen:
            seen.add(shape)
            for name, field in shape.model_fields.items():
                yield field.alias or name
                yield from words_of(field.annotation, seen)
    else:
        for part in get_args(shape):
            if isinstance(part, str):
                yield part
            else:
                yield from words_of(part, seen)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_word_of_every_file_is_in_the_manual(shape: type[BaseModel]) -> None:
    known = set(words_of(shape, set())) - NORMAL_FORM
    assert not {word for word in known if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", MANUAL)}


@pytest.mark.parametrize("name", sorted({*policy_names(), *FIELDS}))
def test_every_field_of_the_conditions_is_explained(name: str) -> None:
    assert f"`{name}`" in MANUAL


@pytest.mark.parametrize(
    "value", sorted({value for field in FIELDS.values() for value in field.values or ()})
)
def test_every_value_of_a_closed_field_is_listed(value: str) -> None:
    assert f"`{value}`" in MANUAL


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_is_listed(name: str) -> None:
    assert f"`{name}`" in MANUAL


def test_the_manual_speaks_of_no_field_that_is_none() -> None:
    tables = MANUAL.split("### What can be asked")[1].split("## order.yaml")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", tables, re.MULTILINE)
    named = {word for cell in first_cells for word in re.findall(r"`(\w+)`", cell)}
    assert named <= {*policy_names(), *FIELDS}


def _examples() -> list[str]:
    return [block for block in re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL) if "…" not in block]


def test_the_manuals_examples_are_good_policy_files() -> None:
    files: dict[str, str] = {}
    for block in _examples():
        first = block.split(":", 1)[0].strip("- ")
        name = {
            "rules": "guardrails",
            "calendars": "targets",
            "agents": "team",
            "handles": "words",
            "view": "views",
            "our": "replies",
        }.get(first)
        if name:
            files[f"{name}.yaml"] = block
    assert len(files) == 6
    files["playbooks/only.yaml"] = "playbook: only\ncases: {any: {}}"
    wrong = [problem.one_line() for problem in load_files(files).errors]
    assert wrong == []


def test_the_shipped_policy_has_neither_errors_nor_warnings() -> None:
    assert [problem.one_line() for problem in loaded().diagnostics] == []


def test_every_shipped_playbook_has_tests_and_every_case_steps_or_an_end() -> None:
    for playbook in policy().playbooks:
        assert playbook.tests, playbook.name
        for case in playbook.cases:
            assert case.steps or case.watch or case.close or case.engage in ("ignore", "agent_decides"), case
