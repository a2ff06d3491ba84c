"""The lexicon: every form that the team has listed, with the line that teaches it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from socialdesk.policy.lexicon import build, folded, order_pattern
from socialdesk.policy.schema.words import WordsFile
from tests.unit.shipped_policy import FOLDER, policy

if TYPE_CHECKING:
    from socialdesk.model import Lexicon

WORDS: dict[str, Any] = {
    "handles": ["@AcmeCustServ", "Acme"],
    "names": ["Acme Corp"],
    "hashtags": "#AcmeWidget",
    "products": {"widget": ["widget", "widgets"], "app": {"everyday": "yes", "forms": ["App"]}},
    "topics": {
        "broken": {"title": "It broke", "fault": True, "forms": [["Doesn’t  work", "broke"], ["kaputt"]]},
        "billing": ["bill"],
    },
    "risks": {"safety": ["smoke"]},
    "feelings": {"upset": ["fed up"]},
    "spam": ["link in bio"],
    "colleagues": ["@Lee"],
    "vips": ["Star"],
    "order_numbers": ["AC-999999", "R\\d{5}"],
}


def lexicon(**changes: Any) -> Lexicon:
    plain = WordsFile.model_validate(WORDS | changes).model_dump(mode="json")
    return build(plain, lambda path: ".".join(map(str, path)))


def terms(found: Lexicon) -> set[tuple[str, str, str]]:
    return {(term.kind, term.label, term.form) for term in found.terms}


def test_every_kind_of_word_becomes_terms() -> None:
    assert terms(lexicon()) == {
        ("handle", "acmecustserv", "acmecustserv"),
        ("handle", "acme", "acme"),
        ("name", "acme corp", "acme corp"),
        ("hashtag", "acmewidget", "acmewidget"),
        ("topic", "widget", "widget"),
        ("topic", "widget", "widgets"),
        ("topic", "app", "app"),
        ("topic", "broken", "doesn't work"),
        ("topic", "broken", "broke"),
        ("topic", "broken", "kaputt"),
        ("topic", "billing", "bill"),
        ("risk", "safety", "smoke"),
        ("feeling", "upset", "fed up"),
        ("spam", "spam", "link in bio"),
    }


def test_a_form_knows_the_group_that_teaches_it() -> None:
    sources = {term.form: term.source for term in lexicon().terms}
    assert sources["broke"] == "topics.broken.forms.0"
    assert sources["kaputt"] == "topics.broken.forms.1"
    assert sources["acme"] == "handles.1"


def test_products_faults_and_everyday_words() -> None:
    found = lexicon()
    assert (found.products, found.faults, found.everyday) == ({"widget", "app"}, {"broken"}, {"app"})


def test_accounts_are_compared_in_lower_case_without_their_sign() -> None:
    found = lexicon()
    assert (found.handles, found.colleagues, found.vips) == ({"acmecustserv", "acme"}, {"lee"}, {"star"})


def test_the_hash_names_the_words_and_nothing_else() -> None:
    again = WordsFile.model_validate(dict(reversed(WORDS.items()))).model_dump(mode="json")
    assert build(again, lambda path: "elsewhere").hash == lexicon().hash
    assert lexicon(spam=["crypto"]).hash != lexicon().hash


def test_a_form_is_folded_to_lower_case_one_apostrophe_and_single_blanks() -> None:
    assert folded("  Won’t \n TURN   on ") == "won't turn on"
    assert folded("Heiß") == "heiß"


@pytest.mark.parametrize(
    ("written", "number"),
    [("AC-999999", "AC-483920"), ("R-99999", "R-20931"), (r"#\d+", "#12"), ("9/9", "1/2")],
)
def test_an_order_number_is_written_with_nines_or_as_an_expression(written: str, number: str) -> None:
    assert re.fullmatch(order_pattern(written), number)
    assert not re.fullmatch(order_pattern(written), number + "x")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"feelings": {"happy": ["yay"]}}, "no feeling `happy`"),
        ({"topics": {"x": {"fault": True}}}, "forms"),
        ({"topics": {"x": []}}, "at least 1"),
        ({"handles": ["two words"]}, "pattern"),
        ({"order_numbers": ["[9"]}, "not a pattern"),
        ({"topics": {"two words": ["x"]}}, "pattern"),
        ({"sensations": {}}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        lexicon(**changes)


def test_the_shipped_words_know_how_people_say_broken() -> None:
    broken = {term.form for term in policy().lexicon.terms if term.label == "broken"}
    assert broken >= {
        *("broke", "breaks", "dead", "packed up", "stopped working", "doesn't work", "won't turn on"),
        *("conked out", "faulty", "kaputt", "en panne", "no funciona", "壊れた", "معطل"),
    }


def test_a_shipped_form_points_to_its_line() -> None:
    term = next(term for term in policy().lexicon.terms if term.form == "conked out")
    file, line = term.source.rsplit(":", 1)
    group = (FOLDER / file).read_text().splitlines()[int(line) - 1 :][:8]
    assert "conked out" in "\n".join(group)


def test_no_shipped_form_stands_twice_for_the_same_thing() -> None:
    seen = [(term.kind, term.label, term.form) for term in policy().lexicon.terms]
    assert len(seen) == len(set(seen))
