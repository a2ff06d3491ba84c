"""Inbox room: what its queries answer, as plain frozen rows; no cursor or sqlite type leaves the room."""

from __future__ import annotations

from dataclasses import dataclass

from socialdesk.model import ConversationId, DraftId, IssueId, MessageId, Millis, ProfileId


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a list of conversations; `place` is its position in the list's order, for the next page."""

    id: ConversationId
    status: str
    critical: bool
    due_at: Millis | None
    due_kind: str | None
    urgency: int
    feeling: str
    relation: str
    network: str
    author: str
    snippet: str
    followers: int | None
    assignee: str | None
    first_at: Millis
    last_at: Millis
    message_count: int
    private: bool
    to_approve: int
    issue_id: IssueId | None
    version: int
    place: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A case, as the inbox holds it; multi-valued signals are tuples."""

    id: ConversationId
    network: str
    channel: str
    profile_id: ProfileId | None
    root_message_id: MessageId | None
    author: str
    name: str | None
    snippet: str
    url: str | None
    site: str | None
    status: str
    reason: str | None
    history: bool
    assignee: str | None
    relation: str
    sentiment: str
    feeling: str
    language: str | None
    topics: tuple[str, ...]
    risks: tuple[str, ...]
    tags: tuple[str, ...]
    products: tuple[str, ...]
    reach: int
    followers: int | None
    verified: bool | None
    bot: bool | None
    spam: bool
    vip: bool
    advocate: bool
    colleague: bool
    engagement: int
    visibility: str
    urgency: int
    critical: bool
    playbook: str
    case_name: str
    step: str | None
    step_kind: str | None
    engage: str | None
    target: str | None
    due_at: Millis | None
    due_kind: str | None
    first_at: Millis
    last_at: Millis
    last_inbound_at: Millis | None
    last_outbound_at: Millis | None
    unanswered_since: Millis | None
    message_count: int
    reply_count: int
    private: int
    stored_at: Millis
    opened_at: Millis | None
    resolved_at: Millis | None
    snoozed_until: Millis | None
    snoozed_until_reply: bool
    merged_into: ConversationId | None
    linked_to: ConversationId | None
    issue_id: IssueId | None
    decision_id: int | None
    to_approve: int
    version: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread, in or out, with its author's profile; `versions` counts earlier wordings."""

    id: MessageId
    conversation_id: ConversationId
    network: str
    external_id: str
    direction: str
    kind: str
    visibility: str
    profile_id: ProfileId | None
    author: str
    name: str | None
    followers: int | None
    verified: bool
    bot: bool
    created_at: Millis
    fetched_at: Millis
    reply_to: str | None
    quote_of: str | None
    language: str | None
    url: str | None
    text: str
    edited_at: Millis | None
    deleted_at: Millis | None
    relation: str | None
    sentiment: str | None
    feeling: str | None
    topics: tuple[str, ...]
    risks: tuple[str, ...]
    versions: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Something written that has not gone out, or that has: its text, people, approval and way out."""

    id: DraftId
    conversation_id: ConversationId | None
    issue_id: IssueId | None
    kind: str
    status: str
    version: int
    text: str
    reply_name: str | None
    variant: int | None
    step: str | None
    author: str
    author_login: str
    network: str
    channel: str
    visibility: str
    reply_to_message_id: MessageId | None
    reply_to: str | None
    recipient_profile_id: ProfileId | None
    recipient: str | None
    language: str | None
    created_at: Millis
    updated_at: Millis
    needs: str
    if_nobody: str | None
    submitted_at: Millis | None
    approver: str | None
    approver_login: str | None
    approved_at: Millis | None
    approved_hash: str | None
    editor: str | None
    editor_login: str | None
    rejected_reason: str | None
    changed_reason: str | None
    key: str | None
    not_before: Millis | None
    lease_until: Millis | None
    token: int
    attempts: int
    sent_at: Millis | None
    sent_external_id: str | None
    sent_url: str | None
    error: str | None
    message_id: MessageId | None


@dataclass(frozen=True, slots=True)
class Profile:
    """An account on a network, and the customer it is linked to, if any."""

    id: ProfileId
    network: str
    handle: str
    name: str | None
    followers: int | None
    verified: bool
    bot: bool
    url: str | None
    customer_id: int | None
    first_at: Millis
    last_at: Millis


@dataclass(frozen=True, slots=True)
class Customer:
    """A person as the company knows them; `bought` is a moment."""

    id: int
    reference: str | None
    name: str | None
    email: str | None
    product: str | None
    bought: Millis | None
    open_ticket: str | None
    tags: tuple[str, ...]
    vip: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record; `body` is the stored JSON."""

    seq: int
    at: Millis
    kind: str
    agent: str
    login: str
    conversation_id: ConversationId | None
    draft_id: DraftId | None
    body: str


@dataclass(frozen=True, slots=True)
class Channel:
    """An account or feed that is pulled, with its cursor and health."""

    id: int
    name: str
    network: str
    source: str
    cursor: str | None
    etag: str | None
    last_modified: str | None
    next_at: Millis | None
    synced_at: Millis | None
    failing_since: Millis | None
    last_error: str | None


def split_words(joined: str) -> tuple[str, ...]:
    """`|a|b|` as ('a', 'b'); how multi-valued signals are stored so that one LIKE finds each."""
    return tuple(joined.strip("|").split("|")) if joined else ()


def join_words(words: tuple[str, ...] | list[str]) -> str:
    """('a', 'b') as `|a|b|`; nothing as an empty string."""
    return "|" + "|".join(words) + "|" if words else ""
