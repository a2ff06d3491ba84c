"""Command room: handing a conversation on, putting it aside, closing it."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import (
    conversation_argument,
    json_option,
    parse_moment,
    reason_argument,
    reason_of,
    text_option,
    words_of,
)
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.results import print_conversation
from socialdesk.desk import casework, escalations
from socialdesk.errors import UsageError


@click.command("escalate")
@conversation_argument
@click.argument("group", metavar="[GROUP]", required=False)
@click.option("--to", metavar="GROUP", help="The group of team.yaml, instead of the argument.")
@reason_argument
@json_option
@pass_context
def escalate_command(
    context: Context,
    conversation: int,
    group: str | None,
    to: str | None,
    reason: str | None,
    reason_words: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hand a conversation to a group: `escalate 12 legal threatens to sue`."""
    if to is not None and group is not None:
        reason_words = (group, *reason_words)
    receiver = to or group
    if receiver is None:
        known = ", ".join(context.desk.policy.team.groups) or "none yet"
        raise UsageError(f"escalate to whom? The groups of team.yaml: {known}")
    why = reason_of(reason, reason_words)
    print_conversation(escalations.escalate(context.desk, conversation, receiver, why), as_json)


@click.command("acknowledge")
@conversation_argument
@json_option
@pass_context
def acknowledge_command(context: Context, conversation: int, as_json: bool) -> None:
    """Acknowledge an escalation: somebody of the group is looking at it."""
    print_conversation(escalations.acknowledge(context.desk, conversation), as_json)


@click.command("hand-back")
@conversation_argument
@text_option
@json_option
@pass_context
def hand_back_command(context: Context, conversation: int, text: str | None, as_json: bool) -> None:
    """Hand an escalated conversation back, with a note from --text or standard input."""
    print_conversation(escalations.hand_back(context.desk, conversation, words_of(text) or ""), as_json)


@click.command("snooze")
@conversation_argument
@click.argument("until", metavar="UNTIL", nargs=-1, required=True)
@json_option
@pass_context
def snooze_command(context: Context, conversation: int, until: tuple[str, ...], as_json: bool) -> None:
    """Put a conversation aside until a moment, or until they write again.

    UNTIL is 2h, 3d, 17:30, tomorrow 9:00, mon 14:00, 2026-11-24 9:00 or until-reply.
    """
    moment = parse_moment(" ".join(until), context.desk.clock.now())
    print_conversation(casework.snooze(context.desk, conversation, moment), as_json)


@click.command("resolve")
@conversation_argument
@reason_argument
@json_option
@pass_context
def resolve_command(
    context: Context, conversation: int, reason: str | None, reason_words: tuple[str, ...], as_json: bool
) -> None:
    """Close a conversation as resolved."""
    print_conversation(casework.resolve(context.desk, conversation, reason_of(reason, reason_words)), as_json)


@click.command("dismiss")
@conversation_argument
@reason_argument
@json_option
@pass_context
def dismiss_command(
    context: Context, conversation: int, reason: str | None, reason_words: tuple[str, ...], as_json: bool
) -> None:
    """Close a conversation without an answer; REASON such as spam, not_ours, duplicate, no_answer_needed."""
    print_conversation(casework.dismiss(context.desk, conversation, reason_of(reason, reason_words)), as_json)


@click.command("reopen")
@conversation_argument
@json_option
@pass_context
def reopen_command(context: Context, conversation: int, as_json: bool) -> None:
    """Open a closed, waiting, watched or snoozed conversation again."""
    print_conversation(casework.reopen(context.desk, conversation), as_json)
