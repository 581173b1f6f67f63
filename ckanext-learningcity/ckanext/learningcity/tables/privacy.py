"""The gate that keeps data on persons out: ids, telephone numbers, mail addresses, names.

Every cell of every sheet is looked at, whether it was read or not. The rules are chosen so that
codes, values and the address of an office raise no alarm; `docs/checks.md` says which they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from . import personal
from .layout import ROW, Grid, Layout
from .report import Issue, Report
from .suspects import Column, columns

#: Telephone numbers and mail addresses beside the table of a sheet that an office may have.
CONTACTS = 5

#: Names from which a column is one of persons.
NAMES = 3

NO_PERSON = {"en": "no data on persons", "th": "ไม่มีข้อมูลส่วนบุคคล"}


def scan(
    grids: Iterable[Grid],
    report: Report,
    layout: Layout | None = None,
    rows: pl.DataFrame | None = None,
) -> None:
    """Report data on persons in `grids` by cell; what was found is masked.

    Call it after `validate.check`, so that the publisher is told of everything at once.

    :param layout: where the table was read from: 13 digits in its column of values are no id
    :param rows: the rows of the table: an address in one of them is not that of an office
    """
    for grid in grids:
        table = layout if layout and layout.sheet == grid.name else None
        inside = frozenset(rows[ROW]) if table and rows is not None else frozenset()
        report.add(_Sheet(grid, table or Layout(), inside).issues())


@dataclass(frozen=True)
class _Cell:
    row: int
    letter: str
    found: str
    kind: str  # as in the code of its finding


class _Sheet:
    """One sheet; `inside` are the rows of the table, where it is known."""

    def __init__(self, grid: Grid, layout: Layout, inside: frozenset[int]) -> None:
        self.grid = grid
        self.inside = inside
        self.columns = {column.letter: column for column in columns(grid)}
        self.named = [
            column
            for column in self.columns.values()
            if "name" in column.kinds or len(column.names) >= NAMES
        ]
        own = layout.columns.get("OBS_VALUE")
        self.values = {*layout.spread, own.letter if own else ""}
        self.headings = {
            **{column.letter: column.heading for column in layout.columns.values()},
            **layout.spread,
        }

    def issues(self) -> Iterator[Issue]:
        """Yield the findings of the sheet."""
        cells = [cell for column in self.columns.values() for cell in self._cells(column)]
        contacts = self._contacts([cell for cell in cells if cell.kind != "id"])
        for cell in cells:
            code = "privacy_contact" if cell in contacts else f"privacy_{cell.kind}"
            yield self._issue(code, cell.row, cell.letter, personal.mask(cell.found), NO_PERSON)
        personal_columns = {cell.letter for cell in cells if cell not in contacts}
        personal_columns |= {
            letter
            for letter, column in self.columns.items()
            if column.kinds & {"id", "phone", "person"}
        }
        yield from self._names(sorted(personal_columns))

    def _cells(self, column: Column) -> Iterator[_Cell]:
        """Yield the cells of a column that hold something personal."""
        bare_ids_count = self._are_ids(column)
        for row, text in column.cells:
            ids, emails = personal.national_ids(text), personal.emails(text)
            if ids and (bare_ids_count or not text.isdecimal()):
                yield _Cell(row, column.letter, ids[0], "id")
            elif phones := self._phones(column, text):
                yield _Cell(row, column.letter, phones[0], "phone")
            elif emails:
                yield _Cell(row, column.letter, emails[0], "email")

    def _are_ids(self, column: Column) -> bool:
        """Whether 13 digits alone are ids in this column.

        One number in ten has a right check digit by chance. So the heading must say so, names must
        stand beside, or, where there are no values, most of the numbers of the column must be ids.
        """
        if "id" in column.kinds or any(named is not column for named in self.named):
            return True
        numbers = [text for _, text in column.cells if re.fullmatch(r"\d{13}", text)]
        ids = [text for text in numbers if personal.national_ids(text)]
        return column.letter not in self.values and len(ids) * 2 >= len(numbers)

    def _phones(self, column: Column, text: str) -> list[str]:
        is_value = column.letter in self.values
        if "phone" in column.kinds and not is_value and personal.is_phone(text):
            return [text]
        if text.isdecimal() and (is_value or "code" in column.kinds):
            return []
        return personal.phones(text)

    def _contacts(self, cells: list[_Cell]) -> frozenset[_Cell]:
        """Return the cells in lines of a word or two beside the table, if they are a few."""
        if not cells:
            return frozenset()
        filled = self.grid.cells.select(
            ROW, _filled=pl.sum_horizontal(pl.exclude(ROW).is_not_null())
        )
        if int(filled["_filled"].max() or 0) < 3:  # type: ignore[arg-type]
            return frozenset()
        lines = set(filled.filter(pl.col("_filled") < 3)[ROW]) - self.inside
        beside = frozenset(cell for cell in cells if cell.row in lines)
        return beside if len(beside) <= CONTACTS else frozenset()

    def _names(self, beside: list[str]) -> Iterator[Issue]:
        """Yield the columns of names that stand beside personal columns."""
        for column in self.named:
            others = [letter for letter in beside if letter != column.letter]
            if not others:
                continue
            named = ", ".join(f"“{self._heading(letter)}”" for letter in others)
            expected = {"en": f"the column {named}", "th": f"คอลัมน์ {named}"}
            row = column.heading_row if "name" in column.kinds else column.names[0]
            heading = self._heading(column.letter)
            yield self._issue("privacy_name", row, column.letter, heading, expected)

    def _heading(self, letter: str) -> str:
        return self.headings.get(letter) or self.columns[letter].heading or letter

    def _issue(
        self,
        code: str,
        row: int | None,
        letter: str,
        found: str | None,
        expected: Mapping[str, str],
    ) -> Issue:
        sheet = self.grid.name or None
        return Issue(code, row, self._heading(letter), found, expected, f"{letter}{row}", sheet)
