"""Configuration's reader: every value of the file checked, with its place, all errors gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from socialdesk.clock import DAY, HOUR, MINUTE, SECOND
from socialdesk.diagnostics import nearest
from socialdesk.model import Millis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from socialdesk.diagnostics import Diagnostic
    from socialdesk.yamlfile import Value, YamlDocument

    Place = tuple[str | int, ...]

KEYS: Final = ("inbox", "policies", "agent", "channels", "undo_window", "keymap")
CHANNEL_KEYS: Final = ("name", "network", "source", "every", "map")
CHANNEL_NETWORKS: Final = ("spool", "feed")
MAP_PARTS: Final = (
    "text",
    "id",
    "author",
    "created",
    "reply_to",
    "name",
    "followers",
    "language",
    "url",
    "network",
    "quote_of",
)
"""What a column of a CSV file can be."""

EVERY: Final = Millis(5 * MINUTE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_URL = re.compile(r"(https?)://([^/?#]*@)?([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# By its name, or by its looks: Reddit calls the one that opens a private feed `feed`.
_SECRET = re.compile(
    r"([?&;](?:[^=&;#]*(?:token|key|secret|pass|auth|sig|sess)[^=&;#]*=|[^=&;#]*=(?=[\w.~%-]*\d)(?=[\w.~%-]{12})))"
    r"([^&;#\s\"']*)",
    re.IGNORECASE,
)
# A password may hold what ought to be written as %2F or %23; `host:8080/@acme` is none.
_USER_INFO = re.compile(r"(://)([^/?#@\s:]*:(?!\d+[/?#])[^@\s]*|[^/@\s]*)@")
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)", re.ASCII)
_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


@dataclass(frozen=True, slots=True)
class ChannelSetting:
    """A channel that is pulled: `source` is an absolute path or an http(s) address, `every` milliseconds.

    `columns` says which column of a CSV file holds what (`map` in the file).
    """

    name: str
    network: str
    source: str
    every: Millis = EVERY
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_address(self) -> bool:
        """Whether the source is fetched over http(s) rather than read from this computer."""
        return _URL.fullmatch(self.source) is not None


@dataclass(frozen=True, slots=True)
class KeySetting:
    """The keys that an action of the desk shall have instead of its own, separated by commas.

    The desk knows its actions, so it is the desk that checks them; `at_action` and `at_keys` are what
    it would say of either, with the place filled in.
    """

    action: str
    keys: str
    at_action: Diagnostic
    at_keys: Diagnostic


class Written:
    """The configuration file: each value checked, with its place; `errors` gathers what is wrong."""

    def __init__(self, document: YamlDocument, folder: Path) -> None:
        self._document = document
        self.folder = folder
        self.errors = list(document.errors)
        top = document.data
        self._top: dict[str, Value] = top if isinstance(top, dict) else {}
        if top is not None and not isinstance(top, dict):
            self._wrong((), "the configuration is not a mapping", "lines such as `agent: ana`")
        self._known((), self._top, KEYS)

    def text(self, path: Place) -> tuple[str, str] | None:
        """A word or number at `path` as written, and its place; None where nothing stands."""
        value = self._at(path)
        if value is None:
            return None
        words = self._document.as_text(path)
        if words is None or not words.strip():
            self._wrong(path, f"{path[-1]} is not a text", "one line of text")
            return None
        return words, self._place(path)

    def duration(self, path: Place, least: int, most: int) -> tuple[Millis, str] | None:
        """Milliseconds between `least` and `most` at `path`, and their place."""
        said = self.text(path)
        if said is None:
            return None
        found = _DURATION.fullmatch(said[0].strip())
        millis = int(found[1]) * _UNITS[found[2]] if found else -1
        if not least <= millis <= most:
            self._wrong(
                path,
                f"{said[0]!r} is not a length of time that {path[-1]} can have",
                f"a duration such as 30s, 5m or 1h, from {shown(least)} to {shown(most)}",
            )
            return None
        return Millis(millis), said[1]

    def channels(self) -> list[tuple[ChannelSetting, str]]:
        """Every usable channel and its place."""
        listed = self._top.get("channels")
        if listed is None:
            return []
        if not isinstance(listed, list):
            self._wrong(("channels",), "channels is not a list", "items such as `- name: care`")
            return []
        found: dict[str, tuple[ChannelSetting, str]] = {}
        for index, item in enumerate(listed):
            path = ("channels", index)
            channel = self._channel(path, item)
            if channel is None:
                continue
            if channel.name in found:
                message = f"{channel.name} is named above"
                self._wrong((*path, "name"), message, "a name of its own", "SD053")
            found[channel.name] = channel, self._place(path)
        return list(found.values())

    def keymap(self) -> tuple[KeySetting, ...]:
        """Every action that is given keys of its own, in the file's order."""
        given = self._top.get("keymap")
        if given is None:
            return ()
        if not isinstance(given, dict):
            self._wrong(("keymap",), "keymap is not a mapping", "lines such as `claim: f9`")
            return ()
        said = {action: self.text(("keymap", action)) for action in given}
        return tuple(
            KeySetting(
                action,
                keys[0],
                self._document.at_key(("keymap", action), "SD055", ""),
                self._document.at_value(("keymap", action), "SD056", ""),
            )
            for action, keys in said.items()
            if keys is not None
        )

    def _channel(self, path: Place, item: Value) -> ChannelSetting | None:
        if not isinstance(item, dict):
            self._wrong(path, "a channel is not a mapping", "name, network and source")
            return None
        self._known(path, item, CHANNEL_KEYS)
        name = self._name(path, item)
        network = self._network(path, item)
        source = self._source(path, item, network)
        every = self.duration((*path, "every"), 10 * SECOND, 7 * DAY)
        columns = self._columns((*path, "map"), item.get("map"))
        if not name or not network or not source:
            return None
        return ChannelSetting(name, network, source, every[0] if every else EVERY, columns)

    def _name(self, path: Place, item: dict[str, Value]) -> str | None:
        name = self._required((*path, "name"), item)
        if name is not None and not _NAME.fullmatch(name):
            self._wrong(
                (*path, "name"), f"{name!r} cannot name a channel", "up to 64 letters, digits and . _ -"
            )
            return None
        return name

    def _network(self, path: Place, item: dict[str, Value]) -> str | None:
        network = self._required((*path, "network"), item)
        if network is not None and network not in CHANNEL_NETWORKS:
            known, near = " or ".join(CHANNEL_NETWORKS), nearest(network, CHANNEL_NETWORKS)
            message = f"unknown network {network!r}"
            self.errors.append(self._document.at_value((*path, "network"), "SD050", message, known, near))
            return None
        return network

    def _source(self, path: Place, item: dict[str, Value], network: str | None) -> str | None:
        source = self._required((*path, "source"), item)
        if source is None:
            return None
        if _URL.fullmatch(source) and network != "spool":
            return source
        if _OTHER_SCHEME.match(source):
            wanted = "a file or folder" if network == "spool" else "a file, a folder or an http(s) address"
            self._wrong((*path, "source"), f"{masked(source)} cannot be pulled", wanted)
            return None
        return str(self.folder / at_home(source))

    def _columns(self, path: Place, given: Value) -> dict[str, str]:
        if given is None:
            return {}
        if not isinstance(given, dict):
            self._wrong(path, "map is not a mapping", "lines such as `text: body`")
            return {}
        self._known(path, given, MAP_PARTS)
        said = {part: self.text((*path, part)) for part in given if part in MAP_PARTS}
        return {part: words[0] for part, words in said.items() if words is not None}

    def _required(self, path: Place, item: dict[str, Value]) -> str | None:
        if item.get(str(path[-1])) is None:
            self._wrong(path[:-1], f"the channel has no {path[-1]}", f"a line `{path[-1]}: …`", "SD052")
            return None
        said = self.text(path)
        return None if said is None else said[0]

    def _known(self, path: Place, given: dict[str, Value], known: Sequence[str]) -> None:
        for key in given:
            if key not in known:
                self.errors.append(
                    self._document.at_key(
                        (*path, key), "SD050", f"unknown key {key!r}", ", ".join(known), nearest(key, known)
                    )
                )

    def _at(self, path: Place) -> Value:
        value: Value = self._top
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
        return value

    def _place(self, path: Place) -> str:
        mark = self._document.mark(path)
        return f"{self._document.file}:{mark.line}:{mark.column}"

    def _wrong(self, path: Place, message: str, expected: str, code: str = "SD051") -> None:
        self.errors.append(self._document.at_value(path, code, message, expected))


