"""The main job by commands: a post comes in, an answer goes out, and nobody approves their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.cli.commands import Commands
    from tests.desk.cli.conftest import Feed

COMPLAINT = "@AcmeCustServ my widget broke again, five days now"


@pytest.fixture
def complaint(commands: Commands, feed: Feed) -> int:
    """The number of a conversation that somebody opened half an hour ago."""
    assert commands("import", feed.file(feed.post(COMPLAINT))).code == 0
    return int(commands("list", "--json").json()["id"])


def test_a_mention_goes_from_feed_file_to_sent_answer(commands: Commands, complaint: int) -> None:
    trainee, lead = commands.as_login("ben"), commands.as_login("lee")
    assert trainee("claim", complaint, "--json").json()["assignee"] == "ben"
    assert trainee("answer", complaint, "no", "--json").json()["step_kind"] == "find_out"

    written = trainee("draft", complaint, "--json").json()
    assert (written["status"], written["reply_name"], written["recipient"]) == (
        "draft",
        "apologise-and-ask",
        "jane",
    )
    assert trainee("submit", complaint, "--json").json()["status"] == "submitted"
    early = trainee("send", complaint)
    assert (early.code, early.out) == (4, "")

    approved = lead("approve", complaint, "--json").json()
    assert (approved["status"], approved["author"], approved["approver"]) == ("approved", "ben", "lee")
    sent = trainee("send", complaint, "--json").json()
    assert (sent["status"], sent["text"]) == ("sent", written["text"])
    assert sent["receipt"]["external_id"].startswith("mastodon-")

    seen = commands("show", complaint, "--json").json()
    assert (seen["status"], seen["replies"]) == ("waiting", 1)
    assert [message["direction"] for message in seen["thread"]] == ["in", "out"]
    assert commands("audit", "verify", "--json").json()["ok"] is True


@pytest.mark.parametrize("disguise", [(), ("--agent", "lee"), ("--agent", "ana")])
def test_nobody_approves_what_they_wrote(
    commands: Commands, complaint: int, disguise: tuple[str, ...]
) -> None:
    trainee = commands.as_login("ben")
    trainee("draft", complaint, "--text", "Sorry about that. BO")
    trainee("submit", complaint)
    refused = trainee(*disguise, "approve", complaint)
    assert refused.code == 4
    assert refused.err.startswith("socialdesk: four eyes")
    assert trainee("show", complaint, "--json").json()["drafts"][0]["status"] == "submitted"


def test_an_answer_in_haste_has_to_wait_until_a_moment(commands: Commands, feed: Feed) -> None:
    commands("import", feed.file(feed.post(COMPLAINT, minutes=1)))
    commands("draft", 1, "--text", "Sorry about that. AA")
    assert commands("submit", 1, "--json").json()["status"] == "approved"
    waiting = commands("send", 1, "--json")
    assert waiting.code == 4
    assert waiting.out == ""
    assert waiting.err.count("\n") == 1
    assert "do nothing in haste" in waiting.err
    assert "Z" in waiting.err
    assert commands("show", 1, "--json").json()["drafts"][0]["status"] == "approved"


def test_sending_again_shows_the_same_receipt(commands: Commands, complaint: int) -> None:
    commands("draft", complaint, "--text", "Sorry about that. AA")
    commands("submit", complaint)
    first = commands("send", complaint, "--json").json()
    again = commands("send", complaint, "--json").json()
    assert again["receipt"] == first["receipt"]
    assert commands("show", complaint, "--json").json()["replies"] == 1


def test_a_queued_message_is_delivered_by_the_headless_desk(commands: Commands, complaint: int) -> None:
    commands("draft", complaint, "--text", "Sorry about that. AA")
    commands("submit", complaint)
    assert commands("send", complaint, "--no-wait", "--json").json()["status"] == "queued"
    done = commands("run", "--once", "--json").lines()
    assert [line["kind"] for line in done if "sent" in line["what"]] == ["outbox"]
    assert commands("show", complaint, "--json").json()["status"] == "waiting"


def test_the_second_customer_moves_the_first_conversation_from_watching(
    commands: Commands, feed: Feed
) -> None:
    first = feed.post("my #Acme widget has been broken for days now", author="pietje", minutes=200)
    commands("import", feed.file(first))
    (alone,) = commands("list", "--json").lines()
    assert (alone["status"], alone["case"]) == ("watching", "overheard")
    second = feed.post("so's mine, my third one. third! #Acme widget just goes black", author="kasper")
    commands("import", feed.file(second, name="later.jsonl"))
    cases = {row["author"]: row["case"] for row in commands("list", "--json").lines()}
    assert cases["pietje"] == "intervene"


def test_a_way_through_the_smaller_tools(commands: Commands, complaint: int) -> None:
    def status(*words: object) -> str:
        ran = commands(*words, "--json")
        assert ran.code == 0, ran.err
        return str(ran.json()["status"])

    assert status("claim", complaint) == "open"
    assert status("note", complaint, "has", "been", "patient") == "open"
    assert status("skip", complaint, "nobody has answered") == "open"
    assert status("correct", complaint, "feeling", "belligerent") == "open"
    assert status("switch", complaint, "question/personal", "--reason", "only asks") == "open"
    assert status("snooze", complaint, "2h") == "snoozed"
    assert commands("undo", complaint).err == f"undid the snooze in conversation {complaint}\n"
    assert status("escalate", complaint, "duty-manager", "needs", "a", "decision") == "escalated"
    assert commands.as_login("lee")("acknowledge", complaint).code == 0
    assert commands.as_login("lee")("hand-back", complaint, "--text", "go ahead").code == 0
    assert status("resolve", complaint) == "resolved"
    assert status("reopen", complaint) == "open"
    assert status("release", complaint) == "new"
    assert status("dismiss", complaint, "duplicate") == "dismissed"
    notes = [note["text"] for note in commands("show", complaint, "--json").json()["notes"]]
    assert notes == ["has been patient", "duty-manager hands back: go ahead"]


def test_a_rejected_draft_comes_back_with_the_reason(commands: Commands, complaint: int) -> None:
    trainee = commands.as_login("ben")
    trainee("draft", complaint, "--text", "Hm. BO")
    trainee("submit", complaint)
    sent_back = commands.as_login("lee")("reject", complaint, "kinder,", "please", "--json").json()
    assert (sent_back["status"], sent_back["rejected_reason"]) == ("rejected", "kinder, please")
    anew = trainee("draft", complaint, "--draft", sent_back["draft"], stdin="Sorry about that. BO\n")
    assert "Sorry about that. BO" in anew.out
    assert trainee("withdraw", complaint, "--json").json()["status"] == "withdrawn"


def test_a_guardrail_keeps_a_draft_in(commands: Commands, complaint: int) -> None:
    commands("draft", complaint, "--text", "We will compensate you with a refund of 50 euros. AA")
    refused = commands("submit", complaint)
    assert refused.code == 4
    assert "cannot go out" in refused.err


def test_taking_it_private_and_posting_for_the_issue(commands: Commands, feed: Feed) -> None:
    broken = "my #Acme widget has been broken for days now"
    commands(
        "import",
        feed.file(feed.post(broken, author="ada", minutes=90), feed.post(broken + " too", author="kim")),
    )
    private = commands("private", 1, "--text", "Which order is it about? AA", "--json").json()
    assert (private["kind"], private["visibility"], private["recipient"]) == ("private", "private", "ada")
    post = commands("post", 1, "--reply", "holding-message", "--json").json()
    assert (post["kind"], post["recipient"]) == ("post", None)
