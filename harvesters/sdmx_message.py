"""Observations out of an SDMX data message: CSV 1.0 and 2.0, JSON 1.0 and 2.0, ML 2.1 and 3.0.

What came decides how it is read, because services answer in another format than the one asked for.

Source: https://github.com/sdmx-twg (sdmx-csv, sdmx-json, sdmx-ml)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from . import csv_answer, sdmx_json, sdmx_xml
from .base import Answer
from .errors import Changed

VALUE, TIME = "OBS_VALUE", "TIME_PERIOD"
#: Columns of a CSV that name its structure: `TNSO:DF_AGING(1.0)`.
STRUCTURES = ("DATAFLOW", "STRUCTURE_ID")


@dataclass(frozen=True)
class Message:
    """One row an observation, one column a component by its id, all text.

    `codes` has codes only; `written` has what the message says: `58: แม่ฮ่องสอน`.
    """

    codes: pl.DataFrame
    written: pl.DataFrame


def message(answer: Answer, dimensions: Collection[str], flow: str) -> Message:
    """Return the observations in `answer`.

    :param dimensions: ids of the structure's dimensions
    :param flow: the dataflow asked for
    :raises Changed: another format or another dataflow
    """
    start = answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start == b"<":
        found = pl.DataFrame(sdmx_xml.rows(answer, dimensions), infer_schema_length=None)
        read = Message(found, found)
    elif start in (b"{", b"["):
        pairs = list(sdmx_json.rows(answer))
        read = Message(
            pl.DataFrame([codes for codes, _ in pairs], infer_schema_length=None),
            pl.DataFrame([written for _, written in pairs], infer_schema_length=None),
        )
    else:
        read = _csv(answer, flow)
    lacking = [name for name in (TIME, VALUE, *dimensions) if name not in read.codes.columns]
    if lacking and not read.codes.is_empty():
        raise Changed(f"no column {lacking[0]}", url=answer.url)
    return read


def _csv(answer: Answer, flow: str) -> Message:
    """Read SDMX-CSV; with `labels=both` headings and cells are `code: label`."""
    labelled = ": " in answer.text().partition("\n")[0]
    written = csv_answer.table(
        answer, VALUE, TIME, name=lambda heading: heading.partition(": ")[0].strip()
    )
    codes = written
    if labelled:
        codes = written.select(pl.all().str.splitn(": ", 2).struct.field("field_0").name.keep())
    for column in STRUCTURES:
        if column in codes.columns:
            named = codes[column].drop_nulls().unique()
            foreign = [name for name in named if name.split("(")[0].split(":")[-1] != flow]
            if foreign:
                raise Changed(f"asked for {flow}, got {foreign[0][:60]}", url=answer.url)
    if "ACTION" in codes.columns:  # CSV 2.0 may carry what is to be deleted
        kept = codes["ACTION"].fill_null("I") != "D"
        codes, written = codes.filter(kept), written.filter(kept)
    return Message(codes, written)
