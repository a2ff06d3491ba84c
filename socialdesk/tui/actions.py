"""Screen room: the one registry of what a key can do; bindings, footer, help, palette and `keys` read it.

Nothing here imports Textual, so that the command that lists the keys stays light.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from socialdesk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Place(StrEnum):
    """Where a key applies."""

    EVERYWHERE = "everywhere"
    DESK = "the desk"
    LIST = "a list"
    TEXT = "a conversation's text"
    COMPOSER = "the composer"


class Need(StrEnum):
    """What must be there before an action can be taken."""

    AGENT = "agent"
    CONVERSATION = "conversation"
    QUESTION = "question"
    STEP = "step"
    DRAFT = "draft"
    APPROVAL = "approval"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Action:
    """Something an agent can do with one key.

    `keys` are Textual's names, separated by commas. `calls` is a use-case (`desk.casework.claim`), or
    a method of the screen or of the widget that has the focus. `asks` maps the use-case's further
    parameters to the dialogs that fill them; `fixed` are parameters the key itself decides.
    `footer` orders the hints at the bottom of the screen; 0 keeps an action out of them.
    """

    id: str
    keys: str
    words: str
    help: str
    place: Place
    heading: str
    calls: str
    needs: tuple[Need, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    footer: int = 0

    @property
    def use_case(self) -> bool:
        """Whether it changes the inbox through the desk, rather than only the screen."""
        return self.calls.startswith("desk.")


MOVING, SEEING, WORKING, WRITING, CLOSING, PROGRAM = (
    "Moving",
    "Seeing",
    "Working on a conversation",
    "Writing and sending",
    "Handing on and closing",
    "The program",
)
CASE = (Need.AGENT, Need.CONVERSATION)
OUR_DRAFT = (Need.AGENT, Need.CONVERSATION, Need.DRAFT)

_MOVES = (
    ("down", "j,down", "down", "One line down.", "cursor_down"),
    ("up", "k,up", "up", "One line up.", "cursor_up"),
    ("page-down", "ctrl+d,pagedown,ctrl+f", "page down", "One screen down.", "page_down"),
    ("page-up", "ctrl+u,pageup,ctrl+b", "page up", "One screen up.", "page_up"),
    ("top", "g,home", "top", "To the first line.", "top"),
    ("end", "G,end", "end", "To the last line.", "end"),
)

ACTIONS: tuple[Action, ...] = (
    *(Action(i, k, w, h, Place.LIST, MOVING, c) for i, k, w, h, c in _MOVES),
    *(Action(f"text-{i}", k, w, h, Place.TEXT, MOVING, c) for i, k, w, h, c in _MOVES),
    Action(
        "open",
        "enter,l,right",
        "open",
        "Open the conversation under the cursor.",
        Place.DESK,
        MOVING,
        "open_conversation",
        (Need.CONVERSATION,),
        footer=5,
    ),
    Action(
        "back",
        "escape,h,left",
        "back",
        "Back to the list; leaves a search.",
        Place.DESK,
        MOVING,
        "go_back",
        footer=90,
    ),
    Action(
        "next-pane", "tab", "next pane", "Put the keys on the next pane.", Place.DESK, MOVING, "next_pane"
    ),
    Action(
        "previous-pane",
        "shift+tab",
        "previous pane",
        "Put the keys on the pane before.",
        Place.DESK,
        MOVING,
        "previous_pane",
    ),
    *(
        Action(
            f"view-{n}",
            str(n),
            f"view {n}",
            f"Show the {n}. view of the list on the left.",
            Place.DESK,
            SEEING,
            f"view_{n}",
        )
        for n in range(1, 10)
    ),
    Action(
        "previous-view", "[", "previous view", "Show the view before.", Place.DESK, SEEING, "previous_view"
    ),
    Action("next-view", "]", "next view", "Show the next view.", Place.DESK, SEEING, "next_view", footer=80),
    Action(
        "query",
        "/",
        "find",
        "Find conversations with words and conditions, such as topic:billing followers:10k+.",
        Place.DESK,
        SEEING,
        "query",
        footer=70,
    ),
    Action("refine", "f", "refine", "Change the last search.", Place.DESK, SEEING, "refine"),
    Action(
        "why",
        "W",
        "why",
        "Show why the policy decided as it did, rule by rule.",
        Place.DESK,
        SEEING,
        "why",
        (Need.CONVERSATION,),
    ),
    Action(
        "refresh", "ctrl+r", "refresh", "Read list and conversation again.", Place.DESK, SEEING, "read_again"
    ),
    Action(
        "claim",
        "c",
        "claim",
        "Take the conversation: it is yours until you release it.",
        Place.DESK,
        WORKING,
        "desk.casework.claim",
        CASE,
        footer=20,
    ),
    Action(
        "release",
        "u",
        "release",
        "Give the conversation back to the queue.",
        Place.DESK,
        WORKING,
        "desk.casework.release",
        CASE,
    ),
    Action(
        "answer-yes",
        "y",
        "yes",
        "Answer the step's question with yes.",
        Place.DESK,
        WORKING,
        "desk.casework.answer",
        (*CASE, Need.QUESTION),
        fixed={"outcome": "yes"},
        footer=10,
    ),
    Action(
        "answer-no",
        "n",
        "no",
        "Answer the step's question with no.",
        Place.DESK,
        WORKING,
        "desk.casework.answer",
        (*CASE, Need.QUESTION),
        fixed={"outcome": "no"},
        footer=11,
    ),
    Action(
        "step-done",
        "d",
        "step done",
        "Mark the pending step as done.",
        Place.DESK,
        WORKING,
        "desk.casework.answer",
        (*CASE, Need.STEP),
        fixed={"outcome": "done"},
    ),
    Action(
        "skip",
        "s",
        "skip step",
        "Skip the pending step and say why.",
        Place.DESK,
        WORKING,
        "desk.casework.skip",
        (*CASE, Need.STEP),
        asks={"reason": "skip_reason"},
    ),
    Action(
        "switch-case",
        "t",
        "switch case",
        "Put another case or playbook in charge and say why.",
        Place.DESK,
        WORKING,
        "desk.casework.switch_case",
        CASE,
        asks={"case": "case", "reason": "switch_reason"},
    ),
    Action(
        "correct",
        "v",
        "correct",
        "Correct a signal: what it is about, how they feel, whether it is to us.",
        Place.DESK,
        WORKING,
        "desk.casework.correct",
        CASE,
        asks={"signal": "signal", "value": "signal_value"},
    ),
    Action(
        "note",
        "o",
        "note",
        "Write a note that only colleagues see.",
        Place.DESK,
        WORKING,
        "desk.casework.note",
        CASE,
        asks={"text": "note"},
    ),
    Action(
        "undo",
        "z",
        "undo",
        "Take back your last step here; a reply too, until it leaves.",
        Place.DESK,
        WORKING,
        "desk.undo.undo",
        CASE,
        footer=60,
    ),
    Action(
        "reply",
        "r",
        "reply",
        "Write the reply, or go on writing it.",
        Place.DESK,
        WRITING,
        "write_reply",
        CASE,
        footer=15,
    ),
    Action(
        "suggestions",
        "R",
        "suggestions",
        "Choose among the team's replies, filled in for this conversation.",
        Place.DESK,
        WRITING,
        "suggest",
        CASE,
    ),
    Action(
        "take-private",
        "p",
        "take private",
        "Invite the customer to continue in private.",
        Place.DESK,
        WRITING,
        "take_private",
        CASE,
    ),
    Action(
        "post",
        "P",
        "post",
        "Draft a post of our own for this conversation's issue.",
        Place.DESK,
        WRITING,
        "write_post",
        CASE,
    ),
    Action(
        "send",
        "S",
        "submit / send",
        "Submit the draft; an approved one goes out after the undo window.",
        Place.DESK,
        WRITING,
        "send_draft",
        OUR_DRAFT,
        footer=12,
    ),
    Action(
        "approve",
        "a",
        "approve",
        "Approve the colleague's draft you have just read.",
        Place.DESK,
        WRITING,
        "desk.replies.approve",
        (*CASE, Need.APPROVAL),
        footer=8,
    ),
    Action(
        "reject",
        "x",
        "send back",
        "Send the colleague's draft back and say why.",
        Place.DESK,
        WRITING,
        "desk.replies.reject",
        (*CASE, Need.APPROVAL),
        asks={"reason": "reject_reason"},
        footer=9,
    ),
    Action(
        "withdraw",
        "X",
        "drop draft",
        "Drop your draft; undo brings it back.",
        Place.DESK,
        WRITING,
        "desk.replies.withdraw",
        OUR_DRAFT,
    ),
    Action(
        "escalate",
        "e",
        "escalate",
        "Hand the conversation to a group and say why.",
        Place.DESK,
        CLOSING,
        "desk.casework.escalate",
        CASE,
        asks={"to": "group", "reason": "escalate_reason"},
        footer=40,
    ),
    Action(
        "acknowledge",
        "A",
        "acknowledge",
        "Acknowledge an escalation: you are looking at it.",
        Place.DESK,
        CLOSING,
        "desk.casework.acknowledge",
        (*CASE, Need.ESCALATION),
    ),
    Action(
        "hand-back",
        "H",
        "hand back",
        "Hand an escalated conversation back with a note.",
        Place.DESK,
        CLOSING,
        "desk.casework.hand_back",
        (*CASE, Need.ESCALATION),
        asks={"note": "hand_back_note"},
    ),
    Action(
        "snooze",
        "w",
        "snooze",
        "Put it aside until a moment, or until they write again.",
        Place.DESK,
        CLOSING,
        "desk.casework.snooze",
        CASE,
        asks={"until": "until"},
        footer=45,
    ),
    Action(
        "resolve",
        "!",
        "resolve",
        "Close it as resolved; undo reopens it.",
        Place.DESK,
        CLOSING,
        "desk.casework.resolve",
        CASE,
        footer=50,
    ),
    Action(
        "dismiss",
        "#",
        "dismiss",
        "Close it without an answer and say why; undo reopens it.",
        Place.DESK,
        CLOSING,
        "desk.casework.dismiss",
        CASE,
        asks={"reason": "dismiss_reason"},
    ),
    Action(
        "reopen",
        "O",
        "reopen",
        "Open a closed conversation again.",
        Place.DESK,
        CLOSING,
        "desk.casework.reopen",
        CASE,
    ),
    Action(
        "composer-send",
        "ctrl+s",
        "submit",
        "Save and submit what you have written.",
        Place.COMPOSER,
        WRITING,
        "submit",
        footer=10,
    ),
    Action(
        "composer-suggestions",
        "ctrl+r",
        "suggestions",
        "Choose among the team's replies.",
        Place.COMPOSER,
        WRITING,
        "suggest",
        footer=20,
    ),
    Action(
        "composer-close",
        "escape",
        "close",
        "Close the composer; what you wrote is kept.",
        Place.COMPOSER,
        WRITING,
        "close",
        footer=30,
    ),
    Action(
        "help", "?", "help", "All keys of the place you are in.", Place.EVERYWHERE, PROGRAM, "help", footer=95
    ),
    Action(
        "palette",
        ":,ctrl+p",
        "commands",
        "Find any action by its words.",
        Place.EVERYWHERE,
        PROGRAM,
        "command_palette",
        footer=96,
    ),
    Action(
        "theme",
        "T",
        "theme",
        "Dark, light, or the terminal's own 16 colours.",
        Place.EVERYWHERE,
        PROGRAM,
        "next_theme",
    ),
    Action("quit", "q", "quit", "Leave the desk; asks first.", Place.EVERYWHERE, PROGRAM, "leave"),
    Action(
        "quit-now",
        "ctrl+q",
        "quit now",
        "Leave the desk at once; drafts are kept.",
        Place.EVERYWHERE,
        PROGRAM,
        "quit",
    ),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "exclamation_mark": "!",
    "number_sign": "#",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def actions_of(*places: Place) -> Iterator[Action]:
    """The actions of these places, in the registry's order."""
    return (action for action in ACTIONS if action.place in places)


