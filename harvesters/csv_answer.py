"""A CSV answer, read whole or not at all.

CSV has no end mark: what a broken server left away looks like a shorter table. So the heading must
be the expected one, the last line must be ended, and no line may repeat the heading.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

import polars as pl

from .base import Answer
from .errors import Changed, Truncated
from .masking import mask


def table(
    answer: Answer, *needed: str, name: Callable[[str], str] = lambda heading: heading
) -> pl.DataFrame:
    """Return the table in `answer`, all text; an empty cell is null.

    :param needed: the columns without which it is another format
    :param name: what a column is called, from its heading
    :raises Changed: another heading, cells without a column, a heading in the middle
    :raises Truncated: the last line is not ended
    """
    text = answer.text()
    headings = next(csv.reader([text.partition("\n")[0].rstrip("\r")]), [])
    names = [name(heading) for heading in headings]
    if not set(needed) <= set(names) or len(set(names)) < len(names):
        start = mask(" ".join(text[:80].split()))
        expected = ", ".join(needed)
        raise Changed(f"expected a CSV with {expected}, found: {start!r}", url=answer.url)
    if not text.endswith("\n"):
        raise Truncated("the last line is not ended", url=answer.url)
    try:
        read = pl.read_csv(text.encode(), infer_schema=False, new_columns=names)
    except pl.exceptions.PolarsError as error:
        found = mask(str(error).partition("\n")[0][:120])
        raise Changed(f"not a CSV: {found}", url=answer.url) from None
    if (read[needed[0]] == headings[names.index(needed[0])]).any():
        raise Changed("the heading comes again inside the table", url=answer.url)
    return read
