"""The shape of order.yaml: which playbook is asked first."""

from __future__ import annotations

from pydantic import Field

from socialdesk.policy.schema.common import Entry, Name


class OrderFile(Entry):
    """The playbooks from top to bottom; the first that matches owns the conversation."""

    order: list[Name] = Field(default_factory=list)
