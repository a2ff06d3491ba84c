"""The sandbox network: whatever is killed or repeated, each message stands in the file once."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from socialdesk.clock import FixedClock
from socialdesk.errors import SendFailed
from socialdesk.model import Outgoing, Visibility
from socialdesk.networks.base import Idempotency, SendUnsure
from socialdesk.networks.sandbox import Fault, SandboxNetwork, sent_since

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_767_355_200_000


def outgoing(key: str = "k1", **changes: Any) -> Outgoing:
    return replace(Outgoing(key, "sandbox", "care", "reply", f"for {key}"), **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sent.jsonl"


async def test_a_message_gets_a_receipt_and_stands_in_the_file(path: Path) -> None:
    network = SandboxNetwork(path, FixedClock(NOON))
    receipt = await network.send(outgoing(text="Sorry about that.\nAna", reply_to="gone"))
    assert receipt.at == NOON
    assert receipt.external_id.startswith("sandbox-")
    (sent,), _ = sent_since(path)
    assert (sent.outgoing.text, sent.outgoing.reply_to) == ("Sorry about that.\nAna", "gone")
    assert sent.outgoing.visibility is Visibility.PUBLIC
    assert sent.receipt == receipt


async def test_the_same_key_gets_the_first_receipt_from_any_process(path: Path) -> None:
    clock = FixedClock(NOON)
    first = await SandboxNetwork(path, clock).send(outgoing())
    clock.advance(5_000)
    network = SandboxNetwork(path, clock)
    assert await network.send(outgoing(text="changed since")) == first
    assert await network.send(outgoing()) == first
    other = await network.send(outgoing("k2"))
    assert (other.at, other.external_id != first.external_id) == (NOON + 5_000, True)
    assert len(sent_since(path)[0]) == 2


def test_reading_back_finds_what_others_sent(path: Path) -> None:
    ours, theirs = SandboxNetwork(path), SandboxNetwork(path)
    assert ours.find("k1") is None
    assert not path.exists()
    receipt = theirs.deliver(outgoing())
    assert ours.find("k1") == receipt
    assert ours.find("k2") is None


async def test_faults_befall_the_sends_in_turn(path: Path) -> None:
    network = SandboxNetwork(path, faults=[Fault.REFUSED, Fault.LOST, Fault.ANSWER_LOST, None])
    with pytest.raises(SendFailed) as refused:
        await network.send(outgoing())
    assert not isinstance(refused.value, SendUnsure)
    with pytest.raises(SendUnsure):
        await network.send(outgoing())
    assert await network.find_sent("k1") is None
    with pytest.raises(SendUnsure):
        await network.send(outgoing())
    found = await network.find_sent("k1")
    assert found is not None
    assert await network.send(outgoing()) == found
    assert len(sent_since(path)[0]) == 1


async def test_a_private_message_needs_its_one_recipient(path: Path) -> None:
    network = SandboxNetwork(path)
    with pytest.raises(SendFailed, match="one recipient"):
        await network.send(outgoing(kind="private"))
    await network.send(outgoing(kind="private", recipient="ann", visibility=Visibility.PRIVATE))
    assert sent_since(path)[0][0].outgoing.recipient == "ann"


def test_a_write_cut_short_at_any_byte_is_no_delivery_and_spoils_no_other(path: Path) -> None:
    network = SandboxNetwork(path, FixedClock(NOON))
    network.deliver(outgoing("k1"))
    one = path.read_bytes()
    network.deliver(outgoing("k2", text="ünïcode 🙂"))
    two = path.read_bytes()
    for cut in range(len(one), len(two) - 1):
        path.write_bytes(two[:cut])
        again = SandboxNetwork(path, FixedClock(NOON))
        assert again.find("k2") is None
        again.deliver(outgoing("k3"))
        again.deliver(outgoing("k2"))
        assert [sent.outgoing.key for sent in sent_since(path)[0]] == ["k1", "k3", "k2"]


def test_a_message_that_lacks_only_its_line_end_was_delivered(path: Path) -> None:
    SandboxNetwork(path).deliver(outgoing("k1"))
    path.write_bytes(path.read_bytes().rstrip())
    again = SandboxNetwork(path)
    assert again.find("k1") is not None
    again.deliver(outgoing("k2"))
    again.deliver(outgoing("k1"))
    assert [sent.outgoing.key for sent in sent_since(path)[0]] == ["k1", "k2"]
    assert SandboxNetwork(path).find("k2") is not None


def test_a_file_that_was_taken_away_is_begun_anew(path: Path) -> None:
    network = SandboxNetwork(path)
    network.deliver(outgoing())
    path.unlink()
    assert network.find("k1") is None
    network.deliver(outgoing("k2"))
    assert network.find("k1") is None
    assert [sent.outgoing.key for sent in sent_since(path)[0]] == ["k2"]


async def test_many_senders_at_once_double_nothing(path: Path) -> None:
    networks = [SandboxNetwork(path) for _ in range(4)]
    receipts = await asyncio.gather(
        *(network.send(outgoing(f"k{n}")) for n in range(15) for network in networks)
    )
    assert Counter(sent.outgoing.key for sent in sent_since(path)[0]) == {f"k{n}": 1 for n in range(15)}
    assert len({receipt.external_id for receipt in receipts}) == 15


SENDER = """
import sys
from socialdesk.model import Outgoing
from socialdesk.networks.sandbox import SandboxNetwork
network = SandboxNetwork(sys.argv[1])
for n in range(60):
    network.deliver(Outgoing(f"k{n}", "sandbox", "care", "reply", "x" * 5_000))
    print(n, flush=True)
"""


def test_killed_senders_lose_nothing_and_double_nothing(path: Path) -> None:
    command = [sys.executable, "-c", SENDER, str(path)]
    chance = random.Random(7)
    for _ in range(6):
        told = -1
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
            assert sender.stdout is not None
            last = chance.randrange(60)
            while told < last:
                told = int(sender.stdout.readline())
            sender.kill()
        keys = [sent.outgoing.key for sent in sent_since(path)[0]]
        assert len(keys) == len(set(keys))
        assert {f"k{n}" for n in range(told + 1)} <= set(keys)


async def test_the_newest_messages_are_read_from_where_the_last_reading_ended(path: Path) -> None:
    assert sent_since(path) == ([], 0)
    network = SandboxNetwork(path)
    await network.send(outgoing("k1"))
    first, place = sent_since(path)
    await network.send(outgoing("k2"))
    second, end = sent_since(path, place)
    assert ([s.outgoing.key for s in first], [s.outgoing.key for s in second]) == (["k1"], ["k2"])
    assert sent_since(path, end) == ([], end)


async def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SendFailed, match=r"^[^\n]+$"):
        await SandboxNetwork(tmp_path / "absent" / "sent.jsonl").send(outgoing())


async def test_what_it_can_do(path: Path) -> None:
    able = SandboxNetwork(path).capabilities
    assert able.sends
    assert able.read_back
    assert able.idempotency is Idempotency.CLIENT_ID
    assert [batch async for batch in SandboxNetwork(path).fetch(None)] == []
