"""The desk room: the use-cases, the only code that changes the inbox."""
