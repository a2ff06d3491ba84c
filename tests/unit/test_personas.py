"""The sandbox's people: who answers what, when, and what happens to a file with mistakes."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.desk import personas_file
from socialdesk.desk.personas import Personas, PlannedPost, Sent, answers, review
from socialdesk.errors import FeedUnusable, PolicyInvalid
from socialdesk.model import Feeling, Handle, Millis, Visibility

SHIPPED = Path(__file__).resolve().parents[2] / "sample_feeds" / "personas.yaml"
NOW = Millis(1_768_500_000_000)

SMALL = """
bystanders:
  neighbour: {name: Rosalind, followers: 12}
people:
  Crank:
    - mood: furious
      turns:
        - - {hears: [sorry], after: 20s, says: "SORRY is no widget"}
          - {kind: private, after: 20s, says: ["{reference}", "it is {first_name or me}"]}
          - {after: 20s to 45s, says: that is no answer}
        - - {after: 45s, says: "hm. thank you {agent}"}
      joins:
        - {by: neighbour, after: 30s, says: be nice}
feelings:
  calm:
    - mood: thankful
      turns:
        - - {language: de, after: 1m, says: Danke}
          - {after: 1m, says: thanks}
  upset:
    - {mood: silent, turns: [[{silent: true}]]}
posts:
  - {by: neighbour, after: 10s, says: good to know}
  - {by: neighbour, after: 10s, chance: 0, says: never said}
colleagues:
  - {name: lee, after: 8s}
  - name: chloe
    after: 12s
    rejects:
      - {hears: [refund, "100 %"], reason: no money in public}
