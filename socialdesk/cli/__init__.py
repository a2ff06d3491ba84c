"""The cli room: the commands; one file per noun."""
