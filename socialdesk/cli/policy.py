"""Command room: the policy files, checked and tested before they come into force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import count, data, encode, ink, talk
from socialdesk.errors import PolicyInvalid

if TYPE_CHECKING:
    from socialdesk.policy.load import Loaded


@click.group("policy")
def policy_command() -> None:
    """Check and test the policy files."""


def _loaded(context: Context) -> Loaded:
    from socialdesk.policy.load import load_folder
    from socialdesk.triage import personal_data

    return load_folder(context.config.policies, personal_data)


@policy_command.command("check")
@json_option
@pass_context
def check_command(context: Context, as_json: bool) -> int:
    """Every error of the policy folder at once, with file:line:col and the nearest name; exit 2 on any."""
    loaded = _loaded(context)
    errors = sum(one.severity == "error" for one in loaded.diagnostics)
    warnings = len(loaded.diagnostics) - errors
    if as_json:
        diagnostics = [one.as_json() for one in loaded.diagnostics]
        hash_ = loaded.policy.hash if loaded.policy else None
        data(
            encode(
                {
                    "ok": not errors,
                    "errors": errors,
                    "warnings": warnings,
                    "hash": hash_,
                    "diagnostics": diagnostics,
                }
            )
        )
    else:
        for one in loaded.diagnostics:
            data("\n".join(ink(line) for line in one.render().split("\n")))
    summary = f"{count(errors, 'error')}, {count(warnings, 'warning')} in {context.config.policies}"
    if errors:
        raise PolicyInvalid(summary)
    if loaded.policy is not None:
        books = loaded.policy.playbooks
        cases = sum(len(book.cases) for book in books)
        summary += f": {count(len(books), 'playbook')}, {count(cases, 'case')}; {loaded.policy.hash[:12]}"
    talk(summary)
    return 0


@policy_command.command("test")
@click.option("--playbook", metavar="NAME", help="Only the tests of this playbook.")
@json_option
@pass_context
def test_command(context: Context, playbook: str | None, as_json: bool) -> int:
    """Run the tests that stand in the playbooks; exit 1 when one fails, 2 when the files have errors."""
    from socialdesk.desk.rehearsal import rehearse

    loaded = _loaded(context)
    if loaded.policy is None:
        raise PolicyInvalid(f"{context.config.policies} has errors, so nothing was tested", loaded.errors)
    report = rehearse(loaded.policy, playbook=playbook)
    if as_json:
        for result in report.results:
            data(
                encode(
                    {
                        "it": result.it,
                        "playbook": result.playbook,
                        "source": result.source,
                        "passed": result.passed,
                        "differences": result.differences,
                    }
                )
            )
    else:
        for result in report.results:
            data("\n".join(ink(line) for line in result.render().split("\n")))
    for name in report.unreached:
        talk(f"no test reaches {name}")
    talk(f"{count(len(report.results), 'test')}, {len(report.failed)} failed")
    return 0 if report.passed else 1
