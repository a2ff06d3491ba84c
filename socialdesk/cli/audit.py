"""Command room: the record."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import count, data, encode, plain, talk


@click.group("audit")
def audit_command() -> None:
    """Check the record."""


@audit_command.command("verify")
@json_option
@pass_context
def verify_command(context: Context, as_json: bool) -> int:
    """Recompute the whole chain and hold every text against it; exit 1 when something does not fit."""
    from socialdesk.inbox.audit import verify

    audit = verify(context.reader)
    for fault in audit.faults:
        talk(f"socialdesk: {fault}")
    if as_json:
        data(encode({"ok": not audit.faults, **plain(audit)}))
    elif audit.faults:
        data(f"the record does not hold: {count(len(audit.faults), 'fault')}")
    else:
        size = f"{count(audit.events, 'event')}, {count(audit.messages, 'message')}"
        data(f"the record holds: {size}; head {audit.head[:16]}")
    return 1 if audit.faults else 0
