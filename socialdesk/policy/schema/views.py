"""The shape of views.yaml: the lists of conversations a team keeps at hand."""

from __future__ import annotations

from pydantic import Field, RootModel

from socialdesk.policy.schema.common import Condition, Entry, Name, Words


class ViewEntry(Entry):
    """One view: its name, the words on screen, and which conversations it shows."""

    view: Name
    title: Words | None = None
    if_: Condition = Field(alias="if")


class ViewsFile(RootModel[list[ViewEntry]]):
    """The team's own views, in the order they are shown."""

    root: list[ViewEntry] = Field(default_factory=list)
