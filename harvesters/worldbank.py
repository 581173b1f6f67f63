"""World Bank Indicators API, version 2.

Its figures are national and never stand under a city. How its answers mislead is handled in
`worldbank_answer`, so that only data come here.

Source: https://datahelpdesk.worldbank.org/knowledgebase/articles/889392
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import ROW, Layout
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

from .base import Document, Harvested, Ref, Source, Text
from .errors import Changed, Empty, Truncated
from .published import notes, title
from .worldbank_answer import Page, page

if TYPE_CHECKING:
    from .session import Session

PER_PAGE = 1000
#: One country's series has some hundred rows: a larger number of pages is a fault of the answer.
MOST_PAGES = 50

#: Observation column: field of a row. The field's name is what a problem quotes.
FIELDS: Mapping[str, str] = {
    "TIME_PERIOD": "date",
    "OBS_VALUE": "value",
    "OBS_STATUS": "obs_status",
    "COMMENT_OBS": "footnote",
}
_TEXTS = ("INDICATOR", "REF_AREA", *FIELDS)
_DATE = re.compile(r"((?:19|20)\d\d)(?:(Q[1-4])|M(0[1-9]|1[0-2]))?")


class WorldBank(Source):
    """Series of one country, one dataset for each indicator that names its World Bank code.

    Option `iso3`: the three letters by which the World Bank knows `country`.
    """

    options: ClassVar[Mapping[str, type]] = {"iso3": str}

    def refs(self, session: Session) -> Iterator[Ref]:  # noqa: ARG002 - the code list is the listing
        """List the indicators of the code list that the World Bank publishes."""
        for code, indicator in _published().items():
            place = f"country/{self.facts.options['iso3']}"
            url = f"{self.facts.url}/{place}/indicator/{code}"
            yield Ref(code, indicator["name"]["en"], url)

    def fetch(self, session: Session, ref: Ref) -> Document:
        """Bring every page of the series, then the indicator's description.

        :raises Empty: the World Bank has no row for this country
        """
        question = {"format": "json", "footnote": "y", "per_page": PER_PAGE}
        pages: list[Page] = []
        while not pages or len(pages) < pages[0].pages:
            number = len(pages) + 1
            pages.append(page(session.get(ref.url, params={**question, "page": number})))
            _follows(pages, number)
        description = session.get(f"{self.facts.url}/indicator/{ref.id}", params={"format": "json"})
        if any(row.get("id") != ref.id for row in page(description).rows):
            raise Changed(f"asked for the description of {ref.id}", url=description.url)
        answers = (*(each.answer for each in pages), description)
        return Document(ref, answers, pages[0].updated)

    def read(self, document: Document) -> Harvested:
        """Turn the pages into national observations.

        :raises Empty: every value is null
        """
        code = document.ref.id
        indicator = _published()[code]
        problems = Report()
        today = document.retrieved.date()
        table = self._table(code, _rows(document), today, problems)
        if table.is_empty() and problems.counts:
            raise Changed(f"no row can be read: {dict(problems.counts)}", url=document.url)
        if table.is_empty():
            raise Empty(f"{code} has no value for {self.facts.country}", url=document.url)
        described = page(document.answers[-1]).rows
        description = described[0] if described else {}
        citation = self.facts.citation.format(dataset=description.get("name") or code, code=code)
        return Harvested(
            id=code,
            source=self.facts.id,
            title=title(self.facts, indicator),
            notes=notes(indicator, *_said(description)),
            licence=self.facts.licence,
            citation=citation,
            provenance=self.provenance(document, citation),
            table=table,
            keywords={language: tuple(words) for language, words in self.facts.keywords.items()},
            focal_areas=(indicator["focal_area"],) if indicator.get("focal_area") else (),
            problems=problems,
        )

    def _table(
        self, code: str, rows: list[Mapping[str, Any]], today: date, problems: Report
    ) -> pl.DataFrame:
        records: list[dict[str, Any]] = []
        issues: list[Issue] = []
        written: dict[str, str] = {}
        for number, row in enumerate(rows, start=1):
            if row.get("value") in (None, ""):
                continue  # the World Bank lists every year, also those without a value
            found = list(self._foreign(code, number, row))
            shape = _DATE.fullmatch(_text(row.get("date")))
            if not shape:
                found.append(_issue("period_format", number, "date", row, "2024, 2024Q1, 2024M01"))
            if found or not shape:
                issues.extend(found)
                continue
            period = "-".join(part for part in shape.groups() if part)
            written[period] = _text(row["date"])
            texts = {column: _text(row.get(name)) or None for column, name in FIELDS.items()}
            ours = {"INDICATOR": _published()[code]["id"], "REF_AREA": self.facts.country}
            records.append({**texts, **ours, "TIME_PERIOD": period, ROW: number})
        frame = pl.DataFrame(records, schema=dict.fromkeys(_TEXTS, pl.String) | {ROW: pl.Int64})
        # a row that stands on two pages is one observation; two different values are a problem
        frame = frame.unique(_TEXTS, keep="first", maintain_order=True)
        table = check(frame, Layout.named(FIELDS), problems, Circumstances(today=today))
        problems.add(issues)
        return table.with_columns(
            REF_AREA_ORIGINAL=pl.lit(self.facts.options["iso3"]),
            TIME_PERIOD_ORIGINAL=pl.col("TIME_PERIOD_ORIGINAL").replace(written),
        )

    def _foreign(self, code: str, number: int, row: Mapping[str, Any]) -> Iterator[Issue]:
        """Yield a problem where the row is about another place or indicator than the one asked."""
        iso3 = self.facts.options["iso3"]
        if row.get("countryiso3code") != iso3:
            yield _issue("code_unknown", number, "countryiso3code", row, iso3)
        named = row.get("indicator")
        found = named.get("id") if isinstance(named, Mapping) else named
        if found != code:
            yield Issue("code_unknown", number, "indicator", _text(found), code)


def _published() -> Mapping[str, codelists.Entry]:
    """Return the indicators that the World Bank publishes, by its code."""
    every = codelists.indicators().values()
    return {
        entry["sources"]["worldbank"]: entry
        for entry in every
        if entry.get("sources", {}).get("worldbank")
    }


def _follows(pages: list[Page], number: int) -> None:
    """Check that the last of `pages` continues the first."""
    first, last = pages[0], pages[-1]
    if not last.rows:
        raise (Empty if number == 1 else Truncated)("no rows", url=last.answer.url)
    if last.page != number:
        raise Changed(f"asked for page {number}, got page {last.page}", url=last.answer.url)
    if last.pages > MOST_PAGES:
        raise Changed(f"{last.pages} pages announced", url=last.answer.url)
    if (last.updated, last.total) != (first.updated, first.total):
        raise Truncated("the data were renewed between two pages", url=last.answer.url)


def _rows(document: Document) -> list[Mapping[str, Any]]:
    """Return the rows of all pages.

    :raises Truncated: they are not as many as the first page says
    """
    pages = [page(answer) for answer in document.answers[:-1]]
    rows = [row for each in pages for row in each.rows]
    if len(rows) != pages[0].total:
        detail = f"{pages[0].total} rows announced, {len(rows)} came"
        raise Truncated(detail, url=document.url)
    return rows


def _said(description: Mapping[str, Any]) -> tuple[Text, Text]:
    """Return what the World Bank says about a series, in English."""
    note = _text(description.get("sourceNote"))
    compiler = _text(description.get("sourceOrganization"))
    compiled = {"en": f"Compiled by: {compiler}", "th": f"รวบรวมโดย: {compiler}"}
    return {"en": note, "th": note}, compiled if compiler else {}


def _issue(code: str, number: int, name: str, row: Mapping[str, Any], expected: str) -> Issue:
    return Issue(code, number, name, _text(row.get(name)), expected)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
