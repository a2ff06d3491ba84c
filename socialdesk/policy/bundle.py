"""The policy as one JSON text, so that a command can decide without YAML and without shapes."""

from __future__ import annotations

import json

from socialdesk.errors import SocialdeskError
from socialdesk.policy.assemble import assemble
from socialdesk.policy.model import Policy
from socialdesk.policy.places import Places

FORMAT = 1
"""Raised when the normal form changes; a bundle of another format is made anew from its files."""


def write(policy: Policy) -> str:
    """The bundle: the files as they are, their normal form, and where everything stands in them."""
    return json.dumps(
        {
            "format": FORMAT,
            "hash": policy.hash,
            "files": policy.files,
            "sections": policy.sections,
            "places": {name: [places.file, places.packed] for name, places in policy.places.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read(bundle: str) -> Policy:
    """The policy of a bundle; raise `SocialdeskError` when another version of the program wrote it."""
    stored = json.loads(bundle)
    if stored["format"] != FORMAT:
        raise SocialdeskError(
            "the stored policy was written by another version of socialdesk: load the policy folder again"
        )
    places = {name: Places(file, packed) for name, (file, packed) in stored["places"].items()}
    policy, _ = assemble(stored["hash"], stored["files"], stored["sections"], places)
    return policy


def files_of(bundle: str) -> dict[str, str]:
    """The policy files kept in a bundle of any format, by name."""
    return {str(name): str(text) for name, text in json.loads(bundle)["files"].items()}
