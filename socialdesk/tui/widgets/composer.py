"""Screen room: where a reply is written: the words, what the guardrails say of them, and their length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from socialdesk.tui.actions import Place
from socialdesk.tui.bindings import bindings_of
from socialdesk.tui.plain import inert
from socialdesk.tui.widgets.line import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual.app import ComposeResult

    from socialdesk.desk.drafting import Preview
    from socialdesk.inbox.rows import Conversation, Draft
    from socialdesk.policy.guardrails import Finding

NEEDS = {"none": "no approval", "peer": "a colleague approves", "lead": "a lead approves"}
SEVERITY_SIGNS = {
    "block": ("✗ not allowed", "bold $error"),
    "lead": ("▲ a lead must see it", "bold $warning"),
}
SHOWN_FINDINGS = 4
READERS = {
    "public": "everybody can read it", "unlisted": "unlisted, everybody can read it",
    "followers": "followers can read it", "private": "only they can read it",
}  # fmt: skip


class Editor(TextArea):
    """The words themselves, with those underlined that a guardrail is about."""

    BINDINGS = bindings_of(Place.COMPOSER)

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, compact=True, placeholder="Write the answer …", id="editor")
        self.cursor_blink = False  # an idle desk sends nothing
        self.highlight_cursor_line = False  # it would paint over the marks
        self._marked: tuple[tuple[int, int, str], ...] = ()

    def mark(self, findings: Sequence[Finding]) -> None:
        """Underline the words of these findings."""
        marked = tuple(
            (f.start, f.end, "underline bold red" if f.severity == "block" else "underline bold yellow")
            for f in findings
            if 0 <= f.start < f.end
        )
        if marked != self._marked:
            self._marked = marked
            self.notify_style_update()  # the lines are cached; this is what empties the cache
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """One line, with the underlined words in it."""
        line = super().get_line(line_index)
        if self._marked:
            before = sum(len(self.document.get_line(i)) + 1 for i in range(line_index))
            for start, end, style in self._marked:
                if start < before + len(line.plain) and end > before:
                    line.stylize(style, max(0, start - before), end - before)
        return line

    def action_submit(self) -> None:
        """Save and submit."""
        self.post_message(Composer.Wanted("submit"))

    def action_suggest(self) -> None:
        """Choose a reply."""
        self.post_message(Composer.Wanted("suggest"))

    def action_close(self) -> None:
        """Save and close."""
        self.post_message(Composer.Wanted("close"))


class Composer(Vertical):
    """One draft, being written. It saves nothing itself: it tells that the words have changed."""

    DEFAULT_CSS = """
    Composer {
        & #editor { height: auto; min-height: 4; max-height: 12; padding: 0 1; background: $surface; }
        & #findings { height: auto; display: none; padding: 0 1; }
        & #composer-head, & #composer-foot { height: auto; max-height: 2; padding: 0 1; background: $panel; }
    }
    """

    @dataclass
    class Wanted(Message):
        """A key of the composer was pressed: submit, suggest or close."""

        what: str

    def __init__(self, conversation: Conversation, draft: Draft | None) -> None:
        super().__init__(id="composer")
        self.conversation = conversation
        self.draft = draft
        self.editor = Editor()
        self._head = Paragraph(id="composer-head")
        self._findings = Static("", markup=False, id="findings")
        self._foot = Paragraph(id="composer-foot")
        self._preview: Preview | None = None
        self._saved = "nothing written yet" if draft is None else "saved"

    def compose(self) -> ComposeResult:
        """Head, words, findings, length."""
        yield self._head
        yield self.editor
        yield self._findings
        yield self._foot

    def on_mount(self) -> None:
        """Show the draft."""
        if self.draft is not None:
            self.editor.load_text(self.draft.text)
            self.editor.move_cursor(self.editor.document.end)
        self._head.say(self._to_whom())
        self._show_foot()

    @property
    def text(self) -> str:
        """The words as they stand."""
        return self.editor.text

    @property
    def kind(self) -> str:
        """What is being written: reply, private or post."""
        return "reply" if self.draft is None else self.draft.kind

    @property
    def reply_name(self) -> str | None:
        """The team's reply it began as."""
        return None if self.draft is None else self.draft.reply_name

    def replace_text(self, text: str) -> None:
        """Put a reply in place of the words; the editor's own undo brings them back."""
        self.editor.replace(text, (0, 0), self.editor.document.end)
        self.editor.move_cursor(self.editor.document.end)

    def show_preview(self, preview: Preview) -> None:
        """Show length and findings."""
        self._preview = preview
        self.editor.mark(preview.findings)
        self._findings.update(_findings(preview))
        self._findings.display = bool(preview.findings or preview.missing)
        self._show_foot()

    def show_saved(self, words: str) -> None:
        """Show whether the words are kept: `saved`, `saving …`, or why they are not."""
        self._saved = words
        self._show_foot()

    def _show_foot(self) -> None:
        preview = self._preview
        parts: list[tuple[str, str]] = []
        if preview is not None:
            limit = "" if preview.limit is None else f"/{preview.limit}"
            style = "bold $error" if preview.too_long else "bold"
            parts.append((f"{preview.length}{limit} {preview.unit}", style))
            if preview.too_long:
                parts.append((f" {preview.length - (preview.limit or 0)} too long", "$error"))
            parts.append((f" · {NEEDS.get(preview.needs.level, preview.needs.level)}", "$dim"))
        parts.append((f" · {inert(self._saved)}", "$dim"))
        self._foot.say(Content.assemble(*parts))

    def _to_whom(self) -> Content:
        kinds = {"reply": "reply to", "private": "private message to", "post": "post of our own"}
        visibility = self.conversation.visibility if self.draft is None else self.draft.visibility
        private = visibility == "private" or self.kind == "private"
        to = "" if self.kind == "post" else f" @{inert(self.conversation.author)}"
        seen = READERS.get("private" if private else visibility, visibility)
        return Content.assemble(
            ("✎ ", "$warning"), (f"{kinds.get(self.kind, self.kind)}{to}", "bold"),
            (f" on {inert(self.conversation.network)} · {seen}", "$success" if private else "$dim"),
        )  # fmt: skip


def _findings(preview: Preview) -> Content:
    lines = []
    if preview.missing:
        names = ", ".join("{" + name + "}" for name in preview.missing)
        lines.append(Content.assemble(("✗ fill in", "bold $error"), f" {inert(names)}"))
    findings = preview.findings
    for finding in findings[:SHOWN_FINDINGS]:
        sign, style = SEVERITY_SIGNS.get(finding.severity, ("· mind", "$warning"))
        words = f" “{inert(finding.words)}”" if finding.words else ""
        lines.append(
            Content.assemble((f"{sign}", style), (words, "underline"), (f"  {inert(finding.reason)}", ""))
        )
    if len(findings) > SHOWN_FINDINGS:
        lines.append(Content.styled(f"… and {len(findings) - SHOWN_FINDINGS} more", "$dim"))
    return Content("\n").join(lines)
