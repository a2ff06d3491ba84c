"""Field registry room: everything a condition can ask about, in one table.

Both parsers, both evaluators, the suggestions of the query bar and the lead's manual read it; a field
that is not here does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Node, Test, walk
from socialdesk.model import Feeling, Relation, Sentiment, Visibility
from socialdesk.states import Status

if TYPE_CHECKING:
    from collections.abc import Mapping


class FieldType(StrEnum):
    """How a field's values are written and compared."""

    WORD = "word"
    HANDLE = "handle"
    LANGUAGE = "language"
    SITE = "site"
    NUMBER = "number"
    DURATION = "duration"
    MOMENT = "moment"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be asked: `words` explains it to a person.

    `values` closes a WORD field to a list; `column` is the conversations column that answers a search
    (a moment for durations; '' where the inbox has an expression of its own; None where only the
    desk's facts can answer). `multi` fields hold several values at once. `args` are the keys that
    its mapping form admits besides the bounds.
    """

    name: str
    type: FieldType
    words: str
    values: tuple[str, ...] | None = None
    column: str | None = None
    multi: bool = False
    needs_facts: bool = False
    args: tuple[str, ...] = ()
    query_only: bool = False

    @property
    def searchable(self) -> bool:
        """Whether views and the query bar can ask for it; the others depend on a moment in a playbook."""
        return self.column is not None


WITHIN = "within"
HELD_BY_SQL = ""
"""The `column` of a field that the inbox answers by an expression rather than by one column."""

PERSON = "person"
ANYWHERE = "anywhere"
"""What a bare word of the query bar asks: its subject answers by `text` and `person`."""

IS_VALUES = ("history", "private", "overdue", "snoozed", "unassigned", "closed", "merged")


def _all_of(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(str(word) for word in words)


_T = FieldType
_ALL = (
    Field("relation", _T.WORD, "how it stands to us", _all_of(Relation), "relation"),
    Field("sentiment", _T.WORD, "the mood of the text", _all_of(Sentiment), "sentiment"),
    Field("feeling", _T.WORD, "how the writer feels towards us", _all_of(Feeling), "feeling"),
    Field("topic", _T.WORD, "a topic or product of words.yaml", None, "topics", multi=True),
    Field("risk", _T.WORD, "a risk of words.yaml", None, "risks", multi=True),
    Field("tag", _T.WORD, "a tag on the conversation", None, "tags", multi=True),
    Field("text", _T.TEXT, "words of a message", None, HELD_BY_SQL, multi=True),
    Field(PERSON, _T.TEXT, "words of the writer's handle or name", column=HELD_BY_SQL, query_only=True),
    Field(ANYWHERE, _T.TEXT, "words of a message or its writer", column=HELD_BY_SQL, query_only=True),
    Field("language", _T.LANGUAGE, "the language, as en or pt-BR", None, "language"),
    Field("network", _T.WORD, "the network it came from", None, "network"),
    Field("channel", _T.WORD, "the account or feed it came through", None, HELD_BY_SQL),
    Field("site", _T.SITE, "the web site it stands on", None, "site"),
    Field("visibility", _T.WORD, "who can read it", _all_of(Visibility), "visibility"),
    Field("author", _T.HANDLE, "the writer's handle", None, "author"),
    Field("reach", _T.NUMBER, "how far it carries, 0 to 100", None, "reach"),
    Field("followers", _T.NUMBER, "the writer's followers", None, "followers"),
    Field("engagement", _T.NUMBER, "likes, reposts and replies together", None, "engagement"),
    Field("verified", _T.FLAG, "the network vouches for the account", None, "verified"),
    Field("bot", _T.FLAG, "the account says it is automatic", None, "bot"),
    Field("spam", _T.FLAG, "it looks like spam", None, "spam"),
    Field("vip", _T.FLAG, "the writer is on the VIP list", None, "vip"),
    Field("advocate", _T.FLAG, "the writer is an advocate of ours", None, "advocate"),
    Field("colleague", _T.FLAG, "the writer works here", None, "colleague"),
    Field("status", _T.WORD, "what the conversation waits for", _all_of(Status), "status"),
    Field("assignee", _T.WORD, "the agent who has claimed it", None, "assignee"),
    Field("playbook", _T.WORD, "the playbook that owns it", None, "playbook"),
    Field("case", _T.WORD, "the playbook's case", None, "case_name"),
    Field("urgency", _T.NUMBER, "how urgent, 0 to 100", None, "urgency"),
    Field("critical", _T.FLAG, "pinned above every deadline", None, "critical"),
    Field("waiting", _T.DURATION, "how long the writer has been waiting for us", None, "unanswered_since"),
    Field("age", _T.DURATION, "how long ago it began", None, "first_at"),
    Field("post_age", _T.DURATION, "how old the writer's newest post is", None, "last_inbound_at"),
    Field("replies", _T.NUMBER, "how often we have answered", None, "reply_count"),
    Field("messages", _T.NUMBER, "how many messages it has", None, "message_count"),
    Field("id", _T.NUMBER, "the conversation's number", None, "id"),
    Field("is", _T.WORD, "a state, such as overdue", IS_VALUES, HELD_BY_SQL, multi=True),
    Field("before", _T.MOMENT, "began before a moment", None, "first_at", query_only=True),
    Field("after", _T.MOMENT, "went on at or after a moment", None, "last_at", query_only=True),
    Field("known_customer", _T.FLAG, "the writer is a customer we know", None, HELD_BY_SQL, needs_facts=True),
    Field("product", _T.WORD, "a product of theirs", None, "products", multi=True, needs_facts=True),
    Field("product_age", _T.DURATION, "how long they have had it", None, HELD_BY_SQL, needs_facts=True),
    Field("customer_tag", _T.WORD, "a tag on the customer", None, HELD_BY_SQL, multi=True, needs_facts=True),
    Field("open_case", _T.FLAG, "they have another case open", None, HELD_BY_SQL, needs_facts=True),
    Field(
        "contacts",
        _T.NUMBER,
        "how many cases they have begun",
        None,
        HELD_BY_SQL,
        False,
        True,
        (WITHIN,),
    ),
    Field("same_author_again", _T.FLAG, "the writer has written again", None, HELD_BY_SQL, needs_facts=True),
    Field("joint_reach", _T.NUMBER, "the followers of all in it", None, HELD_BY_SQL, needs_facts=True),
    Field("different_customers", _T.NUMBER, "how many people say the same", needs_facts=True, args=(WITHIN,)),
    Field("office_hours", _T.FLAG, "somebody is at work now", needs_facts=True),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ALL})
"""Every field by its name."""

ALIASES: Mapping[str, str] = MappingProxyType({"said": "relation", "since": "after"})
"""Other names that people use; never shown as fields of their own."""


def field_named(name: str) -> Field | None:
    """The field with this name or alias, or None."""
    return FIELDS.get(ALIASES.get(name, name))


def policy_names() -> tuple[str, ...]:
    """The names and aliases that policy files know, in the registry's order."""
    return _with_aliases(tuple(f.name for f in _ALL if not f.query_only))


def query_names() -> tuple[str, ...]:
    """The names and aliases that views and the query bar know, in the registry's order."""
    return _with_aliases(tuple(f.name for f in _ALL if f.searchable))


def unsearchable(node: Node) -> tuple[Test, ...]:
    """The tests of a condition that views and searches cannot ask, for a check of `views`."""
    return tuple(test for test in walk(node) if test.field not in FIELDS or not FIELDS[test.field].searchable)


def _with_aliases(known: tuple[str, ...]) -> tuple[str, ...]:
    return known + tuple(alias for alias, name in ALIASES.items() if name in known)
