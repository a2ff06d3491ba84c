"""The policy's own tests: events in, decisions out, differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.conditions.subject import Values
from socialdesk.policy.testing import Tested, TestReport, run_tests
from tests.unit.small_policies import policy, widget_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from socialdesk.policy.model import Policy, When

ONE = """\
  - it: treats a direct complaint as ours
    when: {text: "@acme my widget broke", followers: 120}
    then: {case: addressed, target: complaint, next_step: ask}
"""


def tag(events: Sequence[When]) -> Values:
    """A crude tagger: what the desk gives is the real one."""
    posts = [event for event in events if event.text is not None]
    first = posts[0].text or ""
    return Values(
        {
            "relation": "to_us" if "@acme" in first else "about_us",
            "topic": tuple(word for word in ("widget", "broke") if word in first),
            "feeling": "upset" if "broke" in first else "calm",
            "followers": posts[0].followers,
            "risk": ("legal",) if any("lawyer" in (post.text or "") for post in posts) else (),
            "different_customers": len({post.author for post in posts}),
            "same_author_again": len(posts) > len({post.author for post in posts}),
            "language": posts[0].language,
        }
    )


def with_tests(tests: str) -> Policy:
    return policy(widget=widget_with(ONE, tests))


def result_of(tests: str) -> Tested:
    (result,) = run_tests(with_tests(tests), tag).results
    return result


def differences(tests: str) -> list[str]:
    return [str(difference) for difference in result_of(tests).differences]


def test_a_test_that_holds_passes_and_knows_its_line() -> None:
    report = run_tests(policy(), tag)
    (result,) = report.results
    assert report.passed
    assert result.passed
    assert result.source == "playbooks/widget.yaml:53"
    assert (
        result.render() == "ok     acme-widget: treats a direct complaint as ours  (playbooks/widget.yaml:53)"
    )


def test_a_test_that_fails_says_what_was_expected_and_what_came() -> None:
    tests = """\
  - it: is wrong in every way
    when: {text: "@acme my widget broke", followers: 99000, language: de}
    then:
      playbook: rest
      engage: watch
      next_step: find_out
      urgency: critical
      critical: true
      escalates_to: [legal, duty-manager]
      topics: [widget, praise]
      said: about_us
      feeling: calm
      language: en
      watch: true
      tags: law
      close: done
"""
    assert differences(tests) == [
        "playbook: expected rest, got acme-widget",
        "engage: expected watch, got respond",
        "next_step: expected find_out, got ask, Has someone already answered them well?",
        "critical: expected yes, got no",
        "urgency: expected critical, got high",
        "close: expected done, got none",
        "watch: expected yes, got no",
        "escalates_to: expected legal, duty-manager, got duty-manager",
        "tags: expected law, got none",
        "topics: expected widget, praise, got widget, broke",
        "said: expected about_us, got to_us",
        "feeling: expected calm, got upset",
        "language: expected en, got de",
    ]


def test_the_second_voice_moves_the_first_conversation() -> None:
    assert not differences(
        """\
  - it: offers help when a second customer joins
    when:
      - {text: "my widget broke", author: one}
      - {text: "so's mine", author: two, after: 3h}
    then: {case: intervene, next_step: offer-help, urgency: high, tags: second-voice, target: complaint}
"""
    )


def test_the_same_author_again_leaves_it_to_the_agent() -> None:
    assert not differences(
        """\
  - it: leaves it to the agent
    when: [{text: "my widget broke", author: one}, {text: "hello?", author: one}]
    then: {case: overheard, engage: agent_decides, watch: false}
"""
    )


def test_a_watch_comes_to_its_end() -> None:
    waiting = """\
  - it: waits
    when: [{text: "my widget broke", author: one}, {wait: 47h}]
    then: {case: overheard, engage: watch}
"""
    assert not differences(waiting)
    assert differences(waiting.replace("47h", "48h")) == ["engage: expected watch, got agent_decides"]
    assert differences(waiting.replace("{wait: 47h}", "{wait: 1d}, {wait: 1d}")) == [
        "engage: expected watch, got agent_decides"
    ]


def test_standing_orders_are_asked_again_and_the_case_stays() -> None:
    assert not differences(
        """\
  - it: calls the lawyers later
    when: [{text: "@acme my widget broke", author: one}, {text: "my lawyer will write", author: one}]
    then: {case: addressed, critical: true, urgency: critical, escalates_to: legal}
"""
    )


def test_what_is_known_of_the_customer_is_not_asked() -> None:
    unasked = widget_with(
        "- ask: Has someone already answered them well?\n        if_yes: {close: answered_by_others}\n      ",
        "",
    ).replace(
        ONE,
        """\
  - it: need not ask
    when: {text: "@acme my widget broke", customer: {product: widget, bought_on: 2026-01-02}}
    then: {next_step: Do they have a point?}
""".replace("Do they have a point?", "ask"),
    )
    (result,) = run_tests(policy(widget=unasked), tag).results
    assert result.passed, result.render()


def test_none_says_that_nothing_is_expected_to_be_there() -> None:
    tests = """\
  - it: starts no clock
    when: {text: "my widget broke"}
    then: {target: none, next_step: none, close: none}
"""
    assert not differences(tests)


def test_the_report_names_the_cases_that_no_test_reaches() -> None:
    report = run_tests(policy(), tag)
    assert report.unreached == (
        "acme-widget/overheard",
        "acme-widget/intervene",
        "rest/to-us",
        "rest/noise",
    )
    assert run_tests(policy(), tag, playbook="rest") == TestReport((), ("rest/to-us", "rest/noise"))
