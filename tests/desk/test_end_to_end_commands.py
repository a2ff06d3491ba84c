"""From a file to a sent, approved, recorded answer, each command a process of its own; four eyes on the way."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from socialdesk.clock import MINUTE
from socialdesk.desk import replies
from socialdesk.desk.importing import store_posts
from socialdesk.desk.senders import sandbox_file
from socialdesk.inbox.connection import open_inbox
from socialdesk.model import Handle, Mention, Millis
from tests.desk.processes import command, desk_at, make_sandbox
from tests.desk.soundness import assert_sound

if TYPE_CHECKING:
    import subprocess

COMPLAINT = "@AcmeCustServ my widget has been broken for days, nobody answers"
ANSWER = "Sorry, Jo. Whether it is perfectly safe to use is for our engineers to say. Which widget is it? AA"
"""Words about safety need a lead's approval."""


class Desk:
    """The program at one inbox, as several people run it."""

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.config = inbox.with_name("config.yaml")
        self.config.write_text("undo_window: 1s\n", encoding="utf-8")

    def run(self, login: str, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, whatever comes of it."""
        return command(self.inbox, *words, login=login, environ={"SOCIALDESK_CONFIG": str(self.config)})

    def json(self, login: str, *words: str) -> Any:
        """One command that must succeed, and the JSON object it prints."""
        done = self.run(login, *words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refused(self, login: str, *words: str, code: int = 4) -> str:
        """One command that must be refused with one line, which is returned."""
        done = self.run(login, *words)
        assert (done.returncode, done.stdout) == (code, "")
        assert len(done.stderr.splitlines()) == 1
        return done.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An inbox with one complaint of twenty minutes ago, imported."""
    desk = Desk(make_sandbox(tmp_path / "inbox.db"))
    at = datetime.fromtimestamp(time.time() - 20 * 60, UTC).isoformat()
    mention = {
        "id": "m1",
        "network": "mastodon",
        "text": COMPLAINT,
        "author": "jo@town.example",
        "name": "Jo Mills",
        "created": at,
        "followers": 120,
    }
    feed = tmp_path / "mentions.jsonl"
    feed.write_text(json.dumps(mention) + "\n", encoding="utf-8")
    counts = desk.json("ana", "import", str(feed))
    assert [counts[name] for name in ("read", "stored", "updated", "known", "refused")] == [1, 1, 0, 0, 0]
    return desk


def test_a_mention_becomes_a_sent_and_approved_answer(desk: Desk) -> None:
    listed = desk.json("ana", "list")
    assert (listed["id"], listed["status"], listed["relation"]) == (1, "new", "to_us")
    assert (listed["playbook"], listed["case"], listed["text"]) == ("acme-widget", "addressed", COMPLAINT)
    assert desk.json("ana", "show", "1")["step_kind"] == "ask"
    assert desk.json("ana", "claim", "1")["assignee"] == "ana"
    assert "ana's" in desk.refused("chloe", "claim", "1")
    assert desk.json("ana", "answer", "1", "no")["step_kind"] == "find_out"

    assert desk.json("ana", "draft", "1", "--text", ANSWER)["recipient"] == "jo@town.example"
    submitted = desk.json("ana", "submit", "1")
    assert (submitted["status"], submitted["needs"]) == ("submitted", "lead")
    desk.refused("ana", "send", "1")
    assert "lead" in desk.refused("chloe", "approve", "1")
    approved = desk.json("lee", "approve", "1")
    assert (approved["status"], approved["author"], approved["approver"]) == ("approved", "ana", "lee")

    receipt = desk.json("ana", "send", "1")["receipt"]
    (sent,) = [json.loads(line) for line in sandbox_file(desk.inbox).read_text().splitlines()]
    assert (sent["text"], sent["reply_to"], sent["recipient"]) == (ANSWER, "m1", "jo@town.example")
    assert receipt["external_id"] == sent["external_id"]

    seen = desk.json("ana", "show", "1")
    assert (seen["status"], seen["unanswered_since"]) == ("waiting", None)
    assert [(m["direction"], m["text"]) for m in seen["thread"]] == [("in", COMPLAINT), ("out", ANSWER)]
    assert desk.json("ana", "send", "1")["receipt"] == receipt
    assert len(sandbox_file(desk.inbox).read_text().splitlines()) == 1

    assert desk.json("ana", "audit", "verify")["ok"] is True
    assert_sound(desk.inbox)
    assert kinds_on_record(desk.inbox) == [
        *["policy", "intake", "claimed", "answered", "drafted", "submitted", "approved"],
        *["queued", "sending", "sent"],
    ]


def kinds_on_record(inbox: Path) -> list[str]:
    """What has happened, in order."""
    connection = open_inbox(inbox)
    kinds = [row[0] for row in connection.execute("SELECT kind FROM events ORDER BY seq")]
    connection.close()
    return kinds


@pytest.fixture(scope="module")
def waiting_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with one draft of ana's that waits for a lead."""
    inbox = make_sandbox(tmp_path_factory.mktemp("waiting") / "inbox.db")
    ana = desk_at(inbox)
    at = Millis(ana.clock.now() - 20 * MINUTE)
    store_posts(ana, [Mention("mastodon", "m1", COMPLAINT, Handle("jo"), at)])
    replies.draft(ana, 1, text=ANSWER)
    assert replies.submit(ana, 1).needs == "lead"
    ana.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ana.close()
    return inbox


@pytest.fixture
def waiting(waiting_inbox: Path, tmp_path: Path) -> Desk:
    """A copy of that inbox."""
    return Desk(Path(shutil.copy(waiting_inbox, tmp_path / "inbox.db")))


def test_nobody_approves_their_own_draft_by_any_name(waiting: Desk) -> None:
    for words in (["approve", "1"], ["--agent", "lee", "approve", "1"], ["--agent", "ana", "approve", "1"]):
        assert "four eyes" in waiting.refused("ana", *words)
    as_lee = command(waiting.inbox, "approve", "1", login="ana", environ={"SOCIALDESK_AGENT": "lee"})
    assert as_lee.returncode == 4
    assert "four eyes" in as_lee.stderr
    assert "nothing that is approved" in waiting.refused("ana", "send", "1")
    assert "approved" not in kinds_on_record(waiting.inbox)


def test_a_lead_does_not_approve_their_own_draft_either(desk: Desk) -> None:
    desk.json("lee", "draft", "1", "--text", ANSWER)
    desk.json("lee", "submit", "1")
    assert "four eyes" in desk.refused("lee", "approve", "1")
    assert "four eyes" in desk.refused("lee", "approve", "1", "--text", "other words")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drafts SET status = 'approved'",
        "UPDATE drafts SET status = 'approved', approver = 'ana', approver_login = 'ana'",
        "UPDATE drafts SET status = 'approved', approver = 'lee', approver_login = author_login",
        "UPDATE drafts SET status = 'approved', approver = 'nobody', approver_login = ''",
        "UPDATE drafts SET status = 'queued', not_before = 0, key = 'k'",
        "UPDATE drafts SET status = 'sent'",
        "UPDATE drafts SET needs = 'none'",
        "UPDATE drafts SET author = 'ben', author_login = 'ben'",
        "INSERT INTO drafts (kind, status, text, author, author_login, network, created_at, updated_at, salt,"
        " commitment) VALUES ('reply', 'approved', 'x', 'ana', 'ana', 'mastodon', 0, 0, x'', x'')",
    ],
)
def test_the_database_refuses_self_approval(waiting: Desk, statement: str) -> None:
    connection = sqlite3.connect(waiting.inbox)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="four eyes"):
            connection.execute(statement)
        connection.commit()
        assert connection.execute("SELECT status, needs, author_login FROM drafts").fetchall() == [
            ("submitted", "lead", "ana")
        ]
    finally:
        connection.close()


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE drafts SET status = 'approved', approver = 'lee', approver_login = 'lee'"],
        ["UPDATE drafts SET status = 'draft'", "UPDATE drafts SET needs = 'none', status = 'approved'"],
    ],
    ids=["in_a_colleagues_name", "as_if_none_were_needed"],
)
def test_an_approval_that_the_record_does_not_know_sends_nothing(
    waiting: Desk, statements: list[str]
) -> None:
    connection = sqlite3.connect(waiting.inbox)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    assert "the record holds no approval" in waiting.refused("ana", "send", "1")
    assert not sandbox_file(waiting.inbox).exists()


def test_a_login_is_played_in_a_sandbox_only(tmp_path: Path) -> None:
    inbox = tmp_path / "real.db"
    open_inbox(inbox).close()
    refused = command(inbox, "claim", "1", login="lee")
    assert refused.returncode == 4
    assert "team.yaml names no agent" in refused.stderr
