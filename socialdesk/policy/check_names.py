"""Checks that every name used in the policy files is the name of something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from socialdesk.conditions.ast import Node, walk, words_of
from socialdesk.policy.calendars import ROUND_THE_CLOCK
from socialdesk.policy.model import AGENT_DECIDES
from socialdesk.policy.places import Path, Place

if TYPE_CHECKING:
    from socialdesk.policy.findings import Findings

UNKNOWN_PLAYBOOK, NOT_IN_ORDER, PLAYBOOK_TWICE = "SD301", "SD302", "SD303"
UNKNOWN_REPLY, UNKNOWN_CASE, UNKNOWN_TARGET = "SD304", "SD305", "SD306"
UNKNOWN_GROUP, UNKNOWN_AGENT, UNKNOWN_CALENDAR = "SD307", "SD308", "SD309"
REPLY_TWICE, UNKNOWN_LABEL, UNKNOWN_SHIFT = "SD310", "SD311", "SD312"

_REFERENCES: Mapping[tuple[str, ...], str] = {
    ("reply",): "reply",
    ("post",): "reply",
    ("take_private",): "reply",
    ("go_to",): "case",
    ("watch", "then"): "case",
    ("target",): "target",
    ("escalate", "to"): "group",
    ("escalate", "otherwise"): "group",
    ("on_breach", "escalate"): "group",
    ("calendar",): "calendar",
    ("members",): "agent",
    ("on_call",): "agent",
    ("shifts",): "shift",
}
"""What the value under a word names, by the last words of the way to it."""

_CODES = {
    "reply": UNKNOWN_REPLY,
    "case": UNKNOWN_CASE,
    "target": UNKNOWN_TARGET,
    "group": UNKNOWN_GROUP,
    "calendar": UNKNOWN_CALENDAR,
    "agent": UNKNOWN_AGENT,
    "shift": UNKNOWN_SHIFT,
}
_HOMES = {
    "reply": "replies",
    "case": "playbooks",
    "target": "targets",
    "group": "team",
    "calendar": "targets",
    "agent": "team",
    "shift": "team",
}
"""The section that defines names of a kind; when it could not be read whole, nothing is said about them."""

_REFERRING: Mapping[str, frozenset[str]] = {
    "always": frozenset({"group"}),
    "team": frozenset({"agent", "shift"}),
    "targets": frozenset({"group", "calendar"}),
    "playbooks": frozenset({"reply", "case", "target", "group"}),
}
"""The kinds of names that a section may use; the `reply` of a target is a time, not a name."""

_NO_REFERENCES = frozenset({"if", "tests", "replies", "find_out"})


def check_names(findings: Findings) -> None:
    """Every kind of name, each against the file that defines it."""
    _order(findings)
    _playbooks_twice(findings)
    _replies_twice(findings)
    known = {
        "reply": _reply_names(findings),
        "target": set(findings.names("targets")),
        "group": set(findings.names("team", "groups")),
        "calendar": {*findings.names("targets", "calendars"), ROUND_THE_CLOCK.name},
        "agent": set(findings.names("team", "agents")),
        "shift": set(findings.names("team", "shifts")),
        "case": set[str](),
    }
    for section in ("always", "team", "targets"):
        uses = {what: known[what] for what in _REFERRING[section]}
        _references_in(findings, section, findings.policy.sections[section], uses)
    for entry in findings.policy.sections["playbooks"]:
        uses = {what: known[what] for what in _REFERRING["playbooks"]}
        uses["case"] = {*entry["data"]["cases"], AGENT_DECIDES}
        _references_in(findings, entry["place"], entry["data"], uses)
        _tests(findings, entry["place"], entry["data"])
    for node in _conditions(findings):
        _labels(findings, node)


def _order(findings: Findings) -> None:
    listed: list[str] = findings.policy.sections["order"]["order"]
    known = {book.name for book in findings.playbooks}
    seen: dict[str, Place] = {}
    for at, name in enumerate(listed):
        place = findings.place("order", ("order", at))
        if name in seen:
            message = f"`{name}` stands in line {seen[name].line} already"
            findings.say(PLAYBOOK_TWICE, place, message, expected="each playbook once")
        elif name not in known and "playbooks" not in findings.broken:
            findings.unknown(UNKNOWN_PLAYBOOK, place, "playbook", name, known - set(listed) or known)
        seen.setdefault(name, place)
    if "order" not in findings.broken:
        for book in findings.policy.unlisted:
            message = f"order.yaml does not name the playbook `{book.name}`, so it never decides"
            expected = f"`- {book.name}` in order.yaml"
            findings.say(NOT_IN_ORDER, book.place, message, expected=expected, word=book.name)


def _playbooks_twice(findings: Findings) -> None:
    entries = findings.policy.sections["playbooks"]
    named = [(e["data"]["playbook"], findings.place(e["place"], ("playbook",))) for e in entries]
    _twice(findings, PLAYBOOK_TWICE, "playbook", named)


def _replies_twice(findings: Findings) -> None:
    named = [(name, findings.place("replies", ("replies", name))) for name in findings.names("replies")]
    for entry in findings.policy.sections["playbooks"]:
        named += [
            (name, findings.place(entry["place"], ("replies", name))) for name in entry["data"]["replies"]
        ]
    _twice(findings, REPLY_TWICE, "reply", named)


def _twice(findings: Findings, code: str, what: str, named: Iterable[tuple[str, Place]]) -> None:
    first: dict[str, Place] = {}
    for name, place in named:
        if name in first:
            message = f"there is a {what} `{name}` already, at {first[name]}"
            findings.say(code, place, message, expected="a name of its own", word=name)
        first.setdefault(name, place)


def _reply_names(findings: Findings) -> set[str]:
    names = set(findings.names("replies"))
    for entry in findings.policy.sections["playbooks"]:
        names.update(entry["data"]["replies"])
    return names


def _references_in(findings: Findings, where: str, plain: Any, known: Mapping[str, set[str]]) -> None:
    for what, name, path in _references(plain, ()):
        if what not in known or _HOMES[what] in findings.broken:
            continue
        names = known[what] | ({"close"} if path[-2:] == ("watch", "then") else set())
        if name not in names:
            findings.unknown(_CODES[what], findings.place(where, path), what, name, sorted(names))


def _references(plain: Any, path: Path) -> Iterator[tuple[str, str, Path]]:
    """Every name that refers to something: what it names, the name, and the way to it."""
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            if key not in _NO_REFERENCES:
                yield from _references(value, (*path, key))
    elif isinstance(plain, list):
        for at, value in enumerate(plain):
            yield from _references(value, (*path, at))
    elif isinstance(plain, str):
        words = [part for part in path if isinstance(part, str)]
        what = _REFERENCES.get(tuple(words[-2:])) or _REFERENCES.get(tuple(words[-1:]))
        if what is not None:
            yield what, plain, path


def _tests(findings: Findings, where: str, plain: Mapping[str, Any]) -> None:
    """The playbooks, cases and targets that tests expect."""
    playbooks = {e["data"]["playbook"]: e["data"] for e in findings.policy.sections["playbooks"]}
    for at, test in enumerate(plain["tests"]):
        then, path = test["then"], ("tests", at, "then")
        book = then["playbook"] or plain["playbook"]
        if then["playbook"] and book not in playbooks and "playbooks" not in findings.broken:
            place = findings.place(where, (*path, "playbook"))
            findings.unknown(UNKNOWN_PLAYBOOK, place, "playbook", book, playbooks)
        elif then["case"] and book in playbooks and then["case"] not in playbooks[book]["cases"]:
            # Another playbook may be the one expected, when the test does not say which.
            others = {name for other in playbooks.values() for name in other["cases"]}
            if then["playbook"] or then["case"] not in others:
                place = findings.place(where, (*path, "case"))
                findings.unknown(UNKNOWN_CASE, place, "case", then["case"], playbooks[book]["cases"])
        targets = findings.names("targets")
        if then["target"] not in (None, "none", *targets) and "targets" not in findings.broken:
            place = findings.place(where, (*path, "target"))
            findings.unknown(UNKNOWN_TARGET, place, "target", then["target"], targets)


def _conditions(findings: Findings) -> Iterator[Node]:
    policy = findings.policy
    for book in findings.playbooks:
        nodes = [book.condition, *(case.condition for case in book.cases)]
        nodes += [wake.condition for case in book.cases for wake in case.wakes]
        nodes += [later.condition for case in book.cases for later in case.afterwards]
        yield from (node for node in nodes if node is not None)
    yield from (order.condition for order in policy.always)
    yield from (view.condition for view in policy.views)


def _labels(findings: Findings, node: Node) -> None:
    """Topics and risks that words.yaml does not know can never hold; so can playbooks and cases."""
    words = findings.policy.lexicon
    known = {
        "topic": {t.label for t in words.terms if t.kind == "topic"} | words.products | words.faults,
        "risk": {t.label for t in words.terms if t.kind == "risk"},
        "playbook": {book.name for book in findings.playbooks},
        "case": {case.name for book in findings.playbooks for case in book.cases},
        "assignee": set(findings.names("team", "agents")),
    }
    homes = {"topic": "words", "risk": "words", "assignee": "team"}
    for test in walk(node):
        names = known.get(test.field)
        if names is None or homes.get(test.field, "playbooks") in findings.broken:
            continue
        folded = {name.lower() for name in names}
        for name in words_of(test):
            if name not in folded:
                file, line, column = test.source.rsplit(":", 2)
                place = Place(file, int(line), int(column))
                findings.unknown(UNKNOWN_LABEL, place, test.field, name, sorted(names))
