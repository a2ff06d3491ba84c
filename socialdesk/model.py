"""The words that rooms exchange: ids, mentions, signals, facts; data only, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

Millis = NewType("Millis", int)
"""A moment or a length of time in integer milliseconds; moments count from 1970 in UTC."""

ConversationId = NewType("ConversationId", int)
MessageId = NewType("MessageId", int)
ProfileId = NewType("ProfileId", int)
CustomerId = NewType("CustomerId", int)
DraftId = NewType("DraftId", int)
IssueId = NewType("IssueId", int)
EventId = NewType("EventId", int)
Handle = NewType("Handle", str)
"""An account's name on its network, without the leading @."""


class Relation(StrEnum):
    """How a post stands to the brand."""

    TO_US = "to_us"
    ABOUT_US = "about_us"
    FROM_US = "from_us"
    NONE = "none"


class Sentiment(StrEnum):
    """The mood of a text; `UNJUDGED` where no lexicon speaks the language."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNJUDGED = "not_judged"


class Feeling(StrEnum):
    """How the writer stands towards us."""

    CALM = "calm"
    UPSET = "upset"
    BELLIGERENT = "belligerent"
    THANKFUL = "thankful"


class Visibility(StrEnum):
    """Who can read a message."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Mention:
    """An inbound post as a network delivered it, cleaned; `raw` is the form it came in.

    `metrics` counts (likes, reposts, replies, quotes); `profile` holds what else the network
    tells about the author. `origin` names the file and line or the address it came from.
    """

    network: str
    external_id: str
    text: str
    author: Handle
    created: Millis
    name: str | None = None
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    language: str | None = None
    url: str | None = None
    reply_to: str | None = None
    quote_of: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    edited: Millis | None = None
    deleted: bool = False
    metrics: Mapping[str, int] | None = None
    profile: Mapping[str, Any] | None = None
    raw: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something fetched that cannot become a mention: where it stood, why, and its raw form."""

    source: str
    line: int | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Measures:
    """What can be measured of a text without the team's words; stored, so that replay works.

    `polarity` (-1 to 1) and `subjectivity` (0 to 1) are TextBlob's; None where the language is
    not English. `capitals` is the share of capital letters among letters (0 to 1). `emoji` is the
    sum of the emoji's moods, `emoji_count` how many there are.
    """

    polarity: float | None
    subjectivity: float | None
    capitals: float = 0.0
    exclamations: int = 0
    questions: int = 0
    emoji: float = 0.0
    emoji_count: int = 0
    links: int = 0
    mentions: int = 0
    hashtags: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """One form of one of the team's words: `kind` handle, name, hashtag, topic, risk, feeling or spam."""

    kind: str
    label: str
    form: str
    source: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The team's words, compiled by policy and used by triage; `hash` names this version.

    `everyday` are products whose words anybody uses (app, account): they are topics like the others, but
    do not show that we are meant. `order_numbers` are regular expressions.
    """

    hash: str
    terms: tuple[Term, ...]
    handles: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    vips: frozenset[str] = frozenset()
    advocates: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    faults: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    order_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a signal says what it says: the words at [start, end) of the text, and who taught us them."""

    signal: str
    value: str
    source: str
    words: str = ""
    start: int = -1
    end: int = -1
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Signals:
    """What triage says of one message; `reach` is 0 to 100 on a log scale of followers and engagement."""

    relation: Relation = Relation.NONE
    sentiment: Sentiment = Sentiment.UNJUDGED
    feeling: Feeling = Feeling.CALM
    topics: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    reach: int = 0
    language: str | None = None
    spam: bool = False
    vip: bool = False
    advocate: bool = False
    colleague: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation: what was tested, what it found, whether it held, and where it is written."""

    held: bool
    test: str
    actual: str
    source: str = ""
    words: str = ""
    children: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: the agent's name in `team.yaml` and the operating-system login that makes them a person."""

    agent: str
    login: str
    role: str = "agent"
    initials: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


SYSTEM = Person(agent="socialdesk", login="socialdesk", role="system")
"""The program itself, where it acts on the team's standing orders."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the outbox hands a network: frozen at approval, with the key that makes a resend safe.

    `kind` is reply, post or private. `recipient` is the one account a private message goes to.
    """

    key: str
    network: str
    channel: str
    kind: str
    text: str
    reply_to: str | None = None
    recipient: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A network's proof of delivery: its id for the message, when, and where it can be seen."""

    external_id: str
    at: Millis
    url: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
