"""From the components of an SDMX structure to the columns of `tables.model`.

Nothing is guessed: a row whose indicator, place, breakdown or multiplier is not known stays out and
is reported, once for each distinct text, at the first row that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ckanext.learningcity.tables.layout import ROW
from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL
from ckanext.learningcity.tables.report import Issue, Report

from .facts import FactsError
from .sdmx_message import TIME, VALUE, Message

#: Codes that mean that a dimension does not divide: total, and not applicable.
TOTALS = frozenset({TOTAL, "_Z"})
#: Columns of `tables.model` that a component may fill.
FILLED = (TIME, VALUE, "OBS_STATUS", "UNIT_MEASURE", "COMMENT_OBS", *DIMENSIONS)
#: Said by the period itself.
_FREQUENCY = "FREQ"
_MULTIPLIER = "UNIT_MULT"
#: Our indicator and place, beside components that may have the same name.
_INDICATOR, _AREA = "_indicator", "_area"


@dataclass(frozen=True)
class Series:
    """The rows of a dataflow that are one indicator: those with the codes of `pins`."""

    indicator: str
    flow: str
    pins: Mapping[str, str]


def series_from(indicator: str, text: str) -> Series:
    """Return the series that `text` names: `DF_AGING/POP_IND=DEM_IND101/UNIT=INX`.

    :raises FactsError: another shape
    """
    flow, *pins = text.split("/")
    pairs = [pin.split("=") for pin in pins]
    if not flow or not all(len(pair) == 2 and all(pair) for pair in pairs):
        raise FactsError(f"{indicator}: expected FLOW/DIMENSION=CODE/…, found {text!r}")
    return Series(indicator, flow, dict(pairs))


@dataclass(frozen=True)
class Components:
    """How a dataflow's components fill our columns.

    `columns` names the component of a column where it has another name, `codes` our code for
    theirs by column, `places` the components that say the place, `place` which place they mean.
    """

    series: Sequence[Series]
    dimensions: Sequence[str]
    places: Sequence[str]
    place: Callable[[Mapping[str, str | None]], str | None]
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def component(self, column: str) -> str:
        """Return the component that fills `column`."""
        return self.columns.get(column, column)

    def rows(self, message: Message, problems: Report, before: int = 0) -> pl.DataFrame:
        """Return rows for `tables.validate.check`; what does not fit goes to `problems`.

        `REF_AREA_ORIGINAL` has the place as the source writes it.

        :param before: how many observations came in earlier messages
        """
        number = pl.int_range(before + 1, before + 1 + pl.len(), dtype=pl.Int64).alias(ROW)
        frame = message.codes.with_columns(number)
        written = message.written.with_columns(number)
        frame = self._undivided(frame, problems)
        frame = self._indicators(frame, written, problems)
        frame = self._places(frame, written, problems)
        frame = self._multiplied(frame, problems)
        present = [name for name in FILLED if self.component(name) in frame.columns]
        return frame.select(
            ROW,
            pl.col(_INDICATOR).alias("INDICATOR"),
            pl.col(_AREA).alias("REF_AREA"),
            "REF_AREA_ORIGINAL",
            *(self._translated(name).alias(name) for name in present),
        )

    def headings(self) -> dict[str, str]:
        """Return what a problem quotes as the column of each of our columns."""
        return {name: self.component(name) for name in FILLED} | {
            "REF_AREA": ", ".join(self.places)
        }

    def _translated(self, column: str) -> pl.Expr:
        text = pl.col(self.component(column)).cast(pl.String)
        ours = dict(self.codes.get(column, {}))
        if column in DIMENSIONS:
            ours.setdefault("_Z", TOTAL)
        return text.replace(ours) if ours else text

    def _undivided(self, frame: pl.DataFrame, problems: Report) -> pl.DataFrame:
        """Keep the rows that nothing divides but what we have a column for."""
        pinned = {name for series in self.series for name in series.pins}
        known = {*pinned, *self.places, _FREQUENCY, self.component(_MULTIPLIER)}
        known |= {self.component(name) for name in FILLED}
        for name in self.dimensions:
            if name in known or name not in frame.columns:
                continue
            divides = ~pl.col(name).fill_null(TOTAL).is_in(list(TOTALS))
            self._report(problems, "code_unknown", frame.filter(divides), name, TOTAL)
            frame = frame.filter(~divides)
        return frame

    def _indicators(
        self, frame: pl.DataFrame, written: pl.DataFrame, problems: Report
    ) -> pl.DataFrame:
        pinned = list(dict.fromkeys(name for series in self.series for name in series.pins))
        lacking = [name for name in pinned if name not in frame.columns]
        frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
        ours: pl.Expr = pl.lit(None, pl.String)
        for series in self.series:
            conditions = [pl.col(name) == code for name, code in series.pins.items()]
            fits = pl.all_horizontal(conditions) if conditions else pl.lit(value=True)
            ours = (
                pl.when(fits.fill_null(value=False)).then(pl.lit(series.indicator)).otherwise(ours)
            )
        frame = frame.with_columns(ours.alias(_INDICATOR))
        strange = frame.filter(pl.col(_INDICATOR).is_null())
        present = [name for name in pinned if name not in lacking]
        self._report_all(problems, "indicator_unknown", strange, written, present)
        return frame.filter(pl.col(_INDICATOR).is_not_null())

    def _places(self, frame: pl.DataFrame, written: pl.DataFrame, problems: Report) -> pl.DataFrame:
        present = [name for name in self.places if name in frame.columns]
        if not present:
            area = self.place({})
            return frame.with_columns(
                pl.lit(area, pl.String).alias(_AREA), REF_AREA_ORIGINAL=pl.lit(area, pl.String)
            ).filter(pl.col(_AREA).is_not_null())
        distinct = frame.select(present).unique(maintain_order=True)
        areas = [self.place(codes) for codes in distinct.iter_rows(named=True)]
        known = distinct.with_columns(pl.Series(_AREA, areas, dtype=pl.String))
        frame = frame.join(known, on=present, how="left", nulls_equal=True, maintain_order="left")
        strange = frame.filter(pl.col(_AREA).is_null())
        self._report_all(problems, "area_unknown", strange, written, present)
        divided = [pl.when(~self._is_total(name)).then(pl.col(name)) for name in present]
        exact = pl.concat_str(divided, separator=", ", ignore_nulls=True).replace("", None)
        whole = pl.concat_str(present, separator=", ", ignore_nulls=True)
        originals = written.select(ROW, REF_AREA_ORIGINAL=pl.coalesce(exact, whole))
        frame = frame.filter(pl.col(_AREA).is_not_null())
        return frame.join(originals, on=ROW, how="left", maintain_order="left")

    def _is_total(self, name: str) -> pl.Expr:
        return pl.col(name).str.split(": ").list.first().is_in(list(TOTALS))

    def _multiplied(self, frame: pl.DataFrame, problems: Report) -> pl.DataFrame:
        """Apply the power of ten: a value of thousands is written out."""
        name = self.component(_MULTIPLIER)
        if name not in frame.columns:
            return frame
        power = pl.col(name).fill_null("0").str.replace(r"^_[TZ]$", "0")
        whole = power.str.contains(r"^[+-]?\d{1,2}$")
        self._report(problems, "code_unknown", frame.filter(~whole), name, "0, 3, 6")
        frame = frame.filter(whole)
        return frame.with_columns(
            pl.when((power.cast(pl.Int64) == 0) | pl.col(VALUE).is_null())
            .then(pl.col(VALUE))
            .otherwise(pl.col(VALUE) + "E" + power)
            .alias(VALUE)
        )

    def _report(
        self, problems: Report, code: str, faulty: pl.DataFrame, name: str, expected: str
    ) -> None:
        first = faulty.unique(name, keep="first", maintain_order=True)
        problems.add(
            Issue(code, row[ROW], name, row[name], expected) for row in first.rows(named=True)
        )

    def _report_all(
        self,
        problems: Report,
        code: str,
        faulty: pl.DataFrame,
        written: pl.DataFrame,
        names: Sequence[str],
    ) -> None:
        """Report each distinct combination of `names` once, in the source's words."""
        first = faulty.unique(names, keep="first", maintain_order=True) if names else faulty.head(1)
        for said in written.filter(pl.col(ROW).is_in(first[ROW].implode())).rows(named=True):
            found = ", ".join(str(said[name]) for name in names if said[name] is not None)
            problems.add([Issue(code, said[ROW], ", ".join(names) or None, found or None, "")])
