"""Guardrails: what may not be said is found with its words; what may be said is left alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from socialdesk.model import Evidence, Visibility
from socialdesk.policy.guardrails import DraftContext, Finding, blocks, build, check_text, phrases
from socialdesk.policy.replies import Replies
from socialdesk.policy.schema.guardrails import GuardrailsFile
from tests.unit.shipped_policy import policy

ANSWER = DraftContext(initials="AA", target="complaint", recipient="dana_okafor")
PRIVATE = DraftContext(kind="private", visibility=Visibility.PRIVATE, initials="AA", recipient="dana_okafor")
POST = DraftContext(kind="post")


def found(
    text: str, context: DraftContext = ANSWER, personal: tuple[Evidence, ...] = ()
) -> dict[str, Finding]:
    return {finding.rule: finding for finding in check_text(policy(), text, context, personal)}


def rails(*rules: dict[str, Any], our: dict[str, str] | None = None) -> SimpleNamespace:
    written = [
        {"name": f"rule-{at}", "reason": "because", "applies_to": ["public"], "severity": "block"} | rule
        for at, rule in enumerate(rules)
    ]
    plain = GuardrailsFile.model_validate({"rules": written}).model_dump(mode="json")
    guardrails = build(plain, lambda path: f"guardrails.yaml:{path[-1]}")
    return SimpleNamespace(guardrails=guardrails, replies=Replies(our=our or {}))


def personal(text: str, kind: str, words: str) -> Evidence:
    start = text.index(words)
    return Evidence("personal_data", kind, "looks like it", words, start, start + len(words))


@pytest.mark.parametrize(
    "text",
    [
        "We will refund you today. ^AA",
        "We’ll happily refund the whole order ^AA",
        "I can offer you a small discount ^AA",
        "You'll get your money back next week ^AA",
        "As a goodwill gesture, next month is on us ^AA",
        "Wir erstatten den Betrag ^AA",
        "Nous vous rembourserons demain ^AA",
        "Le devolveremos el dinero ^AA",
    ],
)
def test_nobody_promises_money_in_public(text: str) -> None:
    findings = found(text)
    assert {"no-compensation-in-public", "no-promise-to-the-customer-of-money"} & findings.keys()
    assert blocks(tuple(findings.values()))


@pytest.mark.parametrize(
    "text",
    [
        "We'll look into your refund, please send us a direct message. ^AA",
        "Our refund policy stands here: https://acme.example/help/returns ^AA",
        "We can't refund anything from here, sorry; the shop can help. ^AA",
        "Let me find out where your refund is. ^AA",
        "You can ask for a refund in the app. ^AA",
    ],
)
def test_one_may_speak_about_a_refund_without_promising_it(text: str) -> None:
    assert not found(text)


def test_a_promise_of_money_may_stand_in_a_private_message() -> None:
    assert not found("We will refund you today. ^AA", PRIVATE)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Sorry, that was entirely our fault. ^AA", "no-liability-in-public"),
        ("We'll check order AC-483920. ^AA", "no-order-numbers-in-public"),
        ("Could you send me your phone number? ^AA", "no-asking-for-details-in-public"),
        ("What is your password? ^AA", "no-passwords"),
        ("Under the law you have two years. ^AA", "no-legal-advice"),
        ("Sorry! Check out our new widget Pro. ^AA", "no-sales-pitch-to-the-upset"),
        ("Calm down, please. ^AA", "professional-tone"),
        ("That was the courier's fault. ^AA", "no-blame-on-others"),
        ("We promise it's there on Monday. ^AA", "no-promise-of-time"),
        ("It's perfectly safe to use. ^AA", "no-safety-judgement"),
        ("See https://acme.example/a and https://acme.example/b ^AA", "one-link"),
        ("Sorry, {first_name}. ^AA", "nothing-left-to-fill-in"),
        ("PLEASE READ THE INSTRUCTIONS AGAIN ^AA", "no-shouting"),
        ("Thank you for writing.", "sign-your-answer"),
        ("Thank you for writing. ^LE", "sign-your-answer"),
    ],
)
def test_each_shipped_guardrail_finds_what_it_forbids(text: str, rule: str) -> None:
    finding = found(text)[rule]
    assert text[finding.start : finding.end] == finding.words
    assert finding.source.startswith("guardrails.yaml:")


def test_an_invitation_to_a_private_message_may_name_what_to_bring() -> None:
    assert not found("Please send us a direct message with your order number. ^AA")


def test_selling_is_only_forbidden_to_those_who_complain() -> None:
    text = "Have a look at our new widget mini! ^AA"
    assert "no-sales-pitch-to-the-upset" in found(text)
    assert "no-sales-pitch-to-the-upset" in found(text, DraftContext(target="question", feeling="upset"))
    assert not found(text, DraftContext(target="question", initials="AA"))


def test_a_friendly_answer_is_left_alone() -> None:
    assert not found("Sorry about that, Dana. Which widget is it, and when did you get it? ^AA")


@pytest.mark.parametrize("signed", ["Hello ^AA", "Hello ^aa", "Hello - AA", "Hello (AA)", "Hello ^AA."])
def test_initials_may_be_written_in_several_ways(signed: str) -> None:
    assert not found(signed)


def test_who_has_no_initials_is_not_asked_for_them() -> None:
    assert not found("Hello", DraftContext())


def test_posts_are_not_signed() -> None:
    assert not found("The app is back. Thank you for your patience.", POST)


def test_personal_data_is_blocked_where_others_read_and_only_cards_where_not() -> None:
    text = "Thanks, so it's jonas@example.com and 4111 1111 1111 1111 ^AA"
    data = (personal(text, "email", "jonas@example.com"), personal(text, "card", "4111 1111 1111 1111"))
    public = [finding.words for finding in check_text(policy(), text, ANSWER, data) if "data" in finding.rule]
    private = [finding.words for finding in check_text(policy(), text, PRIVATE, data)]
    assert public == ["jonas@example.com", "4111 1111 1111 1111"]
    assert private == ["4111 1111 1111 1111"]


def test_our_own_numbers_and_addresses_may_be_named() -> None:
    text = "Call 0800-022 6263, +49 (30) 5550-0100 or write to Care@acme.example, not to 0171 5550199 ^AA"
    data = tuple(
        personal(text, kind, words)
        for kind, words in [
            ("phone", "0800-022 6263"),
            ("phone", "+49 (30) 5550-0100"),
            ("email", "Care@acme.example"),
            ("phone", "0171 5550199"),
        ]
    )
    assert [f.words for f in check_text(policy(), text, ANSWER, data)] == ["0171 5550199"]


def test_a_private_message_names_nobody_but_its_recipient() -> None:
    rule = "nobody-else-in-a-private-message"
    assert found("Hello @dana_okafor, and @somebody_else@far.example ^AA", PRIVATE)[rule].words == (
        "@somebody_else@far.example"
    )
    assert not found("Hello @Dana_Okafor@home.example ^AA", PRIVATE)
    assert rule in found("Hello @dana_okafor", DraftContext(kind="private"))
    assert rule not in found("Thank you @dana_okafor and @somebody ^AA")


def test_the_hardest_finding_comes_first() -> None:
    severities = [f.severity for f in check_text(policy(), "By law we promise, idiot", ANSWER)]
    assert severities == ["block", "lead", "warn", "warn"]


def test_a_star_is_the_rest_of_a_word_and_a_blank_may_be_a_hyphen() -> None:
    expression = phrases(("compensat*", "money back", "won't do"))
    assert [
        m[0] for m in expression.finditer("Compensation! money-back, money\nback; WON’T do uncompensated")
    ] == [
        "Compensation",
        "money-back",
        "money\nback",
        "WON’T do",
    ]


def test_unless_lets_pass_what_it_touches() -> None:
    team = rails({"words": ["password"], "unless": ["reset your password"]})
    assert [f.start for f in check_text(team, "reset your password; my password", ANSWER)] == [24]


def test_exact_case_and_any_case() -> None:
    assert not check_text(rails({"pattern": "ABC", "case": "exact"}), "abc", ANSWER)
    assert check_text(rails({"pattern": "ABC"}), "abc", ANSWER)


def test_links_are_counted_with_and_without_their_scheme() -> None:
    team = rails({"max_links": 1})
    text = "a@acme.example https://one.example/x www.two.example three.com/y e.g. this"
    assert [f.words for f in check_text(team, text, ANSWER)] == ["www.two.example", "three.com/y"]


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({}, "looks at nothing"),
        ({"pattern": "("}, "cannot be read"),
        ({"words": ["x"], "severity": "hard"}, "'block', 'lead' or 'warn'"),
        ({"words": ["x"], "applies_to": []}, "at least 1"),
        ({"words": ["x"], "applies_to": ["everywhere"]}, "'public', 'private' or 'posts'"),
        ({"personal_data": ["shoe size"]}, "'card', 'iban', 'email' or 'phone'"),
        ({"words": ["x"], "colour": "red"}, "Extra inputs"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        rails(rule)


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="`same` stands there twice"):
        rails({"name": "same", "words": ["x"]}, {"name": "same", "words": ["y"]})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from([ANSWER, PRIVATE, POST]))
def test_findings_lie_within_any_text_and_quote_it(text: str, context: DraftContext) -> None:
    for finding in check_text(policy(), text, context):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.words


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_forbidden_stays_so_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before} our fault {after}"
    assert any(finding.rule == "no-liability-in-public" for finding in check_text(policy(), text, POST))
