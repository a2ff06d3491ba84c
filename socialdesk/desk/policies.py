"""Desk room: which policy is in force; a folder is read again only when its bytes have changed."""

from __future__ import annotations

import time
from pathlib import Path

from socialdesk.clock import MINUTE
from socialdesk.errors import PolicyInvalid
from socialdesk.inbox import channels, events
from socialdesk.inbox import timers as timer_table
from socialdesk.inbox.connection import Connection, writing
from socialdesk.model import SYSTEM, Millis
from socialdesk.policy.folder import fingerprint, last_touched
from socialdesk.policy.model import Policy

SETTLED = 1.0
"""Seconds for which nobody must have touched the files: an editor empties a file before it fills it."""

WATCH_LEASE = "policy"
"""Held, under the folder's name, by the desks that are open; what they watch is what counts."""

Notices = list[tuple[str, str]]

_loaded: dict[str, Policy] = {}
_broken: dict[Path, tuple[str | None, str]] = {}
"""What was wrong with a folder when its bytes were such; reading it again each second would tell no more."""


def policy_for(connection: Connection, folder: Path, now: Millis, notices: Notices) -> Policy:
    """The policy that conversations are decided by.

    Where the folder's bytes are those in force, the stored bundle is used; otherwise the folder is
    checked and put in force, once nobody has touched it for a second. A broken edit, and the folder of
    another team while a desk is open on its own, leave the policy in force and say so in `notices`;
    without one in force a broken folder is `PolicyInvalid`.
    """
    in_force = channels.policy_hash_in_force(connection)
    current = fingerprint(folder)
    if current is not None and current == in_force:
        _broken.pop(folder, None)
        return _stored(connection, current)
    if in_force is None:
        return _first(connection, folder, now)
    watched = [other for other in timer_table.holders(connection, WATCH_LEASE, now) if other != str(folder)]
    if watched:
        notices.append(
            ("warning", f"a desk is open by the policies in {watched[0]}; those in {folder} are not used")
        )
        return _stored(connection, in_force)
    return _follow(connection, folder, in_force, now, notices)


def problem_with(folder: Path) -> str | None:
    """What keeps the folder's present state from coming into force, as last seen by this process."""
    known = _broken.get(folder)
    return known[1] if known is not None else None


def watch(connection: Connection, folder: Path, now: Millis) -> None:
    """Say that an open desk works by this folder; to be repeated within the minute, inside a transaction."""
    timer_table.lease(connection, WATCH_LEASE, str(folder), now, now + MINUTE)


def _first(connection: Connection, folder: Path, now: Millis) -> Policy:
    loaded = _load(folder)
    if isinstance(loaded, str):
        raise PolicyInvalid(f"{loaded}. No policy is in force yet; see: socialdesk policy check")
    activate(connection, loaded, str(folder), now)
    return loaded


def _follow(connection: Connection, folder: Path, in_force: str, now: Millis, notices: Notices) -> Policy:
    """The folder's edit in force, or what was in force before it."""
    if not _settle(folder):
        return _stored(connection, in_force)
    current = fingerprint(folder)
    if current == in_force:  # it was an editor's pause between emptying a file and filling it
        return _stored(connection, in_force)
    if folder not in _broken or _broken[folder][0] != current:
        loaded = _load(folder)
        if isinstance(loaded, Policy):
            _broken.pop(folder, None)
            before = channels.policy_source(connection)
            activate(connection, loaded, str(folder), now)
            instead = f", in place of {before}" if before not in (None, str(folder)) else ""
            notices.append(
                ("information", f"the policies in {folder} are in force now{instead} ({loaded.hash[:12]})")
            )
            return loaded
        _broken[folder] = current, loaded
    notices.append(
        (
            "warning",
            f"{_broken[folder][1]}; the policy before stays in force. See: socialdesk policy check",
        )
    )
    return _stored(connection, in_force)


def _settle(folder: Path) -> bool:
    """Wait until nobody has touched the files for a second; False when they do not come to rest."""
    for _ in range(3):
        age = time.time() - last_touched(folder)
        if not 0 <= age < SETTLED:
            return True
        time.sleep(SETTLED - age)
    return False


def _load(folder: Path) -> Policy | str:
    """The folder's policy, or in one sentence what is wrong with it."""
    from socialdesk.policy.load import load_folder  # pydantic costs 90 ms; an unchanged folder never pays it

    loaded = load_folder(folder)
    if loaded.policy is not None:
        return loaded.policy
    errors, first = len(loaded.errors), loaded.errors[0]
    if first.code == "SD101":  # no folder, or nothing in it
        return first.message
    return f"{folder} has {errors} error{'s' * (errors != 1)}, the first: {first.one_line()}"


def _stored(connection: Connection, hash_: str) -> Policy:
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


def activate(connection: Connection, policy: Policy, source: str, now: Millis) -> None:
    """Put a policy in force for every desk of the inbox; on the record with its hash."""
    with writing(connection):
        if channels.policy_hash_in_force(connection) != policy.hash:
            channels.put_policy_in_force(
                connection, policy.hash, policy.to_bundle(), SYSTEM.login, source, now
            )
            events.append(connection, "policy", SYSTEM, now, body={"hash": policy.hash})
    _remember(policy)
