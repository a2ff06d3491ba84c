"""The policy that ships, read once for all tests that look at it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.policy.load import Loaded, load_folder

if TYPE_CHECKING:
    from socialdesk.policy.model import Policy

FOLDER = Path(__file__).parents[2] / "policies"


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_folder(FOLDER)


def policy() -> Policy:
    found = loaded()
    assert found.policy is not None, "\n".join(problem.render() for problem in found.errors)
    return found.policy
