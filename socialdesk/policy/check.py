"""The check: what is wrong in policy files that are well formed, and the table of every code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from socialdesk.diagnostics import Diagnostic, in_order
from socialdesk.policy.check_names import check_names
from socialdesk.policy.check_people import check_people
from socialdesk.policy.check_reach import check_reach
from socialdesk.policy.check_replies import check_replies
from socialdesk.policy.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.policy.check_replies import PersonalData
    from socialdesk.policy.model import Policy

CODES: Mapping[str, str] = MappingProxyType(
    {
        # the file itself
        "SD001": "not YAML",
        "SD002": "a key stands twice",
        "SD003": "a file too large, too deep or with too many aliases",
        "SD004": "a tag or alias that cannot be used",
        "SD005": "a key that is no word",
        "SD006": "a second document",
        # the folder
        "SD101": "no policy folder, or nothing in it",
        "SD102": "a file that cannot be read",
        "SD103": "a file that the policy does not know",
        "SD104": "a playbook file without a playbook",
        "SD105": "a file that is missing or empty although others refer to it",
        # the shape
        "SD110": "an unknown word",
        "SD111": "something is missing",
        "SD112": "the wrong kind of value",
        "SD113": "not one of the values allowed",
        "SD114": "not a length of time",
        "SD115": "a value that cannot be",
        "SD116": "an entry that says nothing, or two things at once",
        # conditions
        "SD201": "an unknown field",
        "SD202": "a value that its field cannot have",
        "SD203": "a condition of the wrong form",
        "SD204": "an unknown word in a condition",
        "SD205": "conditions too deep",
        # names
        "SD301": "an unknown playbook",
        "SD302": "a playbook that order.yaml does not name",
        "SD303": "a playbook twice",
        "SD304": "an unknown reply",
        "SD305": "an unknown case",
        "SD306": "an unknown target",
        "SD307": "an unknown escalation group",
        "SD308": "an unknown agent",
        "SD309": "an unknown calendar",
        "SD310": "a reply twice",
        "SD311": "a topic, risk, playbook, case or agent in a condition that nothing ever has",
        "SD312": "an unknown shift",
        # replies
        "SD401": "an unknown placeholder",
        "SD402": "a reply that does not fit the network",
        "SD403": "a reply that a guardrail blocks",
        "SD404": "a reply that may not fit the network with long names",
        "SD405": "a reply that a guardrail warns of",
        # what nothing reaches
        "SD501": "a case that is never reached",
        "SD502": "a case only by go_to that nothing goes to",
        "SD503": "a playbook that is never reached",
        "SD504": "a question whose answers do the same",
        "SD505": "a step that is never reached",
        # people and promises
        "SD601": "an escalation by a way its group does not have",
        "SD602": "a reply that nobody can approve",
        "SD603": "a target that is not between live talk and e-mail",
    }
)
"""Every code with what it stands for; codes are stable, editors and CI rely on them."""


def check(
    policy: Policy,
    broken: frozenset[str] = frozenset(),
    personal: PersonalData | None = None,
    doubtful: frozenset[str] = frozenset(),
) -> tuple[Diagnostic, ...]:
    """What is wrong beyond the shape: errors keep a policy from being put in force, warnings do not.

    `broken` names sections that could not be read whole; what is missing from them is not complained
    about a second time, nor what follows from a wrong value in a `doubtful` one. `personal` finds
    personal data in a reply; without it that is not looked for.
    """
    findings = Findings(policy, broken, doubtful)
    check_names(findings)
    check_reach(findings)
    check_replies(findings, personal)
    check_people(findings)
    return in_order(findings.found)
