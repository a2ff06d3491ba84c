"""Finds the place of a finding in the files and words it alike for every check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from socialdesk.diagnostics import Diagnostic, Severity, nearest

if TYPE_CHECKING:
    from socialdesk.policy.model import Playbook, Policy
    from socialdesk.policy.places import Path, Place


_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Line ends as YAML counts them."""


class Findings:
    """Gathers what the checks find in one policy.

    `broken` names sections that lack some of their names, `doubtful` those with a wrong value in them.
    """

    def __init__(
        self, policy: Policy, broken: frozenset[str] = frozenset(), doubtful: frozenset[str] = frozenset()
    ) -> None:
        self.policy = policy
        self.broken = broken
        self.doubtful = broken | doubtful
        self.found: list[Diagnostic] = []
        self._lines: dict[str, list[str]] = {}

    @property
    def playbooks(self) -> tuple[Playbook, ...]:
        """Every playbook, those that order.yaml forgot included."""
        return self.policy.playbooks + self.policy.unlisted

    def names(self, section: str, under: str | None = None) -> Mapping[str, Any]:
        """The entries that a section defines by name, by default under the section's own word."""
        found = self.policy.sections[section].get(under or section)
        return found if isinstance(found, Mapping) else {}

    def place(self, section: str, path: Path) -> Place:
        """Where `path` stands in the file of a section."""
        return self.policy.places[section].find(path)

    def reply_place(self, name: str) -> Place:
        """Where a reply is written: in its playbook or in replies.yaml."""
        for entry in self.policy.sections["playbooks"]:
            if name in entry["data"]["replies"]:
                return self.place(entry["place"], ("replies", name))
        return self.place("replies", ("replies", name))

    def say(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        expected: str | None = None,
        like: str | None = None,
        word: str = "",
        severity: Severity = "error",
    ) -> None:
        """Add a finding at `place`; with `word` the caret moves to it on that line."""
        line = self._line(place)
        column = place.column
        if word and line is not None and (at := line.find(word, max(column - 1, 0))) >= 0:
            column = at + 1
        self.found.append(
            Diagnostic(code, severity, place.file, place.line, column, message, expected, like, line)
        )

    def unknown(self, code: str, place: Place, what: str, name: str, known: Iterable[str]) -> None:
        """Say that there is no `what` of this name, and which is the nearest."""
        listed = list(known)
        like = nearest(name, listed)
        expected = None if like or len(listed) > 12 else ", ".join(listed) or f"a {what} to be defined first"
        self.say(code, place, f"there is no {what} `{name}`", expected=expected, like=like, word=name)

    def _line(self, place: Place) -> str | None:
        if place.file not in self._lines:
            self._lines[place.file] = _BREAK.split(self.policy.files.get(place.file, ""))
        lines = self._lines[place.file]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None
