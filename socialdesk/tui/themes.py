"""Screen room: the themes: dark, light, and the terminal's own sixteen colours.

One accent, for where the keys are; green for ours, yellow and red for what presses. Each colour
stands beside a sign or a word that says the same.
"""

from __future__ import annotations

from textual.theme import Theme

PLAIN_VARIABLES = {"dim": "ansi_bright_black", "faint": "ansi_bright_black"}
"""The two greys of words that explain, for themes that do not set them, such as the terminal's own colours."""

# fmt: off
DARK = Theme(
    name="desk-dark", dark=True,
    primary="#5ea1ff", secondary="#8fb3d9", accent="#5ea1ff", warning="#e0af68", error="#f7768e", success="#9ece6a",
    foreground="#d5dbe5", background="#12161c", surface="#161b22", panel="#1f2630",
    variables={"dim": "#8a95a6", "faint": "#5c6675"},
)
LIGHT = Theme(
    name="desk-light", dark=False,
    primary="#1f5fbf", secondary="#496a8f", accent="#1f5fbf", warning="#8a5a00", error="#b3142e", success="#2f6b1f",
    foreground="#1d232b", background="#fbfbf9", surface="#f3f3f0", panel="#e6e7e4",
    variables={"dim": "#5d6672", "faint": "#8b929b"},
)
# fmt: on
THEMES = (DARK, LIGHT)
CYCLE = (DARK.name, LIGHT.name, "ansi-dark", "ansi-light")
