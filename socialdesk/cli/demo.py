"""Command room: a throw-away desk to look around in and to train at."""

from __future__ import annotations

import os
import shlex
import signal
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, talk

if TYPE_CHECKING:
    from types import FrameType

    from socialdesk.config import Config


@click.command("demo")
@click.option("--no-desk", is_flag=True, help="Only prepare the sandbox and print where it is.")
@json_option
@pass_context
def demo_command(context: Context, no_desk: bool, as_json: bool) -> int:
    """Open a desk with a day at Acme: no account, no network; customers answer what you send.

    Nothing leaves this computer, and nothing of your own inbox is touched.
    """
    from socialdesk.desk.sandbox import make_demo

    folder = Path(mkdtemp(prefix="socialdesk-demo-"))
    stays = False
    try:
        config = make_demo(_acme(context.config), folder)
        if not (as_json or no_desk):
            from socialdesk.tui import run_desk

            _throw_away_with_the_terminal(folder)
            return run_desk(config)
        _tell(config, as_json)
        stays = config.inbox.parent == folder
    finally:
        if not stays:
            rmtree(folder, ignore_errors=True)
    return 0


def _throw_away_with_the_terminal(folder: Path) -> None:
    """Whoever closes the window leaves nothing behind; nothing is to be saved, and nobody to be told."""

    def gone(number: int, _frame: FrameType | None) -> None:
        rmtree(folder, ignore_errors=True)
        os._exit(128 + number)

    if hasattr(signal, "SIGHUP"):  # Windows has none
        signal.signal(signal.SIGHUP, gone)


def _tell(config: Config, as_json: bool) -> None:
    """Where the sandbox is, and how to go on."""
    if as_json:
        data(encode({"inbox": config.inbox, "policies": config.policies}))
        return
    data(str(config.inbox))
    at = shlex.quote(str(config.inbox))
    talk(f"look around with: socialdesk --inbox {at} list --view queue")
    talk(f"open it with:     socialdesk --inbox {at}")


def _acme(config: Config) -> Config:
    """The settings with Acme's own policies, unless others were asked for on the spot."""
    from socialdesk.config import shipped

    asked = any(
        s.key == "policies" and s.source in ("--policies", "SOCIALDESK_POLICIES") for s in config.settings
    )
    return config if asked else replace(config, policies=shipped("policies"), agent=_on_the_spot(config))


def _on_the_spot(config: Config) -> str | None:
    """The agent to play, if one was named for this run; the one of the configuration file works elsewhere."""
    source = next((s.source for s in config.settings if s.key == "agent"), "")
    return config.agent if source in ("--agent", "SOCIALDESK_AGENT") else None
