"""Screen room: every action of the desk, one line each, in the order in which help shows them."""

from __future__ import annotations

from socialdesk.tui.action import Action, Need, Place

MOVING = "Moving"
SEEING = "Seeing"
WORKING = "Working on a conversation"
WRITING = "Writing and sending"
CLOSING = "Handing on and closing"
PROGRAM = "The program"

CASE = (Need.AGENT, Need.CONVERSATION)
QUESTION, STEP, DRAFT = (*CASE, Need.QUESTION), (*CASE, Need.STEP), (*CASE, Need.DRAFT)
APPROVAL, ESCALATION = (*CASE, Need.APPROVAL), (*CASE, Need.ESCALATION)

_DESK, _ALL, _COMPOSER, _DIALOG = Place.DESK, Place.EVERYWHERE, Place.COMPOSER, Place.DIALOG

_MOVES = (
    ("down", "j,down", "down", "One line down.", "cursor_down"),
    ("up", "k,up", "up", "One line up.", "cursor_up"),
    ("page-down", "ctrl+d,pagedown,ctrl+f", "page down", "One screen down.", "page_down"),
    ("page-up", "ctrl+u,pageup,ctrl+b", "page up", "One screen up.", "page_up"),
    ("top", "g,home", "top", "To the first line.", "top"),
    ("end", "G,end", "end", "To the last line.", "end"),
)
_VIEWS = tuple(
    Action(
        f"view-{n}",
        str(n),
        f"view {n}",
        f"Show view {n} of the list on the left.",
        _DESK,
        SEEING,
        "navigator.view",
        fixed=(str(n),),
    )
    for n in range(1, 10)
)

