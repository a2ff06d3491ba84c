"""Triage room: whether a post was written to us, about us or by us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.model import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from socialdesk.model import Lexicon
    from socialdesk.triage.matcher import Hit

HOME_DOMAIN = ".bsky.social"
"""Bluesky's own domain, where a handle is the name that was asked for; others are anybody's."""


class Relations:
    """Compares authors and words with the brand's handles and names."""

    def __init__(self, lexicon: Lexicon) -> None:
        handles = {*lexicon.handles, *(term.form for term in lexicon.terms if term.kind == "handle")}
        self._handles = frozenset(bare_handle(handle) for handle in handles)
        self._colleagues = frozenset(bare_handle(handle) for handle in lexicon.colleagues)
        self.naming_topics = lexicon.products - lexicon.everyday

    def is_ours(self, author: str) -> bool:
        """Whether `author` is one of our accounts: exactly, since a foreign host proves nothing."""
        name = bare_handle(author)
        return name in self._handles or name.removesuffix(HOME_DOMAIN) in self._handles

    def is_colleague(self, author: str) -> bool:
        """Whether `author` is the private account of somebody who works with us."""
        return bare_handle(author) in self._colleagues

    def addressed_at(self, words: list[str]) -> int:
        """The first of `words` that addresses one of our handles, -1 when none does.

        `@name@host` and `@name.host` count by their name, because a customer does not know hosts.
        """
        for at, word in enumerate(words):
            if word[0] == "@" and (
                word[1:] in self._handles or word[1:].partition("@")[0].partition(".")[0] in self._handles
            ):
                return at
        return -1

    def names_us(self, hits: Iterable[Hit]) -> Hit | None:
        """The first hit that names the brand: a name, a hashtag, or a product without an everyday name."""
        for hit in hits:
            if hit.form.names_us or not self.naming_topics.isdisjoint(hit.form.topics):
                return hit
        return None

    def of(self, author: str, words: list[str], names_us: bool, replies_to_us: bool) -> Relation:
        """How a post of `words` by `author` stands to the brand; `names_us` as its forms tell."""
        if self.is_ours(author) or self.is_colleague(author):
            return Relation.FROM_US
        if replies_to_us or self.addressed_at(words) >= 0:
            return Relation.TO_US
        return Relation.ABOUT_US if names_us else Relation.NONE


def bare_handle(handle: str) -> str:
    """`handle` as it is compared: lower case, without its @."""
    return handle.strip().removeprefix("@").lower()
