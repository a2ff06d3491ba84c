"""Conditions room: the one condition language of playbooks, views, alerts and the query bar.

Where to start reading: `fields` (what can be asked) → `ast` (the form every front end agrees on) →
`parser` (YAML) and `query` (the query bar) → `evaluate` (answers with reasons); `inbox.compile`
turns the same tree into SQL, and a property test holds the two equal.

What a condition means
- Lines are AND, lists are OR; `any_of`, `all_of` and `none_of` group further conditions.
- Unknown is not no. A test on a value nobody knows does not hold: `bot: no` does not hold for an
  author whose network does not say. The negation of a test that does not hold does hold:
  `none_of: {bot: yes}` and `-bot:yes` hold for that author.
- `any` asks for a value that is known and `none` for one that is not (`assignee: none`); a field
  whose own values include the word keeps it (`said: none`). An empty list or text counts as none.
- Words compare without regard to case, in ASCII only: SQLite knows no other folding, and both
  evaluators have to agree. A language holds for its regions too (`en` for `en-GB`), a site for its
  subdomains (`reddit.com` for `old.reddit.com`), a multi-valued field when one of its values does.
- Numbers read `500`, `50k+`, `under 500`, `over 2m`, `3 to 10`, `at most 5`; durations `90s 5m 2h
  3d 1w`, where a bare `2h` means two hours or longer. The ends of a range are part of it. A length
  of time is never below zero: a moment still to come is no time ago.
- A handle with a star holds for all that begin so: `author: dana*`.
- `text` holds when one message of the conversation contains the words next to each other in that
  order, whatever stands between them that is neither letter nor digit; accents and case do not
  count. It is about messages alone, in the query bar too (`text:dana`).
- The query bar's own: `person` holds when the writer's handle or display name contains the words
  (a handle is split where its words run together, see `words.handle_words`), and `anywhere`, which a
  bare word or a phrase in quotes asks, when a message or the person does. With several bare words
  each has to occur, in one message or in the names of the conversation's writer, so that
  `dana refund` finds what Dana Okafor wrote about a refund; `-dana` leaves out both.
- In the query bar a star makes a word a prefix of two letters or more: `refu*`. `parse_typed` puts
  one behind a word at the very end, as long as no space, quotation mark or bracket ends it.
"""
