"""The rules of a table of observations, in one place for form, API, upload and harvest.

`check` turns rows of text into a table with `model.SCHEMA`, or says what stands in the way. Codes
are looked up once for each distinct value, so that a million rows cost little more than a thousand.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

import polars as pl

from . import codelists
from .layout import LETTER, ROW, Layout
from .model import COLUMNS, DIMENSIONS, KEY, SCHEMA, TOTAL
from .periods import Period, PeriodError, parse_period
from .report import Issue, Report, Text

NUMBER = {"en": "a number such as 1234.5", "th": "ตัวเลข เช่น 1234.5"}
YEAR = {
    "en": "พ.ศ. 2400–2700 or ค.ศ. 1900–2100, such as 2567, 2024, 2024-Q1 or ปีงบประมาณ 2567",
    "th": "พ.ศ. 2400–2700 หรือ ค.ศ. 1900–2100 เช่น 2567, 2024, 2024-Q1 หรือ ปีงบประมาณ 2567",
}
ONE_ROW = {"en": "one row for each", "th": "หนึ่งแถวต่อหนึ่งรายการ"}


def check(rows: pl.DataFrame, layout: Layout, report: Report) -> pl.DataFrame:
    """Return `rows` as a table with `SCHEMA`, sorted by `KEY`; findings go to `report`.

    :param rows: text columns by SDMX name, and `ROW`, and `LETTER` where the table was wide
    :param layout: where the columns stood in the source
    :returns: the good rows; whether they may be released, `report.has_errors` says
    """
    if rows.is_empty() or report.has_errors:
        return pl.DataFrame(schema=SCHEMA)
    table = _Table(rows, layout, report)
    table.code("INDICATOR", _indicator)
    table.code("REF_AREA", _area)
    table.periods()
    for dimension in DIMENSIONS:
        table.code(dimension, _breakdown(dimension), default=TOTAL)
    table.code("UNIT_MEASURE", _unit)
    table.code("OBS_STATUS", _status, default="A")
    table.values()
    table.units()
    table.duplicates()
    return table.finished()


class _Table:
    """The rows on their way from text to observations."""

    def __init__(self, rows: pl.DataFrame, layout: Layout, report: Report) -> None:
        self.layout = layout
        self.report = report
        absent = [name for name in (*COLUMNS, ROW, LETTER) if name not in rows.columns]
        self.rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
        self.bad = pl.Series("bad", [], dtype=pl.Int64)

    def find(
        self, faulty: pl.DataFrame, code: str, column: str, found: str, expected: Text | None
    ) -> None:
        """Report `code` for the rows of `faulty`, quoting the column `found`."""
        self.report.add(
            self._issue(code, column, *row, expected)
            for row in faulty.select(ROW, LETTER, pl.col(found).alias("_found")).iter_rows()
        )
        self.bad = self.bad.append(faulty[ROW])

    def _issue(  # noqa: PLR0913, PLR0917 - one argument for each part of a finding
        self,
        code: str,
        column: str,
        row: int,
        letter: str | None,
        found: str | None,
        expected: Text | None,
    ) -> Issue:
        place = self.layout.place(column, letter)
        cell = f"{place.letter}{row}" if place.letter else None
        return Issue(code, row, place.heading, found, expected, cell, self.layout.sheet or None)

    def code(
        self, column: str, resolve: Callable[[str], str | Issue], default: str | None = None
    ) -> None:
        """Replace what was written in `column` by its code."""
        written = self.rows[column].drop_nulls().unique()
        resolved = {text: resolve(text) for text in written}
        good = {text: code for text, code in resolved.items() if isinstance(code, str)}
        for text, issue in resolved.items():
            if isinstance(issue, Issue):
                faulty = self.rows.filter(pl.col(column) == text)
                self.find(faulty, issue.code, column, column, issue.expected)
        if default is None and column in ("INDICATOR", "REF_AREA"):
            expected = {"en": "a code", "th": "รหัส"}
            missing = self.rows.filter(pl.col(column).is_null())
            self.find(missing, "value_missing", column, column, expected)
        if column == "REF_AREA":
            self.rows = self.rows.with_columns(REF_AREA_ORIGINAL=pl.col(column))
        code = pl.col(column).replace_strict(good, default=None, return_dtype=pl.String)
        self.rows = self.rows.with_columns(code.fill_null(pl.lit(default)).alias(column))

    def periods(self) -> None:
        """Read the periods, each distinct pair of text and kind once."""
        self.code("PERIOD_TYPE", _period_type)
        pairs = self.rows.select("TIME_PERIOD", "PERIOD_TYPE").unique().drop_nulls("TIME_PERIOD")
        parsed: list[tuple[str, str | None, Period]] = []
        for text, kind in pairs.iter_rows():
            same = pl.col("TIME_PERIOD").eq(text) & pl.col("PERIOD_TYPE").eq_missing(kind)
            try:
                parsed.append((text, kind, parse_period(text, kind or "calendar")))
            except PeriodError as error:
                faulty = self.rows.filter(same)
                self.find(faulty, error.code, "TIME_PERIOD", "TIME_PERIOD", YEAR)
        missing = self.rows.filter(pl.col("TIME_PERIOD").is_null())
        self.find(missing, "value_missing", "TIME_PERIOD", "TIME_PERIOD", YEAR)
        known = pl.DataFrame(
            [
                (text, kind, p.time_period, p.period_type, p.start, p.end, p.original)
                for text, kind, p in parsed
            ],
            schema={
                "TIME_PERIOD": pl.String,
                "PERIOD_TYPE": pl.String,
                "_period": pl.String,
                "_type": pl.String,
                "_start": pl.Date,
                "_end": pl.Date,
                "_original": pl.String,
            },
            orient="row",
        )
        joined = self.rows.join(
            known, on=["TIME_PERIOD", "PERIOD_TYPE"], how="left", nulls_equal=True
        )
        self.rows = joined.with_columns(
            TIME_PERIOD="_period",
            PERIOD_TYPE="_type",
            PERIOD_START="_start",
            PERIOD_END="_end",
            TIME_PERIOD_ORIGINAL="_original",
        ).drop("_period", "_type", "_start", "_end", "_original")

    def values(self) -> None:
        """Read the numbers and hold them against their status and their indicator's range."""
        number = pl.col("OBS_VALUE").cast(pl.Float64, strict=False)
        finite = number.is_finite().fill_null(value=False)
        self.rows = self.rows.with_columns(_value=pl.when(finite).then(number))
        text = self.rows.filter(pl.col("OBS_VALUE").is_not_null() & pl.col("_value").is_null())
        self.find(text, "value_not_number", "OBS_VALUE", "OBS_VALUE", NUMBER)
        demand = {code: status["value"] for code, status in codelists.statuses().items()}
        demanded = pl.col("OBS_STATUS").replace_strict(demand, default="required")
        bare = self.rows.filter(pl.col("OBS_VALUE").is_null() & (demanded == "required"))
        absent = ", ".join(code for code, rule in demand.items() if rule != "required")
        expected = {"en": f"a value, or a status of {absent}", "th": f"ค่า หรือสถานะ {absent}"}
        self.find(bare, "value_without_status", "OBS_VALUE", "OBS_VALUE", expected)
        full = self.rows.filter(pl.col("_value").is_not_null() & (demanded == "absent"))
        no_value = {"en": "an empty cell", "th": "ช่องว่าง"}
        self.find(full, "value_with_status", "OBS_VALUE", "OBS_STATUS", no_value)
        self._range()
        self.rows = self.rows.with_columns(OBS_VALUE="_value").drop("_value")

    def _range(self) -> None:
        for indicator in self.rows["INDICATOR"].drop_nulls().unique():
            entry = codelists.indicators()[indicator]
            low, high = entry.get("minimum"), entry.get("maximum")
            outside = pl.lit(value=False)
            if low is not None:
                outside |= pl.col("_value") < low
            if high is not None:
                outside |= pl.col("_value") > high
            faulty = self.rows.filter(pl.col("INDICATOR").eq(indicator) & outside)
            if not faulty.is_empty():
                limits = f"{'−∞' if low is None else low}–{'∞' if high is None else high}"
                self.find(faulty, "value_range", "OBS_VALUE", "OBS_VALUE", limits)

    def units(self) -> None:
        """Fill in each indicator's own unit; another one is a fault."""
        units = {code: entry["unit"] for code, entry in codelists.indicators().items()}
        own = pl.col("INDICATOR").replace_strict(units, default=None, return_dtype=pl.String)
        self.rows = self.rows.with_columns(_unit=own)
        other = self.rows.filter(pl.col("UNIT_MEASURE") != pl.col("_unit"))
        for unit in other["_unit"].unique():
            faulty = other.filter(pl.col("_unit") == unit)
            self.find(faulty, "unit_mismatch", "UNIT_MEASURE", "UNIT_MEASURE", unit)
        self.rows = self.rows.with_columns(UNIT_MEASURE="_unit").drop("_unit")

    def duplicates(self) -> None:
        """Report each row that repeats the key of an earlier one."""
        whole = self.rows.drop_nulls(["INDICATOR", "REF_AREA", "TIME_PERIOD"])
        first = whole.with_columns(_first=pl.col(ROW).min().over(KEY).cast(pl.String))
        again = first.filter(pl.col(ROW).cast(pl.String) != pl.col("_first"))
        self.find(again, "duplicate_key", "INDICATOR", "_first", ONE_ROW)

    def finished(self) -> pl.DataFrame:
        """Return the rows without a fault."""
        levels = {code: area["level"] for code, area in codelists.areas().items()}
        good = self.rows.filter(~pl.col(ROW).is_in(self.bad.implode()))
        good = good.with_columns(
            AREA_LEVEL=pl.col("REF_AREA").replace_strict(
                levels, default=None, return_dtype=pl.String
            )
        )
        return good.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort(KEY)


