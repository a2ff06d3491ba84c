"""Triage room: turns a text and its measures into signals, with the team's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.model import Relation, Signals
from socialdesk.triage.feelings import Mood, judge
from socialdesk.triage.language import primary
from socialdesk.triage.matcher import Form, Hit, Matcher, Place
from socialdesk.triage.measures import LONGEST
from socialdesk.triage.personal import PERSONAL_DATA, personal_data
from socialdesk.triage.reach import reach_of
from socialdesk.triage.relation import Relations, bare_handle

if TYPE_CHECKING:
    from socialdesk.model import Evidence, Handle, Lexicon, Measures

# Without a longer run of digits or an address there is nothing personal to look for.
_MAY_BE_PERSONAL = re.compile(r"[0-9@](?:(?<=[0-9])[0-9 ().\-/]{6}|(?<=\w@)\w)")


class Reading(NamedTuple):
    """One text as the tagger read it; what the signals and their evidence are both taken from."""

    text: str
    words: list[str]
    hits: list[Hit]
    signs: list[tuple[Form, Place]]
    mood: Mood


class Tagger:
    """Tags texts with one lexicon; built once per version of the team's words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.relations = Relations(lexicon)
        self._matcher = Matcher(term for term in lexicon.terms if term.kind != "handle")
        # The policy's loader has proved that every pattern compiles.
        self._orders = [re.compile(pattern, re.IGNORECASE) for pattern in lexicon.order_numbers]
        self._vips = frozenset(bare_handle(handle) for handle in lexicon.vips)
        self._advocates = frozenset(bare_handle(handle) for handle in lexicon.advocates)

    def read(self, text: str, measures: Measures) -> Reading:
        """Find the team's words in `text` (its first 20,000 characters) and judge its mood."""
        text = text[:LONGEST]
        words = self._matcher.read(text)
        hits = self._matcher.find(words)
        signs = self._matcher.find_literals(text)
        mood = judge(words, hits, self.lexicon.faults, measures, [form for form, _ in signs])
        return Reading(text, words, hits, signs, mood)

    def places(self, reading: Reading) -> list[Place]:
        """Where each of the words of `reading` stands in its text."""
        return self._matcher.places(reading.text)

    def order_numbers(self, text: str) -> list[Place]:
        """Where the team's own order numbers stand in `text`, as its patterns describe them."""
        return [found.span() for pattern in self._orders for found in pattern.finditer(text)]

    def personal_data(self, text: str) -> tuple[Evidence, ...]:
        """What in `text` is personal, our own order numbers left out."""
        if _MAY_BE_PERSONAL.search(text) is None:
            return ()
        found = personal_data(text)
        orders = self.order_numbers(text) if found else []
        return tuple(
            item for item in found if all(item.end <= start or end <= item.start for start, end in orders)
        )

    def tag(
        self,
        text: str,
        measures: Measures,
        author: Handle,
        language: str | None = None,
        followers: int | None = None,
        engagement: int | None = None,
        replies_to_us: bool = False,
        bot: bool | None = None,
    ) -> Signals:
        """The signals of one message; `engagement` is likes plus reposts plus replies.

        `risks` holds the labels of the team's risk words and `personal_data` where a card number,
        IBAN, e-mail address or telephone number stands in the text.
        """
        reading = self.read(text, measures)
        named, topics, risks, spam = self._sort(reading)
        if self.personal_data(reading.text):
            risks[PERSONAL_DATA] = None
        relation = self.relations.of(author, reading.words, named, replies_to_us)
        handle = bare_handle(author)
        return Signals(
            relation,
            reading.mood.sentiment,
            reading.mood.feeling,
            tuple(topics),
            tuple(risks),
            reach_of(followers, engagement),
            primary(language),
            is_spam(spam, relation, measures, bot),
            handle in self._vips,
            handle in self._advocates,
            self.relations.is_colleague(author),
        )

    def evidence(
        self,
        text: str,
        measures: Measures,
        author: Handle,
        language: str | None = None,
        followers: int | None = None,
        engagement: int | None = None,
        replies_to_us: bool = False,
        bot: bool | None = None,
    ) -> tuple[Evidence, ...]:
        """Why `tag` says what it says of the same message, with the words and their places."""
        # Only `explain` asks for evidence; intake does not load it.
        from socialdesk.triage.evidence import Told, evidence_of

        told = Told(author, language, followers, engagement, replies_to_us, bot)
        signals = self.tag(text, measures, author, language, followers, engagement, replies_to_us, bot)
        return evidence_of(self, self.read(text, measures), measures, told, signals)

    def _sort(self, reading: Reading) -> tuple[bool, dict[str, None], dict[str, None], bool]:
        """Whether the brand is named; topics and risks in order of appearance; whether spam words fell."""
        named = spam = False
        topics: dict[str, None] = {}
        risks: dict[str, None] = {}
        for form in [*(hit.form for hit in reading.hits), *(form for form, _ in reading.signs)]:
            named = named or form.names_us
            spam = spam or form.is_spam
            for topic in form.topics:
                topics[topic] = None
            for risk in form.risks:
                risks[risk] = None
        return named or not self.relations.naming_topics.isdisjoint(topics), topics, risks, spam


def is_spam(spam_words: bool, relation: Relation, measures: Measures, bot: bool | None) -> bool:
    """Advisory: a word that the team calls spam, or an admitted bot that links and does not speak of us."""
    return spam_words or (bool(bot) and measures.links > 0 and relation is Relation.NONE)