def shown(key: str) -> str:
    """A key as people write it: `?` for `question_mark`, `^S` for `ctrl+s`."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return _NAMES.get(key, key)


def keys_of(action: Action, keymap: Mapping[str, str] | None = None) -> list[str]:
    """The keys of an action as Textual names them; those of `keymap` instead of its own where it has some."""
    return [key.strip() for key in (keymap or {}).get(action.id, action.keys).split(",")]


def hint(action: Action, keymap: Mapping[str, str] | None = None) -> str:
    """The first key of an action as people write it."""
    return shown(keys_of(action, keymap)[0])


def check_keymap(keymap: Mapping[str, str]) -> None:
    """Raise `UsageError` for unknown action ids, empty keys, and keys that two actions of one place want."""
    problems = [f"there is no action {name!r}; see: socialdesk keys" for name in keymap if name not in BY_ID]
    problems += [
        f"action {name!r} would be left without a key"
        for name, keys in keymap.items()
        if not keys.strip(" ,")
    ]
    taken: dict[tuple[Place, str], str] = {}
    for action in ACTIONS:
        for key in keys_of(action, keymap):
            for place in _reach(action.place):
                other = taken.setdefault((place, key), action.id)
                if other != action.id:
                    problems.append(f"{shown(key)} is wanted by {other!r} and by {action.id!r}")
    if problems:
        raise UsageError("; ".join(dict.fromkeys(problems)))


def _reach(place: Place) -> tuple[Place, ...]:
    """The places in which a key of `place` is heard; the composer takes every printable key for its text."""
    if place is Place.EVERYWHERE:
        return (Place.DESK, Place.LIST, Place.TEXT)
    if place is Place.DESK:
        return (Place.DESK, Place.LIST, Place.TEXT)
    return (place,)


def table() -> list[dict[str, str]]:
    """Every action as words, for `socialdesk keys`: id, keys, words, what it does, where."""
    return [
        {
            "id": action.id,
            "keys": " ".join(shown(key) for key in keys_of(action)),
            "words": action.words,
            "help": action.help,
            "place": action.place.value,
            "heading": action.heading,
            "needs_agent": "yes" if Need.AGENT in action.needs else "no",
        }
        for action in ACTIONS
    ]
