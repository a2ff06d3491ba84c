"""A policy's tests are played through the real intake: who wrote, to whom, who else, and what is on record."""

from __future__ import annotations

from textwrap import indent

import pytest

from socialdesk.desk.rehearsal import rehearse
from socialdesk.errors import UsageError
from socialdesk.policy.load import load_files

FILES = {
    "words.yaml": "handles: [acme]\nnames: [Acme]\nproducts: {widget: [widget]}\n"
    "topics: {broken: {fault: true, forms: [broke, broken, dead]}}\n",
    "order.yaml": "order: [owned, talk]\n",
    "playbooks/owned.yaml": "playbook: owned\ntitle: Owned\nif: {topic: widget}\ncases:\n"
    "  old: {if: {product_age: over 700d}, engage: watch, watch: {for: 2d, then: agent_decides}}\n"
    "  ticket: {if: {open_case: yes}, engage: respond}\n"
    "  again: {only_by: go_to, engage: respond}\n"
    "  spoken:\n    if: {said: to_us}\n    watch: {for: 1h, then: close}\n"
    "    wake:\n      - {if: {same_author_again: yes}, go_to: again}\n"
    "  heard:\n    if: {said: about_us}\n    watch: {for: 48h, then: quiet}\n"
    "    wake:\n      - {if: {different_customers: {at_least: 2, within: 24h}}, go_to: both}\n"
    "  both: {only_by: go_to, engage: respond}\n"
    "  quiet: {only_by: go_to, engage: ignore}\n",
}
TALK = "playbook: talk\ntitle: Talk\ncases:\n  any: {engage: agent_decides}\n"


def differences(when: str, case: str) -> list[str]:
    """What a test with these events gets instead of this case."""
    test = f"tests:\n  - it: is a case\n    when:\n{indent(when, '      ')}\n    then: {{case: {case}}}\n"
    loaded = load_files(FILES | {"playbooks/talk.yaml": TALK + test})
    assert loaded.policy is not None, [one.one_line() for one in loaded.diagnostics]
    (result,) = rehearse(loaded.policy, playbook="talk").results
    return [str(one) for one in result.differences]


@pytest.mark.parametrize(
    ("when", "case"),
    [
        ("- {text: my acme widget broke}", "heard"),
        ("- {text: '@acme my widget broke'}", "spoken"),
        ("- {text: it broke again. the widget, reply_to_us: true}", "spoken"),
        ("- {text: '@acme widget', customer: {product_age: 900d}}", "old"),
        ("- {text: '@acme widget', customer: {bought_on: 2020-05-01}}", "old"),
        ("- {text: '@acme widget', customer: {product_age: 30d, open_ticket: T-1}}", "ticket"),
        ("- {text: '@acme widget'}\n- {text: still broken, reply_to: 1, author: somebody}", "again"),
        (
            "- {text: my acme widget broke, author: a}\n- {text: acme widget broken, author: b, after: 3h}",
            "both",
        ),
        (
            "- {text: my acme widget broke, author: a}\n- {text: acme widget broken, author: b, after: 30h}",
            "heard",
        ),
        ("- {text: my acme widget broke}\n- {wait: 50h}", "quiet"),
        ("- {text: good day}", "any"),
    ],
)
def test_events_lead_where_the_desk_would_go(when: str, case: str) -> None:
    assert differences(when, case) == []


def test_a_difference_is_told() -> None:
    assert differences("- {text: my acme widget broke}", "spoken") == ["case: expected spoken, got heard"]


def test_an_unknown_playbook_is_named_with_the_nearest() -> None:
    loaded = load_files(FILES | {"playbooks/talk.yaml": TALK})
    assert loaded.policy is not None
    with pytest.raises(UsageError, match="did you mean owned"):
        rehearse(loaded.policy, playbook="ownd")
