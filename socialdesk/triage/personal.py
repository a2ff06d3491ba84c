"""Triage room: personal data in a text: cards, IBANs, e-mail addresses, telephone and security numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from socialdesk.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSONAL_DATA = "personal_data"
"""The risk label that such a text gets."""

# The groups in which cards are printed (4-4-4-4, with 3 more or 13 at once, 4-6-5, 4-6-4) or none.
_CARD = re.compile(
    r"(?<![\w.+])(?<!\d[ \-])"
    r"(?:[2-6]\d{3}([ \-]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|3\d{3}([ \-]?)\d{6}\2\d{4,5}|[2-6]\d{12,18}"
    # JCB's older numbers and Maestro's shortest
    r"|(?:1800|2131)\d{11}|(?:5[0678]|6\d)\d{10})"
    r"(?![ \-]?\d|\w)"
)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z\d]{4}){2,7}(?:[ \-]?[A-Za-z\d]{1,3})?(?!\w)")
_EMAIL = re.compile(
    r"(?<![\w.+\-/@])\w[\w.+\-%']{0,63}@[a-zA-Z\d](?:[a-zA-Z\d\-]{0,62}\.)+[a-zA-Z]{2,24}(?![\w@])"
)
_SSN = re.compile(r"(?<![\w.,/#\-])(?<!\d )\d{3}([ \-])\d{2}\1\d{4}(?![ .,:/\-]?\d|\w)")
_PHONE = re.compile(
    r"(?<![\w.,/#\-$€£])(?<!\d )"
    r"(?:\+|00)?\(?\d(?:[ ().\-/]{0,2}\d){6,14}(?: ?(?:x|ext\.?) ?\d{1,5})?(?!\w|[ .,:/\-]\d)"
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}$")
_DATE = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)")
_DIGIT = re.compile(r"\d")


def personal_data(text: str) -> tuple[Evidence, ...]:
    """What in `text` identifies or pays for somebody, in order: `value` is card, iban, email, ssn or phone.

    Cards pass the Luhn check and IBANs theirs, so that order numbers are not called cards. What was
    read as one kind is not read as another.
    """
    found: list[Evidence] = []
    for kind, words, look in _KINDS:
        for start, end in look(text):
            if all(end <= other.start or start >= other.end for other in found):
                found.append(
                    Evidence(PERSONAL_DATA, kind, f"looks like {words}", text[start:end], start, end)
                )
    return tuple(sorted(found, key=lambda evidence: evidence.start))


def _emails(text: str) -> Iterator[tuple[int, int]]:
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield found.span()


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for found in _IBAN.finditer(text):
        # Loaded where one may be: python-stdnum's checks cost 10 ms to import.
        from stdnum import iban

        start, end = found.span()
        # The words after an IBAN look like more of it; cut them off until the check digits agree.
        while end - start >= 15:
            if iban.is_valid(text[start:end].replace("-", " ")):
                yield start, end
                break
            cut = max(text.rfind(" ", start, end), text.rfind("-", start, end))
            if cut < 0:
                break
            end = cut


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for found in _CARD.finditer(text):
        digits = "".join(_DIGIT.findall(found[0]))
        if len(digits) <= 19 and len(set(digits)) > 1:
            from stdnum import luhn

            if luhn.is_valid(digits):
                yield found.span()


def _ssns(text: str) -> Iterator[tuple[int, int]]:
    for found in _SSN.finditer(text):
        yield found.span()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(text):
        digits = "".join(_DIGIT.findall(found[0].lower().partition("x")[0]))
        if _DATE.match(found[0]) or _ADDRESS.match(found[0]) or len(digits) > 15:
            continue
        # Bare digits are order numbers more often than telephones; a sign, a zero or spacing makes one.
        if found[0][0] in "+(" or digits[0] == "0" or (len(digits) >= 9 and not found[0].isdigit()):
            yield found.span()


_KINDS = (
    ("email", "an e-mail address", _emails),
    ("iban", "an IBAN with its check digits", _ibans),
    ("card", "a payment card with its check digit", _cards),
    ("ssn", "a social security number", _ssns),
    ("phone", "a telephone number", _phones),
)
