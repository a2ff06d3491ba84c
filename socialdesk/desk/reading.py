"""Desk room: everything a screen or a command shows of a conversation, read in one go; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialdesk.conditions.ast import Node
from socialdesk.configfile import shown
from socialdesk.desk import steps
from socialdesk.desk.case import load_one
from socialdesk.desk.subject import CaseSubject, known_facts
from socialdesk.inbox import conversations, drafts, events, facts, issues, people, timers, work
from socialdesk.inbox.connection import Connection
from socialdesk.inbox.issues import Issue
from socialdesk.inbox.queue import Listing, standard_views
from socialdesk.inbox.rows import Conversation, Customer, Draft, Event, Message, Profile
from socialdesk.inbox.timers import Timer
from socialdesk.inbox.work import EscalationRow, Note
from socialdesk.model import Millis, Person
from socialdesk.policy import steps as policy_steps
from socialdesk.policy.model import Policy, Step

if TYPE_CHECKING:
    from socialdesk.desk.drafting import Preview


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the playbook as shown: state done, next, later, skipped or not_taken; `depth` is its indent.

    `text` is what people read: the title of the reply to send, the length of a wait.
    """

    path: str
    kind: str
    text: str
    state: str
    outcome: str | None
    reason: str | None
    depth: int
    reply: str | None
    source: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A conversation with all that belongs to it, as of one moment."""

    conversation: Conversation
    ancestors: list[Message]
    thread: list[Message]
    profile: Profile | None
    customer: Customer | None
    accounts: list[Profile]
    recent: list[Message]
    earlier: list[Conversation]
    notes: list[Note]
    drafts: list[Draft]
    escalations: list[EscalationRow]
    steps: list[StepLine]
    issue: Issue | None
    presence: list[tuple[str, str]]
    timers: list[Timer]
    events: list[Event]
    playbook_title: str
    case_title: str
    joint_reach: int
    wait_until: Millis | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that can be sent here, filled in; `missing` names what the agent has to add."""

    name: str
    title: str
    text: str
    missing: tuple[str, ...]
    asked_for: bool


def case_view(
    connection: Connection,
    policy: Policy | None,
    conversation: int,
    now: Millis,
    reader: Person | None = None,
) -> CaseView:
    """Read a conversation with its thread, person, drafts and steps; without a policy, no steps.

    `reader` is left out of those who are said to be there.
    """
    found = conversations.get(connection, conversation)
    thread = conversations.thread_of(connection, found.id)
    profile = None if found.profile_id is None else people.profile(connection, found.profile_id)
    customer_id = profile.customer_id if profile else None
    playing = policy.case(found.playbook, found.case_name) if policy else None
    book = policy.playbook(found.playbook) if policy else None
    wait = None
    if playing is not None and playing.wait_until_post_is and found.reply_count == 0:
        until = found.first_at + playing.wait_until_post_is
        wait = Millis(until) if until > now else None
    earlier = (
        [] if profile is None else people.earlier_conversations(connection, profile.id, customer_id, found.id)
    )
    return CaseView(
        conversation=found,
        ancestors=conversations.ancestors_outside(connection, thread[0]) if thread else [],
        thread=thread,
        profile=profile,
        customer=None if customer_id is None else people.customer(connection, customer_id),
        accounts=[] if customer_id is None else people.profiles_of_customer(connection, customer_id),
        recent=_recent(connection, profile, found),
        earlier=[conversations.get(connection, number) for number in earlier],
        notes=work.notes_of(connection, found.id),
        drafts=drafts.of_conversation(connection, found.id),
        escalations=work.escalations_of(connection, found.id),
        steps=step_lines(connection, policy, found, now) if policy else [],
        issue=None if found.issue_id is None else issues.issue(connection, found.issue_id),
        presence=_others(timers.present(connection, found.id, now), reader),
        timers=timers.of_conversation(connection, found.id),
        events=events.of_conversation(connection, found.id, 50),
        playbook_title=book.title if book else found.playbook,
        case_title=(playing.title or playing.name.replace("-", " ")) if playing else found.case_name,
        joint_reach=facts.joint_reach(connection, found.id, found.issue_id),
        wait_until=wait,
    )


def _others(present: list[tuple[str, str]], reader: Person | None) -> list[tuple[str, str]]:
    return [(agent, doing) for agent, doing in present if reader is None or agent != reader.agent]


def _recent(connection: Connection, profile: Profile | None, found: Conversation) -> list[Message]:
    if profile is None:
        return []
    return [
        m for m in conversations.posts_by_profile(connection, profile.id) if m.conversation_id != found.id
    ]


