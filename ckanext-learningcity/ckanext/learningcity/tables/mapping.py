"""How the columns of a sheet become those of a table of observations."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass, field
from typing import Any

from .codelists import breakdowns, columns

#: The last row that a spreadsheet has.
LAST_ROW = 1_048_576

#: A heading has a few rows; a longer one is a slip of the hand that would swallow data.
MOST_HEADING_ROWS = 10

_LETTERS = re.compile(r"[A-Z]{1,3}")


def known_names() -> tuple[str, ...]:
    """Return the SDMX names of all columns that a publisher may give."""
    return (*columns(), *breakdowns())


def required_names() -> tuple[str, ...]:
    """Return the SDMX names without which a table holds no observations."""
    return tuple(name for name, entry in columns().items() if entry["required"])


@dataclass(frozen=True)
class Mapping:
    """What each column of one sheet means.

    `first` to `last` are the heading rows, as a spreadsheet numbers them, and data follow; a sheet
    without headings has `first` = `last` + 1. `columns` gives the SDMX name of a column by its
    letters, or "" for one that is ignored; several may be `REF_AREA`, of which the most exact place
    counts. `spread` has the columns of a wide table whose cells are values, with what their heading
    says: `{"D": {"TIME_PERIOD": "2565", "SEX": "F"}}`. `constants` say what holds for every row:
    `{"INDICATOR": "LIBRARY_VISITS"}`.
    """

    sheet: str = ""
    first: int = 1
    last: int = 1
    columns: Dictionary[str, str] = field(default_factory=dict)
    spread: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)
    constants: Dictionary[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the mapping as JSON carries it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Any) -> Mapping:
        """Return the mapping that JSON carries.

        :raises ValueError: something is not what a mapping may hold; the message says what
        """
        if not isinstance(given, dict):
            raise ValueError(f"A mapping is an object, not {given!r}.")
        unknown = sorted(map(str, set(given) - set(cls.__dataclass_fields__)))
        if unknown:
            raise ValueError(f"A mapping has no {', '.join(unknown)}.")
        sheet = given.get("sheet", "")
        if not isinstance(sheet, str):
            raise ValueError(f"“sheet” is the name of a sheet, not {sheet!r}.")
        first, last = _rows(given.get("first", 1), given.get("last", 1))
        spread = {
            letters: _texts(said, f"spread.{letters}")
            for letters, said in _object(given.get("spread", {}), "spread").items()
        }
        mapping = cls(
            sheet=sheet,
            first=first,
            last=last,
            columns=_texts(given.get("columns", {}), "columns", empty=True),
            spread=spread,
            constants=_texts(given.get("constants", {}), "constants"),
        )
        _refuse_contradictions(mapping)
        return mapping

    @property
    def names(self) -> frozenset[str]:
        """The SDMX names that this mapping gives a value for."""
        said = {name for heading in self.spread.values() for name in heading}
        values = {"OBS_VALUE"} if self.spread else set()
        return frozenset({*filter(None, self.columns.values()), *said, *values, *self.constants})


def _rows(first: Any, last: Any) -> tuple[int, int]:
    for name, row in (("first", first), ("last", last)):
        if isinstance(row, bool) or not isinstance(row, int):
            raise ValueError(f"“{name}” is the number of a row, not {row!r}.")
    if not 1 <= first <= LAST_ROW or not first - 1 <= last < first + MOST_HEADING_ROWS:
        raise ValueError(
            f"The heading rows {first} to {last} are no rows: the first is 1 to {LAST_ROW}, and "
            f"there are at most {MOST_HEADING_ROWS}."
        )
    return first, last


def _object(given: Any, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"“{name}” is an object, not {given!r}.")
    return given


def _texts(given: Any, name: str, *, empty: bool = False) -> dict[str, str]:
    for key, text in _object(given, name).items():
        if not isinstance(text, str) or not (text.strip() or (empty and text == "")):
            raise ValueError(f"“{name}.{key}” is a text, not {text!r}.")
    return dict(given)


def _refuse_contradictions(mapping: Mapping) -> None:
    for letters in (*mapping.columns, *mapping.spread):
        if not _LETTERS.fullmatch(letters):
            raise ValueError(f"{letters!r} are not the letters of a column, such as A or AB.")
    both = sorted(set(mapping.columns) & set(mapping.spread))
    if both:
        raise ValueError(f"Column {both[0]} is in “columns” and in “spread”.")
    named = [name for name in mapping.columns.values() if name]
    said = {name for heading in mapping.spread.values() for name in heading}
    if mapping.spread and "OBS_VALUE" in {*named, *said, *mapping.constants}:
        raise ValueError("OBS_VALUE is what the columns in “spread” hold; it cannot be given too.")
    for name in (*named, *said, *mapping.constants):
        if name not in known_names():
            raise ValueError(f"{name!r} is not one of {', '.join(known_names())}.")
        sources = (name in named) + (name in said) + (name in mapping.constants)
        if sources > 1 or (named.count(name) > 1 and name != "REF_AREA"):
            raise ValueError(f"{name} is given twice.")
