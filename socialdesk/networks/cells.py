"""Networks room: what a cell of a foreign export means; anything may stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from socialdesk.model import Refusal, Visibility
from socialdesk.networks.dates import from_number
from socialdesk.text import clean, unescape_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialdesk.model import Millis
    from socialdesk.networks.dates import DateReader

RAW_KEPT: Final = 8_000
"""Characters of a refused row that are kept; enough to find it again, not enough to fill a disk."""
LINE: Final = 500
"""Characters of an id, a name or any other single line that are kept."""
_ADDRESS: Final = 2_048
_MISSING: Final = frozenset({"", "nan", "NaN", "NAN", "None", "none", "null", "NULL", "Null", "N/A", "#N/A"})
_TRUE: Final = frozenset({"true", "1", "1.0", "yes", "y", "t"})
_FALSE: Final = frozenset({"false", "0", "0.0", "no", "n", "f"})
_WHOLE: Final = re.compile(r"[+]?(\d+)\.0*")
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[eE][+]?\d+")
_EXACT: Final = 2**53
"""Above it, a floating-point number no longer holds every integer."""
_NETWORK: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_VISIBILITY: Final = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "followers": Visibility.FOLLOWERS,
    "followers_only": Visibility.FOLLOWERS,
    "protected": Visibility.FOLLOWERS,
}


class RowError(Exception):
    """This row cannot become a mention; `str()` says why in plain words."""


def refusal(source: str, line: int | None, reason: str, raw: str) -> Refusal:
    """A refusal whose raw form is kept up to `RAW_KEPT` characters."""
    raw = raw.rstrip("\r\n")
    if len(raw) > RAW_KEPT:
        raw = f"{raw[:RAW_KEPT]}… ({len(raw):,} characters in all)"
    return Refusal(clean(source), line, clean(reason), raw.encode("utf-8", "replace").decode())


def body(value: object) -> str:
    """The text of a post: entities decoded once, then made inert."""
    if not isinstance(value, str):
        if value is None:
            raise RowError("it has no text")
        raise RowError(f"its text is not words but {_kind(value)}")
    return clean(unescape_html(value) if "&" in value else value).strip()


def identifier(value: object) -> str | None:
    """A network's id as a string (`3.0` and 3 are `3`); None where there is none."""
    if value is None or value is False or value is True:
        return None
    if isinstance(value, str):
        if value.isdecimal():
            return value
        return _written_identifier(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value != value:
            return None
        if not value.is_integer() or abs(value) >= _EXACT:
            raise RowError(f"the id {value!r} has lost its last digits in a spreadsheet")
        return str(int(value))
    raise RowError(f"the id is not a word or number but {_kind(value)}")


def _written_identifier(value: str) -> str | None:
    value = line(value)
    if value in _MISSING:
        return None
    if len(value) >= LINE:
        raise RowError("the id is longer than any network writes them")
    whole = _WHOLE.fullmatch(value)
    if whole:
        return whole[1]
    if _ROUNDED.fullmatch(value):
        raise RowError(f"the id {value} has lost its last digits in a spreadsheet")
    return value


def link(value: object) -> str | None:
    """The id of another post; None where there is none or a spreadsheet has rounded it."""
    try:
        return identifier(value)
    except RowError:
        return None


def line(value: str) -> str:
    """Foreign words on one line, inert, at most 500 characters."""
    if value.isascii() and value.isprintable() and len(value) <= LINE:
        return value.strip()
    return " ".join(clean(value, LINE).split())


def words(value: object) -> str | None:
    """One line of words, or None where the cell is empty or no text."""
    if not isinstance(value, str):
        return None
    found = line(unescape_html(value) if "&" in value else value)
    return found if found not in _MISSING else None


def handle(value: object) -> str | None:
    """An account's name without the leading @; None where there is none. Some exports number theirs."""
    if isinstance(value, str):
        found = line(value).lstrip("@").strip()
        if "." in found and (whole := _WHOLE.fullmatch(found)):
            return whole[1]
        return found if found not in _MISSING else None
    return link(value)


def moment(value: object, dates: DateReader) -> Millis | None:
    """A date in UTC milliseconds; None where there is none; RowError where it cannot be read."""
    if isinstance(value, str):
        found = dates.read(value)
        if found is None and line(value) not in _MISSING:
            raise RowError(f"the date {line(value)[:60]!r} cannot be read")
        return found
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        found = from_number(value)
        if found is None and value == value:
            raise RowError(f"the date {value!r:.60} cannot be read")
        return found
    raise RowError(f"the date is not a word or number but {_kind(value)}")


def count(value: object) -> int | None:
    """How many, at least 0 (`1,234`, `1234.0`); None where it is no such number."""
    if isinstance(value, str):
        written = value.strip().replace(",", "")
        if not re.fullmatch(r"\d{1,15}(?:\.0*)?", written, re.ASCII):
            return None
        return int(written.partition(".")[0])
    if isinstance(value, float):
        value = int(value) if 0 <= value < _EXACT else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _EXACT:
        return value
    return None


def truth(value: object) -> bool | None:
    """Yes or no in the usual words; None where neither is said."""
    if isinstance(value, bool):
        return value
    written = str(value).strip().lower() if isinstance(value, str | int | float) else ""
    return True if written in _TRUE else False if written in _FALSE else None


def language(value: object) -> str | None:
    """A language tag such as `en` or `pt-BR`; None where the network says nothing usable."""
    if not isinstance(value, str):
        return None
    found = value.strip()
    if found.lower() in ("und", "zxx") or not _LANGUAGE.fullmatch(found):
        return None
    return found.replace("_", "-")


def address(value: object) -> str | None:
    """A web address a browser may open; None for every other scheme."""
    if not isinstance(value, str) or len(value) > _ADDRESS:
        return None
    found = clean(value, _ADDRESS).strip()
    if not found[:8].lower().startswith(("http://", "https://")) or any(c.isspace() for c in found):
        return None
    return found


def network_name(value: object) -> str | None:
    """A network's name as conditions write it: lower case, no spaces; None where there is none."""
    if not isinstance(value, str) or value in _MISSING:
        return None
    found = line(value).lower().replace(" ", "_")
    if not _NETWORK.fullmatch(found):
        raise RowError(f"the network {found[:40]!r} is not a name")
    return found


def visibility(value: object) -> Visibility:
    """Who can read it; a word we do not know is treated as private, the careful way."""
    if value is None or value == "":
        return Visibility.PUBLIC
    return _VISIBILITY.get(str(value).strip().lower(), Visibility.PRIVATE)


def metrics(value: object) -> dict[str, int] | None:
    """Counts by name; what is no count is left out."""
    if not isinstance(value, dict):
        return None
    counts = ((line(str(name))[:40], count(cell)) for name, cell in value.items())
    return {name: number for name, number in counts if number is not None} or None


def profile(value: object) -> Mapping[str, object] | None:
    """What else the network tells of the author, every word of it inert."""
    if not isinstance(value, dict):
        return None
    return {line(str(key)): _inert(cell, 4) for key, cell in value.items()}


def _inert(value: object, depth: int) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict) and depth:
        return {line(str(key)): _inert(cell, depth - 1) for key, cell in value.items()}
    if isinstance(value, list) and depth:
        return [_inert(cell, depth - 1) for cell in value]
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, bool | int | float) else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "something else")
