"""Screen room: the way of a draft on the screen: begin, keep while typing, choose a reply, submit, send."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from socialdesk.errors import SocialdeskError
from socialdesk.states import DraftStatus
from socialdesk.tui.actions import BY_ID, hint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.events import Key
    from textual.timer import Timer

    from socialdesk.inbox.rows import Draft
    from socialdesk.tui.engine import Engine
    from socialdesk.tui.screens.desk import DeskScreen
    from socialdesk.tui.widgets.composer import Composer

    Beginning = Callable[[], Awaitable[Draft | None]]

SAVE_SECONDS = 0.7
"""How long the keys must rest before the words are saved; a kill loses no more than this."""

PREVIEW_SECONDS = 0.05
POST = "post"
WRITING_STEPS = frozenset({"reply", "find_out", "take_private"})
"""Steps that name the reply to begin with; elsewhere the composer opens empty."""


class Writer:
    """The composer and the draft in it; one at a time, for the conversation in hand."""

    def __init__(self, engine: Engine, screen: DeskScreen) -> None:
        self._engine = engine
        self._screen = screen
        self._composer: Composer | None = None
        self._saving: Timer | None = None
        self._previewing: Timer | None = None
        self._kept = ""
        self.type_ahead: str | None = None

    @property
    def composer(self) -> Composer | None:
        """The composer, while one is open."""
        return self._composer

    # -- beginning ---------------------------------------------------------------------------------------

    def write(self) -> None:
        """Go on with the newest unfinished draft, or begin one with the step's reply."""
        here = self._screen.situation
        if here.draft is not None and here.draft.kind != POST:
            self._begin(partial(_as_it_is, here.draft))
        elif here.step is not None and here.step.kind in WRITING_STEPS:
            self._begin(self._drafted("replies", "draft"))
        else:
            self._begin(self._empty)

    def take_private(self) -> None:
        """Begin the invitation to go on in private."""
        self._begin(self._drafted("replies", "take_private"))

    def post(self) -> None:
        """Begin a post of our own for the conversation's issue."""
        self._begin(self._drafted("posts", "post"))

    async def _empty(self) -> None:
        """Own words: nothing is kept until there are some, so ask first whether they can be."""
        from socialdesk.desk.replies import check_may_answer

        await self._engine.do(check_may_answer, self._screen.casefile.conversation)

    def _drafted(self, module: str, name: str, **words: str) -> Beginning:
        conversation = self._screen.casefile.conversation

        async def begin() -> Draft:
            call = getattr(import_module(f"socialdesk.desk.{module}"), name)
            made: Draft = await self._screen.performer.do(lambda desk: call(desk, conversation, **words))
            return made

        return begin

    def _begin(self, beginning: Beginning) -> None:
        self.type_ahead = ""
        self._screen.composer_opens = True
        self._screen.navigator.open_case()
        self._screen.in_background(self._begun, beginning, group="composer")

    async def _begun(self, beginning: Beginning) -> None:
        try:
            await self._open(await beginning())
        finally:
            self.type_ahead = None
            self._screen.composer_opens = False

    async def _open(self, draft: Draft | None) -> None:
        from socialdesk.tui.widgets.composer import Composer

        case = self._screen.casefile
        if case.view is None or case.pane is None:
            return
        if self._composer is not None:
            await self._composer.remove()
            self._composer = None
        self._kept = "" if draft is None else draft.text
        case.pane.thread.being_written = None if draft is None else draft.id
        composer = Composer(case.view.conversation, draft)
        await case.pane.mount(composer)
        self._composer = composer
        self._screen.add_class("writing")
        composer.editor.focus()
        composer.editor.insert(self.type_ahead or "")
        self._preview()

    def take_key(self, key: Key) -> bool:
        """Keep a key that was typed while the composer was still opening; those are words, not actions."""
        if self.type_ahead is None:
            return False
        if key.key == "backspace":
            self.type_ahead = self.type_ahead[:-1]
        elif key.key == "enter":
            self.type_ahead += "\n"
        elif key.is_printable and key.character:
            self.type_ahead += key.character
        return True

    # -- while typing ------------------------------------------------------------------------------------

    def changed(self) -> None:
        """The words have changed: look at them at once, keep them when the keys rest."""
        composer = self._composer
        if composer is None or composer.text == self._kept:
            return
        for timer in (self._saving, self._previewing):
            if timer is not None:
                timer.stop()
        self._saving = self._screen.set_timer(SAVE_SECONDS, self._save)
        self._previewing = self._screen.set_timer(PREVIEW_SECONDS, self._preview)

    def _preview(self) -> None:
        self._screen.in_background(self._previewed, group="preview", exclusive=True)

    async def _previewed(self) -> None:
        from socialdesk.desk.drafting import preview

        composer, policy, person = self._composer, self._engine.policy, self._engine.person
        if composer is None or policy is None:
            return
        text, about, kind, name = composer.text, composer.conversation, composer.kind, composer.reply_name
        look = await self._engine.look.run(lambda _: preview(policy, about, text, kind, person, name))
        if self._composer is composer:
            composer.show_preview(look)

    def _save(self) -> None:
        self._screen.in_background(self._saved, group="save")

    async def _saved(self) -> None:
        """Keep the words as a version of the draft; what fails is told beside them and as a notice."""
        from socialdesk.desk import replies

        composer = self._composer
        if composer is None or composer.text == self._kept:
            return
        text, draft, conversation = composer.text, composer.draft, composer.conversation.id
        if draft is None and not text.strip():
            return
        composer.show_saved("saving …")
        try:
            if draft is None:
                kept = await self._engine.do(lambda desk: replies.draft(desk, conversation, text=text))
            else:
                kept = await self._engine.do(replies.edit, conversation, text, draft.id)
        except Exception:
            composer.show_saved("NOT SAVED")
            raise
        self._kept = text
        composer.draft = kept
        if self._screen.casefile.pane is not None:
            self._screen.casefile.pane.thread.being_written = kept.id
        composer.show_saved("saved")

    # -- choosing a reply --------------------------------------------------------------------------------

    def suggest(self) -> None:
        """Choose among the team's replies, filled in for this conversation."""
        self._screen.in_background(self._suggested, group="composer")

    async def _suggested(self) -> None:
        from socialdesk.desk.reading import suggestions
        from socialdesk.tui.screens.dialogs import Choice, Choose

        view, policy, person = self._screen.casefile.view, self._engine.policy, self._engine.person
        if view is None or policy is None or person is None:
            return
        found = await self._engine.look.run(lambda _: suggestions(policy, view, person))
        if not found:
            self._screen.notify("the team's replies.yaml has no reply for this conversation", markup=False)
            return
        choices = [Choice(one.name, one.name.replace("-", " "), _more(one)) for one in found]
        name = await self._screen.app.push_screen_wait(Choose("Which reply?", choices))
        chosen = next((one for one in found if one.name == name), None)
        if chosen is None:
            return
        if self._composer is None:
            step = self._screen.situation.step
            posting = step is not None and step.kind == POST and step.reply == chosen.name
            module, name = ("posts", "post") if posting else ("replies", "draft")
            self._begin(self._drafted(module, name, reply=chosen.name))
        else:
            self._composer.replace_text(chosen.text)
            self._composer.editor.focus()

    # -- submitting and sending --------------------------------------------------------------------------

    def submit(self) -> None:
        """From the composer: keep the words, submit them, and close."""
        self._screen.in_background(self._submitted, group="composer")

    async def _submitted(self) -> None:
        composer = self._composer
        if composer is None:
            return
        composer.editor.read_only = True  # what is typed from here on would be lost
        try:
            await self._saved()
            if composer.draft is None:
                self._screen.notify("there is nothing to submit yet", severity="warning", markup=False)
                return
            await self._hand_in(composer.draft)
        finally:
            composer.editor.read_only = False
        await self._closed()

    def send(self) -> None:
        """From the desk: submit the draft, or send it when it is approved."""
        draft = self._screen.situation.draft
        if draft is not None:
            self._screen.in_background(self._hand_in, draft, group="composer")

    async def _hand_in(self, draft: Draft) -> None:
        from socialdesk.desk import outbox, replies

        do = self._screen.performer.do
        if draft.status not in (DraftStatus.APPROVED, DraftStatus.FAILED):
            draft = await do(replies.submit, draft.conversation_id, draft.id)
        if draft.status in (DraftStatus.APPROVED, DraftStatus.FAILED):
            draft = await do(outbox.queue, draft.conversation_id, draft.id)
        self._tell(draft)

    def approve(self) -> None:
        """Approve the colleague's draft that is in view."""
        draft = self._screen.situation.submitted
        if draft is not None:
            self._screen.in_background(self._approved, draft, group="composer")

    async def _approved(self, draft: Draft) -> None:
        """Approved words go out at once; the undo window still lies before them."""
        from socialdesk.desk import outbox, replies

        do = self._screen.performer.do
        await do(replies.approve, draft.conversation_id, draft.id)
        self._tell(await do(outbox.queue, draft.conversation_id, draft.id))

    def _tell(self, draft: Any) -> None:
        send, undo = (hint(BY_ID[name], self._screen.keymap) for name in ("send", "undo"))
        words = {
            DraftStatus.SUBMITTED: "Submitted; it goes out once it is approved",
            DraftStatus.APPROVED: f"Approved; {send} sends it",
            DraftStatus.QUEUED: f"It goes out in a moment; {undo} takes it back",
            DraftStatus.SENT: "Sent",
        }.get(draft.status)
        if words:
            self._screen.notify(words, markup=False)

    # -- ending ------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Keep the words and close the composer; the keys go to the conversation."""
        self._screen.in_background(self._closed, group="composer")

    def close_and(self, then: Callable[[], None]) -> None:
        """Keep the words, close the composer, and do something else."""
        self._screen.in_background(self._closed, then, group="composer")

    async def keep(self) -> None:
        """Keep the words now; for when the desk is left."""
        await self._saved()

    async def _closed(self, then: Callable[[], None] | None = None) -> None:
        """Close; when the words cannot be kept they stay on the screen, unless the person lets them go."""
        if self._saving is not None:
            self._saving.stop()
        try:
            await self._saved()
        except SocialdeskError as error:
            if not await self._lets_go(error):
                return
        composer, self._composer = self._composer, None
        if composer is not None:
            await composer.remove()
        self._screen.remove_class("writing")
        if self._screen.casefile.pane is not None:
            self._screen.casefile.pane.thread.being_written = None
        (then or self._screen.navigator.open_case)()
        self._screen.read_again()

    async def _lets_go(self, error: SocialdeskError) -> bool:
        from socialdesk.tui.screens.dialogs import Confirm

        question = f"Not saved: {error}.\nClose, and lose what you wrote?"
        answer = await self._screen.app.push_screen_wait(Confirm(question))
        return bool(answer)


async def _as_it_is(draft: Draft) -> Draft:
    return draft


def _more(suggestion: Any) -> str:
    missing = "" if not suggestion.missing else f"\nmissing: {', '.join(suggestion.missing)}"
    return f"{suggestion.text}{missing}"
