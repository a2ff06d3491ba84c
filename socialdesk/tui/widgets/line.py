"""Screen room: one line of plain pieces, such as the footer; a frame's worth of nothing."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget


class Line(Widget):
    """A widget of one line that shows what `say` was last given, cut at its edge."""

    WRAPS: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.auto_links = False
        self._content = Content("")

    def say(self, content: Content) -> None:
        """Show `content`; nothing is painted when it says the same as before."""
        if content != self._content or content.spans != self._content.spans:
            self._content = content
            self.refresh(layout=self.WRAPS)

    def render(self) -> Content:
        """What is shown, cut where the line ends; wrapped, its last word would vanish."""
        return self._content.truncate(self.size.width)


class Paragraph(Line):
    """The same, wrapped."""

    WRAPS = True

    def render(self) -> Content:
        """What is shown."""
        return self._content
