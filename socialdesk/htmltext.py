"""HTML room: what a reader of a web page would read, with the targets of its links; not yet cleaned."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 200_000
"""Characters of HTML that are read; ten times the longest text kept, as markup is rarely more than that."""

_LONGEST_TAG = 2_048
"""Characters of a tag in which quotes are honoured; beyond, it ends at the next `>`."""

_BREAKING = frozenset(
    {"br", "div", "tr", "ul", "ol", "dt", "dd", "section", "article", "header", "footer", "hr"}
)
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"script", "style", "template"})
_SHOWN_SCHEMES = ("http://", "https://", "mailto:")

_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*+)")
_REST_OF_TAG = re.compile(r"""[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+>""")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?""")
_SECTION = re.compile(r"<!\[(?!CDATA\[)[^<>]*+>?|<!\[CDATA\[|\]\]>")
_END_UNREAD = re.compile("</(?:script|style|template)", re.IGNORECASE | re.ASCII)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SPACES = re.compile(" {2,}")
_AROUND_BREAK = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """The text of an HTML fragment: paragraphs and line breaks kept, scripts left out, entities decoded.

    A link keeps its target: shortened addresses are written in full, other words are followed by
    the target in brackets, and mentions and hashtags stay as they are. An image is its alternative
    text. Broken HTML never raises, and costs time in proportion to its length (the parser of the
    standard library before 3.13.6 needs minutes for 100 KB of unclosed tags). The result is foreign
    text: clean it.
    """
    writer = _Writer()
    for token in _tokens(_SECTION.sub("", html[:_LONGEST])):
        writer.take(token)
    return writer.text()


class _Token(NamedTuple):
    """A piece of text (`tag` empty), or a tag; `tag` begins with a slash where it closes."""

    tag: str
    body: str


def _tokens(html: str) -> Iterator[_Token]:
    at = 0
    while (start := html.find("<", at)) >= 0:
        yield _Token("", html[at:start])
        name = _NAME.match(html, start)
        if name is not None:
            end = _end_of_tag(html, name.end())
            if end < 0:
                break
            tag = name.group()[1:].lower()
            yield _Token(tag, html[name.end() : end])
            at = end + 1
            if tag in _UNREAD:
                close_tag = _END_UNREAD.search(html, at)
                if close_tag is None:
                    return
                at = close_tag.start()
        elif html.startswith(("<!--", "<!", "<?", "</"), start):
            close = "-->" if html.startswith("<!--", start) else ">"
            end = html.find(close, start + 2)
            if end < 0:
                return
            at = end + len(close)
        else:
            yield _Token("", "<")
            at = start + 1
    else:
        start = at
    yield _Token("", html[start:])


def _end_of_tag(html: str, at: int) -> int:
    """Where the tag ends whose name ends at `at`; -1 where it never does."""
    rest = _REST_OF_TAG.match(html, at, at + _LONGEST_TAG)
    return rest.end() - 1 if rest is not None else html.find(">", at)


def _attribute(body: str, wanted: str) -> str:
    for name, value in _ATTRIBUTE.findall(body):
        if name.lower() == wanted:
            return unescape(value.strip("\"'")).strip()
    return ""


class _Writer:
    """Puts tokens into plain text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._target: str | None = None
        self._label_from = 0

    def take(self, token: _Token) -> None:
        """The next piece of text or tag."""
        tag = token.tag
        name = tag.removeprefix("/")
        if not tag:
            self._parts.append(_BLANKS.sub(" ", unescape(token.body)))
        elif name in _PARAGRAPHS:
            self._parts.append("\n\n")
        elif name in _BREAKING:
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag == "img":
            self._parts.append(_BLANKS.sub(" ", _attribute(token.body, "alt")))
        elif name == "a":
            self._end_link()
            if tag == "a":
                self._target = _attribute(token.body, "href")
                self._label_from = len(self._parts)

    def text(self) -> str:
        """Everything taken so far, blanks folded as a browser folds them."""
        self._end_link()
        text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", "".join(self._parts)))
        return _MANY_BREAKS.sub("\n\n", text).strip()

    def _end_link(self) -> None:
        target, self._target = self._target, None
        if target is None:
            return
        label = "".join(self._parts[self._label_from :])
        self._parts[self._label_from :] = [_link(label, target)]


def _link(label: str, target: str) -> str:
    words = label.strip()
    if not target.lower().startswith(_SHOWN_SCHEMES) or words.startswith(("@", "#")):
        return label
    if not words or words.rstrip("….").removesuffix("/") in target:
        return target
    return f"{words} ({target})"
