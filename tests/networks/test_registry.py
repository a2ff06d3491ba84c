"""Channels become networks, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from socialdesk.errors import UsageError
from socialdesk.model import Outgoing
from socialdesk.networks.registry import KINDS, Channel, connect

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_connects_and_tells_what_it_can_do(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for kind in KINDS:
        network = connect(Channel(kind, str(tmp_path / "posts")))
        assert network.name == kind
        assert network.capabilities.fetch or network.capabilities.sends
    assert connect(Channel("sandbox", "sent.jsonl", network="mastodon")).name == "mastodon"


async def test_a_channel_is_read_with_its_own_columns(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("a,b,c,d\n1,hello,ann,2026-01-02\n")
    network = connect(Channel("spool", str(file), "reviews", "id=a,text=b,author=c,created=d"))
    batches = [batch async for batch in network.fetch(None)]
    assert [(m.network, m.text) for batch in batches for m in batch.mentions] == [("reviews", "hello")]


async def test_a_sandbox_channel_sends(tmp_path: Path) -> None:
    network = connect(Channel("sandbox", str(tmp_path / "sent.jsonl")))
    receipt = await network.send(Outgoing("k", "sandbox", "care", "reply", "hi"))
    assert await network.find_sent("k") == receipt


def test_an_unknown_kind_is_told_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean 'spool'"):
        connect(Channel("spol", "x"))
    with pytest.raises(UsageError, match="there are spool, feed, sandbox"):
        connect(Channel("zzz", "x"))
    with pytest.raises(UsageError, match="--map"):
        connect(Channel("spool", "x", columns="nonsense"))


def test_reading_a_spool_and_sending_to_a_sandbox_load_nothing_heavy(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("id,text,author,created\n1,hello,ann,2026-01-02\n")
    program = (
        "import sys\n"
        "from socialdesk.networks.spool import read\n"
        "from socialdesk.networks.registry import Channel, connect\n"
        "from socialdesk.model import Outgoing\n"
        "assert len(list(read(sys.argv[1]))) == 1\n"
        "connect(Channel('feed', 'https://forum.example/feed'))\n"
        "connect(Channel('sandbox', sys.argv[1] + '.sent')).deliver(Outgoing('k', 's', 'c', 'reply', 'hi'))\n"
        "heavy = {'httpx', 'feedparser', 'textual', 'pydantic', 'rapidfuzz', 'regex', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, file], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
