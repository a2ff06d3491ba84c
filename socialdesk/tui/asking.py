"""Screen room: what an action still needs to know, asked one dialog at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.clock import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from socialdesk.policy.model import Policy
    from socialdesk.policy.team import Group
    from socialdesk.tui.screens.desk import DeskScreen
    from socialdesk.tui.screens.dialogs import Choice

OTHER = "\x00other"
"""The value of the choice that asks for words of one's own; no label can have it."""

SIGNAL_VALUES = {
    "feeling": ("calm", "upset", "belligerent", "thankful"),
    "relation": ("to_us", "about_us", "from_us", "none"),
    "sentiment": ("negative", "neutral", "positive"),
}
DISMISS_REASONS = (
    ("no_answer_needed", "no answer is needed"),
    ("spam", "spam"),
    ("not_ours", "not about us"),
    ("duplicate", "a duplicate"),
    ("answered_by_others", "others have answered it well"),
)


class Closed(Exception):
    """The person closed a dialog: nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What an asker knows: the screen to ask on, the policy, and the answers before its own."""

    screen: DeskScreen
    policy: Policy | None
    now: int
    before: Sequence[object]

    async def words(self, question: str) -> str:
        """One line of words; raises `Closed`."""
        from socialdesk.tui.screens.dialogs import Ask

        return _given(await self.screen.app.push_screen_wait(Ask(question)))

    async def one_of(self, question: str, choices: Sequence[Choice]) -> str:
        """The value of one of several; raises `Closed`."""
        from socialdesk.tui.screens.dialogs import Choose

        return _given(await self.screen.app.push_screen_wait(Choose(question, choices)))


def _given(answer: str | None) -> str:
    if not answer:
        raise Closed
    return answer


async def answer(name: str, asking: Asking) -> object:
    """Ask what `name` stands for in the registry; raises `Closed` when the person closes the dialog."""
    if name in _QUESTIONS:
        return await asking.words(_QUESTIONS[name])
    return await _ASKERS[name](asking)


_QUESTIONS = {
    "skip_reason": "Why is this step left out?",
    "switch_reason": "Why does another case fit better?",
    "escalate_reason": "What must they know, and what do you need of them?",
    "reject_reason": "What should be different?",
    "hand_back_note": "What came of it, and what is to be done now?",
    "note": "Note for your colleagues (never sent)",
}


async def _dismiss_reason(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    choices = [*(Choice(value, words) for value, words in DISMISS_REASONS), Choice(OTHER, "another reason …")]
    chosen = await asking.one_of("Close it without an answer, because it is", choices)
    return await asking.words("Why is no answer needed?") if chosen == OTHER else chosen


async def _group(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    groups = () if asking.policy is None else asking.policy.team.groups.values()
    return await asking.one_of("Hand it to", [Choice(one.name, one.title, _reached(one)) for one in groups])


def _reached(group: Group) -> str:
    people = ", ".join(dict.fromkeys((*group.members, *group.on_call)))
    ways = " and ".join("on the desk" if way == "desk" else f"by {way}" for way in group.ways)
    return " · ".join(part for part in (people, f"told {ways}" if ways else "") if part)


async def _case(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    view = asking.screen.casefile.view
    here = view.conversation.playbook if view else ""
    books = sorted(asking.policy.playbooks if asking.policy else (), key=lambda book: book.name != here)
    return await asking.one_of(
        "Which case fits?",
        [
            Choice(f"{book.name}/{case.name}", f"{book.title or book.name} › {case.title or case.name}")
            for book in books
            for case in book.cases
        ],
    )


async def _signal(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    view = asking.screen.casefile.view
    now = {}
    if view is not None:
        seen = view.conversation
        now = {"feeling": seen.feeling, "relation": seen.relation, "sentiment": seen.sentiment}
        now |= {"topic": ", ".join(seen.topics), "risk": ", ".join(seen.risks)}
    words = {"feeling": "how they feel", "relation": "whether it is to us", "sentiment": "the mood of the text",
             "topic": "what it is about", "risk": "a risk"}  # fmt: skip
    return await asking.one_of(
        "Which signal is wrong?",
        [
            Choice(name, text, f"now: {(now.get(name) or 'none').replace('_', ' ')}")
            for name, text in words.items()
        ],
    )


async def _signal_value(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    signal = str(asking.before[-1])
    if signal in SIGNAL_VALUES:
        return await asking.one_of("It is", [Choice(v, v.replace("_", " ")) for v in SIGNAL_VALUES[signal]])
    view = asking.screen.casefile.view
    held = (
        () if view is None else (view.conversation.topics if signal == "topic" else view.conversation.risks)
    )
    terms = asking.policy.lexicon.terms if asking.policy else ()
    known = sorted({term.label for term in terms if term.kind == signal} - set(held))
    choices = [*(Choice(f"-{name}", f"not {name}") for name in held), *(Choice(name, name) for name in known)]
    return await asking.one_of(f"Which {signal}?", choices)


async def _until(asking: Asking) -> object:
    from socialdesk.tui.screens.dialogs import Choice

    choices = [
        Choice("reply", "they write again"), Choice("1h", "in an hour"), Choice("4h", "in four hours"),
        Choice("morning", "tomorrow at 9:00"), Choice("monday", "next Monday at 9:00"), Choice(OTHER, "another time …"),
    ]  # fmt: skip
    chosen = await asking.one_of("Put it aside until", choices)
    if chosen == OTHER:
        chosen = await asking.words("For how long? Such as 90m, 3h or 2d")
    return moment(chosen, asking.now)


def moment(words: str, now: int) -> int | None:
    """When a snooze ends, UTC milliseconds by the agent's own calendar; None for `reply`.

    Raises `UsageError` for words that are no length of time.
    """
    if words == "reply":
        return None
    today = datetime.fromtimestamp(now / 1000).astimezone().replace(hour=9, minute=0, second=0, microsecond=0)
    if words == "morning":
        return int((today + timedelta(days=1)).timestamp() * 1000)
    if words == "monday":
        return int((today + timedelta(days=7 - today.weekday())).timestamp() * 1000)
    units = {"m": MINUTE, "h": HOUR, "d": DAY}
    number, unit = words[:-1].strip(), words[-1:].lower()
    if unit not in units or not number.isdigit() or not int(number):
        from socialdesk.errors import UsageError

        raise UsageError(f"{words!r} is no length of time; write it as 90m, 3h or 2d")
    return now + int(number) * units[unit]


_ASKERS: dict[str, Callable[[Asking], Awaitable[object]]] = {
    "dismiss_reason": _dismiss_reason,
    "group": _group,
    "case": _case,
    "signal": _signal,
    "signal_value": _signal_value,
    "until": _until,
}
