"""From the plain normal form to the parts of a policy; reading files and reading a bundle both end here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from socialdesk.policy.places import Path, Places
from socialdesk.policy.playbooks import Builder

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic
    from socialdesk.model import Lexicon
    from socialdesk.policy.guardrails import Guardrails
    from socialdesk.policy.networks import Networks
    from socialdesk.policy.parts import Playbook, StandingOrder, View
    from socialdesk.policy.replies import Replies
    from socialdesk.policy.targets import Targets
    from socialdesk.policy.team import Team

Sections: TypeAlias = Mapping[str, Any]
"""One plain form per file by section (`order`, `always`, `team`, …); under `playbooks` a list of
`{place, data}`, one per playbook."""

AllPlaces: TypeAlias = Mapping[str, Places]
"""Where everything stands, by section and by the `place` of each playbook."""


def playbooks(
    sections: Sections, places: AllPlaces
) -> tuple[tuple[Playbook, ...], tuple[Playbook, ...], list[Diagnostic]]:
    """The playbooks in order, those that order.yaml does not name, and what their conditions have wrong.

    Without any order the files' own order holds, so that a first playbook works at once.
    """
    built: list[Playbook] = []
    problems: list[Diagnostic] = []
    for entry in sections["playbooks"]:
        builder = Builder(places[entry["place"]])
        built.append(builder.playbook(entry["data"]))
        problems += builder.problems
    by_name = {book.name: book for book in built}
    order: list[str] = sections["order"]["order"] or list(by_name)
    listed = dict.fromkeys(name for name in order if name in by_name)
    return (
        tuple(by_name[name] for name in listed),
        tuple(book for name, book in by_name.items() if name not in listed),
        problems,
    )


def standing_orders(
    sections: Sections, places: AllPlaces
) -> tuple[tuple[StandingOrder, ...], list[Diagnostic]]:
    """The entries of always.yaml, and what their conditions have wrong."""
    builder = Builder(places["always"])
    return builder.standing_orders(sections["always"]), builder.problems


def views(sections: Sections, places: AllPlaces) -> tuple[tuple[View, ...], list[Diagnostic]]:
    """The entries of views.yaml, and what their conditions have wrong."""
    builder = Builder(places["views"])
    return builder.views(sections["views"]), builder.problems


# Each section's own room is loaded when it is first asked for: a command that lists conversations
# needs neither calendars nor guardrails.


def lexicon(sections: Sections, places: AllPlaces) -> Lexicon:
    """words.yaml, compiled for triage."""
    from socialdesk.policy.lexicon import build

    return build(sections["words"], places["words"].source_of)


def team(sections: Sections, places: AllPlaces) -> Team:
    """team.yaml."""
    from socialdesk.policy.team import build

    return build(sections["team"], places["team"].source_of)


def targets(sections: Sections, places: AllPlaces) -> Targets:
    """targets.yaml."""
    from socialdesk.policy.targets import build

    return build(sections["targets"], places["targets"].source_of)


def guardrails(sections: Sections, places: AllPlaces) -> Guardrails:
    """guardrails.yaml."""
    from socialdesk.policy.guardrails import build

    return build(sections["guardrails"], places["guardrails"].source_of)


def networks(sections: Sections, places: AllPlaces) -> Networks:
    """networks.yaml."""
    from socialdesk.policy.networks import build

    return build(sections["networks"], places["networks"].source_of)


def replies(sections: Sections, places: AllPlaces) -> Replies:
    """The shared replies and every playbook's own, in one list of names (the check refuses a name twice)."""
    from socialdesk.policy.replies import build

    shared = sections["replies"]
    merged: dict[str, Any] = dict(shared["replies"])
    homes: dict[str, Places] = {}
    for entry in sections["playbooks"]:
        for name, reply in entry["data"]["replies"].items():
            if name not in merged:
                merged[name] = reply
                homes[name] = places[entry["place"]]

    def source_of(path: Path) -> str:
        home = homes.get(str(path[1])) if len(path) > 1 and path[0] == "replies" else None
        return (home or places["replies"]).source_of(path)

    return build({**shared, "replies": merged}, source_of)
