"""ILOSTAT of the International Labour Organization: tables of one indicator as CSV.

Its figures are national and never stand under a city. The same data are served as SDMX at
https://sdmx.ilo.org/rest, which moved there in 2024 unannounced; these tables are smaller and carry
the notes. A wrong question is answered with status 200 and nothing at all.

Source: https://ilostat.ilo.org/resources/sdmx-tools/ and https://rplumber.ilo.org/__docs__/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

import polars as pl

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import ROW, Layout
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

from . import csv_answer
from .base import Document, Harvested, Ref, Source
from .errors import Changed, Empty, Refused
from .published import notes, published, title

if TYPE_CHECKING:
    from .session import Session

#: Observation column: column of the table, which is what a problem quotes.
FIELDS: Mapping[str, str] = {
    "TIME_PERIOD": "time",
    "OBS_VALUE": "obs_value",
    "OBS_STATUS": "obs_status",
    "COMMENT_OBS": "note_indicator",
    "SEX": "sex",
}
NEEDED = ("ref_area", "indicator", "time", "obs_value")
#: Further breakdowns; none has a column of ours yet.
CLASSIFICATIONS = ("classif1", "classif2")


class Ilo(Source):
    """Series of one country, one dataset for each indicator that names its ILOSTAT id.

    Option `iso3`: the three letters by which the ILO knows `country`; `indicators`: ids besides
    those of the code list.
    """

    options: ClassVar[Mapping[str, type]] = {"iso3": str}
    optional: ClassVar[Mapping[str, type]] = {"indicators": dict}

    def refs(self, session: Session) -> Iterator[Ref]:
        """List the indicators of the code list, each with the day of its last update.

        An id that the table of contents lacks is listed too: asking for it says what is wrong.
        """
        url = f"{self.facts.url}/metadata/toc/indicator/"
        answer = session.get(url, params={"lang": "en", "format": ".csv"})
        contents = csv_answer.table(answer, "id", "last.update")
        updated = dict(contents.select("id", "last.update").iter_rows())
        for indicator, code in published(self.facts, "ilo").items():
            name = codelists.indicators()[indicator]["name"]["en"]
            yield Ref(code, name, self._question(code), updated.get(code))

    def read(self, document: Document) -> Harvested:
        """Turn the table into national observations.

        :raises Empty: it has only its heading
        :raises Refused: it does not even have that, which is how a wrong question is answered
        """
        answer = document.answers[0]
        if not answer.body.strip():
            raise Refused("the ILO answered with nothing: is the id right?", url=document.url)
        written = csv_answer.table(answer, *NEEDED)
        if written.is_empty():
            raise Empty(f"{document.ref.id} has no value", url=document.url)
        problems = Report()
        code = document.ref.id
        known = {series: ours for ours, series in published(self.facts, "ilo").items()}
        table = self._table(document, known[code], _plain(written), problems)
        if table.is_empty():
            raise Changed(f"no row can be read: {dict(problems.counts)}", url=document.url)
        indicator = codelists.indicators()[known[code]]
        name = indicator["name"]["en"]
        citation = self.facts.citation.format(dataset=name, code=code)
        return Harvested(
            id=code,
            source=self.facts.id,
            title=title(self.facts, indicator),
            notes=notes(indicator),
            licence=self.facts.licence,
            citation=citation,
            provenance=self.provenance(document, citation),
            table=table,
            keywords={language: tuple(words) for language, words in self.facts.keywords.items()},
            focal_areas=codelists.focal_areas_of([indicator["id"]]),
            problems=problems,
        )

    def _question(self, code: str) -> str:
        asked = {"id": code, "ref_area": self.facts.options["iso3"], "type": "code"}
        return f"{self.facts.url}/data/indicator/?{urlencode({**asked, 'format': '.csv'})}"

    def _table(
        self, document: Document, indicator: str, frame: pl.DataFrame, problems: Report
    ) -> pl.DataFrame:
        wanted = {"ref_area": self.facts.options["iso3"], "indicator": document.ref.id}
        wanted |= {name: "" for name in CLASSIFICATIONS if name in frame.columns}
        issues: list[Issue] = []
        for name, expected in wanted.items():
            good = pl.col(name).fill_null("") == expected
            issues += [
                Issue("code_unknown", row[ROW], name, row[name] or "", expected)
                for row in frame.filter(~good).iter_rows(named=True)
            ]
            frame = frame.filter(good)
        present = [column for column, name in FIELDS.items() if name in frame.columns]
        rows = frame.select(
            ROW,
            pl.lit(indicator).alias("INDICATOR"),
            pl.lit(self.facts.country).alias("REF_AREA"),
            *(pl.col(FIELDS[column]).alias(column) for column in present),
        )
        periods = {text: _period(text) for text in rows["TIME_PERIOD"].drop_nulls().unique()}
        rows = rows.with_columns(pl.col("TIME_PERIOD").replace(periods))
        circumstances = Circumstances(today=document.retrieved.date())
        table = check(rows, Layout.named(FIELDS), problems, circumstances)
        problems.add(issues)
        return table.with_columns(
            REF_AREA_ORIGINAL=pl.lit(self.facts.options["iso3"]),
            TIME_PERIOD_ORIGINAL=pl.col("TIME_PERIOD_ORIGINAL").replace(
                {ours: theirs for theirs, ours in periods.items()}
            ),
        )


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Return `table` numbered; R writes `NA` where there is nothing."""
    plain = table.with_columns(pl.when(pl.all() != "NA").then(pl.all()))
    return plain.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))


def _period(text: str) -> str:
    """Return a period as we write it: 2024-Q1 for 2024Q1, 2024-03 for 2024M03."""
    return re.sub(r"^(\d{4})(?:M(?=\d\d$)|(?=Q[1-4]$))", r"\1-", text)
