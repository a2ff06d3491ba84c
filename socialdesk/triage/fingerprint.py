"""Triage room: what two conversations must share to be about the same thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from socialdesk.model import Relation

if TYPE_CHECKING:
    from socialdesk.model import Lexicon, Signals

_SAID = re.compile(r"https?://\S+|[@#]\S+|(\w+)")


def fault_key(signals: Signals, lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Every (product, fault) that a post reports, sorted; the product is empty where only we are named.

    Our own posts, spam and posts that neither name nor address us report nothing.
    """
    if signals.spam or signals.relation in (Relation.FROM_US, Relation.NONE):
        return ()
    faults = [topic for topic in signals.topics if topic in lexicon.faults]
    products = [topic for topic in signals.topics if topic in lexicon.products]
    return tuple(sorted((product, fault) for product in products or [""] for fault in faults))


def same_words(text: str) -> str:
    """Sixteen hexadecimal digits that two texts share when they say the same words.

    Case, marks, handles, hashtags and links do not count: copies made by bots differ in these.
    """
    # OpenSSL's hashes take 3 ms to load, which only the search for copies needs.
    from hashlib import blake2b

    words = " ".join(word for word in _SAID.findall(text.lower()) if word)
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()
