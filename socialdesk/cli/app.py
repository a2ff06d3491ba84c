"""Command room: the root command, its global options and the table of everything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from socialdesk import __version__
from socialdesk.cli.context import Context, Options
from socialdesk.cli.group import Entry, LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

DESK, MAIL, LOOK, WORK, WRITE, HAND_ON, LEAD, PROGRAM = (
    "The desk",
    "Bringing posts in",
    "Looking",
    "Working on a conversation",
    "Writing and sending",
    "Handing on and closing",
    "Policy and record",
    "This program",
)


def _entry(name: str, module: str, words: str, heading: str) -> Entry:
    return Entry(name, f"socialdesk.cli.{module}:{name.replace('-', '_')}_command", words, heading)


ENTRIES = (
    _entry(
        "demo", "demo", "Open a throw-away desk with a day at Acme; needs no account and no network.", DESK
    ),
    _entry("init", "init", "Make a configuration, a policy folder and an inbox of your own.", DESK),
    _entry(
        "run", "run", "The desk without a screen: pull, timers, outbox, escalations, until stopped.", DESK
    ),
    _entry("pull", "intake", "Pull every configured channel once.", MAIL),
    _entry("import", "intake", "Read files: JSON Lines, CSV exports, RSS, Atom, JSON Feed.", MAIL),
    _entry("customers", "customers", "The company's own records of its customers.", MAIL),
    _entry("refusals", "intake", "What was fetched and could not be used, with the reason.", MAIL),
    _entry("list", "listing", "Every conversation, or those of a view or a query.", LOOK),
    _entry("show", "show", "One conversation: thread, customer, steps, drafts.", LOOK),
    _entry("explain", "explain", "Why the policy decided as it did, rule by rule.", LOOK),
    _entry("claim", "casework", "Take a conversation: it is yours until you release it.", WORK),
    _entry("release", "casework", "Give a conversation back to the queue.", WORK),
    _entry("answer", "casework", "Answer the pending step: yes, no or done.", WORK),
    _entry("skip", "casework", "Skip the pending step and say why.", WORK),
    _entry("switch", "casework", "Put another case in charge and say why.", WORK),
    _entry("correct", "casework", "Correct a signal: topic, feeling, relation and the like.", WORK),
    _entry("note", "casework", "Leave a note that only colleagues see.", WORK),
    _entry("undo", "casework", "Take back your last step.", WORK),
    _entry("draft", "writing", "Write a reply, or write it anew.", WRITE),
    _entry(
        "submit", "writing", "Hand a draft in; where no approval is needed it is approved at once.", WRITE
    ),
    _entry("approve", "writing", "Approve a colleague's draft.", WRITE),
    _entry("reject", "writing", "Send a colleague's draft back and say why.", WRITE),
    _entry("withdraw", "writing", "Drop a draft, or hold back a queued one.", WRITE),
    _entry("send", "sending", "Send an approved draft and print the receipt.", WRITE),
    _entry("post", "writing", "Draft a post of our own for the conversation's issue.", WRITE),
    _entry("private", "writing", "Invite the customer to continue in private.", WRITE),
    _entry("escalate", "handing", "Hand a conversation to a group.", HAND_ON),
    _entry("acknowledge", "handing", "Acknowledge an escalation: you are looking at it.", HAND_ON),
    _entry("hand-back", "handing", "Hand an escalated conversation back with a note.", HAND_ON),
    _entry(
        "snooze", "handing", "Put a conversation aside until a moment, or until they write again.", HAND_ON
    ),
    _entry("resolve", "handing", "Close a conversation as resolved.", HAND_ON),
    _entry("dismiss", "handing", "Close a conversation without an answer and say why.", HAND_ON),
    _entry("reopen", "handing", "Open a closed conversation again.", HAND_ON),
    _entry("policy", "policy", "Check and test the policy files.", LEAD),
    _entry("audit", "audit", "Check the record.", LEAD),
    _entry("config", "config", "Show and check the settings.", PROGRAM),
    _entry("keys", "keys", "Every key of the desk.", PROGRAM),
    _entry("doctor", "doctor", "Check that everything the desk needs is there.", PROGRAM),
    _entry("completion", "completion", "The script that completes commands in your shell.", PROGRAM),
)


class Root(LazyGroup):
    """Every command of the program."""

    entries: ClassVar[Mapping[str, Entry]] = {entry.name: entry for entry in ENTRIES}


@click.group(
    cls=Root,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND …]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command the desk opens. Exit: 0 ok, 1 failed, 2 usage or invalid policy,"
    " 3 nothing matched, 4 not allowed or not yet.",
)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="SOCIALDESK_INBOX",
    metavar="PATH",
    help="The inbox file.",
)
@click.option(
    "--policies",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SOCIALDESK_POLICIES",
    metavar="DIR",
    help="The folder with the team's policies.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="SOCIALDESK_CONFIG",
    metavar="FILE",
    help="The configuration file.",
)
@click.option(
    "--agent", envvar="SOCIALDESK_AGENT", metavar="NAME", help="Which of your names in team.yaml to act as."
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def root(
    ctx: click.Context, inbox: Path | None, policies: Path | None, config: Path | None, agent: str | None
) -> int:
    """A terminal agent desktop for social customer care, driven by your team's own playbooks."""
    context = ctx.obj = Context(Options(inbox, policies, config, agent))
    ctx.call_on_close(context.close)
    if ctx.invoked_subcommand is None:
        from socialdesk.tui import run_desk  # textual costs 200 ms; only the desk on screen needs it

        return run_desk(context.config)
    return 0
