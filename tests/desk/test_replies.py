"""Writing an answer: who it goes to, what may be said, every wording kept."""

from __future__ import annotations

import pytest

from socialdesk.desk import casework, drafting, posts, reading, replies
from socialdesk.errors import NotAllowed, NotFound, UsageError
from socialdesk.inbox import drafts
from socialdesk.model import Visibility
from tests.desk.room import ADDRESSED, BROKEN, Room, again

ELSEWHERE = "so's mine, my third one. third! #Acme widget, screen just goes black"
KIND = "Sorry about that, Dana. Which widget is it? AA"


@pytest.fixture
def complaint(room: Room) -> int:
    return room.say(ADDRESSED, name="Dana Okafor", followers=120)


def test_the_first_draft_takes_the_conversation_up(room: Room, complaint: int) -> None:
    draft = replies.draft(room.ana, complaint, text=KIND)

    case = room.case(complaint)
    assert (case.assignee, case.status) == ("ana", "open")
    assert (draft.author, draft.author_login, draft.status) == ("ana", "ana", "draft")


def test_an_answer_goes_to_who_wrote_and_hangs_on_their_newest_post(room: Room, complaint: int) -> None:
    room.say("@dana poor you", "wilma", reply_to=room.source_of(complaint))
    room.clock.advance(1)
    room.say("@AcmeCustServ hello?", "dana", reply_to=room.thread(complaint)[0].external_id)

    draft = replies.draft(room.ana, complaint, text=KIND)

    assert draft.recipient == "dana"
    assert draft.reply_to == room.thread(complaint)[-1].external_id
    assert draft.visibility == Visibility.UNLISTED  # the norm on mastodon


def test_there_is_nothing_to_answer_when_all_was_taken_back(room: Room) -> None:
    post = room.mention(ADDRESSED)
    room.store(post)
    room.store(again(post, deleted=True))

    with pytest.raises(NotAllowed, match="taken back"):
        replies.draft(room.ana, room.home_of(post.external_id), text=KIND)


