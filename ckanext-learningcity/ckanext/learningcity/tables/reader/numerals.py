"""What people write into cells of values: Thai digits, commas, signs for no value, footnotes.

Plain numbers pass untouched and fast; what is left is looked at once for each distinct text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from .. import spellings
from ..codelists import fold
from ..layout import Layout
from ..report import Report
from .cells import fault
from .findings import tell_cells

NUMBER = {"en": "a number such as 1234.5", "th": "ตัวเลข เช่น 1234.5"}

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?"

_THOUSANDS = r"^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d\d?/\d\d?/(?:\d\d)?\d\d|\d\d:\d\d:\d\d.*")
_BELOW = re.compile(
    r"(?:<=?|≤|น้อยกว่า|ต่ำกว่า|ไม่เกิน|less than|under|below)\s*[\d.,]+(?:\s*\D+)?", re.IGNORECASE
)
_MARKED = re.compile(
    rf"(?P<before>\D*?)\s*(?P<number>(?=[-+.]*\d){_NUMBER})\s*(?P<rest>(?:[^\d.,]|(?<=\s)[1-9]\d?/).*)?",
    re.DOTALL,
)
_PIECE = re.compile(r"[(\[][^)\]]*[)\]]|[*†‡]+|\d{1,2}/|[¹²³⁴-⁹]+|[^\d()\[\]*†‡¹²³⁴-⁹]+")
_FOOTNOTE = re.compile(r"[*†‡]+|\d{1,2}/|[¹²³⁴-⁹]+")


@dataclass(frozen=True)
class Numeral:
    """A cell of values made plain; `code` is the finding where it cannot be."""

    value: str | None = None
    status: str | None = None
    note: str | None = None
    unit: str | None = None
    code: str | None = None


def plain_values(
    rows: pl.DataFrame, layout: Layout, footnotes: Mapping[str, str], report: Report
) -> pl.DataFrame:
    """Return `rows` with plain numbers, and with the status, note and unit that they carry.

    A status or unit of its own column is kept. Cells that hold an error, a date, a formula or a
    unit against their column are reported and their rows left out; other texts are left to the
    check.

    :param footnotes: the text of each footnote by its mark
    """
    number = pl.col("OBS_VALUE").cast(pl.Float64, strict=False)
    odd = pl.col("OBS_VALUE").is_not_null() & number.is_null()
    if rows.filter(odd).is_empty():
        return rows
    grouped = pl.col("OBS_VALUE").str.contains(_THOUSANDS)
    plain = pl.col("OBS_VALUE").str.replace_all(",", "", literal=True)
    rows = rows.with_columns(OBS_VALUE=pl.when(grouped).then(plain).otherwise("OBS_VALUE"))
    texts = rows.filter(odd)["OBS_VALUE"].unique()
    known = {text: numeral(text, footnotes) for text in texts}
    absent = [
        name for name in ("OBS_STATUS", "COMMENT_OBS", "UNIT_MEASURE") if name not in rows.columns
    ]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    rows = rows.join(_frame(known), on="OBS_VALUE", how="left", maintain_order="left")
    rows = _without_faults(rows, known, layout, report)
    return rows.with_columns(
        OBS_VALUE=pl.when("_known").then("_value").otherwise("OBS_VALUE"),
        OBS_STATUS=pl.coalesce("OBS_STATUS", "_status"),
        COMMENT_OBS=pl.concat_str(
            "COMMENT_OBS", "_note", separator="; ", ignore_nulls=True
        ).replace("", None),
        UNIT_MEASURE=pl.coalesce("UNIT_MEASURE", "_unit"),
    ).drop("_known", "_value", "_status", "_note", "_unit")


def numeral(text: str, footnotes: Mapping[str, str]) -> Numeral:
    """Return what a cell of values says that is no plain number; itself where nobody can tell."""
    status = spellings.missing().get(fold(text))
    if status:
        return Numeral(status=status)
    code = "cell_date" if _DATE.fullmatch(text) else fault(text)
    if code:
        return Numeral(code=code)
    if _BELOW.fullmatch(spellings.digits(text)):
        return Numeral(status="Q", note=text)
    written = re.sub(r"^[−–](?=\d)", "-", spellings.digits(text))
    written = re.sub(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3})", ",", written)
    marked = _MARKED.fullmatch(written)
    if not marked:
        return Numeral(value=text)
    made = _pieces([marked["before"], *_PIECE.findall(marked["rest"] or "")], footnotes)
    if made is None:
        return Numeral(value=text)
    return Numeral(marked["number"].replace(",", ""), made.status, made.note, made.unit)


def _pieces(pieces: list[str], footnotes: Mapping[str, str]) -> Numeral | None:
    """Return what stands around a number, or None where a piece of it is not known."""
    status = unit = None
    notes: list[str] = []
    for piece in filter(None, (piece.strip(spellings.BLANKS) for piece in pieces)):
        inner = fold(piece.strip("()[]"))
        if inner in spellings.units():
            unit = spellings.units()[inner]
        elif inner in spellings.letters():
            status = spellings.letters()[inner]
        elif _FOOTNOTE.fullmatch(piece) or piece in footnotes:
            notes.append(footnotes.get(piece, piece))
        else:
            return None
    return Numeral(None, status, "; ".join(notes) or None, unit)


def _frame(known: Mapping[str, Numeral]) -> pl.DataFrame:
    rows = [
        (text, True, made.value, made.status, made.note, made.unit) for text, made in known.items()
    ]
    texts = ("_value", "_status", "_note", "_unit")
    schema = {"OBS_VALUE": pl.String, "_known": pl.Boolean, **dict.fromkeys(texts, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _without_faults(
    rows: pl.DataFrame, known: Mapping[str, Numeral], layout: Layout, report: Report
) -> pl.DataFrame:
    """Return `rows` without cells that are no values or whose unit is not that of their column."""
    codes = {text: made.code for text, made in known.items() if made.code}
    faulty = pl.col("OBS_VALUE").is_in(list(codes)).fill_null(value=False)
    tell_cells(rows.filter(faulty), "OBS_VALUE", layout, codes, NUMBER, report)
    other = (pl.col("UNIT_MEASURE") != pl.col("_unit")).fill_null(value=False)
    against = rows.filter(other)
    for unit in against["UNIT_MEASURE"].unique():
        some = against.filter(pl.col("UNIT_MEASURE") == unit)
        texts = dict.fromkeys(some["OBS_VALUE"], "cell_unit")
        tell_cells(some, "OBS_VALUE", layout, texts, unit, report)
    return rows.filter(~faulty & ~other)
