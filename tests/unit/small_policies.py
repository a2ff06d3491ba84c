"""Small policies for the tests of the policy room."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from socialdesk.policy.load import load_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.policy.model import Policy

WIDGET = """\
    playbook: acme-widget
    title: Widget complaints
    owner: care-leads
    if:
      topic: widget
      any_of:
        - feeling: [upset, belligerent]
        - topic: broken
    target: complaint
    cases:
      addressed:
        if: {said: to_us}
        wait_until_post_is: 5m
        steps:
          - ask: Has someone already answered them well?
            if_yes: {close: answered_by_others}
          - find_out: [product, bought_on]
            reply: apologise-and-ask
            if_silent: {after: 3d, close: no_answer}
          - ask: Do they have a point?
            if_no: {reply: explain-politely}
          - ask: Can it be fixed without private details?
            if_yes: {reply: public-fix}
            if_no: {take_private: invite-to-dm}
        afterwards:
          - if: {feeling: thankful}
            reply: ask-to-share
      overheard:
        if: {said: about_us}
        watch: {for: 48h, then: agent_decides}
        wake:
          - if: {different_customers: {at_least: 2, within: 24h}}
            go_to: intervene
          - if: {same_author_again: true}
            go_to: agent_decides
      intervene:
        only_by: go_to
        target: complaint
        urgency: high
        tag: second-voice
        steps:
          - reply: offer-help
          - post: holding-message
    replies:
      apologise-and-ask: {text: "Sorry, {first_name or there}. Which widget is it? {initials}"}
      explain-politely: {text: "Here is how it is meant to be. {initials}"}
      public-fix: {text: "Try holding the dial. {initials}"}
      invite-to-dm: {text: "Could you write to us privately? {initials}"}
      ask-to-share: {text: "Glad it works! {initials}"}
      offer-help: {text: "May we help? {initials}"}
      holding-message: {text: "We are looking into it."}
    tests:
      - it: treats a direct complaint as ours
        when: {text: "@acme my widget broke", followers: 120}
        then: {case: addressed, target: complaint, next_step: ask}
    """

REST = """\
    playbook: rest
    cases:
      to-us:
        if: {said: to_us}
        engage: respond
      noise:
        close: not_about_us
    """

ALWAYS = """\
    - if: {followers: 50k+}
      title: Many are listening
      escalate: {to: duty-manager, acknowledge_within: 15m}
      urgency: high
    - if: {risk: [safety, legal]}
      escalate: {to: legal, by: email, acknowledge_within: 10m, otherwise: duty-manager}
      urgency: critical
      tag: [law]
    """

TEAM = """\
    agents:
      lee: {name: Lee, logins: [lee], role: lead, initials: LE}
    groups:
      duty-manager: {title: Duty manager, members: [lee], reach: {desk: yes}}
      legal: {title: Legal, members: [lee], reach: {email: legal@acme.example}}
    """

TARGETS = """\
    calendars:
      care: {zone: UTC, hours: {mon-sun: ["00:00-24:00"]}}
    targets:
      complaint: {acknowledge: 15m, reply: 1h, calendar: care}
    """

WORDS = """\
    handles: [acme]
    products: {widget: [widget, widgets]}
    topics:
      broken: {fault: true, forms: [broken, broke]}
      praise: [love it]
    risks: {safety: [smoke], legal: [lawyer]}
    """

FILES: Mapping[str, str] = {
    "order.yaml": "order: [acme-widget, rest]\n",
    "always.yaml": dedent(ALWAYS),
    "team.yaml": dedent(TEAM),
    "targets.yaml": dedent(TARGETS),
    "words.yaml": dedent(WORDS),
    "playbooks/rest.yaml": dedent(REST),
    "playbooks/widget.yaml": dedent(WIDGET),
}
"""A whole small policy: the Acme widget, a playbook for the rest, and what they refer to."""


def files(**changes: str | None) -> dict[str, str]:
    """The small policy with some files written anew or, with None, left out.

    `widget` and `rest` are the playbooks, every other name is `<name>.yaml`.
    """
    written = dict(FILES)
    for name, text in changes.items():
        path = f"playbooks/{name}.yaml" if f"playbooks/{name}.yaml" in FILES else f"{name}.yaml"
        if text is None:
            del written[path]
        else:
            written[path] = dedent(text)
    return written


def policy(**changes: str | None) -> Policy:
    """The small policy, with changes, in force; fails with every diagnostic when it has errors."""
    loaded = load_files(files(**changes))
    assert loaded.policy is not None, "\n".join(found.render() for found in loaded.diagnostics)
    return loaded.policy


def widget_with(old: str, new: str) -> str:
    """The widget playbook with one passage changed."""
    text = dedent(WIDGET)
    assert old in text, f"the widget playbook has no {old!r}"
    return text.replace(old, new)
