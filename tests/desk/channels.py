"""A desk whose channels are real: a web server on the loopback address, and folders that others fill."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from tests.desk.cli.commands import Commands, Ran
from tests.desk.soundness import texts_of
from tests.networks.server import WebServer
from tests.unit.small_policies import FILES

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "application/atom+xml"


def atom(*posts: str) -> bytes:
    """An Atom feed with one entry for each of these texts, whose ids follow from the text."""
    entries = "\n".join(
        f"<entry><id>tag:forum.example,2026:{escape(text)}</id><title>{escape(text)}</title>"
        "<author><name>ann</name></author><published>2026-01-02T03:04:05Z</published></entry>"
        for text in posts
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Forum</title>\n{entries}\n</feed>'.encode()


@dataclass
class Town:
    """An inbox, its configuration, and the world around it; every channel's name is its path."""

    folder: Path
    web: WebServer
    channels: dict[str, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in FILES.items():
            file = self.folder / "policies" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.run = Commands(self.folder / "inbox.db", self.folder / "config.yaml")

    def feed(self, name: str, *posts: str, **headers: str) -> None:
        """Let the server give this feed; a channel of this name is configured."""
        self.channel(name, "feed", self.web.gives(f"/{name}", atom(*posts), Content_Type=ATOM, **headers))

    def channel(self, name: str, network: str, source: object, **more: object) -> None:
        """Configure a channel."""
        self.channels[name] = {"name": name, "network": network, "source": str(source), **more}
        lines = ["policies: policies", "channels:"]
        lines += [f"  - {escape_yaml(one)}" for one in self.channels.values()]
        (self.folder / "config.yaml").write_text("\n".join(lines) + "\n")

    def pull(self) -> tuple[Ran, dict[str, Any]]:
        """Pull everything: how the command ended, and each channel's result."""
        ran = self.run("pull", "--json")
        return ran, {one["channel"]: one for one in ran.lines()}

    def texts(self) -> set[str]:
        """The texts of every post in the inbox."""
        return set(texts_of(self.folder / "inbox.db").values())

    def refusals(self) -> list[Any]:
        """What `refusals` tells, newest first."""
        return self.run("refusals", "--json").lines()

    def health(self, name: str) -> Any:
        """What `doctor` says of a channel."""
        found = {one["what"]: one for one in self.run("doctor", "--json").lines()}
        return found[f"channel {name}"]

    def row(self, name: str) -> dict[str, Any]:
        """The channel as the inbox keeps it."""
        with contextlib.closing(sqlite3.connect(self.folder / "inbox.db")) as connection:
            connection.row_factory = sqlite3.Row
            return dict(connection.execute("SELECT * FROM channels WHERE name = ?", (name,)).fetchone())

    def everything_written(self) -> bytes:
        """Every byte of the inbox and its journals."""
        return b"".join(file.read_bytes() for file in self.folder.glob("inbox.db*"))


def escape_yaml(mapping: dict[str, object]) -> str:
    """A mapping on one line, which YAML reads as it reads JSON."""
    import json

    return json.dumps(mapping)
