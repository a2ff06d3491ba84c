"""The spool as a channel: pulled again and again, each mention once."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from socialdesk.errors import FeedUnusable, SendFailed
from socialdesk.model import Mention, Outgoing, Refusal
from socialdesk.networks.base import BATCH
from socialdesk.networks.spool_network import SpoolNetwork

if TYPE_CHECKING:
    from pathlib import Path


def line(number: int) -> str:
    return json.dumps(
        {"id": str(number), "text": "hello", "author": "ann", "created": "2026-01-02T03:04:05Z"}
    ) + "\n"  # fmt: skip


async def pull(network: SpoolNetwork, cursor: str | None) -> tuple[list[Mention], list[Refusal], str | None]:
    mentions: list[Mention] = []
    refusals: list[Refusal] = []
    async for batch in network.fetch(cursor):
        mentions += batch.mentions
        refusals += batch.refusals
        cursor = batch.cursor
    return mentions, refusals, cursor


async def test_a_second_pull_brings_only_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    network = SpoolNetwork(tmp_path)
    file.write_text(line(1) + "nonsense\n")
    mentions, refusals, cursor = await pull(network, None)
    assert ([m.external_id for m in mentions], [r.line for r in refusals]) == (["1"], [2])
    assert await pull(network, cursor) == ([], [], cursor)
    with file.open("a") as out:
        out.write(line(2))
    mentions, refusals, cursor = await pull(network, cursor)
    assert ([m.external_id for m in mentions], refusals) == (["2"], [])
    assert mentions[0].origin.endswith(":3")
    assert await pull(network, cursor) == ([], [], cursor)


async def test_an_unfinished_last_line_waits_for_its_end(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    network = SpoolNetwork(file)
    file.write_text(line(1) + line(2)[:20])
    mentions, refusals, cursor = await pull(network, None)
    assert ([m.external_id for m in mentions], refusals) == (["1"], [])
    file.write_text(line(1) + line(2).strip())
    mentions, refusals, cursor = await pull(network, cursor)
    assert ([m.external_id for m in mentions], refusals) == (["2"], [])


async def test_a_last_line_that_nobody_ends_is_refused_in_the_end(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    network = SpoolNetwork(file)
    file.write_text(line(1) + line(2)[:20])
    _, refusals, cursor = await pull(network, None)
    assert refusals == []
    os.utime(file, (1_700_000_000, 1_700_000_000))
    _, refusals, cursor = await pull(network, cursor)
    assert [(r.line, r.reason) for r in refusals] == [(2, "the file ends in the middle of this line")]
    assert await pull(network, cursor) == ([], [], cursor)
    file.write_text(line(1) + line(2))
    mentions, refusals, cursor = await pull(network, cursor)
    assert ([m.external_id for m in mentions], refusals) == (["2"], [])


async def test_a_pull_cut_short_after_any_batch_goes_on_there(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(line(n) for n in range(2 * BATCH + 10)))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        batch = await anext(SpoolNetwork(file).fetch(cursor))
        seen += [mention.external_id for mention in batch.mentions]
        cursor = batch.cursor
    assert seen == [str(n) for n in range(2 * BATCH + 10)]


async def test_another_file_of_the_same_name_is_read_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    network = SpoolNetwork(file)
    file.write_text(line(1))
    _, _, cursor = await pull(network, None)
    file.write_text(line(7) + line(8) + line(9))
    mentions, _, _ = await pull(network, cursor)
    assert [m.external_id for m in mentions] == ["7", "8", "9"]


async def test_a_changed_csv_file_is_read_again_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    network = SpoolNetwork(tmp_path, network="mastodon")
    file.write_text("id,text,author,created\n1,hello,ann,2026-01-02\n")
    mentions, _, cursor = await pull(network, None)
    assert [m.network for m in mentions] == ["mastodon"]
    assert await pull(network, cursor) == ([], [], cursor)
    with file.open("a") as out:
        out.write("2,bye,ann,2026-01-02\n")
    mentions, _, _ = await pull(network, cursor)
    assert [m.external_id for m in mentions] == ["1", "2"]


async def test_a_useless_file_is_refused_once_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("colour\nred\n")
    (tmp_path / "b.jsonl").write_text(line(1))
    network = SpoolNetwork(tmp_path)
    mentions, refusals, cursor = await pull(network, None)
    assert ([m.external_id for m in mentions], len(refusals)) == (["1"], 1)
    assert await pull(network, cursor) == ([], [], cursor)


async def test_a_lost_cursor_reads_everything_again(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(line(1))
    for cursor in ("rubbish", "[]", '{"x": 1}'):
        mentions, _, _ = await pull(SpoolNetwork(tmp_path), cursor)
        assert len(mentions) == 1


async def test_what_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(FeedUnusable, match="does not exist"):
        await pull(SpoolNetwork(tmp_path / "absent"), None)
    (tmp_path / "a.csv").write_text("colour\nred\n")
    with pytest.raises(FeedUnusable, match="no column found"):
        await pull(SpoolNetwork(tmp_path / "a.csv"), None)


async def test_nothing_can_be_sent_to_a_spool(tmp_path: Path) -> None:
    network = SpoolNetwork(tmp_path)
    assert not network.capabilities.sends
    with pytest.raises(SendFailed, match="spool"):
        await network.send(Outgoing("k", "spool", "c", "reply", "hi"))
    assert await network.find_sent("k") is None
