"""Which rows of a sheet are observations, and which are titles, notes and totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from .. import spellings
from ..layout import ROW, Grid
from ..mapping import Mapping
from ..report import Issue, Report
from .findings import tell_rows
from .headings import Heading, is_heading, is_number

_QUOTED = 80
_LABELS = ("INDICATOR", "REF_AREA", "TIME_PERIOD")
_WITHOUT_DIGITS = r"^[^0-9๐-๙]+$"

#: What the template asks to be written; the rest of its rows is written already.
_ASKED = ("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "EVIDENCE")

#: In a shorter table an empty label is more likely forgotten than meant.
_FEWEST_ROWS = 4

_FOOTNOTE = re.compile(r"(?P<mark>[*†‡]+|\d{1,2}/|\([a-z\d]\))\s*(?P<text>\S.*)", re.DOTALL)


def tell_above(grid: Grid, mapping: Mapping, report: Report) -> None:
    """Report the rows above the headings, which are titles, or a table that was not chosen."""
    above = grid.cells.filter(pl.col(ROW) < mapping.first)
    rows = list(_texts(above))
    for at, (number, texts) in enumerate(rows[:-1]):
        below = [text for _, cells in rows[at + 1 :] for text in cells.values()]
        if is_heading(list(texts.values())) and any(map(is_number, below)):
            _tell_other_table(number, texts, mapping.first - 1, grid, report)
            above = above.filter(pl.col(ROW) < number)
            break
    _tell(above, "sheet_title", grid, report)


def tell_hidden(grid: Grid, mapping: Mapping, report: Report) -> None:
    """Report the hidden rows among the data in one finding, and the hidden columns in another."""
    read = {*filter(mapping.columns.get, mapping.columns), *mapping.spread}
    columns = [letter for letter in grid.cells.columns if letter in grid.hidden_columns & read]
    if columns:
        told, row = ", ".join(columns), max(mapping.last, 1)
        report.add([Issue("sheet_columns_hidden", row, found=told, sheet=grid.name or None)])
    height = grid.cells.height
    rows = sorted(row for row in grid.hidden if row > mapping.last)
    if not rows or len(grid.hidden) == height:
        return
    report.add([Issue("sheet_rows_hidden", rows[0], found=_ranges(rows), sheet=grid.name or None)])


def tell_multiples(grid: Grid, mapping: Mapping, heading: Heading, report: Report) -> None:
    """Report where a title or a heading of values says that they are in thousands or millions."""
    above = grid.cells.filter(pl.col(ROW) < mapping.first)
    places = [
        (row[0], None, text) for row in above.iter_rows() for text in {*filter(None, row[1:])}
    ]
    places += [
        (mapping.last, letter, heading.text(letter))
        for letter in heading.texts
        if letter in mapping.spread or mapping.columns.get(letter) == "OBS_VALUE"
    ]
    report.add(
        Issue(
            "column_multiple",
            row,
            text if letter else None,
            text[:_QUOTED],
            cell=f"{letter}{row}" if letter else None,
            sheet=grid.name or None,
        )
        for row, letter, text in places
        if spellings.multiple_in(text)
    )


def observations(
    grid: Grid, mapping: Mapping, heading: Heading, report: Report
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the rows of data of `grid`, and the text of each footnote by its mark.

    Notes are rows with one text that is no code and no number, wherever they stand: sections and
    sources. What is left out is told in `report`.
    """
    body = grid.cells.filter(pl.col(ROW) > mapping.last)
    letters = body.columns[1:]
    body = body.filter(~pl.all_horizontal(pl.col(letters).is_null()))
    body = _without_unfilled(body, mapping, report) if grid.template else body
    body = _without(body, _repeats(heading, letters), "sheet_heading_again", grid, report)
    body = _until_second_table(body, mapping, grid, report)
    single = pl.all_horizontal(
        (pl.col(letter).is_null() | (pl.col(letter) == pl.col("_only"))) for letter in letters
    )
    alone = body.with_columns(pl.coalesce(letters).alias("_only")).filter(single)
    texts = alone["_only"].unique(maintain_order=True)
    notes = [text for text in texts if not _is_data(text)]
    marked = filter(None, map(_FOOTNOTE.match, notes))
    footnotes = {match["mark"]: match["text"] for match in marked}
    is_note = pl.col(ROW).is_in(alone.filter(pl.col("_only").is_in(notes))[ROW].implode())
    body = _without(body, is_note, "sheet_note", grid, report)
    places = [letter for letter, name in mapping.columns.items() if name == "REF_AREA"]
    body = _without(body, _totals(body, places), "sheet_total", grid, report)
    if mapping.spread:
        empty = pl.all_horizontal(pl.col(sorted(mapping.spread)).is_null())
        body = _without(body, empty, "sheet_row_without_value", grid, report)
    return _filled(body, mapping, heading, report), footnotes


