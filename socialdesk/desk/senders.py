"""Desk room: which network carries a message."""

from __future__ import annotations

from pathlib import Path

from socialdesk.desk.session import Desk
from socialdesk.networks.base import Network
from socialdesk.networks.sandbox import SandboxNetwork


def sandbox_file(inbox: Path) -> Path:
    """Where the sandbox network keeps what was sent from an inbox."""
    return inbox.with_name(inbox.name + ".sent.jsonl")


def sender_for(desk: Desk, network: str) -> Network:
    """The network that delivers for `network`: the desk's own, else the sandbox."""
    if network in desk.senders:
        return desk.senders[network]
    return SandboxNetwork(sandbox_file(desk.path), desk.clock, network)