"""


@pytest.fixture(scope="module")
def small() -> Personas:
    return personas_file.read("small.yaml", SMALL)


@pytest.fixture(scope="module")
def shipped() -> Personas:
    return personas_file.load(SHIPPED)


def sent(
    text: str = "which one is it",
    author: str = "crank",
    kind: str = "reply",
    feeling: Feeling = Feeling.CALM,
    turn: int = 1,
    language: str | None = None,
    values: dict[str, str] | None = None,
) -> Sent:
    visibility = Visibility.PRIVATE if kind == "private" else Visibility.PUBLIC
    return Sent(text, kind, Handle(author), "x", "77", feeling, turn, language, visibility, values or {})


def said(personas: Personas, message: Sent, seed: object = 1) -> list[tuple[str, str, int]]:
    posts = answers(personas, message, random.Random(str(seed)), NOW)
    return [(post.author, post.text, post.at - NOW) for post in posts]


def test_the_first_line_that_fits_is_said_and_bystanders_join_in(small: Personas) -> None:
    assert said(small, sent("We're so SORRY")) == [
        ("crank", "SORRY is no widget", 20_000),
        ("neighbour", "be nice", 30_000),
    ]


def test_a_delay_lies_between_its_bounds(small: Personas) -> None:
    delays = {said(small, sent(), seed)[0][2] for seed in range(50)} - {30_000}
    assert min(delays) >= 20_000
    assert max(delays) <= 45_000
    assert len(delays) > 10


def test_a_private_message_is_answered_in_private_and_nobody_overhears_it(small: Personas) -> None:
    message = sent(kind="private")
    (post,) = answers(small, message, random.Random(1), NOW)
    assert post.visibility is Visibility.PRIVATE
    assert post.text == "it is me"


def test_placeholders_are_filled_or_another_text_is_taken(small: Personas) -> None:
    message = sent(kind="private", values={"reference": "AC-1", "first_name": "Norman"})
    texts = {said(small, message, seed)[0][1] for seed in range(20)}
    assert texts == {"AC-1", "it is Norman"}


def test_a_text_that_cannot_be_filled_is_never_said(small: Personas) -> None:
    assert said(small, sent(turn=2)) == []
    assert said(small, sent(turn=2, values={"agent": "Ana"})) == [("crank", "hm. thank you Ana", 45_000)]


def test_when_the_turns_are_used_up_the_customer_is_silent(small: Personas) -> None:
    assert said(small, sent(turn=3, values={"agent": "Ana"})) == []


def test_strangers_answer_by_feeling_and_language(small: Personas) -> None:
    assert said(small, sent(author="nina")) == [("nina", "thanks", 60_000)]
    assert said(small, sent(author="nina", language="de")) == [("nina", "Danke", 60_000)]
    assert said(small, sent(author="nina", feeling=Feeling.UPSET)) == []
    assert said(small, sent(author="nina", feeling=Feeling.THANKFUL)) == [("nina", "thanks", 60_000)]


def test_a_post_is_answered_by_bystanders_alone(small: Personas) -> None:
    assert said(small, sent("The app is down", kind="post", author="")) == [
        ("neighbour", "good to know", 10_000)
    ]


def test_a_bystander_carries_a_name_and_links_to_our_message(small: Personas) -> None:
    (post,) = answers(small, sent(kind="post", author=""), random.Random(1), NOW)
    assert (post.name, post.followers, post.reply_to, post.network) == ("Rosalind", 12, "77", "x")


def test_a_conversation_keeps_its_mood(shipped: Personas) -> None:
    silent = {
        seed
        for seed in range(60)
        if not [a for a in said(shipped, sent(author="nina", feeling=Feeling.UPSET), seed) if a[0] == "nina"]
    }
    assert 5 < len(silent) < 40
    for seed in silent:
        later = sent(author="nina", feeling=Feeling.UPSET, turn=2)
        assert not said(shipped, later, seed)


def test_lee_approves(small: Personas) -> None:
    verdict = review(small, "Sorry about that. Which widget is it?", "ana")
    assert verdict is not None
    assert (verdict.approve, verdict.by, verdict.after, verdict.reason) == (True, "lee", 8_000, "")


@pytest.mark.parametrize("text", ["You'll get a REFUND", "we refunded you", "you're 100 % right"])
def test_chloe_rejects_with_a_reason(small: Personas, text: str) -> None:
    verdict = review(small, text, "ana")
    assert verdict is not None
    assert (verdict.approve, verdict.by, verdict.reason) == (False, "chloe", "no money in public")


def test_nobody_decides_on_their_own_draft(small: Personas) -> None:
    own = review(small, "hello", "lee")
    refund = review(small, "a refund", "chloe")
    assert own is not None
    assert own.by == "chloe"
    assert refund is not None
    assert (refund.approve, refund.by) == (True, "lee")
    alone = replace(small, colleagues=small.colleagues[:1])
    assert review(alone, "hello", "lee") is None


def test_every_mistake_is_told_at_once_with_its_place() -> None:
    broken = (
        "feelings:\n"
        "  thankfull:\n"
        "    - {mood: a, turns: []}\n"
        "  calm:\n"
        "    - mood: b\n"
        "      weight: 0\n"
        "      turns:\n"
        "        - - {after: soon, says: hi, by: nobody}\n"
        "          - {sais: hi}\n"
        "colleague: []\n"
    )
    with pytest.raises(PolicyInvalid) as caught:
        personas_file.read("p.yaml", broken)
    told = {(d.line, d.nearest) for d in caught.value.diagnostics}
    assert {(2, "thankful"), (9, "says"), (10, "colleagues")} <= told
    assert {d.line for d in caught.value.diagnostics} == {2, 5, 8, 9, 10}
    assert "p.yaml:2:3: SD802" in str(caught.value)


@pytest.mark.parametrize("text", ["hi {nobody or you}", "hi {first_name", "hi {agent or}"])
def test_a_placeholder_that_nobody_can_fill_is_an_error(text: str) -> None:
    with pytest.raises(PolicyInvalid, match=r"p.yaml:1:\d+: SD801"):
        personas_file.read("p.yaml", f'posts: [{{says: "{text}"}}]')


@pytest.mark.parametrize("text", ["", "- a", "people: 3", "posts: {a: 1}", "people: [", "posts: [{by: 1}]"])
def test_a_file_of_another_shape_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PolicyInvalid):
        personas_file.read("p.yaml", text)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedUnusable, match="cannot be read"):
        personas_file.load(tmp_path / "personas.yaml")


def test_the_shipped_people_cover_every_feeling_and_can_keep_silent(shipped: Personas) -> None:
    assert set(shipped.feelings) == set(Feeling)
    for moods in shipped.feelings.values():
        assert any(not mood.turns for mood in moods)
        assert any(mood.turns for mood in moods)
    assert {"dana_okafor", "pietje_puck81", "grumblecrank", "wrenhollis"} <= set(shipped.people)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(),
    turn=st.integers(1, 6),
    kind=st.sampled_from(["reply", "private", "post"]),
    feeling=st.sampled_from(list(Feeling)),
    author=st.sampled_from(["dana_okafor", "GrumbleCrank", "wrenhollis", "somebody"]),
    language=st.sampled_from(["en", "de", "ja", None]),
    text=st.text(max_size=60),
)
def test_whatever_is_sent_the_answers_are_whole_and_come_later(
    seed: int, turn: int, kind: str, feeling: Feeling, author: str, language: str | None, text: str
) -> None:
    people = personas_file.load(SHIPPED)
    message = Sent(text, kind, Handle(author), "x", "9", feeling, turn, language)
    planned = answers(people, message, random.Random(seed), NOW)
    assert planned == answers(people, message, random.Random(seed), NOW)
    for post in planned:
        assert isinstance(post, PlannedPost)
        assert NOW < post.at <= NOW + 120_000
        assert post.text.strip()
        assert "{" not in post.text
        assert post.reply_to == "9"
    assert list(planned) == sorted(planned, key=lambda post: post.at)
