"""Desk room: which policy is in force; a folder is read again only when its bytes have changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from socialdesk.errors import PolicyInvalid
from socialdesk.inbox import channels, events
from socialdesk.inbox.connection import writing
from socialdesk.model import SYSTEM, Millis
from socialdesk.policy.folder import fingerprint
from socialdesk.policy.model import Policy

_loaded: dict[str, Policy] = {}


def policy_for(
    connection: sqlite3.Connection, folder: Path, now: Millis, notices: list[tuple[str, str]]
) -> Policy:
    """The policy that conversations are decided by.

    Where the folder's bytes are those in force, the stored bundle is used; otherwise the folder is
    checked and put in force. A broken edit leaves the policy in force and says so in `notices`;
    without one in force it is `PolicyInvalid`.
    """
    in_force = channels.policy_hash_in_force(connection)
    current = fingerprint(folder)
    if current is not None and current == in_force:
        return _stored(connection, current)
    return _read(connection, folder, in_force, now, notices)


def _stored(connection: sqlite3.Connection, hash_: str) -> Policy:
    if hash_ not in _loaded:
        bundle = channels.policy_bundle(connection, hash_)
        if bundle is None:
            raise PolicyInvalid(f"the inbox has lost its policy {hash_[:12]}; run: socialdesk policy check")
        _remember(Policy.from_bundle(bundle))
    return _loaded[hash_]


def _remember(policy: Policy) -> None:
    if len(_loaded) > 4:
        _loaded.clear()
    _loaded[policy.hash] = policy


def _read(
    connection: sqlite3.Connection,
    folder: Path,
    in_force: str | None,
    now: Millis,
    notices: list[tuple[str, str]],
) -> Policy:
    from socialdesk.policy.load import load_folder  # pydantic costs 90 ms; an unchanged folder never pays it

    loaded = load_folder(folder)
    policy = loaded.policy
    if policy is None:
        errors = [d for d in loaded.diagnostics if d.severity == "error"]
        problem = (
            f"{folder} has {len(errors)} error{'s' * (len(errors) != 1)}, the first: {errors[0].one_line()}"
        )
        if in_force is None:
            raise PolicyInvalid(problem, loaded.diagnostics)
        notices.append(
            ("error", f"{problem}; the policy before stays in force. See: socialdesk policy check")
        )
        return _stored(connection, in_force)
    activate(connection, policy, str(folder), now)
    return policy


def activate(connection: sqlite3.Connection, policy: Policy, source: str, now: Millis) -> None:
    """Put a policy in force for every desk of the inbox; on the record with its hash."""
    with writing(connection):
        if channels.policy_hash_in_force(connection) != policy.hash:
            channels.put_policy_in_force(
                connection, policy.hash, policy.to_bundle(), SYSTEM.login, source, now
            )
            events.append(connection, "policy", SYSTEM, now, body={"hash": policy.hash})
    _remember(policy)
