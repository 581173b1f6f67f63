"""What the values of a column are: text, unless reading them as something else loses nothing."""

from __future__ import annotations

import re

import polars as pl

from ckanext.learningcity.tables.codelists import fold

#: Headings of columns whose digits are names, not amounts: 056000 is no number.
_CODES = re.compile(
    r"รหัส|เลขที่|เลขประจำตัว|เลขทะเบียน|หมายเลข|โทร|แฟกซ์|ไปรษณีย์|พิกัด|บัญชี"
    r"|\b(?:id|ids|code|codes|identifier|phone|telephone|tel|mobile|fax|zip|zipcode|post|postal"
    r"|postcode|isbn|issn|doi|barcode|account)\b"
)
_NUMBER = r"^-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?$"
_DATE = r"^(?:18|19|20|21)\d\d-\d\d-\d\d$"
_LONG = 10  # as many digits in every row are a code: a telephone, a person, a company
_MOST_DIGITS = 15  # more are not kept by spreadsheets and JSON readers


def kind(heading: str, values: pl.Series) -> str:
    """Return `numeric`, `date` or `text` for a column of text.

    A number is one in every row, written as a number is: no leading zero, no exponent, commas only
    before every third digit. So years are numbers, and codes, telephone and identity numbers are
    text, as is a column with a single `-` or `n/a` in it: both say something that null does not.
    """
    known = values.drop_nulls()
    if known.is_empty():
        return "text"
    if known.str.contains(_DATE).all():
        return "text" if known.str.to_date("%Y-%m-%d", strict=False).has_nulls() else "date"
    if _CODES.search(fold(heading).replace("_", " ")) or not known.str.contains(_NUMBER).all():
        return "text"
    digits = known.str.count_matches(r"\d")
    if (digits > _MOST_DIGITS).any():
        return "text"
    whole = not known.str.contains(".", literal=True).any()
    same = digits.n_unique() == 1
    return "text" if whole and same and digits[0] >= _LONG else "numeric"


def converted(values: pl.Series, kind: str) -> pl.Series:
    """Return the values as PostgreSQL reads them: numbers without commas."""
    return values.str.replace_all(",", "", literal=True) if kind == "numeric" else values
