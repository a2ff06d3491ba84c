"""A small team's words, written by hand for the tests of triage."""

from __future__ import annotations

from socialdesk.model import Lexicon, Term

FORMS: dict[str, dict[str, list[str]]] = {
    "name": {"Acme": ["Acme", "Acme Corp"]},
    "hashtag": {"acme": ["acme", "AcmePlus"]},
    "topic": {
        "widget": ["widget", "widgets", "acme widget"],
        "dock": ["dock", "charging dock"],
        "broken": [
            "broken",
            "broke",
            "dead",
            "packed up",
            "stopped working",
            "not working",
            "kaputt",
            "壊れた",
        ],
        "login": ["log in", "login"],
        "billing": ["charged twice", "invoice", "charged"],
        "opening": ["opening hours"],
    },
    "risk": {"safety": ["caught fire", "burnt my hand"], "legal": ["my lawyer"]},
    "feeling": {
        "upset": [
            "broke",
            "broken",
            "still waiting",
            "on hold",
            "charged twice",
            "no reply",
            "problem",
            "problems",
            "late",
            "losing",
            "terrible",
            "let down",
            "thanks for nothing",
            "enttäuscht",
            "💔",
        ],
        "belligerent": ["liars", "scam", "you people", "shame on you", "crooks"],
        "thankful": [
            "thanks",
            "thank you",
            "much appreciated",
            "well done",
            "works again",
            "impressed",
            "danke",
        ],
    },
    "spam": {"spam": ["free followers", "click here to win"]},
}

TERMS = tuple(
    Term(kind, label, form, f"words.yaml:{line}")
    for kind, labels in FORMS.items()
    for line, (label, forms) in enumerate(labels.items(), 1)
    for form in forms
)

LEXICON = Lexicon(
    hash="test",
    terms=TERMS,
    handles=frozenset({"AcmeCustServ", "acme"}),
    colleagues=frozenset({"Lee_at_Acme"}),
    vips=frozenset({"valentinaruiz"}),
    advocates=frozenset({"hvac_harriet"}),
    products=frozenset({"widget", "dock"}),
    faults=frozenset({"broken", "login"}),
)
