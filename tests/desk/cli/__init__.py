"""The desk by commands."""
