"""Command room: drafts on their way to approval."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import (
    conversation_argument,
    draft_option,
    json_option,
    reason_argument,
    reason_of,
    reply_option,
    text_option,
    words_of,
)
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.results import print_draft
from socialdesk.desk import replies
from socialdesk.errors import UsageError


def _given(text: str | None, reply: str | None) -> str | None:
    """The words given, if any; a team's reply and own words exclude each other."""
    if reply is None:
        return words_of(text)
    if text is not None:
        raise UsageError("give --text or --reply, not both")
    return None


@click.command("draft")
@conversation_argument
@text_option
@reply_option
@draft_option
@json_option
@pass_context
def draft_command(
    context: Context,
    conversation: int,
    text: str | None,
    reply: str | None,
    number: int | None,
    as_json: bool,
) -> None:
    """Write a reply; with --draft N, write that draft anew.

    The words come from --text, from standard input, or from one of the team's replies (--reply);
    with none of them, from the reply that the playbook's next step asks for.
    """
    words = _given(text, reply)
    if number is not None:
        if words is None:
            raise UsageError("writing a draft anew takes its words: --text or standard input")
        print_draft(replies.edit(context.desk, conversation, words, number), as_json)
        return
    print_draft(replies.draft(context.desk, conversation, text=words, reply=reply), as_json)


@click.command("submit")
@conversation_argument
@draft_option
@json_option
@pass_context
def submit_command(context: Context, conversation: int, number: int | None, as_json: bool) -> None:
    """Hand a draft in; where no approval is needed it is approved at once."""
    print_draft(replies.submit(context.desk, conversation, number), as_json)


@click.command("approve")
@conversation_argument
@click.option("--text", metavar="TEXT", help="Approve with these words instead; both names are kept.")
@draft_option
@json_option
@pass_context
def approve_command(
    context: Context, conversation: int, text: str | None, number: int | None, as_json: bool
) -> None:
    """Approve a colleague's draft; nobody approves their own."""
    # Standard input is read only for `--text -`: an approval in a shell loop must not swallow its list.
    words = words_of(text) if text is not None else None
    print_draft(replies.approve(context.desk, conversation, number, text=words), as_json)


@click.command("reject")
@conversation_argument
@reason_argument
@draft_option
@json_option
@pass_context
def reject_command(
    context: Context,
    conversation: int,
    reason: str | None,
    reason_words: tuple[str, ...],
    number: int | None,
    as_json: bool,
) -> None:
    """Send a colleague's draft back; the reason is what they read."""
    print_draft(replies.reject(context.desk, conversation, reason_of(reason, reason_words), number), as_json)


@click.command("withdraw")
@conversation_argument
@draft_option
@json_option
@pass_context
def withdraw_command(context: Context, conversation: int, number: int | None, as_json: bool) -> None:
    """Drop a draft that has not gone out; undo brings it back."""
    print_draft(replies.withdraw(context.desk, conversation, number), as_json)


@click.command("post")
@conversation_argument
@text_option
@reply_option
@json_option
@pass_context
def post_command(
    context: Context, conversation: int, text: str | None, reply: str | None, as_json: bool
) -> None:
    """Draft a post of our own for the conversation's issue; the playbook's text unless others are given."""
    from socialdesk.desk.posts import post

    print_draft(post(context.desk, conversation, text=_given(text, reply), reply=reply), as_json)


@click.command("private")
@conversation_argument
@text_option
@reply_option
@json_option
@pass_context
def private_command(
    context: Context, conversation: int, text: str | None, reply: str | None, as_json: bool
) -> None:
    """Continue in private: an invitation from the team's replies, or your own words as a private message."""
    words = _given(text, reply)
    print_draft(replies.take_private(context.desk, conversation, text=words, reply=reply), as_json)
