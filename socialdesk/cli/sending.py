"""Command room: sending, with the undo window and the receipt."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from socialdesk.cli.arguments import conversation_argument, draft_option, json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, ink, local, moment, talk
from socialdesk.cli.results import draft_object, print_draft
from socialdesk.clock import SECOND, FixedClock
from socialdesk.desk import outbox
from socialdesk.errors import SocialdeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from socialdesk.desk.session import Desk
    from socialdesk.inbox.rows import Draft


@click.command("send")
@conversation_argument
@click.option("--no-wait", is_flag=True, help="Only queue it; an open desk or `socialdesk run` delivers it.")
@draft_option
@json_option
@pass_context
def send_command(
    context: Context, conversation: int, no_wait: bool, number: int | None, as_json: bool
) -> None:
    """Send an approved draft and print the receipt.

    It leaves when the undo window is over; until then Ctrl-C holds it back.
    """
    desk = context.desk
    draft = outbox.queue(desk, conversation, number)
    if no_wait:
        print_draft(draft, as_json)
        return
    try:
        left = (draft.not_before or 0) - desk.clock.now()
        if draft.status == "queued" and left > 0:
            talk(f"leaves in {round(left / SECOND)} s; Ctrl-C holds it back")
        sent = outbox.send(desk, conversation, draft.id, sleep=_sleeper(desk))
    except KeyboardInterrupt:
        _hold_back(desk, draft)
        raise
    _print_receipt(sent, as_json)


def _sleeper(desk: Desk) -> Callable[[float], None]:
    """How to wait: really, or by moving a sandbox's clock that stands still."""
    clock = desk.clock
    if isinstance(clock, FixedClock):
        return lambda seconds: clock.advance(round(seconds * SECOND))
    return time.sleep


def _hold_back(desk: Desk, draft: Draft) -> None:
    try:
        outbox.hold(desk, draft.conversation_id or 0, draft.id)
    except SocialdeskError as error:
        talk(f"socialdesk: too late to hold draft {draft.id} back: {error}")
    else:
        talk(f"socialdesk: draft {draft.id} is held back; it stays approved")


def receipt_object(draft: Draft) -> dict[str, Any]:
    """The draft with the network's proof of delivery under `receipt`."""
    receipt = {"external_id": draft.sent_external_id, "at": moment(draft.sent_at), "url": draft.sent_url}
    return {**draft_object(draft), "receipt": receipt}


def _print_receipt(draft: Draft, as_json: bool) -> None:
    if as_json:
        data(encode(receipt_object(draft)))
        return
    when = local(draft.sent_at) if draft.sent_at else "just now"
    place = f"on {draft.network} as {draft.sent_external_id}{'  ' + draft.sent_url if draft.sent_url else ''}"
    data(ink(f"{draft.conversation_id}  draft {draft.id}  sent {when} {place}"))
