"""Team room: who works here, who they are to the computer, when they work, and who is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from socialdesk.model import Millis, Person
from socialdesk.policy.calendars import Calendar, week

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRAINEE, AGENT, LEAD = "trainee", "agent", "lead"
ROLES = (TRAINEE, AGENT, LEAD)
"""From the least to the most that a person may do."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody at the desk; `name` is what team.yaml calls them, `limit` how many open conversations."""

    name: str
    title: str
    logins: tuple[str, ...]
    role: str = AGENT
    initials: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    limit: int | None = None
    shifts: tuple[str, ...] = ()
    source: str = ""

    def person(self, login: str) -> Person:
        """This agent, signed in as `login`."""
        return Person(self.name, login, self.role, self.initials, self.languages, self.skills)


@dataclass(frozen=True, slots=True)
class Group:
    """Who an escalation goes to. `reach` says how: desk, email, webhook, phone, chat or page, and where."""

    name: str
    title: str
    members: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()
    reach: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """How this group can be reached; the first is used when an escalation does not say `by`."""
        return tuple(self.reach)


@dataclass(frozen=True)
class Team:
    """Everybody in team.yaml. A login belongs to one agent: that is what tells two persons apart."""

    agents: Mapping[str, Agent] = field(default_factory=dict)
    shifts: Mapping[str, Calendar] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    def agent(self, name: str) -> Agent | None:
        """The agent of this name, or None."""
        return self.agents.get(name)

    def group(self, name: str) -> Group | None:
        """The escalation group of this name, or None."""
        return self.groups.get(name)

    def by_login(self, login: str) -> Person | None:
        """Who signs in to the computer as `login`, or None for a stranger."""
        agent = self._by_login.get(login)
        return None if agent is None else agent.person(login)

    def same_person(self, login: str, other: str) -> bool:
        """Whether two logins are one human being."""
        mine, theirs = self._by_login.get(login), self._by_login.get(other)
        return login == other or (mine is not None and theirs is not None and mine.name == theirs.name)

    def on_shift(self, at: Millis) -> tuple[Agent, ...]:
        """Who works at this moment; an agent without shifts always does."""
        return tuple(
            agent
            for agent in self.agents.values()
            if not agent.shifts
            or any(self.shifts[name].is_open(at) for name in agent.shifts if name in self.shifts)
        )

    def leads_on_shift(self, at: Millis) -> tuple[Agent, ...]:
        """The leads who work at this moment."""
        return tuple(agent for agent in self.on_shift(at) if agent.role == LEAD)

    def on_call(self, group: str | None = None) -> tuple[Agent, ...]:
        """Who is on call, in the order written: of one group, or of all."""
        groups = self.groups.values() if group is None else [g for g in (self.groups.get(group),) if g]
        names = dict.fromkeys(name for found in groups for name in found.on_call)
        return tuple(self.agents[name] for name in names if name in self.agents)

    @cached_property
    def _by_login(self) -> dict[str, Agent]:
        return {login: agent for agent in self.agents.values() for login in agent.logins}


def build(plain: Mapping[str, Any], source_of: Callable[[tuple[str | int, ...]], str]) -> Team:
    """The team of team.yaml's plain form."""
    return Team(
        agents={
            name: Agent(
                name=name,
                title=entry["name"] or name,
                logins=tuple(entry["logins"]),
                role=entry["role"],
                initials=entry["initials"] or "",
                languages=tuple(entry["languages"]),
                skills=tuple(entry["skills"]),
                limit=entry["limit"],
                shifts=tuple(entry["shifts"]),
                source=source_of(("agents", name)),
            )
            for name, entry in plain["agents"].items()
        },
        shifts={
            name: Calendar(
                name,
                entry["zone"],
                week(dict.fromkeys(entry["days"], entry["hours"])),
                frozenset(entry["holidays"]),
                source_of(("shifts", name)),
            )
            for name, entry in plain["shifts"].items()
        },
        groups={
            name: Group(
                name=name,
                title=entry["title"] or name,
                members=tuple(entry["members"]),
                on_call=tuple(entry["on_call"]),
                reach={way: where for way, where in entry["reach"].items() if where},
                source=source_of(("groups", name)),
            )
            for name, entry in plain["groups"].items()
        },
    )
