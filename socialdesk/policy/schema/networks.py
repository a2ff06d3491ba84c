"""The shape of networks.yaml: what is customary on each network, feed and site."""

# No `from __future__ import annotations`: pydantic needs these names when the classes are made.

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from socialdesk.policy.schema.common import Entry, Name, Words
from socialdesk.policy.schema.playbook import Engage


def _yes_no(value: object) -> object:
    """`true` and `false` say the same as yes and no."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class RatingEntry(Entry):
    """How stars are read: from how many, and up to how many of them it is a complaint."""

    out_of: int = Field(default=5, ge=2, le=100)
    complaint_up_to: int = Field(default=2, ge=0, le=100)


class NetworkEntry(Entry):
    """What is customary in one place; what is left out is taken from the place around it."""

    title: Words | None = None
    engage: Engage | None = None
    limit: int | None = Field(default=None, ge=1)
    visibility: Literal["public", "unlisted"] | None = None
    private: Annotated[
        Literal["yes", "no", "if_they_follow", "if_they_wrote"] | None, BeforeValidator(_yes_no)
    ] = None
    norms: Words | None = None
    terms: Words | None = None
    rating: RatingEntry | None = None


Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$", to_lower=True)]


class NetworksFile(Entry):
    """What is customary where."""

    defaults: NetworkEntry = Field(default_factory=NetworkEntry)
    networks: dict[Name, NetworkEntry] = Field(default_factory=dict)
    feeds: dict[Name, NetworkEntry] = Field(default_factory=dict)
    sites: dict[Host, NetworkEntry] = Field(default_factory=dict)
