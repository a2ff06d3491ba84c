"""Desk room: how the sandbox's customers answer, and what its colleagues say of a draft; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from socialdesk.model import Feeling, Handle, Millis, Visibility

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Bystander:
    """Somebody who joins in; `name` and `followers` are what the network would tell."""

    handle: Handle
    name: str
    followers: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that may be said: after `earliest` to `latest` milliseconds, one of `says`.

    It fits a message that holds one of `hears` (all do when empty), of that `kind` and `language`
    (None: any). A `silent` line fits and says nothing. `chance` (0 to 1) counts for bystanders only.
    """

    says: tuple[str, ...]
    earliest: int
    latest: int
    hears: tuple[str, ...] = ()
    kind: str | None = None
    language: str | None = None
    silent: bool = False
    by: Bystander | None = None
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Mood:
    """One way a conversation can go: lines for each of our messages in turn, and who joins in."""

    name: str
    weight: int
    turns: tuple[tuple[Line, ...], ...]
    joins: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """The words that make a colleague send a draft back, and what they say then."""

    hears: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who decides on drafts, `after` milliseconds; `name` is an agent of `team.yaml`."""

    name: str
    after: int
    rejects: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Personas:
    """Everybody in the sandbox but the agent; `people` is keyed by handle in lower case."""

    people: Mapping[str, tuple[Mood, ...]] = field(default_factory=dict)
    feelings: Mapping[Feeling, tuple[Mood, ...]] = field(default_factory=dict)
    posts: tuple[Line, ...] = ()
    colleagues: tuple[Colleague, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What the agent sent: `kind` is reply, private or post, `author` the customer it went to.

    `turn` counts our messages in the conversation, this one included. `external_id` is the network's
    id of it. `values` fills the placeholders of the answers, as named in `PLACEHOLDERS`.
    """

    text: str
    kind: str
    author: Handle
    network: str
    external_id: str
    feeling: Feeling = Feeling.CALM
    turn: int = 1
    language: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post that will appear in the sandbox at `at`; `name` and `followers` are None for the customer."""

    at: Millis
    author: Handle
    text: str
    network: str
    reply_to: str
    visibility: Visibility
    language: str | None = None
    name: str | None = None
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the colleague `by` says of a draft `after` milliseconds; `reason` is empty on approval."""

    approve: bool
    reason: str
    after: int
    by: str


def answers(personas: Personas, sent: Sent, rng: random.Random, now: Millis) -> tuple[PlannedPost, ...]:
    """What comes back for `sent`, earliest first; empty when everybody keeps silent.

    A customer stays in one mood for a whole conversation when each of its messages is asked with a
    `rng` freshly seeded by that conversation, e.g. `random.Random(f"{salt}:{conversation_id}")`.
    """
    mood = _mood(personas, sent, rng)
    # The mood is drawn before the turn counts, everything else after: same mood, other words.
    rng.seed(f"{rng.getrandbits(64)}:{sent.turn}")
    if sent.kind == "post":
        lines = _joining(personas.posts, sent, rng)
    elif mood is None:
        return ()
    else:
        lines = [*_own_line(mood, sent), *_joining(mood.joins if sent.turn == 1 else (), sent, rng)]
    planned = (_plan(line, sent, rng, now) for line in lines)
    return tuple(sorted((post for post in planned if post is not None), key=lambda post: post.at))


def review(personas: Personas, draft_text: str, author: str) -> Verdict | None:
    """The verdict on a draft by the agent `author`; None where nobody else is there to give one."""
    others = [colleague for colleague in personas.colleagues if colleague.name != author]
    for colleague in others:
        for rejection in colleague.rejects:
            if _heard(rejection.hears, draft_text):
                return Verdict(False, rejection.reason, colleague.after, colleague.name)
    return Verdict(True, "", others[0].after, others[0].name) if others else None


def _mood(personas: Personas, sent: Sent, rng: random.Random) -> Mood | None:
    own = personas.people.get(sent.author.lower())
    moods = own or personas.feelings.get(sent.feeling) or personas.feelings.get(Feeling.CALM)
    return rng.choices(moods, [mood.weight for mood in moods])[0] if moods else None


def _own_line(mood: Mood, sent: Sent) -> list[Line]:
    if not 1 <= sent.turn <= len(mood.turns):
        return []
    fitting = (line for line in mood.turns[sent.turn - 1] if _fits(line, sent))
    first = next(fitting, None)
    return [] if first is None or first.silent else [first]


def _joining(lines: Iterable[Line], sent: Sent, rng: random.Random) -> list[Line]:
    if sent.visibility is Visibility.PRIVATE or sent.kind == "private":
        return []  # nobody else can read it
    return [line for line in lines if _fits(line, sent) and rng.random() < line.chance]


def _fits(line: Line, sent: Sent) -> bool:
    return (
        line.kind in {None, sent.kind}
        and line.language in {None, sent.language}
        and (not line.hears or _heard(line.hears, sent.text))
    )


def _heard(words: Iterable[str], text: str) -> bool:
    """Whether one of `words` begins a word of `text`: `refund` is heard in "refunded"; `?` anywhere."""
    folded = text.casefold()
    return any(
        re.search((r"\b" if word[:1].isalnum() else "") + re.escape(word.casefold()), folded)
        for word in words
    )


def _plan(line: Line, sent: Sent, rng: random.Random, now: Millis) -> PlannedPost | None:
    filled = [text for text in (_fill(said, sent.values) for said in line.says) if text is not None]
    if not filled:
        return None
    at = Millis(now + rng.randint(line.earliest, line.latest))
    who = line.by
    return PlannedPost(
        at,
        sent.author if who is None else who.handle,
        rng.choice(filled),
        sent.network,
        sent.external_id,
        Visibility.PRIVATE if sent.kind == "private" else sent.visibility,
        line.language or sent.language,
        None if who is None else who.name,
        None if who is None else who.followers,
    )


PLACEHOLDERS = ("first_name", "product", "reference", "agent")
"""What the desk may know of a customer, and who answered them."""

PLACEHOLDER = re.compile(r"\{(\w+)(?: or ([^{}]+))?\}")


def _fill(said: str, values: Mapping[str, str]) -> str | None:
    """`said` with its placeholders filled; None where a value is missing and has no words instead."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        found = values.get(match[1]) or match[2]
        missing = missing or found is None
        return found or ""

    text = PLACEHOLDER.sub(value, said)
    return None if missing else text
