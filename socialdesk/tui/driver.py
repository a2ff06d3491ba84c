"""Screen room: Textual's driver for a terminal on which the first frame stands already."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver

from socialdesk.tui.first_frame import ENTER


class SeamlessDriver(LinuxDriver):
    """Does not enter the alternate screen a second time, because that would blank what is on it."""

    def write(self, data: str) -> None:
        """Write to the terminal."""
        super().write(data.replace(ENTER, ""))
