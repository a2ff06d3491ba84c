"""A care room for the desk's tests: a real inbox of its own, a clock that is moved by hand, and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from socialdesk.clock import DAY, HOUR, MINUTE, SECOND, FixedClock
from socialdesk.config import Config, shipped
from socialdesk.desk import importing, outbox, replies, timers
from socialdesk.desk.intake import Tally
from socialdesk.desk.session import Desk, open_desk
from socialdesk.inbox import audit, conversations, drafts, events, queue, work
from socialdesk.inbox.rows import Conversation, Draft, Event, Message
from socialdesk.inbox.work import EscalationRow
from socialdesk.model import Handle, Mention, Millis, Refusal

TUESDAY = 1_795_510_800_000
"""24 November 2026, 09:00 UTC: ten in the morning for the team, everybody but the late shift is at work."""

BROKEN = "my #Acme widget has been broken for days now"
ADDRESSED = "@AcmeCustServ my widget has been broken for days, five days now"
MINE_TOO = "so's mine, my third one"


@dataclass
class Room:
    """An inbox, its clock, and a desk for each person; `say` lets somebody post."""

    inbox: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(TUESDAY))
    _desks: dict[str, Desk] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def desk(self, login: str) -> Desk:
        """The desk of whoever signs in so; each has a connection of their own."""
        if login not in self._desks:
            config = Config(self.inbox, shipped("policies"), undo_window=Millis(10 * SECOND))
            environ = {"SOCIALDESK_LOGIN": login}
            self._desks[login] = open_desk(config, clock=self.clock, environ=environ)
        return self._desks[login]

    def desks(self) -> list[Desk]:
        """Every desk that is open."""
        return list(self._desks.values())

    @property
    def ana(self) -> Desk:
        """An agent."""
        return self.desk("ana")

    @property
    def ben(self) -> Desk:
        """A trainee."""
        return self.desk("ben")

    @property
    def chloe(self) -> Desk:
        """Another agent, who is on call."""
        return self.desk("chloe")

    @property
    def lee(self) -> Desk:
        """The lead."""
        return self.desk("lee")

    def close(self) -> None:
        """Close every desk."""
        for desk in self._desks.values():
            desk.close()

    def mention(self, text: str, author: str = "dana", **more: Any) -> Mention:
        """A post by `author` of this moment; `reply_to` and the like as `Mention` names them."""
        fields: dict[str, Any] = {
            "network": "mastodon",
            "external_id": f"m{next(self._numbers)}",
            "created": self.clock.now(),
            **more,
        }
        return Mention(text=text, author=Handle(author), **fields)

    def store(self, *rows: Mention | Refusal, history: bool = False) -> Tally:
        """Bring rows in, as one import."""
        return importing.store_posts(self.ana, list(rows), history=history)

    def say(self, text: str, author: str = "dana", *, history: bool = False, **more: Any) -> int:
        """Let somebody post; returns the conversation it went to."""
        post = self.mention(text, author, **more)
        self.store(post, history=history)
        return self.home_of(post.external_id, post.network)

    def home_of(self, external_id: str, network: str = "mastodon") -> int:
        """The conversation that a post stands in."""
        found = conversations.message_by_source(self.ana.connection, network, external_id)
        assert found is not None, f"{external_id} was not stored"
        return conversations.get(self.ana.connection, found.conversation_id).id

    def source_of(self, conversation: int) -> str:
        """The network's id of the newest post in a conversation that was made to us."""
        return [m.external_id for m in self.thread(conversation) if m.direction == "in"][-1]

    def thread_post(self, conversation: int) -> Mention:
        """The first post of a conversation as its network would deliver it again."""
        m = self.thread(conversation)[0]
        fields = {"network": m.network, "external_id": m.external_id, "reply_to": m.reply_to}
        return self.mention(m.text, m.author, created=m.created_at, **fields)

    def answer_from_customer(self, conversation: int, text: str = "still broken") -> None:
        """Let the conversation's own person write once more."""
        case = self.case(conversation)
        self.say(text, case.author, reply_to=self.source_of(conversation), network=case.network)

    def case(self, conversation: int) -> Conversation:
        """The conversation as it is stored now."""
        return conversations.get(self.ana.connection, conversation)

    def thread(self, conversation: int) -> list[Message]:
        """Its messages by time."""
        return conversations.thread_of(self.ana.connection, self.case(conversation).id)

    def drafts(self, conversation: int) -> list[Draft]:
        """Its drafts, newest first."""
        return drafts.of_conversation(self.ana.connection, conversation)

    def events(self, kind: str | None = None, conversation: int | None = None) -> list[Event]:
        """What the record holds, oldest first."""
        found: Sequence[Event] = events.since(self.ana.connection, 0, 100_000)
        return [e for e in found if kind in (None, e.kind) and conversation in (None, e.conversation_id)]

    def escalations(self, conversation: int) -> list[EscalationRow]:
        """Its escalations, oldest first."""
        return work.escalations_of(self.ana.connection, conversation)

    def listed(self, view: str, agent: str = "ana") -> list[int]:
        """The conversations in one of the standard views."""
        views = {one.name: one for one in queue.standard_views(agent)}
        return [int(row.id) for row in queue.page(self.ana.connection, views[view], 1_000)]

    def pass_time(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> list[str]:
        """Move the clock on, and let the timers ring; returns what they did."""
        self.clock.advance(int(days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND))
        return timers.tick(self.ana)

    def approved(
        self, conversation: int, text: str = "Sorry about that, Dana. We will look at it. AA"
    ) -> Draft:
        """A reply by Ana that nobody else has to read, ready to be queued."""
        written = replies.draft(self.ana, conversation, text=text)
        return replies.submit(self.ana, conversation, written.id)

    def sent(self, conversation: int, text: str = "Sorry about that, Dana. We will look at it. AA") -> Draft:
        """A reply by Ana that has gone out; ten minutes pass before, eleven seconds in the outbox."""
        draft = self.approved(conversation, text)
        self.clock.advance(10 * MINUTE)
        outbox.queue(self.ana, conversation, draft.id)
        self.clock.advance(11 * SECOND)
        outbox.deliver_due(self.ana)
        return drafts.get(self.ana.connection, draft.id)

    def faults(self) -> tuple[str, ...]:
        """What a check of the whole record complains about."""
        return audit.verify(self.ana.connection).faults

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the tables, where no query of the program asks what a test must know."""
        return [tuple(row) for row in self.ana.connection.execute(statement, values)]


def again(post: Mention, **changed: Any) -> Mention:
    """The same post fetched once more, perhaps with something changed."""
    return replace(post, **changed)
