"""The bundle: a policy stored and read again without YAML and without shapes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from socialdesk.conditions.subject import Values
from socialdesk.errors import SocialdeskError
from socialdesk.model import Millis
from socialdesk.policy.decide import decide
from socialdesk.policy.explain import explain_decision
from socialdesk.policy.load import load_folder
from socialdesk.policy.model import Policy
from tests.unit.small_policies import FILES, policy

SHIPPED = Path(__file__).resolve().parents[2] / "policies"
COMPLAINT = Values({"relation": "to_us", "topic": ("widget", "broken"), "risk": ("legal",), "followers": 7})


def test_a_stored_policy_is_the_policy() -> None:
    small = policy()
    again = Policy.from_bundle(small.to_bundle())
    assert again.hash == small.hash
    assert again.playbooks == small.playbooks
    assert again.always == small.always
    assert again.lexicon == small.lexicon
    assert dict(again.files) == dict(FILES)


def test_a_stored_policy_decides_and_explains_alike_down_to_the_line() -> None:
    small = policy()
    again = Policy.from_bundle(small.to_bundle())
    at = Millis(0)
    assert decide(again, COMPLAINT, at) == decide(small, COMPLAINT, at)
    assert explain_decision(again, COMPLAINT, at) == explain_decision(small, COMPLAINT, at)


def test_the_shipped_policies_survive_whole() -> None:
    shipped = load_folder(SHIPPED).policy
    assert shipped is not None
    again = Policy.from_bundle(shipped.to_bundle())
    assert again.playbooks == shipped.playbooks
    assert again.lexicon == shipped.lexicon
    for part in ("team", "targets", "guardrails", "replies", "networks", "always", "views"):
        assert repr(getattr(again, part)) == repr(getattr(shipped, part)), part


def test_storing_twice_gives_the_same_text() -> None:
    bundle = policy().to_bundle()
    assert Policy.from_bundle(bundle).to_bundle() == bundle


def test_a_bundle_of_another_version_says_what_to_do() -> None:
    head, rest = policy().to_bundle().split("\n", 1)
    other = json.dumps({**json.loads(head), "format": 999})
    with pytest.raises(SocialdeskError, match="load the policy folder again"):
        Policy.from_bundle(f"{other}\n{rest}")


def test_line_ends_of_every_kind_stay_inside_their_file() -> None:
    odd = policy(rest=FILES["playbooks/rest.yaml"] + "# a\u2028# b\u0085# c\n")
    again = Policy.from_bundle(odd.to_bundle())
    assert again.files["playbooks/rest.yaml"].endswith("# a\u2028# b\u0085# c\n")


PROGRAM = """
import sys
from socialdesk.policy.model import Policy
from socialdesk.policy.decide import decide
from socialdesk.conditions.subject import Values
policy = Policy.from_bundle(sys.stdin.read())
print(decide(policy, Values({"relation": "to_us", "topic": ("widget", "broken")}), 0).case)
print(sorted({"yaml", "pydantic", "rapidfuzz", "textual", "regex"} & set(sys.modules)))
"""


def test_deciding_from_a_bundle_needs_neither_yaml_nor_shapes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=policy().to_bundle(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["addressed", "[]"]
