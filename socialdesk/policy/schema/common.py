"""What every shape shares: no unknown words, plain names, lengths of time, one-or-many."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from socialdesk.conditions.units import parse_duration


class Entry(BaseModel):
    """A mapping in a policy file; a word it does not know is an error, a number may stand for words."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, serialize_by_alias=True)


def _duration(value: object) -> object:
    if isinstance(value, str):
        try:
            return parse_duration(value)
        except ValueError as error:
            raise PydanticCustomError("duration", "{why}", {"why": str(error)}) from None
    why = "a number without a unit" if isinstance(value, int | float) else "not a length of time"
    raise PydanticCustomError("duration", "{why}", {"why": f"'{value}' is {why}"})


def _one_or_many(value: object) -> object:
    return value if value is None or isinstance(value, list) else [value]


Duration = Annotated[int, BeforeValidator(_duration)]
"""A length of time, written `90s 5m 2h 3d`, kept in milliseconds."""

Name = Annotated[str, StringConstraints(pattern=r"^[\w][\w.-]*$", max_length=80)]
"""A name that other places refer to: letters, digits, hyphens, underscores, no spaces."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A sentence people read; never empty."""

Names = Annotated[list[Name], BeforeValidator(_one_or_many)]
"""One name or a list of them."""

WordList = Annotated[list[Words], BeforeValidator(_one_or_many)]
"""One sentence or a list of them."""

OneOrMany = BeforeValidator(_one_or_many)
"""Makes a lone entry a list of one, so that a lead may spare the hyphen."""

Condition = Any
"""An `if:` block as written; conditions.parse_mapping reads it."""
