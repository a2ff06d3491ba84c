"""Lengths room: how each network counts a text, so that the composer's number is the network's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

Measure = Callable[[str], int]
"""How long a text is in a network's own unit."""

_LINK_LENGTH = 23
"""What a link counts on Mastodon (`characters_reserved_per_url`) and on X (t.co), whatever its length."""

# An address with its scheme. Closing punctuation belongs to the sentence around it, brackets in pairs do not.
_IN_LINK = r"(?:[^\s<>\"()]|\([^\s<>\"()]*+\))*"
_END_OF_LINK = r"(?:\([^\s<>\"()]*+\)|[^\s<>\"().,;:!?'’\]}…])"
_LINK = re.compile(rf"https?://{_IN_LINK}{_END_OF_LINK}", re.IGNORECASE)
_REMOTE_MENTION = re.compile(r"(?<![=/\w])@(\w+(?:[.-]+\w+)*)@[\w.-]*\w")
# X shortens bare addresses too. It knows the list of all endings; here any word of letters passes for one,
# so that a text is never thought shorter than it is.
_X_LINK = re.compile(
    r"(?<![a-z0-9_@＠$#＃./-])(?:(?P<scheme>https?://))?"
    r"(?P<name>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+)(?P<ending>[a-z]{2,24})(?![a-z0-9_@-])"
    rf"(?P<path>(?::[0-9]+)?(?:/(?:{_IN_LINK}{_END_OF_LINK})?)?)",
    re.IGNORECASE | re.ASCII,
)
# Code points of weight 1 on X (twitter-text configuration v3); every other weighs 2.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


@dataclass(frozen=True, slots=True)
class LengthRule:
    """What fits on a network: at most `limit` of `unit`; `limit` is None where anything fits.

    `bytes_limit` bounds the UTF-8 form as well (Bluesky).
    """

    network: str
    limit: int | None
    unit: str
    measure: Measure
    bytes_limit: int | None = None

    def left(self, text: str) -> int | None:
        """How many more fit, negative when too long; None without a limit. The tighter bound counts."""
        if self.limit is None:
            return None
        left = self.limit - self.measure(text)
        if self.bytes_limit is not None:
            left = min(left, self.bytes_limit - utf8(text))
        return left

    def fits(self, text: str) -> bool:
        """Whether the network takes `text`."""
        left = self.left(text)
        return left is None or left >= 0


def code_points(text: str) -> int:
    """Unicode code points."""
    return len(text)


def utf8(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def utf16(text: str) -> int:
    """UTF-16 units, as JavaScript counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Extended grapheme clusters, what a person calls characters; a carriage return and newline are one."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(_clusters(text))


def mastodon(text: str) -> int:
    """Grapheme clusters where every link counts 23 and a remote mention counts without its host.

    As Mastodon's StatusLengthValidator counts; a content warning's length is to be added.
    """
    if "://" in text:
        text = _LINK.sub("x" * _LINK_LENGTH, text)
    if text.count("@") > 1:
        text = _REMOTE_MENTION.sub(r"@\1", text)
    return graphemes(text)


def x_weighted(text: str) -> int:
    """X's weighted length: NFC; a link 23; an emoji, however composed, 2; other than Latin and kin 2 each."""
    text = normalize("NFC", text)
    if "." not in text:
        return _weight(text)
    linked = _LINK.sub(_A_LINK, _X_LINK.sub(_mark_link, text))
    links = linked.count(_A_LINK)
    return _weight(linked.replace(_A_LINK, "")) + links * _LINK_LENGTH


_A_LINK = "\x00"
"""Stands for a link while the rest is counted; `text.clean` lets no such character in."""


def _mark_link(found: re.Match[str]) -> str:
    """X leaves a bare name with a country's ending alone (`acme.de`), but for .co and .tv."""
    country = len(found["ending"]) == 2 and found["ending"].lower() not in {"co", "tv"}
    if country and not found["scheme"] and not found["path"] and found["name"].count(".") == 1:
        return found.group()
    return _A_LINK


def threads(text: str) -> int:
    """Characters, an emoji counting as many as it has bytes in UTF-8 (Meta's documentation of Threads)."""
    if text.isascii():
        return len(text)
    return sum(utf8(cluster) if _is_emoji(cluster) else len(cluster) for cluster in _clusters(text))


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        2 if _is_emoji(cluster) else sum(_weight_of(ord(character)) for character in cluster)
        for cluster in _clusters(text)
    )


def _weight_of(point: int) -> int:
    return 1 if any(low <= point <= high for low, high in _LIGHT) else 2


@cache
def _regex() -> tuple[Any, Any]:
    import regex  # 11 ms, and only texts beyond ASCII need it

    emoji = regex.compile(
        r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Emoji}\p{Emoji_Modifier}"
        r"|[0-9#*]\ufe0f?\u20e3|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}.*\u200d"
    )
    return regex.compile(r"\X"), emoji


def _clusters(text: str) -> list[str]:
    found: list[str] = _regex()[0].findall(text)
    return found


def _is_emoji(cluster: str) -> bool:
    return not cluster.isascii() and _regex()[1].match(cluster) is not None


_RULES: Mapping[str, LengthRule] = {
    rule.network: rule
    for rule in (
        LengthRule("sandbox", 500, "characters", graphemes),
        LengthRule("spool", 500, "characters", graphemes),
        LengthRule("feed", 500, "characters", graphemes),
        LengthRule("mastodon", 500, "characters", mastodon),
        LengthRule("bluesky", 300, "characters", graphemes, bytes_limit=3000),
        LengthRule("x", 280, "weighted characters", x_weighted),
        LengthRule("threads", 500, "characters", threads),
        LengthRule("reddit", 10_000, "characters", code_points),
        LengthRule("instagram", 1_000, "characters", graphemes),
        LengthRule("facebook", 2_000, "characters", graphemes),
        LengthRule("email", None, "characters", graphemes),
    )
}
"""What each network takes when nothing else is said; a server of its own may say so (`limit`)."""


def for_network(network: str, limit: int | None = None) -> LengthRule:
    """The rule of `network`, with the team's or the server's own `limit` where there is one.

    A network that is not known counts like the sandbox: 500 grapheme clusters.
    """
    rule = _RULES.get(network)
    if rule is None:
        rule = replace(_RULES["sandbox"], network=network)
    return rule if limit is None else replace(rule, limit=limit)


def known_networks() -> tuple[str, ...]:
    """The networks that have a rule of their own."""
    return tuple(_RULES)
