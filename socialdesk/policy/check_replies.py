"""Checks the replies themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialdesk.policy.findings import Findings


def check_replies(findings: Findings) -> None: ...
