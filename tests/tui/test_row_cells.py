"""Every row of the queue fills its line exactly, whatever is written in it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from socialdesk.inbox.rows import QueueRow
from socialdesk.model import ConversationId, Millis
from socialdesk.tui.plain import due_words, people, span
from socialdesk.tui.widgets.row_cells import cells_of, heading, plan_for

NOW = 1_790_000_000_000
ROW = QueueRow(
    ConversationId(1), "new", False, None, None, 50, "upset", "to_us", "mastodon", "maria_k", "my widget broke", 120,
    None, Millis(NOW), Millis(NOW), 1, False, 0, None, 1, (1, 2, 3, 4, 5),
)  # fmt: skip


@settings(max_examples=300)
@given(
    width=st.integers(41, 220),
    author=st.text(max_size=40),
    snippet=st.text(max_size=80),
    network=st.sampled_from(("x", "mastodon", "a-long-name", "見て下さい", "\x1b[31m")),
    feeling=st.sampled_from(("calm", "upset", "belligerent", "thankful", "", "unheard-of-feeling")),
    followers=st.none() | st.integers(0, 10**10),
    due=st.none() | st.integers(0, 2 * NOW),
    first=st.integers(0, NOW),
    critical=st.booleans(),
)
def test_a_row_fills_its_line_exactly_and_holds_nothing_a_terminal_obeys(
    width: int, author: str, snippet: str, network: str, feeling: str, followers: int | None, due: int | None,
    first: int, critical: bool,
) -> None:  # fmt: skip
    row = replace(
        ROW, author=author, snippet=snippet, network=network, feeling=feeling, followers=followers,
        due_at=None if due is None else Millis(due), first_at=Millis(first), critical=critical,
    )  # fmt: skip
    plan = plan_for(width)
    text = "".join(piece for _, piece in cells_of(row, plan, NOW, "ana", cursor=True))
    assert plan.words * 3 >= width, "the first words get a third of the line"
    assert cell_len(text) == width
    assert not [c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E]
    assert cell_len(heading(plan)) == width


def test_moments_are_told_in_few_letters() -> None:
    assert due_words(NOW + 12 * 60_000, 0, NOW) == "12m"
    assert due_words(NOW - 5 * 60_000, 0, NOW) == "late 5m"
    assert due_words(None, NOW - 3 * 3_600_000, NOW) == "3h ago"
    assert [span(n * 1000) for n in (5, 90, 7_200, 200_000)] == ["5s", "1m", "2h", "2d"]


def test_followers_fit_their_column() -> None:
    assert [people(n) for n in (None, 0, 950, 1_200, 12_345, 999_999, 3_100_000, 250_000_000)] == [
        "", "0", "950", "1.2k", "12k", "1000k", "3.1M", "250M",
    ]  # fmt: skip
    assert all(len(people(10**n)) <= 5 for n in range(12))
