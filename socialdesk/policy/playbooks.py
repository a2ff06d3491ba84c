"""Builds playbooks, standing orders and views from their plain normal form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from socialdesk.conditions.ast import Always, Node
from socialdesk.conditions.parser import parse_mapping
from socialdesk.model import Millis
from socialdesk.policy import parts
from socialdesk.policy.parts import (
    Afterwards,
    Case,
    EscalationOrder,
    Playbook,
    PolicyTest,
    Silence,
    StandingOrder,
    Step,
    View,
    Wake,
    Watch,
    When,
)

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic
    from socialdesk.policy.places import Path, Places

Plain = Mapping[str, Any]


class Builder:
    """Builds from one file; `problems` gathers what its conditions have wrong."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.problems: list[Diagnostic] = []

    def playbook(self, plain: Plain) -> Playbook:
        """The playbook of one document."""
        name = plain["playbook"]
        return Playbook(
            name=name,
            title=plain["title"] or name,
            owner=plain["owner"] or "",
            condition=self._condition(plain, ()),
            cases=tuple(self._case(name, case, entry, plain) for case, entry in plain["cases"].items()),
            tests=tuple(self._test(name, entry, ("tests", at)) for at, entry in enumerate(plain["tests"])),
            place=self.places.find(("playbook",)),
        )

    def standing_orders(self, plain: Sequence[Plain]) -> tuple[StandingOrder, ...]:
        """The entries of always.yaml."""
        return tuple(self._standing_order(entry, (at,)) for at, entry in enumerate(plain))

    def views(self, plain: Sequence[Plain]) -> tuple[View, ...]:
        """The entries of views.yaml."""
        return tuple(
            View(
                name=entry["view"],
                title=entry["title"] or entry["view"],
                condition=self._condition(entry, (at,)) or Always(),
                place=self.places.find((at, "view")),
            )
            for at, entry in enumerate(plain)
        )

    def _condition(self, plain: Plain, path: Path) -> Node | None:
        written = plain["if"]
        if written is None:
            return None
        node, problems = parse_mapping(
            written, self.places, self.places.written((*path, "if")), self.places.file
        )
        self.problems += problems
        return node

    def _standing_order(self, plain: Plain, path: Path) -> StandingOrder:
        condition = self._condition(plain, path) or Always()
        order = plain["escalate"]
        place = self.places.find((*path, "if"))
        return StandingOrder(
            condition=condition,
            title=plain["title"] or str(place),
            escalation=self._escalation(order, (*path, "escalate"), plain["title"]) if order else None,
            urgency=plain["urgency"],
            tags=tuple(plain["tag"]),
            place=place,
        )

    def _escalation(self, plain: Plain, path: Path, title: str | None = None) -> EscalationOrder:
        return EscalationOrder(
            to=plain["to"],
            by=plain["by"],
            acknowledge_within=plain["acknowledge_within"],
            otherwise=plain["otherwise"],
            title=plain["title"] or title or "",
            place=self.places.find(path),
        )

    def _case(self, playbook: str, name: str, plain: Plain, above: Plain) -> Case:
        path: Path = ("cases", name)
        watch = plain["watch"]
        engage = _engage(plain, above)
        target = plain["target"]
        if target is None and engage not in (parts.WATCH, parts.IGNORE):
            target = above["target"]
        return Case(
            name=name,
            playbook=playbook,
            engage=engage,
            engage_written=bool(plain["engage"] or watch or above["engage"]),
            title=plain["title"] or "",
            condition=self._condition(plain, path),
            only_by_go_to=plain["only_by"] == "go_to",
            target=target,
            wait_until_post_is=plain["wait_until_post_is"],
            watch=Watch(watch["for"], watch["then"], self.places.find((*path, "watch", "then")))
            if watch
            else None,
            wakes=tuple(self._wake(entry, (*path, "wake", at)) for at, entry in enumerate(plain["wake"])),
            steps=self._steps(plain["steps"], (*path, "steps"), ""),
            afterwards=tuple(
                Afterwards(
                    step=self._step(entry, (*path, "afterwards", at), f"afterwards.{at + 1}"),
                    condition=self._condition(entry, (*path, "afterwards", at)),
                )
                for at, entry in enumerate(plain["afterwards"])
            ),
            close=plain["close"],
            escalations=tuple(
                self._escalation(entry, (*path, "escalate", at), plain["title"])
                for at, entry in enumerate(plain["escalate"])
            ),
            urgency=plain["urgency"],
            tags=tuple(plain["tag"]),
            place=self.places.find(path),
        )

    def _wake(self, plain: Plain, path: Path) -> Wake:
        return Wake(
            condition=self._condition(plain, path) or Always(),
            go_to=plain["go_to"],
            place=self.places.find((*path, "go_to")),
        )

    def _steps(self, plain: Sequence[Plain], path: Path, prefix: str) -> tuple[Step, ...]:
        return tuple(self._step(entry, (*path, at), f"{prefix}{at + 1}") for at, entry in enumerate(plain))

    def _step(self, plain: Plain, path: Path, id: str) -> Step:
        kind = next(kind for kind in _KINDS if plain[kind] not in (None, []))
        order = plain["escalate"]
        silence = plain["if_silent"]
        return Step(
            id=id,
            kind=kind,
            text=_text(kind, plain[kind]),
            reply=plain["reply"] or plain["take_private"] or plain["post"],
            facts=tuple(plain["find_out"]),
            wait=plain["wait"],
            close=plain["close"],
            escalation=self._escalation(order, (*path, "escalate")) if order else None,
            if_yes=self._steps(plain["if_yes"], (*path, "if_yes"), f"{id}.yes."),
            if_no=self._steps(plain["if_no"], (*path, "if_no"), f"{id}.no."),
            if_silent=self._silence(silence, (*path, "if_silent")) if silence else None,
            place=self.places.find(path),
        )

    def _silence(self, plain: Plain, path: Path) -> Silence:
        order, then = plain["escalate"], plain["if_silent"]
        return Silence(
            after=Millis(plain["after"]),
            reply=plain["reply"],
            close=plain["close"],
            escalation=self._escalation(order, (*path, "escalate")) if order else None,
            then=self._silence(then, (*path, "if_silent")) if then else None,
            place=self.places.find(path),
        )

    def _test(self, playbook: str, plain: Plain, path: Path) -> PolicyTest:
        return PolicyTest(
            it=plain["it"],
            when=tuple(When(**entry) for entry in plain["when"]),
            then=tuple(
                (word, tuple(wanted) if isinstance(wanted, list) else wanted)
                for word, wanted in plain["then"].items()
                if wanted is not None
            ),
            playbook=playbook,
            place=self.places.find((*path, "it")),
        )


# find_out stands before reply: a find_out may carry the reply that asks.
_KINDS = (
    parts.ASK,
    parts.FIND_OUT,
    parts.REPLY,
    parts.POST,
    parts.TAKE_PRIVATE,
    parts.WAIT,
    parts.CLOSE,
    parts.ESCALATE,
)


def _engage(plain: Plain, above: Plain) -> str:
    """What the case says, else what follows from its watch, the playbook, its end, its steps."""
    if plain["engage"]:
        return str(plain["engage"])
    if plain["watch"]:
        return parts.WATCH
    if above["engage"]:
        return str(above["engage"])
    if plain["steps"]:
        return parts.RESPOND
    return parts.IGNORE if plain["close"] else parts.AGENT_DECIDES


def _text(kind: str, value: Any) -> str:
    if kind == parts.FIND_OUT:
        return ", ".join(value)
    if kind == parts.ESCALATE:
        return str(value["to"])
    return "" if kind == parts.WAIT else str(value)
