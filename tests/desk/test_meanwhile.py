"""Between a message's departure and its receipt the customer writes again, or the post comes back by a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from socialdesk.clock import HOUR, MINUTE
from socialdesk.desk import casework, outbox, replies
from socialdesk.desk.importing import store_posts
from socialdesk.desk.outbox import LEASE
from socialdesk.desk.senders import sandbox_file
from socialdesk.inbox import conversations, drafts
from socialdesk.model import Handle, Mention, Millis, Outgoing, Receipt
from socialdesk.networks.sandbox import SandboxNetwork, sent_since
from tests.desk.posts_of_a_day import NOW
from tests.desk.processes import desk_at, make_sandbox
from tests.desk.soundness import assert_sound

if TYPE_CHECKING:
    from pathlib import Path

    from socialdesk.desk.session import Desk

ASKED = Mention(
    "mastodon", "m1", "@AcmeCustServ my widget has been broken for days", Handle("jo"), Millis(NOW - HOUR)
)
AGAIN = Mention("mastodon", "m2", "and now it smells of fire!", Handle("jo"), Millis(NOW), reply_to="m1")
Meanwhile = Callable[[Receipt], None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one answer on its way: approved and due."""
    desk = desk_at(make_sandbox(tmp_path / "inbox.db"), now=NOW)
    store_posts(desk, [ASKED])
    draft = replies.draft(desk, 1, text="Sorry, Jo. Which widget is it? AA")
    assert replies.submit(desk, 1).status == "approved"
    outbox.queue(desk, 1, draft.id)
    yield desk
    desk.close()


class Slow(SandboxNetwork):
    """A network that takes its time: something happens between delivery and receipt, or the sender dies."""

    meanwhile: Meanwhile

    def deliver(self, outgoing: Outgoing) -> Receipt:
        """Deliver, let the world go on, and only then answer."""
        receipt = super().deliver(outgoing)
        self.meanwhile(receipt)
        return receipt


@pytest.fixture
def send_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[Meanwhile], None]:
    """Sends what is due while something happens."""

    def sending(meanwhile: Meanwhile) -> None:
        network = Slow(sandbox_file(desk.path), desk.clock, "mastodon")
        network.meanwhile = meanwhile
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "sender_for", lambda *_: network)
            outbox.deliver_due(desk)

    return sending


def another(desk: Desk, *posts: Mention) -> None:
    """A colleague's desk reads something in."""
    colleague = desk_at(desk.path, "chloe", now=desk.clock.now())
    store_posts(colleague, list(posts))
    colleague.close()


class Killed(BaseException):
    """The sender dies."""


def die(receipt: Receipt) -> None:
    raise Killed


def test_a_customer_who_writes_while_an_answer_leaves_still_waits_for_us(
    desk: Desk, send_while: Callable[[Meanwhile], None]
) -> None:
    send_while(lambda receipt: another(desk, AGAIN))
    case = conversations.get(desk.connection, 1)
    assert drafts.get(desk.connection, 1).status == "sent"
    assert (case.status, case.unanswered_since) == ("open", AGAIN.created)
    assert case.due_at is not None
    assert_sound(desk.path)


def test_a_customer_who_writes_while_nobody_knows_still_waits_for_us(
    desk: Desk, send_while: Callable[[Meanwhile], None]
) -> None:
    with pytest.raises(Killed):
        send_while(die)
    another(desk, AGAIN)
    later = desk_at(desk.path, now=NOW + LEASE + 1)
    outbox.deliver_due(later)
    assert drafts.get(later.connection, 1).status == "sent"
    case = conversations.get(later.connection, 1)
    later.close()
    assert (case.status, case.unanswered_since) == ("open", AGAIN.created)
    assert_sound(desk.path)


def test_an_answer_that_is_read_in_again_before_its_receipt_counts_once(
    desk: Desk, send_while: Callable[[Meanwhile], None]
) -> None:
    text = drafts.get(desk.connection, 1).text

    def comes_back(receipt: Receipt) -> None:
        at = Millis(receipt.at + MINUTE)
        another(
            desk,
            Mention("mastodon", receipt.external_id, text, Handle("AcmeCustServ"), at, reply_to="m1"),
        )

    send_while(comes_back)
    assert_sound(desk.path)
    case = conversations.get(desk.connection, 1)
    assert (case.status, case.reply_count, case.message_count) == ("waiting", 1, 2)
    assert (case.unanswered_since, drafts.get(desk.connection, 1).message_id) == (None, 2)


def test_a_conversation_closed_while_its_answer_leaves_stays_closed(
    desk: Desk, send_while: Callable[[Meanwhile], None]
) -> None:
    def close(receipt: Receipt) -> None:
        colleague = desk_at(desk.path, "lee", now=desk.clock.now())
        casework.resolve(colleague, 1)
        colleague.close()

    send_while(close)
    assert conversations.get(desk.connection, 1).status == "resolved"
    assert len(sent_since(sandbox_file(desk.path))[0]) == 1
    assert_sound(desk.path)
