"""Desk room: which conversation each new post belongs to, in whatever order posts arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from socialdesk.inbox import store
from socialdesk.inbox.connection import Connection
from socialdesk.inbox.store import Stored

Key = tuple[str, str]
"""A network and its id for a post."""


@dataclass(slots=True)
class Arrival:
    """A post to be placed: who it answers, and whether we wrote it.

    What we write without answering anybody is a publication: a root that gathers nobody.
    """

    key: Key
    reply_to: str | None
    ours: bool
    created: int
    parent_ours: bool = False


@dataclass(slots=True)
class Group:
    """Arrivals (by position, in time) that belong together, and the stored conversations they join.

    `stirred` says that what is stored must be read again: an arrival stands above it, or several
    conversations become one, or posts turn out to answer us. Such a group may be without arrivals.
    """

    arrivals: list[int] = field(default_factory=list)
    conversations: list[int] = field(default_factory=list)
    stirred: bool = False


@dataclass(slots=True)
class Assembly:
    """All groups of a batch, and the stored messages of which it shows only now that they answer us."""

    groups: list[Group]
    answering_us: list[int]


@dataclass(slots=True)
class _Orphans:
    """Stored replies whose parents arrive now."""

    answering_us: list[int] = field(default_factory=list)
    below_publications: set[int] = field(default_factory=set)
    adopters: set[int] = field(default_factory=set)


class _Sets:
    """Disjoint sets over arrivals (0, 1, …) and stored conversations (-id)."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}

    def find(self, node: int) -> int:
        root = node
        while (above := self.parent.setdefault(root, root)) != root:
            root = above
        while self.parent[node] != root:
            self.parent[node], node = root, self.parent[node]
        return root

    def join(self, one: int, other: int) -> None:
        self.parent[self.find(one)] = self.find(other)


def assemble(connection: Connection, arrivals: Sequence[Arrival]) -> Assembly:
    """Group arrivals by reply links, among themselves and with what is stored.

    A reply joins its parent's conversation, also when the parent comes later. A publication of ours
    gathers no replies: each person who answers it is a case of their own. Sets `parent_ours` on
    arrivals that answer something we wrote.
    """
    sets = _Sets()
    position = {arrival.key: index for index, arrival in enumerate(arrivals)}
    parents = _stored_parents(connection, arrivals, position)
    for index, arrival in enumerate(arrivals):
        sets.find(index)
        if arrival.reply_to is None:
            continue
        parent_key = (arrival.key[0], arrival.reply_to)
        at = position.get(parent_key)
        if at is not None and at != index:
            arrival.parent_ours = arrivals[at].ours
            if not _is_publication(arrivals[at].ours, arrivals[at].reply_to):
                sets.join(index, at)
        elif (parent := parents.get(parent_key)) is not None:
            arrival.parent_ours = parent.direction == "out"
            if not _is_publication(parent.direction == "out", parent.reply_to):
                sets.join(index, -parent.conversation_id)
    orphans = _adopt_orphans(connection, arrivals, position, sets)
    return Assembly(_groups(arrivals, sets, orphans), orphans.answering_us)


def _groups(arrivals: Sequence[Arrival], sets: _Sets, orphans: _Orphans) -> list[Group]:
    groups: dict[int, Group] = {}
    for node in list(sets.parent):
        group = groups.setdefault(sets.find(node), Group())
        if node >= 0:
            group.arrivals.append(node)
        else:
            group.conversations.append(-node)
    elsewhere = set(orphans.below_publications)
    for group in groups.values():
        if len(group.arrivals) > 1:
            group.arrivals.sort(key=lambda i: (arrivals[i].created, arrivals[i].key))
        if group.conversations:
            group.conversations.sort()
            group.stirred = (
                len(group.conversations) > 1
                or not orphans.adopters.isdisjoint(group.arrivals)
                or not elsewhere.isdisjoint(group.conversations)
            )
            elsewhere.difference_update(group.conversations)
    alone = [Group([], [conversation], True) for conversation in sorted(elsewhere)]
    return sorted((g for g in groups.values() if g.arrivals), key=lambda g: g.arrivals[0]) + alone


def in_time(posts: Sequence[Arrival]) -> list[int]:
    """Positions of one thread's posts in the order in which they were said.

    Networks' clocks are coarse and differ, so nothing counts as said before what it answers. What a
    customer and we say at the same moment counts as our saying it first: rather once too often unanswered.
    """
    position = {post.key: at for at, post in enumerate(posts)}
    keys: dict[int, tuple[int, int]] = {}
    for at in range(len(posts)):
        path = []
        above: int | None = at
        while above is not None and above not in keys and above not in path:
            path.append(above)
            reply_to = posts[above].reply_to
            above = None if reply_to is None else position.get((posts[above].key[0], reply_to))
        if above in path:  # posts that answer each other in a circle: the oldest began
            path.sort(key=lambda one: (posts[one].created, posts[one].key), reverse=True)
        moment, depth = keys.get(above, (0, 0)) if above is not None else (0, 0)
        for one in reversed(path):
            moment, depth = max(moment, posts[one].created), depth + 1
            keys[one] = (moment, depth)
    return sorted(range(len(posts)), key=lambda at: (*keys[at], not posts[at].ours, posts[at].key))


def _is_publication(ours: bool, reply_to: str | None) -> bool:
    return ours and reply_to is None


def _stored_parents(
    connection: Connection, arrivals: Sequence[Arrival], position: dict[Key, int]
) -> dict[Key, Stored]:
    wanted: dict[str, list[str]] = {}
    for arrival in arrivals:
        if arrival.reply_to is not None and (arrival.key[0], arrival.reply_to) not in position:
            wanted.setdefault(arrival.key[0], []).append(arrival.reply_to)
    return {
        (network, external): stored
        for network, ids in wanted.items()
        for external, stored in store.stored_by_source(connection, network, ids).items()
    }


def _adopt_orphans(
    connection: Connection, arrivals: Sequence[Arrival], position: dict[Key, int], sets: _Sets
) -> _Orphans:
    found = _Orphans()
    by_network: dict[str, list[str]] = {}
    for network, external in position:
        by_network.setdefault(network, []).append(external)
    for network, ids in by_network.items():
        for parent, message, conversation in store.orphans_of(connection, network, ids):
            at = position[network, parent]
            if arrivals[at].ours:
                found.answering_us.append(message)
            if _is_publication(arrivals[at].ours, arrivals[at].reply_to):
                found.below_publications.add(conversation)
            else:
                sets.join(at, -conversation)
                found.adopters.add(at)
    return found