def at_home(path: str) -> Path:
    """`path` with `~` written out; as it stands where there is no such home."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def masked(source: str) -> str:
    """An address without what opens it: neither user information nor tokens are shown."""
    return _SECRET.sub(r"\1…", _USER_INFO.sub(r"\1…@", source)) if _OTHER_SCHEME.match(source) else source


def veiled(found: Diagnostic) -> Diagnostic:
    """The same error with stars for the secrets in its line, so that the caret keeps its place."""
    if found.excerpt is None:
        return found
    line = _USER_INFO.sub(lambda m: m[1] + "*" * len(m[2]) + "@", found.excerpt)
    return replace(found, excerpt=_SECRET.sub(lambda m: m[1] + "*" * len(m[2]), line))


def describe(channel: ChannelSetting) -> str:
    """A channel in one line, without its secrets."""
    columns = "".join(f", {part}={column}" for part, column in channel.columns.items())
    return f"{channel.network} {masked(channel.source)} every {shown(channel.every)}{columns}"


def shown(millis: int) -> str:
    """A length of time as the file would say it: `90s`, `5m`."""
    for letter in "dhm":
        if millis and millis % _UNITS[letter] == 0:
            return f"{millis // _UNITS[letter]}{letter}"
    return f"{millis // SECOND}s"
