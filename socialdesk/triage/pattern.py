"""Triage room: TextBlob's own sentiment lexicon and rules, read from its package without running it.

`import textblob` costs 170 to 500 ms because it imports nltk, which scoring never uses. Its lexicon
is a data file and its tokens and rules stand in one module without further imports, so both are
reached by their place on disk; `textblob/__init__` is not executed.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from os.path import join
from typing import Protocol, cast

from socialdesk.errors import SocialdeskError

Entry = tuple[float, float, float, bool]
"""Polarity (-1 to 1), subjectivity (0 to 1), intensity (0.5 to 2), and whether it modifies the next word."""

Senses = dict[str | None, tuple[float, float, float]]

NEGATIONS = ("no", "not", "n't", "never")
"""The negations that TextBlob's English scorer is built with."""


_LEXICON = ("en", "en-sentiment.xml")


class Scorer(Protocol):
    """What a scorer answers: polarity and subjectivity of a text."""

    def __call__(self, text: str, /) -> tuple[float, float]:
        """Score one text."""
        ...


def package_folder() -> str:
    """Where textblob is installed; raises `SocialdeskError` when it is not."""
    spec = find_spec("textblob")
    if spec is None or not spec.submodule_search_locations:
        raise SocialdeskError("textblob is not installed; install socialdesk with its requirements again")
    return next(iter(spec.submodule_search_locations))


def load_lexicon() -> dict[str, Entry]:
    """Read TextBlob's English lexicon: every word with the averages of its senses, adverbs derived.

    The averages are taken in TextBlob's order, because floating-point sums depend on it.
    """
    words: dict[str, Senses] = {}
    for form, tags in _read_senses(join(package_folder(), *_LEXICON)).items():
        averaged: Senses = {tag: _average(senses) for tag, senses in tags.items()}
        averaged[None] = _average(list(averaged.values()))
        words[form] = averaged
    for form, by_tag in list(words.items()):
        if "JJ" in by_tag:
            adverb = words.setdefault(_adverb(form), {})
            adverb["RB"] = adverb[None] = by_tag["JJ"]
    return {form: (*by_tag[None], "RB" in by_tag) for form, by_tag in words.items()}


@cache
def original() -> Scorer:
    """TextBlob's own scorer, for the texts on which the fast one does not vouch for itself."""
    loaded = sys.modules.get("textblob.en")
    if loaded is not None:
        return cast("Scorer", loaded.sentiment)
    folder = package_folder()
    rules_file = join(folder, "_text.py")
    spec = spec_from_file_location("socialdesk.triage._textblob_rules", rules_file)
    if spec is None or spec.loader is None:
        raise SocialdeskError(f"{rules_file} cannot be read; install textblob again")
    rules = module_from_spec(spec)
    spec.loader.exec_module(rules)
    scorer = rules.Sentiment(
        path=join(folder, *_LEXICON), synset="wordnet_id", negations=NEGATIONS, language="en"
    )
    scorer.load()
    for form, by_tag in list(dict.items(scorer)):
        if "JJ" in by_tag:
            scorer.annotate(_adverb(form), "RB", *by_tag["JJ"])
    return cast("Scorer", scorer)


def _read_senses(path: str) -> dict[str, dict[str | None, list[tuple[float, float, float]]]]:
    # Expat's events take a third of ElementTree's time, and this is on the way to the first import.
    from xml.parsers import expat

    words: dict[str, dict[str | None, list[tuple[float, float, float]]]] = {}

    def element(name: str, attributes: dict[str, str]) -> None:
        form = attributes.get("form")
        if name != "word" or not form:
            return
        sense = (
            float(attributes.get("polarity", 0.0)),
            float(attributes.get("subjectivity", 0.0)),
            float(attributes.get("intensity", 1.0)),
        )
        words.setdefault(form, {}).setdefault(attributes.get("pos"), []).append(sense)

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    with open(path, "rb") as file:
        parser.ParseFile(file)
    return words


def _average(senses: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    many = float(len(senses))
    polarity, subjectivity, intensity = zip(*senses, strict=True)
    return sum(polarity) / many, sum(subjectivity) / many, sum(intensity) / many


def _adverb(adjective: str) -> str:
    if adjective.endswith("y"):
        adjective = adjective[:-1] + "i"
    if adjective.endswith("le"):
        adjective = adjective[:-2]
    return adjective + "ly"
