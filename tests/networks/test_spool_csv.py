"""CSV as it is really exported."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialdesk.errors import UsageError
from socialdesk.model import Mention, Refusal
from socialdesk.networks.lines import LINE_LIMIT, Progress, lines_of
from socialdesk.networks.mapping import Mapping, parse_map
from socialdesk.networks.spool import read
from socialdesk.networks.spool_csv import RECORD_LINES, read_csv

if TYPE_CHECKING:
    from pathlib import Path

Read = Callable[..., tuple[list[Mention], list[Refusal]]]
HEADER = "id,text,author,created\n"
DAY = "2026-01-02"


def texts(mentions: list[Mention]) -> list[str]:
    return [mention.text for mention in mentions]


def test_the_map_names_the_columns(reading: Read) -> None:
    mentions, refusals = reading(
        "nr,who,words,when,answers,lang\n3.0,@ann,so &amp; so,2026-01-02,2.0,en\n",
        columns="text=words,id=nr,author=who,created=when,reply_to=answers,language=lang",
    )
    assert refusals == []
    (found,) = mentions
    assert (found.external_id, found.author, found.text) == ("3", "ann", "so & so")
    assert (found.reply_to, found.language) == ("2", "en")
    assert json.loads(found.raw) == {
        "nr": "3.0", "who": "@ann", "words": "so &amp; so", "when": "2026-01-02",
        "answers": "2.0", "lang": "en",
    }  # fmt: skip
    assert found.origin.endswith("posts.csv:2")


def test_every_mapped_part_arrives(reading: Read) -> None:
    mentions, _ = reading(
        "i,t,a,c,r,n,f,l,u,w,q\n1,hi,ann,2026-01-02,7,Ann A,1200,pt_BR,https://x.example/1,Bluesky,9\n",
        columns="id=i,text=t,author=a,created=c,reply_to=r,name=n,followers=f,language=l,url=u,network=w,quote_of=q",
    )
    found = mentions[0]
    assert (found.reply_to, found.name, found.followers) == ("7", "Ann A", 1200)
    assert (found.language, found.url) == ("pt-BR", "https://x.example/1")
    assert (found.network, found.quote_of) == ("bluesky", "9")


@pytest.mark.parametrize(
    ("header", "row", "author", "reply_to"),
    [
        (",tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id",
         "0,1,115712,True,Tue Oct 31 22:10:47 +0000 2017,hello,2,3.0", "115712", "3"),
        ("tweet_id,airline,name,text,tweet_created", "1,Acme Air,cairdin,hello,2017-10-31 14:10:47 -0800",
         "cairdin", None),
        ("id,text,author,created", "1,hello,ann,2017-10-31T22:10:47Z", "ann", None),
        ("Id;Text;Author;Created", "1;hello;ann;31/10/2017 22:10:47", "ann", None),
        ("ID\tFull Text\tScreen Name\tCreated At", "1\thello\tann\t1509487847", "ann", None),
        ("sep=;\nid;text;author;created", "1;hello;ann;1509487847000", "ann", None),
    ],
)  # fmt: skip
def test_usual_headers_need_no_map(
    reading: Read, header: str, row: str, author: str, reply_to: str | None
) -> None:
    mentions, refusals = reading(f"{header}\n{row}\n")
    assert refusals == []
    (found,) = mentions
    assert (found.external_id, found.text, found.author, found.reply_to) == ("1", "hello", author, reply_to)
    assert found.created == 1_509_487_847_000


def test_a_partial_map_is_completed_for_what_is_required_only(reading: Read) -> None:
    mentions, _ = reading(
        "id,complaint,author,created,reply_to\n1,hello,ann,2026-01-02,7\n", columns="text=complaint"
    )
    assert (mentions[0].text, mentions[0].reply_to) == ("hello", None)


def test_an_index_column_without_a_header_is_passed_over(reading: Read) -> None:
    mentions, refusals = reading(f"{HEADER}1,11,hello,ann,{DAY}\n2,12,bye,bob,{DAY}\n3,13,short,cy\n")
    assert [mention.external_id for mention in mentions] == ["11", "12"]
    assert [refusal.line for refusal in refusals] == [4]
    assert json.loads(mentions[0].raw)[""] == "1"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("text=txt,id=id,author=author,created=created", r"no column 'txt'; did you mean 'text'\?"),
        ("test=text", r"knows no 'test'; did you mean 'text'\?"),
        ("text", "PART=COLUMN"),
        ("text=", "PART=COLUMN"),
        ("text=a,text=b", "twice"),
    ],
)
def test_a_wrong_map_is_told_with_the_nearest_name(reading: Read, written: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        reading(f"{HEADER}1,hello,ann,{DAY}\n", columns=written)


def test_a_missing_column_is_told_with_what_to_say(reading: Read) -> None:
    with pytest.raises(UsageError, match=r"no column found for id, author, created; say --map id=COLUMN,"):
        reading(",text,priority\n4421,hello,normal\n")


def test_the_map_is_a_plain_record() -> None:
    assert parse_map("text=Body, id = Nr") == Mapping(text="Body", id="Nr")


def test_ragged_rows_are_refused_unless_every_mapped_column_is_there(reading: Read) -> None:
    mentions, refusals = reading(
        "id,text,author,created,mood,shop\n"
        f"1,whole,ann,{DAY},good,Bonn\n"
        f"2,short but enough,ann,{DAY}\n"
        "3,too short,ann\n"
        f"4,one, comma too many,ann,{DAY},good,Bonn\n"
        f"5,empty at the end,ann,{DAY},good,Bonn,,\n"
        "\n"
        f"6,after all that,ann,{DAY},good,Bonn\n"
    )
    assert [mention.external_id for mention in mentions] == ["1", "2", "5", "6"]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (4, "the row has 3 columns, the header 6"),
        (5, "the row has 7 columns, the header 6"),
    ]
    assert refusals[0].raw == "3,too short,ann"


def test_line_numbers_are_true_after_quoted_newlines(reading: Read) -> None:
    mentions, refusals = reading(
        f'{HEADER}1,"two\nlines",ann,{DAY}\n2,"three\r\n\nlines",ann,soon\n3,"a ""quoted"" word",ann,{DAY}\n'
    )
    assert texts(mentions) == ["two\nlines", 'a "quoted" word']
    assert mentions[1].origin.endswith(":7")
    assert [(refusal.line, refusal.raw) for refusal in refusals] == [(4, '2,"three\r\n\nlines",ann,soon')]


def test_a_quotation_mark_that_never_closes_takes_no_other_row_with_it(reading: Read) -> None:
    rows = "".join(f"{n},fine,ann,{DAY}\n" for n in range(3, 30))
    mentions, refusals = reading(f'{HEADER}1,fine,ann,{DAY}\n2,"never closed,ann,{DAY}\n{rows}')
    assert len(mentions) == 28
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (3, "a quotation mark is never closed")
    ]


def test_a_quotation_mark_that_closes_in_another_row_joins_no_two_customers(reading: Read) -> None:
    mentions, refusals = reading(
        f'{HEADER}1,"never closed,ann,{DAY}\n2,"well",bob,{DAY}\n3,"fine",cy,{DAY}\n'
    )
    assert [(mention.external_id, mention.author) for mention in mentions] == [("2", "bob"), ("3", "cy")]
    assert [refusal.line for refusal in refusals] == [2]


def test_a_quotation_mark_left_open_far_above_is_given_up(reading: Read) -> None:
    rows = "".join(f"{n},fine,ann,{DAY}\n" for n in range(RECORD_LINES + 50))
    mentions, refusals = reading(f'{HEADER}x,"open,ann,{DAY}\n{rows}')
    assert len(mentions) == RECORD_LINES + 50
    assert [refusal.line for refusal in refusals] == [2]


def test_quotation_marks_that_are_not_doubled_are_understood_on_one_line(reading: Read) -> None:
    mentions, refusals = reading(
        f'{HEADER}1,"she said \\"no\\", twice",ann,{DAY}\n2,"odd" one,ann,{DAY}\n3,5" screen,ann,{DAY}\n'
    )
    assert refusals == []
    assert texts(mentions) == ['she said "no", twice', "odd one", '5" screen']


def test_bare_carriage_returns_end_a_line_and_keep_its_number(reading: Read) -> None:
    mentions, refusals = reading(
        f"{HEADER}1,broken \r\rin two,ann,{DAY}\n2,fine,ann,{DAY}\n3,fine,ann,soon\n"
    )
    assert [mention.external_id for mention in mentions] == ["2"]
    assert [refusal.line for refusal in refusals] == [2, 2, 2, 4]


def test_old_mac_line_ends(reading: Read) -> None:
    mentions, refusals = reading(f"{HEADER}1,hello,ann,{DAY}\n2,bye,bob,{DAY}\n".replace("\n", "\r"))
    assert texts(mentions) == ["hello", "bye"]
    assert refusals == []


def test_missing_values_and_rounded_ids(reading: Read) -> None:
    mentions, refusals = reading(
        "id,text,author,created,reply_to\n"
        f"1,hello,ann,{DAY},NaN\n2,hello,ann,{DAY},5.7E+17\n"
        f"NaN,hello,ann,{DAY},\n5.70306E+17,hello,ann,{DAY},\n3,,ann,{DAY},\n4,hello,None,{DAY},\n5,hello,ann,NaT,\n"
    )
    assert [(mention.external_id, mention.reply_to) for mention in mentions] == [("1", None), ("2", None)]
    assert [refusal.reason.split(" ", 1)[0] for refusal in refusals] == ["it", "the", "its", "it", "the"]
    assert [refusal.line for refusal in refusals] == [4, 5, 6, 7, 8]


def test_american_dates_are_known_by_the_file(reading: Read) -> None:
    mentions, _ = reading(f"{HEADER}1,hello,ann,03/04/2017 10:00\n2,hello,ann,10/31/2017 10:00\n")
    assert [mention.created for mention in mentions] == [1_488_621_600_000, 1_509_444_000_000]
    mentions, _ = reading(f"{HEADER}1,10/31/2017 says a post,ann,03/04/2017 10:00\n")
    assert [mention.created for mention in mentions] == [1_491_213_600_000]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_are_recognised(reading: Read, encoding: str) -> None:
    mentions, refusals = reading(f'{HEADER}1,"Grüße\n🙂",ann,{DAY}\r\n'.encode(encoding))
    assert (texts(mentions), refusals) == (["Grüße\n🙂"], [])


def test_windows_1252_is_read(reading: Read) -> None:
    mentions, _ = reading(f"{HEADER}1,Café “déjà vu”,ann,{DAY}\n".encode("cp1252"))
    assert texts(mentions) == ["Café “déjà vu”"]


def test_nul_bytes_disappear(reading: Read) -> None:
    mentions, refusals = reading(f"{HEADER}1,he\0llo,ann,{DAY}\n")
    assert (texts(mentions), refusals) == (["hello"], [])


def test_enormous_fields_and_lines(reading: Read) -> None:
    mentions, refusals = reading(
        f"{HEADER}1,{'x' * 1_000_000},ann,{DAY}\n2,{'x' * (LINE_LIMIT + 10)},ann,{DAY}\n3,fine,ann,{DAY}\n"
    )
    assert [mention.external_id for mention in mentions] == ["1", "3"]
    assert [(refusal.line, "longer than" in refusal.reason) for refusal in refusals] == [(3, True)]


def test_an_empty_file_and_a_lone_header_hold_nothing(reading: Read) -> None:
    assert reading("") == ([], [])
    assert reading(HEADER) == ([], [])
    assert reading("\n\n") == ([], [])


def test_double_ids_are_passed_on_for_the_inbox_to_tell_apart(reading: Read) -> None:
    mentions, _ = reading(f"{HEADER}1,first,ann,{DAY}\n1,second,ann,{DAY}\n")
    assert texts(mentions) == ["first", "second"]


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(rows: int) -> int:
        head = iter(["id,text,author,created\n"])
        lines = (f"{n},my widget broke {n},ann,{DAY}T00:00:{n % 60:02}Z\n" for n in range(rows))
        tracemalloc.start()
        for _ in read_csv(chain(head, lines), HEADER, "posts.csv", None, "spool"):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(20_000) < 1.5 * peak(2_000) + 50_000


cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
line_break = st.sampled_from(["", "\n", ' "', ",", "\r\n"])


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cell, line_break, cell), min_size=1, max_size=6))
def test_what_the_csv_module_writes_is_read_back_row_by_row(
    reading: Read, rows: list[tuple[str, str, str]]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "text", "author", "created"])
    for n, (one, middle, two) in enumerate(rows):
        writer.writerow([n, f"a{one}{middle}{two}z", "ann", DAY])
    mentions, refusals = reading(out.getvalue())
    assert refusals == []
    assert [mention.external_id for mention in mentions] == [str(n) for n in range(len(rows))]
    for mention, (one, middle, two) in zip(mentions, rows, strict=True):
        assert json.loads(mention.raw)["text"] == f"a{one}{middle}{two}z"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["1", ",", '"', "\n", "\r", "\\", "a", DAY, ",ann,", ";", "\0"]), max_size=40)
)
def test_every_line_of_any_rubble_is_used_or_refused(reading: Read, parts: list[str]) -> None:
    rubble = "".join(parts)
    mentions, refusals = reading(f"{HEADER}{rubble}\n99,last,ann,{DAY}\n")
    kept = "".join(mention.raw for mention in mentions) + "".join(refusal.raw for refusal in refusals)
    assert kept.count("ann") == rubble.count("ann") + 1
    assert len(mentions) + len(refusals) >= 1


def items_of(path: Path) -> Iterator[Mention | Refusal]:
    with path.open("rb") as file:
        yield from read_csv(lines_of(file, Progress()), HEADER, "posts.csv", None, "spool")


def test_one_bad_line_among_many_is_one_refusal(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    with file.open("w") as out:
        out.write(HEADER)
        out.writelines(f"{n},fine,ann,{DAY}\n" if n != 7_000 else "bad\n" for n in range(20_000))
    refused = [item for item in items_of(file) if isinstance(item, Refusal)]
    assert [(item.line, item.raw) for item in refused] == [(7_002, "bad")]


def test_real_support_export(real_data: Path) -> None:
    columns = "text=text,id=tweet_id,author=author_id,created=created_at,reply_to=in_response_to_tweet_id"
    items = list(read(real_data / "twcs" / "twcs_5k.csv", parse_map(columns)))
    mentions = [item for item in items if isinstance(item, Mention)]
    assert (len(mentions), len(items) - len(mentions)) == (4_999, 3)
    assert {item.line for item in items if isinstance(item, Refusal)} == {2_589}
    assert (mentions[0].external_id, mentions[0].author, mentions[0].reply_to) == ("1", "sprintcare", "3")
    assert not any("&amp;" in mention.text for mention in mentions)


@pytest.mark.parametrize(
    ("name", "rows"), [("airline/tweets.csv", 7_351), ("twcs/twcs_random_small.csv", 5_000)]
)
def test_other_real_exports_go_in_whole_without_a_map(real_data: Path, name: str, rows: int) -> None:
    items = list(read(real_data / name))
    assert len(items) == rows
    assert all(isinstance(item, Mention) for item in items)