def step_lines(
    connection: Connection, policy: Policy, conversation: Conversation, now: Millis
) -> list[StepLine]:
    """The steps of the conversation's case from top to bottom, then what comes afterwards when it applies."""
    playing = policy.case(conversation.playbook, conversation.case_name)
    if playing is None:
        return []
    case = load_one(connection, conversation.id)
    subject = CaseSubject(case, None, at=case.last_at, now=now, connection=connection, policy=policy)
    answers = steps.answers_of(connection, case, playing)
    lines = [
        _line(policy, line) for line in policy_steps.outline(playing, answers, known_facts(case, subject))
    ]
    if any(line.state == "next" for line in lines):
        return lines
    done = {answer.path for answer in answers}
    lines += [_later(policy, one.step, "done") for one in playing.afterwards if one.step.id in done]
    lines += [_later(policy, step, "next") for step in steps.afterwards(connection, case, playing, subject)]
    return lines


def _later(policy: Policy, step: Step, state: str) -> StepLine:
    words = _words(policy, step)
    return StepLine(step.id, step.kind, words, state, None, None, 0, step.reply or step.text, step.source)


_STATES = {"pending": "next"}


def _line(policy: Policy, line: policy_steps.Line) -> StepLine:
    step, answer = line.step, line.answer
    return StepLine(
        step.id,
        step.kind,
        _words(policy, step),
        _STATES.get(line.state, line.state),
        answer.outcome if answer else None,
        answer.reason if answer else None,
        line.depth,
        step.reply,
        step.source,
    )


def _words(policy: Policy, step: Step) -> str:
    if step.wait is not None:
        return shown(step.wait)
    reply = policy.replies.reply(step.reply) if step.reply and step.reply == step.text else None
    return step.text if reply is None else reply.title


def draft_preview(
    policy: Policy, view: CaseView, text: str, kind: str, person: Person | None, reply_name: str | None = None
) -> Preview:
    """Length, findings and approval of a text while it is written."""
    from socialdesk.desk import drafting  # guardrails, approval, lengths: only whoever writes needs them

    return drafting.preview(policy, view.conversation, text, kind, person, reply_name)


def suggestions(policy: Policy, view: CaseView, person: Person | None) -> list[Suggestion]:
    """Replies filled in: the one the next step asks for first, then those of its playbook, then the rest."""
    from socialdesk.desk import drafting
    from socialdesk.policy import replies as policy_replies

    values = drafting.values_for(view.conversation, view.customer, person, policy, view.issue)
    said = [m.text for m in view.thread if m.direction == "out"]
    asked = [line.reply for line in view.steps if line.state == "next" and line.reply]
    own = [line.reply for line in view.steps if line.reply]
    network = view.conversation.network
    every = [
        name
        for name, reply in policy.replies.replies.items()
        if not reply.networks or network in reply.networks
    ]
    found = []
    for name in dict.fromkeys([*asked, *own, *every]):
        reply = policy.replies.reply(name)
        if reply is not None:
            filled = policy_replies.render(policy, reply, values, said, view.conversation.language)
            found.append(Suggestion(name, reply.title, filled.text, filled.missing, name in asked))
    return found


def listing_of(wanted: str, person: Person | None, policy: Policy | None, now: Millis) -> Listing:
    """The list behind a view's name, or behind a query of the condition language; `UsageError` with a caret."""
    views = {view.name: view for view in standard_views(person.agent if person else None)}
    if wanted in views:
        return views[wanted]
    if policy is not None:
        for team_view in policy.views:
            if team_view.name == wanted:
                return _compiled(wanted, team_view.condition, now)
    return query_listing(wanted, now)


def query_listing(query: str, now: Millis) -> Listing:
    """The list behind a query, over all history, in queue order; `UsageError` with a caret where it is wrong."""
    from socialdesk.conditions.query import parse_query

    return _compiled(query, parse_query(query, now), now)


def typed_listing(connection: Connection, query: str, now: Millis) -> Listing:
    """The list behind a query that is being typed: its last word may go on, and its first page comes fast."""
    from socialdesk.conditions.query import parse_typed
    from socialdesk.inbox.compile import to_sql_newest_first

    return _newest_first(query, *to_sql_newest_first(connection, parse_typed(query, now), now))


def _compiled(name: str, node: Node, now: Millis) -> Listing:
    from socialdesk.inbox.compile import to_sql

    return _newest_first(name, *to_sql(node, now))


def _newest_first(name: str, where: str, parameters: list[object]) -> Listing:
    return Listing(name, f"c.merged_into IS NULL AND ({where})", tuple(parameters), newest_first=True)