# A table is read by column; one argument a line would make it four times as long and hide the clashes.
# fmt: off
ACTIONS: tuple[Action, ...] = (
    *(Action(i, k, w, h, Place.LIST, MOVING, c) for i, k, w, h, c in _MOVES),
    *(Action(f"text-{i}", k, w, h, Place.TEXT, MOVING, c) for i, k, w, h, c in _MOVES),
    Action("open", "enter,l,right", "open", "Open the conversation under the cursor.", _DESK, MOVING,
           "navigator.open_case", (Need.CONVERSATION,), footer=5),
    Action("back", "escape,h,left", "back", "Back to the list; from the list, out of a search.", _DESK, MOVING,
           "navigator.back", footer=6),
    Action("next-pane", "tab", "next pane", "Put the keys on the next pane.", _DESK, MOVING, "navigator.next_pane"),
    Action("previous-pane", "shift+tab", "previous pane", "Put the keys on the pane before.", _DESK, MOVING,
           "navigator.previous_pane"),

    *_VIEWS,
    Action("previous-view", "[", "previous view", "Show the view before.", _DESK, SEEING, "navigator.previous_view"),
    Action("next-view", "]", "next view", "Show the next view.", _DESK, SEEING, "navigator.next_view", footer=80),
    Action("query", "/", "find", "Find by words and conditions, such as topic:billing followers:10k+.", _DESK,
           SEEING, "searcher.query", footer=70),
    Action("refine", "f", "refine", "Change the last search.", _DESK, SEEING, "searcher.refine"),
    Action("why", "W", "why", "Why the policy decided as it did, rule by rule.", _DESK, SEEING, "explainer.why",
           (Need.CONVERSATION,)),
    Action("refresh", "ctrl+r", "refresh", "Read list and conversation again.", _DESK, SEEING, "read_again"),

    Action("claim", "c", "claim", "Take the conversation: it is yours until you release it.", _DESK, WORKING,
           "desk.casework.claim", CASE, footer=20),
    Action("release", "u", "release", "Give the conversation back to the queue.", _DESK, WORKING,
           "desk.casework.release", CASE),
    Action("answer-yes", "y", "yes", "Answer the step's question with yes.", _DESK, WORKING,
           "desk.casework.answer", QUESTION, fixed=("yes",), footer=10),
    Action("answer-no", "n", "no", "Answer the step's question with no.", _DESK, WORKING,
           "desk.casework.answer", QUESTION, fixed=("no",), footer=11),
    Action("step-done", "d", "step done", "Mark the pending step as done elsewhere.", _DESK, WORKING,
           "desk.casework.answer", STEP, fixed=("done",)),
    Action("skip", "s", "skip step", "Leave the pending step out and say why.", _DESK, WORKING,
           "desk.casework.skip", STEP, asks=("skip_reason",)),
    Action("switch-case", "t", "switch case", "Put another case in charge and say why.", _DESK, WORKING,
           "desk.casework.switch_case", CASE, asks=("case", "switch_reason")),
    Action("correct", "v", "correct", "Correct a signal: mood, topic, risk, or whether it is to us.", _DESK,
           WORKING, "desk.casework.correct", CASE, asks=("signal", "signal_value")),
    Action("note", "o", "note", "Write a note that only colleagues see.", _DESK, WORKING,
           "desk.casework.note", CASE, asks=("note",)),
    Action("undo", "z", "undo", "Take back your last step; a reply too, until it leaves.", _DESK, WORKING,
           "performer.undo", (Need.AGENT,), footer=60),

    Action("reply", "r", "reply", "Write the reply, or go on writing it.", _DESK, WRITING, "writer.write", CASE,
           footer=15),
    Action("suggestions", "R", "suggestions", "Choose among the team's replies, filled in for this customer.",
           _DESK, WRITING, "writer.suggest", CASE),
    Action("take-private", "p", "take private", "Invite the customer to go on in private.", _DESK, WRITING,
           "writer.take_private", CASE),
    Action("post", "P", "post", "Draft a post of our own for this conversation's issue.", _DESK, WRITING,
           "writer.post", CASE),
    Action("send", "S", "submit / send", "Submit the draft; once approved, send it after the undo window.", _DESK,
           WRITING, "writer.send", DRAFT, footer=12),
    Action("approve", "a", "approve", "Approve the draft in view; it goes out after the undo window.", _DESK,
           WRITING, "writer.approve", APPROVAL, footer=8),
    Action("reject", "x", "send back", "Send the colleague's draft back and say why.", _DESK, WRITING,
           "desk.replies.reject", APPROVAL, asks=("reject_reason",), footer=9),
    Action("withdraw", "X", "drop draft", "Drop the draft; undo brings it back.", _DESK, WRITING,
           "desk.replies.withdraw", DRAFT),

    Action("escalate", "e", "escalate", "Hand the conversation to a group and say why.", _DESK, CLOSING,
           "desk.escalations.escalate", CASE, asks=("group", "escalate_reason"), footer=40),
    Action("acknowledge", "A", "acknowledge", "Acknowledge an escalation: you are looking at it.", _DESK, CLOSING,
           "desk.escalations.acknowledge", ESCALATION, footer=7),
    Action("hand-back", "H", "hand back", "Hand an escalated conversation back with a note.", _DESK, CLOSING,
           "desk.escalations.hand_back", ESCALATION, asks=("hand_back_note",)),
    Action("snooze", "w", "snooze", "Put it aside until a moment, or until they write again.", _DESK, CLOSING,
           "desk.casework.snooze", CASE, asks=("until",), footer=45),
    Action("resolve", "!", "resolve", "Close it as resolved; undo reopens it.", _DESK, CLOSING,
           "desk.casework.resolve", CASE, footer=50),
    Action("dismiss", "#", "dismiss", "Close it without an answer and say why; undo reopens it.", _DESK, CLOSING,
           "desk.casework.dismiss", CASE, asks=("dismiss_reason",)),
    Action("reopen", "O", "reopen", "Open a closed conversation again.", _DESK, CLOSING,
           "desk.casework.reopen", CASE),

    Action("composer-send", "ctrl+s", "submit", "Save and submit what you have written.", _COMPOSER, WRITING,
           "submit", footer=10),
    Action("composer-suggestions", "ctrl+r", "suggestions", "Choose among the team's replies.", _COMPOSER, WRITING,
           "suggest", footer=20),
    Action("composer-close", "escape", "close", "Close the composer; what you wrote is kept.", _COMPOSER, WRITING,
           "close", footer=30),

    Action("dialog-yes", "y", "yes", "Yes, do it.", _DIALOG, PROGRAM, "answer('yes')", footer=10),
    Action("dialog-no", "n", "no", "No, leave it as it is.", _DIALOG, PROGRAM, "answer('')", footer=20),
    Action("dialog-close", "escape", "close", "Close the dialog; nothing is changed.", _DIALOG, PROGRAM, "answer('')",
           footer=30),
    Action("dialog-down", "j", "down", "One line down.", _DIALOG, PROGRAM, "cursor_down"),
    Action("dialog-up", "k", "up", "One line up.", _DIALOG, PROGRAM, "cursor_up"),

    Action("help", "?", "help", "All keys of the place you are in.", _ALL, PROGRAM, "help", footer=95),
    Action("palette", ":,ctrl+p", "commands", "Find any action by its words.", _ALL, PROGRAM, "command_palette",
           footer=96),
    Action("theme", "T", "theme", "Dark, light, or the terminal's own 16 colours.", _ALL, PROGRAM, "next_theme"),
    Action("quit", "q", "quit", "Leave the desk; asks first.", _ALL, PROGRAM, "leave"),
    Action("quit-now", "ctrl+q", "quit now", "Leave the desk at once; drafts are kept.", _ALL, PROGRAM, "quit"),
)
# fmt: on
