"""Where a table stood in its source, so that a finding can be shown in the publisher's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

#: Carries the row of the source, as a spreadsheet numbers it, through the checks.
ROW = "_row"

#: The name that the portal's template defines in its workbook, for its sheet of observations.
TEMPLATE = "learningcity_template"

#: The other sheets of the template.
INSTRUCTIONS, LISTS = "instructions", "lists"

#: The sheet of findings in a table that was given back; it is never read.
FINDINGS = "ผลการตรวจ (Report)"

#: Carries the letter of the column that a value came from, where a row holds several values.
LETTER = "_letter"


@dataclass(frozen=True)
class Grid:
    """One sheet of a source as text; a file of text has one sheet, named "".

    `cells` has `ROW` and one column of text a column of the sheet, named by its letters (`A`, `B`,
    …); an empty cell is null. `hidden` holds the numbers of rows that the source does not show, and
    `hidden_columns` the letters of such columns.
    `template` is true of the sheet that the portal's own template asks to fill in.
    """

    name: str
    cells: pl.DataFrame
    hidden: frozenset[int] = frozenset()
    template: bool = False
    hidden_columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Column:
    """A column of the source: its letters in a spreadsheet, and its heading as written."""

    letter: str
    heading: str


@dataclass(frozen=True)
class Layout:
    """The columns that a table was read from.

    `columns` has one source column for each SDMX name. In a wide table the columns in `spread`
    (heading by letters) hold values, and `spread_names` are the SDMX names that such a heading
    answers for: `OBS_VALUE`, and `TIME_PERIOD` or a breakdown.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    spread: Mapping[str, str] = field(default_factory=dict)
    spread_names: frozenset[str] = frozenset()
    sheet: str = ""

    @classmethod
    def named(cls, headings: Mapping[str, str]) -> Layout:
        """Return the layout of a source without cells: its own name for each SDMX name."""
        return cls({name: Column("", heading) for name, heading in headings.items()})

    def place(self, name: str, letter: str | None = None) -> Column:
        """Return the source column of SDMX name `name`; `letter` is the row's `LETTER`, if any.

        A name that the source does not have stands for itself and has no letters.
        """
        if letter and name in self.spread_names:
            return Column(letter, self.spread[letter])
        return self.columns.get(name, Column("", name))


def letters(position: int) -> str:
    """Return the letters of the column at `position`, counted from 0: A, …, Z, AA, …"""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
