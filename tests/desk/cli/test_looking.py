"""Lists, conversations and explanations, for people and for programs."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.cli.commands import Commands
    from tests.desk.cli.conftest import Feed

PROMISED = {
    "id", "status", "relation", "sentiment", "feeling", "urgency", "playbook", "case", "network", "author", "text",
    "due_at", "assignee",
}  # fmt: skip


def test_every_conversation_is_listed_once_with_what_is_promised(demo: Commands) -> None:
    rows = demo("list", "--json").lines()
    assert len({row["id"] for row in rows}) == len(rows) > 80
    assert all(row.keys() >= PROMISED for row in rows)
    assert {row["relation"] for row in rows} >= {"to_us", "about_us"}
    assert all(row["due_at"] is None or row["due_at"].endswith("Z") for row in rows)


def test_the_text_of_a_row_is_the_whole_first_post(commands: Commands, feed: Feed) -> None:
    long = "@AcmeCustServ my widget is broken. " + "It really is. " * 100 + "The end."
    commands("import", feed.file(feed.post(long)))
    assert commands("list", "--json").json()["text"] == long


def test_views_queries_and_limits_narrow_the_list(demo: Commands) -> None:
    queue = demo("list", "--view", "queue", "--json").lines()
    watching = demo("list", "--view", "watching", "--json").lines()
    assert {row["status"] for row in watching} == {"watching"}
    assert {row["status"] for row in queue} <= {"new", "open", "escalated"}
    upset = demo("list", "--view", "queue", "--query", "feeling:upset", "--json").lines()
    assert 0 < len(upset) < len(queue)
    assert {row["feeling"] for row in upset} == {"upset"}
    assert len(demo("list", "--json", "--limit", "3").lines()) == 3


def test_the_queue_stands_critical_first_then_by_deadline(demo: Commands) -> None:
    rows = demo("list", "--view", "queue", "--json").lines()
    order = [(not row["critical"], row["due_at"] or "9999") for row in rows]
    assert order == sorted(order)


def test_a_list_for_people_has_a_line_for_each(demo: Commands) -> None:
    rows = demo("list", "--view", "queue", "--json").lines()
    lines = demo("list", "--view", "queue").out.splitlines()
    assert [int(line.split()[0]) for line in lines] == [row["id"] for row in rows]
    assert "\x1b" not in "".join(lines)


def test_nothing_matched_is_exit_3(commands: Commands, demo: Commands) -> None:
    assert demo("list", "--query", "followers:900m+").code == 3
    empty = commands("list", "--json")
    assert (empty.code, empty.out) == (3, "")
    assert "import" in empty.err
    assert demo("show", 99999).code == 3


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("list", "--query", "topc:widget"), "topic"),
        (("list", "--view", "quue"), "did you mean queue"),
        (("list", "--limit", "0"), "0"),
        (("show", "twelve"), "'twelve' is no conversation's number"),
        (("lsit",), "list"),
        (("list", "--jsn"), "--json"),
        (("answer", "1", "perhaps"), "yes"),
        (("snooze", "1", "gestern"), "tomorrow 9:00"),
    ],
)
def test_words_that_do_not_fit_are_exit_2_with_a_hint(
    demo: Commands, words: tuple[str, ...], hint: str
) -> None:
    ran = demo(*words)
    assert (ran.code, ran.out) == (2, "")
    assert hint in ran.err


def test_the_view_mine_is_that_of_the_agent(demo: Commands) -> None:
    number = demo("list", "--view", "unclaimed", "--json", "--limit", "1").json()["id"]
    demo("claim", number)
    assert [row["id"] for row in demo("list", "--view", "mine", "--json").lines()] == [number]
    assert demo.as_login("lee")("list", "--view", "mine").code == 3


def test_a_conversation_is_shown_with_its_thread_steps_and_people(demo: Commands) -> None:
    found = demo("list", "--query", "playbook:acme-widget case:addressed", "--json").lines()
    number = found[0]["id"]
    shown = demo("show", f"#{number}").out
    for part in ("Thread", "Steps", f"@{found[0]['author']}", "Widget complaints"):
        assert part in shown
    whole = demo("show", number, "--json").json()
    assert whole["text"] == found[0]["text"]
    assert whole["steps"][0]["kind"] == "ask"
    assert {step["state"] for step in whole["steps"]} >= {"next"}


def test_an_explanation_names_words_rules_and_places(demo: Commands) -> None:
    number = demo("list", "--query", "playbook:acme-widget", "--json", "--limit", "1").json()["id"]
    lines = demo("explain", number).out
    assert "words.yaml:" in lines
    assert "playbooks/acme-widget.yaml:" in lines
    assert demo("explain", number, "--json").json()["id"] == number


HOSTILE = "@AcmeCustServ \x1b]0;pwned\x07my \x1b[31mwidget\x9b2J is\u202e broken\x00 [bold]x[/bold] \ud83d"


def test_hostile_text_steers_no_terminal(commands: Commands, feed: Feed) -> None:
    author = "\x1b[2Jjane\u202e"
    commands("import", feed.file(feed.post(HOSTILE, author=author), {"id": "x", "text": "\x1b[2J\x9b"}))
    for words in (("list",), ("list", "--json"), ("show", 1), ("show", 1, "--json"), ("refusals",),
                  ("refusals", "--json"), ("explain", 1), ("show", "\x1b[2J")):  # fmt: skip
        ran = commands(*words)
        for character in ran.out + ran.err:
            assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs"), words
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", words
    row = commands("list", "--json").json()
    assert json.dumps(row).isascii()
    assert "[bold]x[/bold]" in row["text"]
