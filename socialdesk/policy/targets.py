"""Targets room: by when somebody must answer, on whose calendar, and what happens when nobody does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from socialdesk.conditions.units import format_duration
from socialdesk.errors import NotFound
from socialdesk.model import Millis
from socialdesk.policy.calendars import ROUND_THE_CLOCK, Calendar, build_calendar
from socialdesk.policy.parts import EscalationOrder
from socialdesk.policy.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Kind = Literal["acknowledge", "reply", "next_reply", "resolve"]
"""Said something, answered, answered again, settled: each promise has its own clock."""

KINDS: tuple[Kind, ...] = ("acknowledge", "reply", "next_reply", "resolve")

_FASTER_CHANNELS = ("chat", "phone")
_SLOWER_CHANNELS = ("email",)


@dataclass(frozen=True, slots=True)
class Breach:
    """What happens when a promise was not kept: who is called, what is tagged, how it moves in the queue."""

    escalation: EscalationOrder | None = None
    tags: tuple[str, ...] = ()
    urgency: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A service level; lengths are working milliseconds of its calendar, None where nothing is promised.

    In a status of `pause_in` the clock for `resolve` stands still; who writes to us is owed an answer
    whatever the status, so the other clocks run on.
    """

    name: str
    title: str
    promises: Mapping[Kind, Millis]
    calendar: Calendar = ROUND_THE_CLOCK
    warn_before: int = 0
    pause_in: frozenset[str] = frozenset()
    on_breach: Breach | None = None
    source: str = ""

    def due(self, kind: Kind, start: Millis) -> Millis | None:
        """By when, counted from `start`; None when nothing of this kind is promised."""
        length = self.promises.get(kind)
        return None if length is None else self.calendar.add(start, length)

    def warn_at(self, kind: Kind, start: Millis) -> Millis | None:
        """When to warn that `due` is near: `warn_before` working time earlier, never before `start`."""
        length = self.promises.get(kind)
        return None if length is None else self.calendar.add(start, max(0, length - self.warn_before))

    def after_pause(self, due: Millis, paused: Millis, resumed: Millis) -> Millis:
        """`due` after the clock stood still: what was left at `paused` is left at `resumed`.

        What was due before the pause stays so.
        """
        if paused >= due or resumed <= paused:
            return due
        return self.calendar.add(resumed, self.calendar.between(paused, due))

    def pauses(self, kind: Kind, status: str) -> bool:
        """Whether the clock of this kind stands still in a conversation of this status."""
        return kind == "resolve" and status in self.pause_in


@dataclass(frozen=True, slots=True)
class Targets:
    """Everything in targets.yaml; `other_channels` holds how long people wait for an answer elsewhere."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    other_channels: Mapping[str, Millis] = field(default_factory=dict)

    def target(self, name: str) -> Target | None:
        """The target of this name, or None."""
        return self.targets.get(name)

    def calendar(self, name: str) -> Calendar:
        """The calendar of this name; `round-the-clock` is always there. Raises `NotFound`."""
        found = self.calendars.get(name)
        if found is None and name == ROUND_THE_CLOCK.name:
            return ROUND_THE_CLOCK
        if found is None:
            raise NotFound(f"targets.yaml has no calendar `{name}`")
        return found

    def is_open(self, at: Millis) -> bool:
        """Whether somebody is at work by one of the targets' calendars, those without a pause left aside."""
        used = {target.calendar.name: target.calendar for target in self.targets.values()}
        limited = [calendar for calendar in used.values() if calendar.hours != ROUND_THE_CLOCK.hours]
        return any(calendar.is_open(at) for calendar in limited or [ROUND_THE_CLOCK])

    def misplaced(self) -> Iterator[tuple[Target, str]]:
        """Targets whose `reply` is not between live talk and e-mail, each with the sentence that says so."""
        talk = [self.other_channels[name] for name in _FASTER_CHANNELS if name in self.other_channels]
        mail = [self.other_channels[name] for name in _SLOWER_CHANNELS if name in self.other_channels]
        for target in self.targets.values():
            reply = target.promises.get("reply")
            if reply is not None and talk and reply < min(talk):
                yield target, f"{target.name}: {format_duration(reply)} is faster than live chat or phone"
            elif reply is not None and mail and reply > max(mail):
                yield target, f"{target.name}: {format_duration(reply)} is slower than e-mail"


class HasTargets(Protocol):
    """A policy, as far as this room needs it."""

    @property
    def targets(self) -> Targets:
        """Its targets."""
        ...


def due(policy: HasTargets, target: str | None, kind: Kind, start: Millis) -> Millis | None:
    """By when a conversation under `target` must have its `kind` of answer, counted from `start`.

    None without a target and where the target promises nothing of the kind.
    """
    found = policy.targets.target(target) if target else None
    return None if found is None else found.due(kind, start)


def warn_at(policy: HasTargets, target: str | None, kind: Kind, start: Millis) -> Millis | None:
    """When to warn that the answer is nearly due; None where nothing is promised."""
    found = policy.targets.target(target) if target else None
    return None if found is None else found.warn_at(kind, start)


def build(plain: Mapping[str, Any], source_of: Callable[[tuple[str | int, ...]], str]) -> Targets:
    """The targets of their plain form; an unknown calendar is round the clock until the check refuses it."""
    calendars = {
        name: build_calendar(name, entry, source_of(("calendars", name)))
        for name, entry in plain["calendars"].items()
    }
    return Targets(
        calendars=calendars,
        targets={
            name: Target(
                name=name,
                title=entry["title"] or name,
                promises={kind: Millis(entry[kind]) for kind in KINDS if entry[kind] is not None},
                calendar=calendars.get(entry["calendar"], ROUND_THE_CLOCK),
                warn_before=entry["warn_before"] or 0,
                pause_in=frozenset(entry["pause_in"]),
                on_breach=_breach(entry["on_breach"], source_of(("targets", name, "on_breach"))),
                source=source_of(("targets", name)),
            )
            for name, entry in plain["targets"].items()
        },
        other_channels={name: Millis(entry["reply"]) for name, entry in plain["other_channels"].items()},
    )


def _breach(plain: Mapping[str, Any] | None, source: str) -> Breach | None:
    if plain is None:
        return None
    call = plain["escalate"]
    return Breach(
        escalation=None if call is None else EscalationOrder(**call, place=_place(source)),
        tags=tuple(plain["tag"]),
        urgency=plain["urgency"],
        source=source,
    )


def _place(source: str) -> Place:
    file, _, line = source.rpartition(":")
    return Place(file, int(line)) if line.isdigit() else Place(source)
