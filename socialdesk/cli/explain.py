"""Command room: why the policy decided as it did."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import conversation_argument, json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, ink


@click.command("explain")
@conversation_argument
@json_option
@pass_context
def explain_command(context: Context, conversation: int, as_json: bool) -> None:
    """Why the policy decided as it did: signals with their evidence, and every rule in order."""
    from socialdesk.desk.explain import explain

    explanation = explain(context.desk, conversation)
    if as_json:
        data(encode(explanation.as_json()))
        return
    for line in explanation.lines():
        data(ink(line))
