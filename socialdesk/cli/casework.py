"""Command room: working on a conversation, besides writing."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import (
    NUMBER,
    conversation_argument,
    json_option,
    reason_argument,
    reason_of,
    text_option,
    words_of,
)
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, talk
from socialdesk.cli.results import print_conversation
from socialdesk.desk import casework
from socialdesk.errors import UsageError


@click.command("claim")
@conversation_argument
@json_option
@pass_context
def claim_command(context: Context, conversation: int, as_json: bool) -> None:
    """Take a conversation: it is yours until you release it."""
    print_conversation(casework.claim(context.desk, conversation), as_json)


@click.command("release")
@conversation_argument
@json_option
@pass_context
def release_command(context: Context, conversation: int, as_json: bool) -> None:
    """Give a conversation back to the queue; leads may release a colleague's."""
    print_conversation(casework.release(context.desk, conversation), as_json)


@click.command("answer")
@conversation_argument
@click.argument(
    "outcome", metavar="yes|no|done", type=click.Choice(["yes", "no", "done"], case_sensitive=False)
)
@json_option
@pass_context
def answer_command(context: Context, conversation: int, outcome: str, as_json: bool) -> None:
    """Answer the pending step: yes or no to a question, done for what was done elsewhere."""
    print_conversation(casework.answer(context.desk, conversation, outcome), as_json)


@click.command("skip")
@conversation_argument
@reason_argument
@json_option
@pass_context
def skip_command(
    context: Context, conversation: int, reason: str | None, reason_words: tuple[str, ...], as_json: bool
) -> None:
    """Skip the pending step; the reason is kept."""
    print_conversation(casework.skip(context.desk, conversation, reason_of(reason, reason_words)), as_json)


@click.command("switch")
@conversation_argument
@click.argument("case", metavar="CASE")
@reason_argument
@json_option
@pass_context
def switch_command(
    context: Context,
    conversation: int,
    case: str,
    reason: str | None,
    reason_words: tuple[str, ...],
    as_json: bool,
) -> None:
    """Put another case in charge: CASE of the same playbook, or PLAYBOOK/CASE; the reason is kept."""
    why = reason_of(reason, reason_words)
    print_conversation(casework.switch_case(context.desk, conversation, case, why), as_json)


@click.command("correct", context_settings={"ignore_unknown_options": True})
@conversation_argument
@click.argument("signal")
@click.argument("value", required=False)
@json_option
@pass_context
def correct_command(
    context: Context, conversation: int, signal: str, value: str | None, as_json: bool
) -> None:
    """Correct what triage understood; the policy then decides again.

    SIGNAL is relation, sentiment, feeling, topic or risk. A topic or risk is added by its name and
    taken away by `-name`. `SIGNAL=VALUE` is understood too.
    """
    if value is None:
        signal, found, value = signal.partition("=")
        if not found:
            raise UsageError(f"what is {signal} to be? Say: socialdesk correct {conversation} {signal} VALUE")
    print_conversation(casework.correct(context.desk, conversation, signal, value), as_json)


@click.command("note")
@conversation_argument
@click.argument("words", metavar="[TEXT]", nargs=-1)
@text_option
@json_option
@pass_context
def note_command(
    context: Context, conversation: int, words: tuple[str, ...], text: str | None, as_json: bool
) -> None:
    """Leave a note that only colleagues see; from TEXT, --text or standard input."""
    note = " ".join(words) or words_of(text)
    if not note:
        raise UsageError("a note needs words: as TEXT, with --text, or on standard input")
    print_conversation(casework.note(context.desk, conversation, note), as_json)


@click.command("undo")
@click.argument("conversation", metavar="[ID]", type=NUMBER, required=False)
@json_option
@pass_context
def undo_command(context: Context, conversation: int | None, as_json: bool) -> None:
    """Take back your last step on a conversation, or your last step anywhere."""
    from socialdesk.desk.undo import undo

    what = undo(context.desk, conversation)
    if as_json:
        data(encode({"id": conversation, "undone": what}))
    else:
        talk(what)
