"""What in the columns of a sheet may be personal: the cells worth a look, and what headings say."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from . import personal
from .layout import ROW, Grid

#: Rows from the top in which a heading is looked for, and the most letters that it has.
TOP, LONGEST = 30, 60

_HEADINGS = {
    "id": r"บัตรประ|เลขประจำตัว|รหัสประจำตัว|รหัสนัก(?:เรียน|ศึกษา)|เลข\s?13\s?หลัก|หนังสือเดินทาง"
    r"|\b(?:citizen|national|personal|student|passport)[ _]?(?:id|no|number)\b",
    "phone": r"โทร(?!ทัศน์)|มือถือ|เบอร์|\b(?:tele)?phone|\bmobile|\btel\b|\bfax\b",
    "person": r"วันเกิด|วัน\s?เดือน\s?ปี\s?เกิด|ที่อยู่ตาม|บ้านเลขที่"
    r"|\bdate of birth\b|\bbirth ?date\b",
    "name": r"ชื่อ\s?(?:-|–|และ|,|/)?\s?(?:นาม)?สกุล|นามสกุล"
    r"|\b(?:full|last|first)[ _]?name\b|\bsurname\b",
    "code": r"รหัส|เลขที่|\bcode\b|\bid\b",
}
_KINDS = {kind: re.compile(shape, re.IGNORECASE) for kind, shape in _HEADINGS.items()}
_COUNTS = re.compile(
    r"จำนวน|ร้อยละ|อัตรา|สัดส่วน|ผู้ใช้|\bnumber of\b|\busers?\b|\brate\b|%", re.IGNORECASE
)

# Regular expressions of polars have no look-around; what they let through is looked at again.
_SHAPES = (
    rf"(?:^|[^0-9A-Za-z.]|[^0-9]\.)(?:{personal.ID_SHAPE}|{personal.PHONE_SHAPE})"
    r"|@|^\s*\d\.\d{12}[eE]"
)
_DIGITS = r"^[\d ()+.-]{8,19}$"
_SHORTEST = 6  # bytes: a@b.co


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    `heading_row` and `heading` are those of the cell that says what `kinds` of thing stand below:
    `id`, `phone`, `person`, `name`, `code`; None and "" where no cell does. `cells` holds the rows
    and the plain text of cells worth a look, `names` the rows of persons' names with a title.
    """

    letter: str
    heading_row: int | None
    heading: str
    kinds: frozenset[str]
    cells: tuple[tuple[int, str], ...]
    names: tuple[int, ...]


def columns(grid: Grid) -> list[Column]:
    """Return the columns of a sheet."""
    return [
        _column(grid.cells.select(ROW, letter)) for letter in grid.cells.columns if letter != ROW
    ]


def _column(cells: pl.DataFrame) -> Column:
    letter = cells.columns[1]
    row, heading, kinds = _heading(cells)
    shapes = f"{_SHAPES}|{_DIGITS}" if "phone" in kinds else _SHAPES
    texts = cells[letter].drop_nulls()
    texts = texts.filter(texts.str.len_bytes() >= _SHORTEST).unique()
    simple = texts.str.replace_many(list("๐๑๒๓๔๕๖๗๘๙"), list("0123456789"))
    simple = simple.str.replace_all("[‐‑–—]", "-").str.replace_all("\u00a0", " ")
    suspect = texts.filter(simple.str.contains(shapes))
    titled = texts.filter(texts.str.contains(personal.TITLE_SHAPE))
    names = [text for text in titled if personal.is_name(text)]
    found = cells.filter(pl.col(letter).is_in(suspect.implode())) if len(suspect) else cells.clear()
    return Column(
        letter,
        row,
        heading,
        kinds,
        tuple((at, personal.plain(text)) for at, text in found.iter_rows()),
        tuple(cells.filter(pl.col(letter).is_in(names))[ROW]) if names else (),
    )


def _heading(cells: pl.DataFrame) -> tuple[int | None, str, frozenset[str]]:
    """Return the row and the text of the first cell that is a heading of something personal."""
    for row, text in cells.head(TOP).drop_nulls().iter_rows():
        if len(text) > LONGEST or re.search(r"\d{4}", text) or _COUNTS.search(text):
            continue
        kinds = frozenset(kind for kind, shape in _KINDS.items() if shape.search(text))
        if kinds:
            return row, text.strip(), kinds
    return None, "", frozenset()
