"""Desk room: who acts on which inbox, under which policy, by which clock; what every use-case is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.clock import Clock, FixedClock, SystemClock
from socialdesk.config import Config
from socialdesk.desk.changes import Changes
from socialdesk.desk.policies import policy_for
from socialdesk.errors import NotAllowed
from socialdesk.inbox import channels
from socialdesk.inbox.connection import Connection, get_meta, open_inbox, writing
from socialdesk.model import Millis, Person
from socialdesk.policy.model import Policy
from socialdesk.policy.team import Team

if TYPE_CHECKING:
    from socialdesk.networks.base import Network

SANDBOX = "sandbox"


@dataclass(slots=True)
class Desk:
    """An open inbox and the person at it; `person` None means read-only, and `why_read_only` says what to do.

    Belongs to one thread: a worker takes its own by `fork`. `senders` are networks by name that carry
    its messages; where none is given, the sandbox does.
    """

    config: Config
    path: Path
    connection: Connection
    clock: Clock
    sandbox: bool
    environ: Mapping[str, str]
    notices: list[tuple[str, str]] = field(default_factory=list)
    senders: dict[str, Network] = field(default_factory=dict)
    _policy: Policy | None = None
    _signed_in: SignedIn | None = None

    @property
    def policy(self) -> Policy:
        """The policy in force, loaded when it is first asked for."""
        if self._policy is None:
            self._policy = policy_for(self.connection, self.policy_folder, self.clock.now(), self.notices)
        return self._policy

    @property
    def policy_folder(self) -> Path:
        """The folder whose policies count: the one that was named, else the one this inbox works by."""
        source = None if self.config.names_policies else channels.policy_source(self.connection)
        return self.config.policies if source is None else Path(source)

    def refresh_policy(self) -> None:
        """Ask again which policy is in force, and who that makes the person at the desk."""
        self._policy = None
        self._signed_in = None

    @property
    def undo_window(self) -> Millis:
        """How long a queued message can still be held back."""
        return self.config.undo_window

    @property
    def person(self) -> Person | None:
        """Who is at the desk; None when team.yaml knows nobody of this login."""
        return self._sign_in().person

    @property
    def why_read_only(self) -> str:
        """What keeps an unknown person from writing, and what to do; "" for an agent."""
        return self._sign_in().why_not

    def acting(self) -> Person:
        """The person, or `NotAllowed` with how to become an agent."""
        signed = self._sign_in()
        if signed.person is None:
            raise NotAllowed(signed.why_not)
        return signed.person

    def played_by(self, person: Person) -> Desk:
        """The same desk with somebody else at it; how a sandbox's colleagues act."""
        return replace(self, _signed_in=SignedIn(person))

    def _sign_in(self) -> SignedIn:
        if self._signed_in is None:
            login = login_of(self.environ, sandbox=self.sandbox)
            self._signed_in = sign_in(self.policy.team, login, self.config.agent, sandbox=self.sandbox)
        return self._signed_in

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
        return replace(self, connection=open_inbox(self.path), notices=[])

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def open_desk(
    config: Config, *, clock: Clock | None = None, environ: Mapping[str, str] | None = None
) -> Desk:
    """Open the inbox of `config`, make it if it is missing, and find out who is at it.

    The policy is read only when something asks for it. Raises `InboxUnusable`, or `NotAllowed` when
    `--agent` names somebody else.
    """
    environ = os.environ if environ is None else environ
    connection = open_inbox(config.inbox)
    try:
        sandbox = get_meta(connection, SANDBOX) == "1"
        return Desk(
            config,
            Path(config.inbox),
            connection,
            clock or _clock(environ, sandbox=sandbox),
            sandbox,
            environ,
        )
    except BaseException:
        connection.close()
        raise


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A known person, or why there is none."""

    person: Person | None
    why_not: str = ""


def sign_in(team: Team, login: str, wanted: str | None, *, sandbox: bool) -> SignedIn:
    """Find the person of this login in the team; `wanted` is the agent they say they are, if they say so.

    In an inbox marked sandbox any agent of the team may be played, but the person stays who they are:
    their login, for four eyes.
    """
    known = team.by_login(login)
    if wanted is not None:
        agent = team.agent(wanted)
        if agent is None:
            return SignedIn(
                None, f"team.yaml names no agent {wanted!r}; it knows {', '.join(team.agents) or 'nobody'}"
            )
        if login in agent.logins or sandbox:
            return SignedIn(agent.person(login))
        return SignedIn(
            None,
            f"agent {wanted} signs in as {' or '.join(agent.logins) or 'nobody'}, and you are {login};"
            f" a lead can add {login} to the logins of {wanted} in team.yaml",
        )
    if known is not None:
        return SignedIn(known)
    if sandbox and team.agents:
        return SignedIn(next(iter(team.agents.values())).person(login))
    return SignedIn(
        None,
        f"you are {login}, and team.yaml names no agent with that login, so the inbox is read-only:"
        " a lead can add you under agents, or start your own team with: socialdesk init",
    )


def login_of(environ: Mapping[str, str], *, sandbox: bool) -> str:
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


def _clock(environ: Mapping[str, str], *, sandbox: bool) -> Clock:
    """The machine's clock; SOCIALDESK_NOW (UTC milliseconds) sets it in a sandbox only."""
    wanted = environ.get("SOCIALDESK_NOW")
    if wanted is None:
        return SystemClock()
    if not sandbox:
        raise NotAllowed("SOCIALDESK_NOW is accepted only by an inbox marked sandbox; unset it")
    if not wanted.isdigit():
        raise NotAllowed(f"SOCIALDESK_NOW takes UTC milliseconds, not {wanted!r}")
    return FixedClock(int(wanted))
