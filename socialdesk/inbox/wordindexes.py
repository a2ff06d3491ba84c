"""Inbox room: the full-text indexes, of messages and of the people who write them, and what they take for words."""

from __future__ import annotations

from itertools import chain

_NEWER = "".join(map(chr, chain(range(0x20BA, 0x20D0), range(0x1F300, 0x1FB00))))
"""Currency signs and emoji. SQLite's tokeniser knows Unicode 6.1 and takes what came later for letters, so
that `love` would not find "love" with a hugging face behind it."""

_TOKENS = f"unicode61 remove_diacritics 2 separators '{_NEWER}'"

TABLES = f"""
CREATE VIRTUAL TABLE messages_fts USING fts5 (text, content='messages', content_rowid='id', prefix='2',
  tokenize="{_TOKENS}");
CREATE VIRTUAL TABLE profiles_fts USING fts5 (handle, name, columnsize=0, tokenize="{_TOKENS}");
"""
"""The first two letters of every word of a message are indexed too: a query that is being typed begins
there, where a prefix matches half of all messages (27 ms instead of 1 at 300,000). Longer prefixes are
rare enough without; the names of people are few."""
