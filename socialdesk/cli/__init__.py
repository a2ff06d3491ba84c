"""Command room: one file per noun; every desk action as a plain command with `--json`."""