def test_without_words_the_playbooks_reply_is_filled_in(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")

    draft = replies.draft(room.ana, complaint)

    assert draft.reply_name == "apologise-and-ask"
    assert "Dana" in draft.text
    assert draft.text.endswith("AA")


def test_a_wording_is_not_repeated_in_a_thread(room: Room, complaint: int) -> None:
    first = room.sent(complaint, replies.draft(room.ana, complaint, reply="stay-kind").text)

    second = replies.draft(room.ana, complaint, reply="stay-kind")

    assert second.text != first.text


def test_where_no_reply_is_asked_for_somebody_has_to_say_what(room: Room, complaint: int) -> None:
    with pytest.raises(UsageError, match="no reply is asked for"):
        replies.draft(room.ana, complaint)
    with pytest.raises(UsageError, match="did you mean stay-kind"):
        replies.draft(room.ana, complaint, reply="stay-knd")


def test_only_who_has_it_writes_and_a_lead(room: Room, complaint: int) -> None:
    casework.claim(room.ana, complaint)

    with pytest.raises(NotAllowed, match="ana's"):
        replies.draft(room.chloe, complaint, text=KIND)
    replies.draft(room.lee, complaint, text="Sorry, Dana. LE")

    casework.resolve(room.ana, complaint)
    with pytest.raises(NotAllowed, match="reopen it first"):
        replies.draft(room.ana, complaint, text=KIND)


def test_every_wording_is_kept(room: Room, complaint: int) -> None:
    draft = replies.draft(room.ana, complaint, text="Sorry. AA")
    replies.edit(room.ana, complaint, KIND)

    assert [text for _, text, *_ in drafts.versions_of(room.ana.connection, draft.id)] == ["Sorry. AA", KIND]
    assert room.faults() == ()


def test_a_guardrail_refuses_what_may_not_be_said(room: Room, complaint: int) -> None:
    replies.draft(room.ana, complaint, text="We will give you a full refund, Dana. AA")

    with pytest.raises(NotAllowed, match=r"cannot go out: .*refund.*guardrails\.yaml"):
        replies.submit(room.ana, complaint)

    assert room.drafts(complaint)[0].status == "draft"


def test_too_long_is_refused_as_the_network_counts(room: Room, complaint: int) -> None:
    replies.draft(room.ana, complaint, text="sorry " * 90 + "AA")

    with pytest.raises(NotAllowed, match="of 500 characters"):
        replies.submit(room.ana, complaint)


def test_a_gap_that_nobody_filled_is_refused(room: Room, complaint: int) -> None:
    replies.draft(room.ana, complaint, text="Dear Dana, about {order}: we are on it. AA")

    with pytest.raises(NotAllowed, match=r"fill in \{order\}"):
        replies.submit(room.ana, complaint)


def test_an_emptied_draft_is_not_handed_in(room: Room, complaint: int) -> None:
    replies.draft(room.ana, complaint, text=KIND)
    replies.edit(room.ana, complaint, "  ")

    with pytest.raises(UsageError, match="needs words"):
        replies.submit(room.ana, complaint)


def test_escape_sequences_never_reach_a_draft(room: Room, complaint: int) -> None:
    draft = replies.draft(room.ana, complaint, text="Hello \x1b]0;title\x07Dana\u202e. AA")

    assert draft.text == "Hello Dana. AA"


def test_the_preview_says_what_submitting_will_say(room: Room, complaint: int) -> None:
    view = reading.case_view(room.ana.connection, room.ana.policy, complaint, room.clock.now())

    look = reading.draft_preview(
        room.ana.policy, view, "It was our fault. AA", drafting.REPLY, room.ana.person
    )

    assert look.blocked
    assert look.limit == 500
    assert look.findings[0].words == "our fault"


def test_a_private_message_goes_to_exactly_one_person(room: Room, complaint: int) -> None:
    draft = replies.take_private(room.ana, complaint, text="Dana, may we have your order number? AA")

    assert (draft.kind, draft.visibility, draft.recipient) == ("private", "private", "dana")


def test_without_words_taking_private_is_an_invitation_in_public(room: Room, complaint: int) -> None:
    draft = replies.take_private(room.ana, complaint)

    assert (draft.kind, draft.reply_name) == ("reply", "invite-to-dm")


@pytest.mark.parametrize(
    ("network", "words"), [("reddit", "nobody privately"), ("x", "must write to us privately")]
)
def test_nobody_is_written_to_privately_where_that_is_not_done(room: Room, network: str, words: str) -> None:
    number = room.say(ADDRESSED, network=network)

    with pytest.raises(NotAllowed, match=words):
        replies.take_private(room.ana, number, text="Dana, your order number? AA")


def test_who_has_written_privately_is_answered_privately(room: Room) -> None:
    number = room.say(ADDRESSED, network="x", visibility=Visibility.PRIVATE)

    draft = replies.draft(room.ana, number, text=KIND)

    assert draft.visibility == "private"
    assert replies.take_private(room.ana, number, text=KIND).kind == "private"


def test_with_several_drafts_one_says_which(room: Room, complaint: int) -> None:
    first = replies.draft(room.ana, complaint, text=KIND)
    second = replies.draft(room.ana, complaint, text="Or should we call you, Dana? AA")

    with pytest.raises(UsageError, match=f"{second.id}, {first.id}"):
        replies.submit(room.ana, complaint)
    assert replies.submit(room.ana, complaint, first.id).id == first.id
    with pytest.raises(NotFound):
        replies.submit(room.ana, complaint, 99)


def test_a_withdrawn_draft_is_gone(room: Room, complaint: int) -> None:
    replies.draft(room.ana, complaint, text=KIND)
    assert replies.withdraw(room.ana, complaint).status == "withdrawn"

    with pytest.raises(NotAllowed, match="withdrawn"):
        replies.submit(room.ana, complaint)


def test_a_post_speaks_for_the_issue(room: Room) -> None:
    first = room.say(BROKEN, "pietje")
    room.say(ELSEWHERE, "kasper")

    draft = posts.post(room.ana, first, reply="holding-message")

    assert draft.issue_id == room.case(first).issue_id
    assert (draft.kind, draft.recipient, draft.reply_to) == ("post", None, None)
    assert "widget" in draft.text


def test_moving_to_another_case_frees_drafts_from_the_step_they_were_for(room: Room, complaint: int) -> None:
    casework.answer(room.ana, complaint, "no")
    draft = replies.draft(room.ana, complaint)
    assert draft.step == "2"

    casework.switch_case(room.ana, complaint, "general-complaint/billing", "it is about money")

    assert drafts.get(room.ana.connection, draft.id).step is None
