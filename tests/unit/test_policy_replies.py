"""Replies: filled in for one customer, never twice the same, and never with a stranger's words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from socialdesk.errors import NotFound
from socialdesk.policy.guardrails import DraftContext, blocks, check_text
from socialdesk.policy.replies import FIELDS, Reply, build, first_name_of, longest, placeholders, render
from socialdesk.policy.schema.replies import RepliesFile
from socialdesk.triage.personal import personal_data
from tests.unit.shipped_policy import policy

WRITTEN: dict[str, Any] = {
    "our": {"phone": "0800 022 6263"},
    "replies": {
        "sorry": {
            "text": ["Sorry, {first_name or there}. {initials}", "Oh no, {first_name or there}! {initials}"],
            "translations": {"de": "Das tut uns leid, {first_name or hallo}. {initials}"},
        },
        "call": {"text": "Call {our.phone} about {product}.", "approval": "peer"},
        "hold": {"text": "We're on it.", "approval": {"lead": None, "if_nobody": "on_call"}},
    },
}


def team(**changes: Any) -> SimpleNamespace:
    plain = RepliesFile.model_validate(WRITTEN | changes).model_dump(mode="json")
    return SimpleNamespace(replies=build(plain, lambda path: f"replies.yaml:{path[-1]}"))


def shipped() -> list[Reply]:
    return list(policy().replies.replies.values())


def test_fields_are_filled_in_and_words_stand_in_for_what_is_missing() -> None:
    assert render(team(), "sorry", {"first_name": "Dana", "initials": "AA"}).text == "Sorry, Dana. ^AA"
    assert render(team(), "sorry", {"first_name": None, "initials": "^AA"}).text == "Sorry, there. ^AA"


def test_what_nobody_knows_is_named_and_stays_to_be_filled_in() -> None:
    rendered = render(team(), "call", {})
    assert rendered.missing == ("product",)
    assert rendered.text == "Call 0800 022 6263 about {product}."


def test_a_customer_is_answered_in_their_language_when_we_have_it() -> None:
    assert (
        render(team(), "sorry", {"initials": "AA"}, language="de-AT").text == "Das tut uns leid, hallo. ^AA"
    )
    assert render(team(), "sorry", {"initials": "AA"}, language="pt").text == "Sorry, there. ^AA"


def test_a_variant_is_not_repeated_in_a_thread_whoever_it_was_filled_in_for() -> None:
    said = ["Sorry, Dana. ^AA"]
    second = render(team(), "sorry", {"first_name": "Eva", "initials": "LE"}, said)
    assert second.text == "Oh no, Eva! ^LE"
    third = render(team(), "sorry", {"first_name": "Eva", "initials": "LE"}, [*said, second.text])
    assert third.text == "Sorry, Eva. ^LE"


def test_a_variant_that_can_be_filled_in_goes_before_one_that_cannot() -> None:
    replies = {"x": {"text": ["About {product}.", "About it."]}}
    assert render(team(replies=replies), "x", {}).text == "About it."
    assert render(team(replies=replies), "x", {"product": "widget"}).text == "About widget."


def test_an_unknown_reply_is_said() -> None:
    with pytest.raises(NotFound, match="no reply `sory`"):
        render(team(), "sory", {})


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dana Okafor", "Dana"),
        ("Jean-Luc P.", "Jean-Luc"),
        ("O’Neill", "O’Neill"),
        ("Zoë", "Zoë"),
        ("美咲 田中", "美咲"),
        ("Dana, the great", "Dana"),
        ("xX_pipe_Xx", None),
        ("The Gadget Hour", None),
        ("Dr Who", None),
        ("🚚 Danny", None),
        ("@everyone", None),
        ("https://evil.example", None),
        ("X", None),
        ("A" * 40, None),
        ("", None),
        (None, None),
    ],
)
def test_a_first_name_is_only_taken_where_one_shows(name: str | None, first: str | None) -> None:
    assert first_name_of(name) == first


@pytest.mark.parametrize(
    "name", ["@everyone", "buy at evil.example", "https://evil.example", "{our.phone}", "<b>x</b>"]
)
def test_no_stranger_speaks_through_their_display_name(name: str) -> None:
    replies = {"x": {"text": "Hello {name or there} and {first_name or you}"}}
    assert (
        render(team(replies=replies), "x", {"name": name, "first_name": name}).text == "Hello there and you"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_name_says_no_handle_or_link_comes_of_it(name: str, first: str) -> None:
    text = render(team(), "sorry", {"name": name, "first_name": first, "initials": "AA"}).text
    assert "@" not in text
    assert "://" not in text
    assert text.startswith("Sorry, ")
    assert text.endswith(". ^AA")


def test_placeholders_are_found_with_their_fallback_and_place() -> None:
    text = "Hi { first_name or  dear friend }, {our.phone}{issue or }"
    assert [(found.name, found.fallback) for found in placeholders(text)] == [
        ("first_name", "dear friend"),
        ("our.phone", None),
        ("issue", ""),
    ]
    first = placeholders(text)[0]
    assert text[first.start : first.end] == "{ first_name or  dear friend }"


@pytest.mark.parametrize(
    "text", ["Hello {First}", "Hello {name", "Hello }", "{}", "{first name}", "{a or {b}}"]
)
def test_stray_braces_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="braces near"):
        placeholders(text)
    with pytest.raises(ValidationError, match="braces near"):
        team(replies={"x": {"text": text}})


def test_who_approves_may_be_said_in_short_or_in_full() -> None:
    replies = team().replies.replies
    assert (replies["sorry"].approval, replies["sorry"].if_nobody) == ("none", None)
    assert (replies["call"].approval, replies["call"].if_nobody) == ("peer", None)
    assert (replies["hold"].approval, replies["hold"].if_nobody) == ("lead", "on_call")


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ({"text": []}, "at least 1"),
        ({"text": ""}, "at least 1"),
        ({"text": "x", "approval": "boss"}, "'none', 'peer' or 'lead'"),
        ({"text": "x", "approval": {"peer": None, "if_nobody": "on_call"}}, "only helps where a lead"),
        ({"text": "x", "author": "me"}, "Extra inputs"),
    ],
)
def test_a_reply_that_cannot_be_is_refused(reply: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        team(replies={"x": reply})


def test_our_own_numbers_are_known_however_they_are_written() -> None:
    ours = policy().replies
    assert ours.is_ours("phone", "0800/022-6263")
    assert ours.is_ours("email", "CARE@acme.example")
    assert not ours.is_ours("phone", "0800 022 6264")
    assert not ours.is_ours("card", "0800 022 6263")


@pytest.mark.parametrize("reply", shipped(), ids=lambda reply: reply.name)
def test_a_shipped_reply_fits_and_breaks_no_guardrail(reply: Reply) -> None:
    for text in reply.every_text():
        filled = longest(policy(), text)
        assert len(filled) <= 260, filled
        kinds = ("post",) if "{initials}" not in text else ("reply", "private")
        for kind in kinds:
            context = DraftContext(kind=kind, target="complaint", initials="MWW")
            findings = check_text(policy(), filled, context, personal_data(filled))
            assert not blocks(findings), (filled, findings)
            assert not findings or reply.approval == "lead", (filled, findings)


@pytest.mark.parametrize("reply", shipped(), ids=lambda reply: reply.name)
def test_a_shipped_reply_varies_is_signed_and_asks_for_nothing_we_never_have(reply: Reply) -> None:
    assert len(set(reply.texts)) == len(reply.texts) >= 2
    for text in reply.every_text():
        names = {found.name for found in placeholders(text)}
        assert names <= set(policy().replies.known_fields())
        assert "initials" in names or "first_name" not in names  # who is greeted is told who greets
        assert all(found.fallback for found in placeholders(text) if found.name in {"first_name", "issue"})


def test_every_known_field_is_explained() -> None:
    assert all(words and words[0].islower() for words in FIELDS.values())
