"""The words that files use for columns, codes, units and missing values, folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from . import codelists
from .codelists import fold
from .periods import PeriodError, parse_period

T = TypeVar("T")

#: White space and what looks like it: no-break and zero-width spaces, byte order marks.
BLANKS = " \t\n\r\v\f\u00a0\u2007\u202f\u3000\u200b\u200c\u200d\u2060\ufeff"

_BRACKETS = re.compile(r"[(\[（].*?[)\]）]")
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*(?:[.)]\s*|\s+)|[-•–]\s*)")
_FOOTNOTE = re.compile(r"(?:\s*\d+/|[*†‡:：]+|[¹²³⁰-⁹]+)\s*$")
_YEAR_MARK = (
    r"ปีงบประมาณ|งปม\.?|ปีการศึกษา|ปี|พ\.?\s*ศ\.?|ค\.?\s*ศ\.?|(?:fiscal\s+|academic\s+)?year|fy"
)
_YEAR = re.compile(
    rf"(?P<text>(?:(?:{_YEAR_MARK})\s*)*(?<![\d.,])(?P<year>2[4-7]\d\d|(?:19|20)\d\d))(?![\d.,]*\d)",
    re.IGNORECASE,
)


@cache
def headings() -> Mapping[str, str]:
    """Return the SDMX name of each known heading."""
    known: dict[str, str] = {}
    for entry in codelists.columns().values():
        for heading in (entry["id"], *entry["name"].values(), *entry["aliases"]):
            known[fold(heading)] = entry["id"]
    for dimension, entry in codelists.breakdowns().items():
        for heading in (dimension, *entry["name"].values()):
            known[fold(heading)] = dimension
    return {**known, **dict.fromkeys(place_headings(), "REF_AREA")}


@cache
def place_headings() -> Mapping[str, str]:
    """Return the level of the places below each heading that names one."""
    return _aliases(codelists.place_columns())


@cache
def counters() -> frozenset[str]:
    """Return the headings of columns that number the rows."""
    return frozenset(_aliases(codelists.column_words("counters")))


@cache
def total_rows() -> frozenset[str]:
    """Return the words that make a row the total of the places above it."""
    return frozenset(_aliases(codelists.column_words("total_rows")))


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Return, for each spelling of a breakdown's code, the code in each breakdown that has it."""
    known: dict[str, dict[str, str]] = {}
    for dimension, breakdown in codelists.breakdowns().items():
        for code, entry in breakdown["codes"].items():
            for name in (code, entry["en"], entry["th"], *entry.get("aliases", [])):
                known.setdefault(fold(str(name)), {}).setdefault(dimension, code)
    return known


@cache
def indicators() -> Mapping[str, str]:
    """Return the id of each indicator by id and name."""
    known: dict[str, str] = {}
    for entry in codelists.indicators().values():
        for name in (entry["id"], *entry["name"].values(), *entry.get("aliases", [])):
            known.setdefault(fold(name), entry["id"])
    return known


@cache
def units() -> Mapping[str, str]:
    """Return the id of each unit by id, name, symbol and what stands behind a number."""
    known = _aliases(codelists.marks("units"))
    for entry in codelists.units().values():
        for name in (entry["id"], *entry["name"].values(), *entry.get("symbol", {}).values()):
            if name:
                known.setdefault(fold(name), entry["id"])
    return known


@cache
def missing() -> Mapping[str, str]:
    """Return the status that each text in place of a number means."""
    return _aliases(codelists.marks("missing"))


@cache
def letters() -> Mapping[str, str]:
    """Return the status that each letter behind a number means."""
    return _aliases(codelists.marks("letters"))


@cache
def note_words() -> tuple[str, ...]:
    """Return the folded beginnings of rows that are notes."""
    return tuple(_aliases(codelists.marks("notes")))


def digits(text: str) -> str:
    """Return `text` with Thai and other digits as 0 to 9; superscripts stay what they are."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char
        for char in text
    )


def candidates(text: str) -> list[str]:
    """Return the folded spellings under which a heading or a label may be known, as written first.

    A label loses its numbering (`1.2 อัตรา…`), a heading its unit and footnote (`ประชากร (คน) 1/`).
    """
    plain = _NUMBERING.sub("", text.strip(BLANKS))
    bare = _FOOTNOTE.sub("", _BRACKETS.sub(" ", _FOOTNOTE.sub("", plain)))
    return list(dict.fromkeys(spelling for t in (text, plain, bare) if (spelling := fold(t))))


def first_of(text: str, known: Mapping[str, T]) -> T | None:
    """Return what the first known spelling of `text` stands for in `known`."""
    return next((known[spelling] for spelling in candidates(text) if spelling in known), None)


def is_place(text: str) -> bool:
    """Return whether `text` is the code or a name of a place and nothing else."""
    return text.upper() in codelists.areas() or fold(text) in codelists.area_names()


def is_counter(text: str) -> bool:
    """Return whether `text` heads a column that numbers the rows."""
    return any(spelling in counters() for spelling in candidates(text))


def is_total(text: str) -> bool:
    """Return whether a label makes its row the total of other rows."""
    return fold(text) in total_rows()


def is_target(text: str) -> bool:
    """Return whether a heading stands over values that are wished for, not measured."""
    return longest_in(text, _aliases(codelists.column_words("targets"))) is not None


def multiple_in(text: str) -> str | None:
    """Return the word in a heading or title that says that values are in thousands or millions."""
    return longest_in(text.replace(" ", ""), _aliases(codelists.column_words("multiples")))


def is_period(text: str) -> bool:
    """Return whether `text` is a period and nothing else."""
    try:
        parse_period(text)
    except PeriodError:
        return False
    return True


def year_in(text: str) -> str | None:
    """Return the only year that a sentence names, with its words: `ปีงบประมาณ พ.ศ. 2567`."""
    found = {match["year"]: match["text"].strip() for match in _YEAR.finditer(digits(text))}
    return next(iter(found.values())) if len(found) == 1 else None


def longest_in(text: str, known: Iterable[str]) -> str | None:
    """Return the longest of the folded spellings `known` that the sentence `text` holds."""
    folded = fold(text)
    return max((name for name in known if _holds(folded, name)), key=len, default=None)


def _holds(folded: str, name: str) -> bool:
    """Return whether `folded` has `name`, as words of its own where words are set apart."""
    at = folded.find(name)
    if at < 0 or not name.isascii():
        return at >= 0
    around = f" {folded} "[at : at + len(name) + 2]
    return not (around[0].isalnum() or around[-1].isalnum())


def _aliases(entries: Mapping[str, codelists.Entry]) -> dict[str, str]:
    return {fold(alias): key for key, entry in entries.items() for alias in entry["aliases"]}
