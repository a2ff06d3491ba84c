"""The tui room: the desk on screen."""
