"""The shape of team.yaml: agents, their shifts, and the groups an escalation goes to."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator

from socialdesk.policy.schema.common import Entry, Name, Names, OneOrMany, Words
from socialdesk.policy.schema.hours import Days, Holiday, Period, Zone


def _yes(value: object) -> object:
    """A `reach` that needs no address is switched on with a yes."""
    if value in (True, "yes", "true"):
        return "yes"
    return None if value in (False, "no", "false") else value


Login = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=120)]
"""An operating-system login, domain included where there is one."""

Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Webhook = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class AgentEntry(Entry):
    """Somebody who works at the desk, and the logins that make them one person."""

    name: Words | None = None
    logins: Annotated[list[Login], OneOrMany, Field(min_length=1)]
    role: Literal["trainee", "agent", "lead"] = "agent"
    initials: Annotated[str, StringConstraints(pattern=r"^\w{1,6}$")] | None = None
    languages: Names = Field(default_factory=list)
    skills: Names = Field(default_factory=list)
    limit: int | None = Field(default=None, ge=0)
    shifts: Names = Field(default_factory=list)


class ShiftEntry(Entry):
    """When a shift works: days, hours, and the zone its hours are told in."""

    days: Annotated[list[Days], OneOrMany, Field(min_length=1)]
    hours: Annotated[list[Period], OneOrMany, Field(min_length=1)]
    zone: Zone = "UTC"
    holidays: list[Holiday] = Field(default_factory=list)


class ReachEntry(Entry):
    """How a group hears of an escalation; in this order, unless the escalation says `by`."""

    desk: Annotated[Literal["yes"] | None, BeforeValidator(_yes)] = None
    email: Address | None = None
    webhook: Webhook | None = None
    phone: Words | None = None
    chat: Webhook | None = None
    page: Webhook | None = None


class GroupEntry(Entry):
    """A group of people who are called."""

    title: Words | None = None
    members: Names = Field(default_factory=list)
    on_call: Names = Field(default_factory=list)
    reach: ReachEntry = Field(default_factory=ReachEntry)


def _one_owner_each(agents: dict[str, AgentEntry]) -> dict[str, AgentEntry]:
    owners: dict[str, str] = {}
    for name, agent in agents.items():
        for login in agent.logins:
            if owners.setdefault(login, name) != name:
                # Four eyes count persons by their logins: a shared one would make two people one.
                raise ValueError(
                    f"the login `{login}` belongs to {owners[login]} and to {name}; it can be only one's"
                )
    return agents


class TeamFile(Entry):
    """Who works here."""

    agents: Annotated[dict[Name, AgentEntry], AfterValidator(_one_owner_each)] = Field(default_factory=dict)
    shifts: dict[Name, ShiftEntry] = Field(default_factory=dict)
    groups: dict[Name, GroupEntry] = Field(default_factory=dict)

    @field_validator("groups")
    @classmethod
    def _can_be_reached(cls, groups: dict[str, GroupEntry]) -> dict[str, GroupEntry]:
        for name, group in groups.items():
            if not any(value for value in group.reach.model_dump().values()):
                raise ValueError(
                    f"nobody can reach the group `{name}`: give it `reach: {{desk: yes}}` or an address"
                )
        return groups