def _indicator(text: str) -> str | Issue:
    return _listed(text, codelists.indicators(), "indicator_unknown")


def _unit(text: str) -> str | Issue:
    return _listed(text, codelists.units(), "unit_unknown")


def _period_type(text: str) -> str | Issue:
    return _listed(text, codelists.period_types(), "code_unknown")


def _status(text: str) -> str | Issue:
    return _listed(text, codelists.statuses(), "code_unknown")


def _area(text: str) -> str | Issue:
    names = codelists.area_names()
    if text.upper() in codelists.areas():
        return text.upper()
    ids = names.get(codelists.fold(text), ())
    if len(ids) == 1:
        return ids[0]
    if ids:
        return Issue("area_ambiguous", expected=", ".join(ids))
    return Issue("area_unknown", expected=_suggest(codelists.fold(text), names))


def _breakdown(dimension: str) -> Callable[[str], str | Issue]:
    codes = codelists.breakdowns()[dimension]["codes"]
    spellings: dict[str, str] = {}
    for code, entry in codes.items():
        for name in (code, entry["en"], entry["th"], *entry.get("aliases", [])):
            spellings[codelists.fold(str(name))] = code

    def resolve(text: str) -> str | Issue:
        code = spellings.get(codelists.fold(text))
        return code or Issue("code_unknown", expected=", ".join(codes))

    return resolve


def _listed(text: str, entries: Mapping[str, codelists.Entry], code: str) -> str | Issue:
    """Return the id in `entries` that `text` is, by id or by name."""
    folded = codelists.fold(text)
    for entry_id, entry in entries.items():
        names = entry["name"].values()
        if folded in {codelists.fold(entry_id), *map(codelists.fold, names)}:
            return entry_id
    if code == "code_unknown":
        return Issue(code, expected=", ".join(entries))
    return Issue(code, expected=_suggest(folded, {codelists.fold(key): key for key in entries}))


def _suggest(folded: str, names: Mapping[str, object]) -> Text | None:
    close = difflib.get_close_matches(folded, list(names), n=3, cutoff=0.6)
    if not close:
        return None
    ids = ", ".join(
        sorted(
            {
                found if isinstance(found, str) else "/".join(found)  # type: ignore[arg-type]
                for found in (names[name] for name in close)
            }
        )
    )
    return {"en": f"Did you mean {ids}?", "th": f"หมายถึง {ids} หรือไม่"}
