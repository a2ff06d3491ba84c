"""Command room: is everything there that the desk needs, and what to do where it is not."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import GREEN, RED, YELLOW, aligned, count, data, encode, ink, local
from socialdesk.config import ConfigError
from socialdesk.errors import InboxUnusable, SocialdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OK, WARNING, FAILED = "ok", "warning", "failed"
_INKS = {OK: GREEN, WARNING: YELLOW, FAILED: RED}

NEEDED_SQLITE = (3, 35, 0)
"""RETURNING came with 3.35 (https://sqlite.org/releaselog/3_35_0.html)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what to do when it does not stand well."""

    what: str
    state: str
    words: str


@click.command("doctor")
@json_option
@pass_context
def doctor_command(context: Context, as_json: bool) -> int:
    """Check Python, SQLite, terminal, settings, policies, inbox, channels, agent; exit 1 on a failure."""
    findings = list(_findings(context))
    if as_json:
        for one in findings:
            data(encode(one))
    else:
        lines = aligned((one.state, one.what, one.words) for one in findings)
        for one, line in zip(findings, lines, strict=True):
            data(ink(line[: len(one.state)], _INKS[one.state]) + line[len(one.state) :])
    return 1 if any(one.state == FAILED for one in findings) else 0


def _findings(context: Context) -> Iterator[Finding]:
    yield _python()
    yield _sqlite()
    yield _terminal()
    settled = _configuration(context)
    yield settled
    if settled.state == FAILED:
        return  # nothing else can be found without it
    looks: tuple[tuple[str, Callable[[Context], Iterator[Finding]]], ...] = (
        ("policies", _policies),
        ("inbox", _inbox),
        ("agent", _agent),
        ("channels", _channels),
    )
    for what, look in looks:
        try:
            yield from look(context)
        except SocialdeskError as error:
            yield Finding(what, FAILED, str(error).split("\n", 1)[0])


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "python", OK if sys.version_info >= (3, 11) else FAILED, f"{version} (3.11 or newer is needed)"
    )


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        return Finding("sqlite", FAILED, f"{version} is too old; 3.35 or newer is needed")
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.OperationalError:
        return Finding(
            "sqlite", FAILED, f"{version} without full-text search (FTS5); install another Python build"
        )
    return Finding("sqlite", OK, f"{version} with full-text search")


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("terminal", OK, "not on a terminal")
    columns, lines = os.get_terminal_size(sys.stdout.fileno())
    encoding = (sys.stdout.encoding or "").lower()
    if not encoding.startswith("utf"):
        return Finding("terminal", WARNING, f"speaks {encoding}, not UTF-8: set LANG to a UTF-8 locale")
    if columns < 80 or lines < 24:
        return Finding("terminal", WARNING, f"{columns}×{lines} is small; the desk wants 80×24")
    return Finding("terminal", OK, f"{columns}×{lines}, {os.environ.get('TERM', 'unknown')}, {encoding}")


def _configuration(context: Context) -> Finding:
    try:
        file = context.config.file
    except ConfigError as error:
        wrong = error.diagnostics
        words = f"{count(len(wrong), 'error')}, the first: {wrong[0].one_line()}"
        return Finding("configuration", FAILED, f"{words}; see: socialdesk config validate")
    return Finding("configuration", OK, str(file) if file else "no file; the defaults are in force")


def _policies(context: Context) -> Iterator[Finding]:
    from socialdesk.policy.load import load_folder

    folder = _policy_folder(context)
    loaded = load_folder(folder)
    warnings = len(loaded.diagnostics) - len(loaded.errors)
    if loaded.errors:
        yield Finding(
            "policies",
            FAILED,
            f"{folder} has {count(len(loaded.errors), 'error')}; see: socialdesk policy check",
        )
    elif warnings:
        yield Finding(
            "policies", WARNING, f"{folder} has {count(warnings, 'warning')}; see: socialdesk policy check"
        )
    else:
        yield Finding("policies", OK, str(folder))


def _policy_folder(context: Context) -> Path:
    try:
        return context.desk.policy_folder
    except InboxUnusable:  # which is told where the inbox is looked at
        return context.config.policies


def _inbox(context: Context) -> Iterator[Finding]:
    path = context.config.inbox
    if not path.exists():
        yield Finding(
            "inbox",
            WARNING,
            f"there is none at {path} yet; make it with: socialdesk init, or look at: socialdesk demo",
        )
        return
    from socialdesk.inbox import queue

    everything = queue.standard_views(None)[-1]
    counted = queue.counts(context.reader, [everything])["all"]
    if not os.access(path, os.W_OK):
        yield Finding("inbox", WARNING, f"{path} is read-only for you")
        return
    yield Finding(
        "inbox", OK, f"{path}: {count(counted, 'conversation')}, {path.stat().st_size / 1e6:.1f} MB"
    )


def _agent(context: Context) -> Iterator[Finding]:
    if not context.config.inbox.exists():
        return
    desk = context.desk
    if desk.person is None:
        yield Finding("agent", WARNING, desk.why_read_only)
        return
    yield Finding("agent", OK, f"{desk.person.agent}, {desk.person.role}, signed in as {desk.person.login}")


def _channels(context: Context) -> Iterator[Finding]:
    """How the configured channels stand; what the inbox knows of others is history."""
    from socialdesk.inbox.channels import all_channels

    known = {}
    if context.config.inbox.exists():
        known = {channel.name: channel for channel in all_channels(context.reader)}
    for setting in context.config.channels:
        channel, what = known.get(setting.name), f"channel {setting.name}"
        if channel is None or (channel.synced_at is None and channel.failing_since is None):
            yield Finding(what, OK, "not pulled yet; that is done by: socialdesk pull, or an open desk")
        elif channel.failing_since is not None:
            since = local(channel.failing_since)
            yield Finding(what, WARNING, f"fails since {since}: {channel.last_error}")
        else:
            yield Finding(what, OK, f"last pulled {local(channel.synced_at or 0)}")
