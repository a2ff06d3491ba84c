"""TextBlob's numbers without TextBlob's cost: equality with the real one, and what is loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob, _text

from socialdesk.triage.polarity import _FACE, ABBREVIATIONS, PUNCTUATION, FastScorer, scorer, split_word

REALISTIC = [
    "",
    "   \n\n ",
    "@AcmeCustServ my widget has been broken for days, this is REALLY not good!!",
    "Oh great, my card was charged twice. Thanks a lot :(",
    "so's mine, my third one… absolutely terrible",
    "I don't think it's very good, isn't it? Not at all bad, though.",
    "Really not good (!), never again. Mr. Smith of the U.S. office, e.g., was extremely rude...",
    'She said "it\'s wonderfully simple" and ‘hardly awful’ — “never boring”',
    "Thanks!!! You're the best :-D <3 ♥ xD",
    "http://acme.example/a?b=very&c=good https://t.co/xyz: nice",
    "RT @acme: very very very nice #great @lovely_day ...wow...",
    "the MAX D edition (8) = 3 = ) : ) o.O o_O >:( :'( ;) *) ",
    "good-looking, well-made; cheap/nasty [bad] {ugly} `fine`",
    "not the best\n\nnot the worst\r\n\r\nEND-OF-SENTENCE good",
    "Widget ist kaputt, sehr schlecht. 本当にありがとう 😡😡",
    "v. good vs. bad etc. a.m. p.m. Dr. Brr. T. De Smedt A.B.C. hm.",
    "terribly hardly barely really extremely slightly great",
    "very. good! not? bad (not (very) good) ..good.. !great! ...",
    "no no no never not n't great can't good won't bad",
    "It was 10:30 / 3:30 :3 8) 2018) (since 2018) p.8)",
    ":)Appreciate it :(broken =)ok",
    "\x1c\x1d nice\x85bad\xa0good\u2003ugly\u2028fine",
]

SPOKEN = (
    "good bad great terrible really very not never no n't isn't it's hardly extremely widget the a I of my "
    "awful! nice? so-so U.S. Mr. etc. e.g. @acme #fail http://a.example/x xx D X-D 8 3 don't wasn't “lovely” "
    "happy, sad. angry... love hate <3 :) :( ;-) :-/ :p =D o_O (!) ( ! ) ’s END-OF-SENTENCE"
)
WORDS = st.sampled_from([*SPOKEN.split(), "( ! )", "\n\n", "\r\n\r\n"])
MARKS = st.text(alphabet=" \n'\"“”’.,;:!?()[]{}`@#$^&*+-|=~_/\\<>oOxXdDpP83cs♥°é😀", max_size=4)


def textblob_says(text: str) -> tuple[float, float]:
    polarity, subjectivity = TextBlob(text).sentiment
    return polarity, subjectivity


@pytest.mark.parametrize("text", REALISTIC)
def test_the_numbers_are_those_of_textblob(text: str) -> None:
    assert scorer()(text) == textblob_says(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(WORDS, st.one_of(st.just(" "), MARKS)), max_size=14))
def test_the_numbers_are_those_of_textblob_on_built_texts(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + mark for word, mark in parts)
    assert scorer()(text) == textblob_says(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_the_numbers_are_those_of_textblob_on_any_text(text: str) -> None:
    assert scorer()(text) == textblob_says(text)


def test_every_word_of_the_lexicon_scores_as_textblob_scores_it() -> None:
    from textblob.en import sentiment

    sentiment("load")
    for word in list(dict.keys(sentiment)):
        for text in (word, f"not very {word}!"):
            assert scorer()(text) == tuple(sentiment(text)), text


def test_the_constants_are_textblobs_own() -> None:
    assert set(PUNCTUATION) == set(_text.PUNCTUATION) - {"."}
    assert ABBREVIATIONS == _text.ABBREVIATIONS


@pytest.mark.parametrize("face", sorted(face for faces in _text.EMOTICONS.values() for face in faces))
def test_a_text_with_a_face_goes_to_the_original(face: str) -> None:
    if face.upper() == "XD":
        face = " ".join(face)  # in one piece it is a word to TextBlob, and no face
    for text in (face, f"well {face} then", f"well{' '.join(face)}, then"):
        assert _FACE.search(text) is not None
        assert scorer()(text) == textblob_says(text)


def test_a_forgetful_memory_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialdesk.triage.polarity.MOST_REMEMBERED", 3)
    monkeypatch.setattr("socialdesk.triage.polarity.LONGEST_REMEMBERED", 4)
    forgetful = FastScorer()
    for text in REALISTIC:
        assert forgetful(text) == textblob_says(text)


def test_ten_thousand_marks_in_one_word_are_split_into_as_many_tokens() -> None:
    assert len(split_word("!?" * 5_000 + "good" + ".," * 5_000)) == 20_001


def test_urgency_alone_does_not_load_the_matcher() -> None:
    program = (
        "import sys; from socialdesk.triage import urgency, fault_key;"
        "print('socialdesk.triage.matcher' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_scoring_loads_neither_textblob_nor_nltk() -> None:
    program = (
        "import sys, socialdesk.triage as triage;"
        "assert 'xml.parsers.expat' not in sys.modules and 'stdnum' not in sys.modules;"
        "assert triage.measure('a great widget').polarity == 0.8;"
        "assert triage.measure('a great widget :(').polarity < 0.8;"
        "loaded = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted(loaded & {'textblob', 'nltk', 'yaml', 'pydantic', 'regex', 'sqlite_utils', 'httpx'}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
