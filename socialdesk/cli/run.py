"""Command room: the desk without a screen, for a server or a corner of the office."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, ink, local, moment, talk
from socialdesk.cli.results import draft_line
from socialdesk.errors import SocialdeskError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialdesk.desk.session import Desk

_BEAT = 1.0
"""Seconds between two looks at what is due; each costs two small reads when nothing is."""

_ANNOUNCED_EVERY = 20
"""Beats after which others are told again that a desk is open; they believe it for a minute."""

_TROUBLE = ("warning", "error")

Done = tuple[str, str]
"""What kind of thing was done, and what exactly, in words."""


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@json_option
@pass_context
def run_command(context: Context, once: bool, as_json: bool) -> None:
    """Pull channels, run timers, send what is due, hand over escalations, until stopped.

    Prints a line for each thing done. SIGINT and SIGTERM let it finish what is in flight.
    """
    from socialdesk.desk.importing import announce

    desk, stop = context.new_desk, threading.Event()
    _stop_gently(stop)
    talk(f"running on {desk.path} by the policy {desk.policy.hash[:12]}" + "; Ctrl-C stops" * (not once))
    told: set[Done] = set()
    beats = 0
    while True:
        if not once and beats % _ANNOUNCED_EVERY == 0:
            announce(desk, _holder())
        wrong: set[Done] = set()
        for one in _round(desk, stop):
            if one[0] in _TROUBLE:
                wrong.add(one)
            if one not in told:
                _tell(desk, *one, as_json=as_json)
        # What is wrong each second is told once, until it is no longer wrong.
        told, beats = wrong, beats + 1
        if once or stop.wait(_BEAT):
            break


def _tell(desk: Desk, kind: str, words: str, *, as_json: bool) -> None:
    """One line, at once: a service manager reads it through a pipe."""
    now = desk.clock.now()
    if as_json:
        data(encode({"at": moment(now), "kind": kind, "what": words}))
    else:
        data(f"{local(now, now)}  {ink(words)}")
    sys.stdout.flush()


def _stop_gently(stop: threading.Event) -> None:
    """The first signal asks to stop, the second stops at once."""

    def heard(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heard)


def _round(desk: Desk, stop: threading.Event) -> Iterator[Done]:
    """Everything that is due now; one part that fails keeps no other from its work."""
    for part in (_pull, _tick, _deliver, _play):
        if stop.is_set():
            return
        try:
            yield from part(desk)
        except SocialdeskError as error:
            yield "error", str(error)
    yield from desk.notices
    desk.notices.clear()
    desk.refresh_policy()


def _holder() -> str:
    return f"run-{os.getpid()}"


def _pull(desk: Desk) -> Iterator[Done]:
    from socialdesk.cli.intake import pulled_line
    from socialdesk.desk.pulling import pull

    for result in pull(desk, only_due=True, holder="run"):
        # One that failed says so by a notice, the first time and when it works again.
        if result.stored or result.updated or result.refused:
            yield "pulled", pulled_line(result)


def _tick(desk: Desk) -> Iterator[Done]:
    from socialdesk.desk.timers import tick

    for words in tick(desk, _holder()):
        yield "timer", words


def _play(desk: Desk) -> Iterator[Done]:
    """The people of a sandbox answer here too, so that one can train from the command line."""
    if desk.sandbox:
        from socialdesk.desk.sandbox import live

        for words in live(desk):
            yield "sandbox", words


def _deliver(desk: Desk) -> Iterator[Done]:
    from socialdesk.desk.outbox import deliver_due

    for draft in deliver_due(desk):
        yield "outbox", draft_line(draft)
