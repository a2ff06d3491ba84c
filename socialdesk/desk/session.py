"""Desk room: who acts on which inbox, under which policy, by which clock; what every use-case is given."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from socialdesk.clock import Clock, FixedClock, SystemClock
from socialdesk.config import Config
from socialdesk.desk.changes import Changes
from socialdesk.desk.policies import policy_for
from socialdesk.errors import NotAllowed
from socialdesk.inbox.connection import get_meta, open_inbox, writing
from socialdesk.model import Millis, Person
from socialdesk.policy.model import Policy

SANDBOX = "sandbox"


@dataclass(slots=True)
class Desk:
    """An open inbox and the person at it; `person` None means read-only, and `why_read_only` says what to do.

    Belongs to one thread: a worker takes its own by `fork`.
    """

    config: Config
    path: Path
    connection: sqlite3.Connection
    clock: Clock
    sandbox: bool
    person: Person | None
    why_read_only: str
    environ: Mapping[str, str]
    random: random.Random = field(default_factory=random.Random)
    _policy: Policy | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def policy(self) -> Policy:
        """The policy in force, loaded when it is first asked for."""
        if self._policy is None:
            self._policy = policy_for(self.connection, self.config.policies, self.clock.now(), self.notices)
        return self._policy

    def refresh_policy(self) -> None:
        """Ask again which policy is in force."""
        self._policy = None

    @property
    def undo_window(self) -> Millis:
        """How long a queued message can still be held back."""
        return self.config.undo_window

    def acting(self) -> Person:
        """The person, or `NotAllowed` with how to become an agent."""
        if self.person is None:
            raise NotAllowed(self.why_read_only)
        return self.person

    @contextmanager
    def changing(self, person: Person | None = None, *, history: bool = False) -> Iterator[Changes]:
        """One write transaction with everything that a use-case needs; notices reach the desk afterwards."""
        policy = self.policy
        actor = person or self.acting()
        with writing(self.connection):
            changes = Changes(self.connection, policy, actor, self.clock.now(), history)
            yield changes
            changes.flush()
        self.notices.extend(changes.notices)

    def fork(self) -> Desk:
        """The same desk with a connection of its own, for another thread."""
        return replace(self, connection=open_inbox(self.path), random=random.Random(), notices=[])  # noqa: S311

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def open_desk(config: Config, *, clock: Clock | None = None, environ: Mapping[str, str] | None = None) -> Desk:
    """Open the inbox of `config`, make it if it is missing, and find out who is at it.

    The policy is read only when something asks for it. Raises `InboxUnusable`, or `NotAllowed` when
    `--agent` names somebody else.
    """
    environ = os.environ if environ is None else environ
    connection = open_inbox(config.inbox)
    try:
        sandbox = get_meta(connection, SANDBOX) == "1"
        desk = Desk(
            config, Path(config.inbox), connection, clock or _clock(connection, sandbox, environ), sandbox, None, "",
            environ,
        )
    except BaseException:
        connection.close()
        raise
    return desk


def sign_in(desk: Desk) -> Desk:
    """Find the person in the policy's team by the login of this computer; fills `person` or `why_read_only`.

    In an inbox marked sandbox any agent of the team may be played, and SOCIALDESK_LOGIN stands for the
    login, so that one person can practise both sides of an approval.
    """
    login = login_of(desk.sandbox, desk.environ)
    team = desk.policy.team
    wanted = desk.config.agent
    known = team.by_login(login)
    if wanted is not None:
        agent = team.agent(wanted)
        if agent is None:
            desk.why_read_only = f"team.yaml names no agent {wanted!r}; it knows {', '.join(team.agents) or 'nobody'}"
        elif login in agent.logins or desk.sandbox:
            desk.person = agent.person(login)
        else:
            desk.why_read_only = (
                f"agent {wanted} signs in as {' or '.join(agent.logins) or 'nobody'}, and you are {login};"
                f" a lead can add {login} to the logins of {wanted} in team.yaml"
            )
    elif known is not None:
        desk.person = known
    elif desk.sandbox and team.agents:
        desk.person = next(iter(team.agents.values())).person(login)
    else:
        desk.why_read_only = (
            f"you are {login}, and team.yaml names no agent with that login: the inbox is read-only;"
            " a lead can add you under agents (logins), or start your own with: socialdesk init"
        )
    return desk


def login_of(sandbox: bool, environ: Mapping[str, str]) -> str:
    """The operating system's name for who runs this process; the environment can change it in a sandbox only."""
    if sandbox and environ.get("SOCIALDESK_LOGIN"):
        return environ["SOCIALDESK_LOGIN"]
    try:
        import pwd
    except ImportError:  # Windows has no such table
        import getpass

        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def _clock(connection: sqlite3.Connection, sandbox: bool, environ: Mapping[str, str]) -> Clock:
    """The machine's clock; SOCIALDESK_NOW (UTC milliseconds) sets it in a sandbox only."""
    wanted = environ.get("SOCIALDESK_NOW")
    if wanted is None:
        return SystemClock()
    if not sandbox:
        raise NotAllowed("SOCIALDESK_NOW is accepted only by an inbox marked sandbox; unset it")
    if not wanted.isdigit():
        raise NotAllowed(f"SOCIALDESK_NOW takes UTC milliseconds, not {wanted!r}")
    return FixedClock(int(wanted))
