"""Screen room: the two lines at the bottom: how things stand, and what the keys do here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from socialdesk.tui.actions import Action, hint
from socialdesk.tui.plain import inert, span
from socialdesk.tui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from socialdesk.inbox.rows import Channel

SEPARATOR = ("  │  ", "$faint")
ALWAYS_SHOWN = frozenset({"help"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand: who acts, the policy in force, the channels and the outbox."""

    agent: str | None = None
    why_read_only: str = ""
    policy: str = ""
    policy_broken: bool = False
    channels: Sequence[Channel] = ()
    drafts: Mapping[str, int] = field(default_factory=dict)


class StatusLine(Line):
    """Who acts, when each channel was last read or since when it fails, policy, outbox, clock."""

    def show(self, standing: Standing, now: int) -> None:
        """Show how things stand; what fails comes first, because the line may be cut at its end."""
        parts: list[tuple[str, str]] = [
            (datetime.fromtimestamp(now / 1000).astimezone().strftime(" %H:%M"), "bold")
        ]
        if standing.agent:
            parts += [SEPARATOR, (inert(standing.agent), "bold $success")]
        else:
            parts += [
                SEPARATOR,
                ("read-only: ", "bold $warning"),
                (inert(standing.why_read_only), "$warning"),
            ]
        if standing.policy_broken:
            parts += [SEPARATOR, (inert(standing.policy), "bold $error")]
        parts += _outbox(standing.drafts)
        for channel in sorted(standing.channels, key=_failing_first):
            parts += _channel(channel, now)
        if standing.policy and not standing.policy_broken:
            parts += [SEPARATOR, (inert(standing.policy), "$dim")]
        self.say(Content.assemble(*parts))


def _failing_first(channel: Channel) -> tuple[bool, str]:
    return channel.failing_since is None, channel.name


def _channel(channel: Channel, now: int) -> list[tuple[str, str]]:
    name = inert(channel.name)
    if channel.failing_since is not None:
        since = f"failing for {span(now - channel.failing_since)}"
        return [
            SEPARATOR,
            (f"✗ {name} {since}", "$error"),
            (f" {inert(channel.last_error or '')[:60]}", "$dim"),
        ]
    if channel.synced_at is None:
        return [SEPARATOR, (f"{name} not read yet", "$dim")]
    return [SEPARATOR, (f"{name} {span(now - channel.synced_at)} ago", "$dim")]


def _outbox(drafts: Mapping[str, int]) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for status, words, style in (
        ("unsure", "sent? please check", "bold $error"),
        ("failed", "not sent", "bold $error"),
        ("submitted", "to approve", "$warning"),
        ("queued", "going out", ""),
        ("sending", "being sent", ""),
    ):
        if drafts.get(status):
            parts += [SEPARATOR, (f"{drafts[status]} {words}", style)]
    return parts


class HintLine(Line):
    """The keys that do something here, in the registry's order of use; none is shown by half."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._hints: list[tuple[str, Content]] = []

    def show(self, actions: Sequence[Action], keymap: Mapping[str, str]) -> None:
        """Show these actions' keys and words, as many as fit; a click on one does it."""
        self._hints = [(action.id, _hint(action, keymap)) for action in actions]
        self.say(Content(" ").join(words for _, words in self._hints))

    def render(self) -> Content:
        """Whole entries only; the key that shows all the others always has its place."""
        room = self.size.width - sum(len(words) + 1 for name, words in self._hints if name in ALWAYS_SHOWN)
        shown = []
        for name, words in self._hints:
            if name not in ALWAYS_SHOWN:
                if len(words) > room:
                    continue
                room -= len(words) + 1
            shown.append(words)
        return Content(" ").join(shown)


def _hint(action: Action, keymap: Mapping[str, str]) -> Content:
    words = Content.assemble((f" {hint(action, keymap)}", "bold $accent"), (f" {action.words} ", "$dim"))
    return words.stylize(Style.from_meta({"@click": f"screen.act('{action.id}')"}))