def _until_second_table(
    body: pl.DataFrame, mapping: Mapping, grid: Grid, report: Report
) -> pl.DataFrame:
    """Return `body` up to where other headings begin a second table, which is reported."""
    words = pl.lit(value=False)
    for letter in filter(mapping.columns.get, mapping.columns):
        texts = body[letter].drop_nulls().unique()
        texts = texts.filter(texts.str.contains(_WITHOUT_DIGITS))
        known = [text for text in texts if spellings.first_of(text, spellings.headings())]
        words |= pl.col(letter).is_in(known)
    for number, texts in _texts(body.filter(words.fill_null(value=False))):
        if is_heading(list(texts.values())):
            _tell_other_table(number, texts, body[ROW].to_list()[-1], grid, report)
            return body.filter(pl.col(ROW) < number)
    return body


def _tell_other_table(
    number: int, texts: dict[str, str], end: int, grid: Grid, report: Report
) -> None:
    """Report a table from its headings in row `number` to row `end`, which was not read."""
    found, rows = " · ".join(texts.values())[:_QUOTED], f"{number}–{end}"
    cell, sheet = f"{next(iter(texts))}{number}", grid.name or None
    report.add([Issue("sheet_second_table", number, None, found, rows, cell, sheet)])


def _texts(rows: pl.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each row and its texts by letters."""
    for number, *cells in rows.iter_rows():
        given = zip(rows.columns[1:], cells, strict=True)
        yield number, {letter: text for letter, text in given if text}


def _without_unfilled(body: pl.DataFrame, mapping: Mapping, report: Report) -> pl.DataFrame:
    """Return `body` without the rows of the template in which nobody has written anything."""
    asked = [letter for letter, name in mapping.columns.items() if name in _ASKED]
    untouched = body.filter(pl.all_horizontal(pl.col(asked).is_null()))
    if untouched.is_empty():
        return body
    rows = untouched[ROW].to_list()
    issue = Issue("row_unfilled", rows[0], found=_ranges(rows), sheet=mapping.sheet or None)
    report.add([issue])
    return body.filter(~pl.col(ROW).is_in(rows))


def _filled(body: pl.DataFrame, mapping: Mapping, heading: Heading, report: Report) -> pl.DataFrame:
    """Return `body` with labels repeated that stand only in the first row of their group.

    At least half of the column is empty then; fewer gaps are forgotten cells.
    """
    names = list(mapping.columns.values())
    for letter, name in mapping.columns.items():
        # Beside a larger place, an empty cell says that the row is about that one.
        alone = name in _LABELS and names.count(name) == 1
        if not alone or body.height < _FEWEST_ROWS or body[letter][0] is None:
            continue
        empty = body[letter].null_count()
        if empty * 2 >= body.height:
            body = body.with_columns(pl.col(letter).forward_fill())
            row, text = mapping.last, heading.text(letter)
            cell, sheet = f"{letter}{row}", mapping.sheet or None
            report.add([Issue("column_filled", row, text, str(empty), cell=cell, sheet=sheet)])
    return body


def _repeats(heading: Heading, letters: list[str]) -> pl.Expr:
    """Return whether a row repeats the last row of the headings, as prints of several pages do."""
    texts = {letter: heading.texts[letter][-1] for letter in letters if heading.texts.get(letter)}
    if len(texts) < 2:
        return pl.lit(value=False)
    return pl.all_horizontal(
        pl.col(letter).eq_missing(pl.lit(text)) for letter, text in texts.items()
    )


def _totals(body: pl.DataFrame, places: list[str]) -> pl.Expr:
    words = {
        text
        for letter in places
        for text in body[letter].drop_nulls().unique()
        if spellings.is_total(text)
    }
    return (
        pl.any_horizontal(pl.col(letter).is_in(list(words)) for letter in places)
        if words
        else pl.lit(value=False)
    )


def _is_data(text: str) -> bool:
    """Return whether the only text of a row is a code or a number that lost its neighbours."""
    if is_number(text) or spellings.is_period(text) or spellings.is_place(text):
        return True
    if spellings.first_of(text, spellings.indicators()):
        return True
    return spellings.first_of(text, spellings.codes()) is not None


def _without(
    body: pl.DataFrame, unwanted: pl.Expr, code: str, grid: Grid, report: Report
) -> pl.DataFrame:
    marked = body.with_columns(unwanted.fill_null(value=False).alias("_unwanted"))
    if not marked["_unwanted"].any():
        return body
    _tell(marked.filter("_unwanted").drop("_unwanted"), code, grid, report)
    return marked.filter(~pl.col("_unwanted")).drop("_unwanted")


def _tell(rows: pl.DataFrame, code: str, grid: Grid, report: Report) -> None:
    """Report rows that were not read, quoting the beginning of their texts."""

    def issue(row: tuple[Any, ...]) -> Issue:
        text = " ".join(dict.fromkeys(filter(None, row[1:])))
        short = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
        return Issue(code, row[0], found=short, sheet=grid.name or None)

    filled = rows.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    tell_rows(filled, code, issue, report)


def _ranges(rows: list[int]) -> str:
    """Return `7–12, 20` for the rows 7 to 12 and 20."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return ", ".join(texts[:20]) + (" …" if len(texts) > 20 else "")
