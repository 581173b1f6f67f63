"""Any service that speaks SDMX REST, 2.1 or 3.0: what differs between agencies is facts.

The list of dataflows comes first, because each flow has its own version; then the structure,
because a key needs the order of the dimensions; then the data. Which flows are asked, and which of
their series are which of our indicators, `published` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import Layout
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

from .base import Answer, Document, Harvested, Ref, Source
from .errors import Changed, Empty, Refused
from .facts import Facts, FactsError
from .published import published
from .sdmx_mapping import Components, Series, series_from
from .sdmx_message import message
from .sdmx_questions import DATA, STRUCTURE, Interface, Question
from .sdmx_structure import Dataflow, dataflows, dimensions

if TYPE_CHECKING:
    from .session import Session

NO_CONTENT, NOT_FOUND, TOO_LARGE = 204, 404, 413
#: How services say in a 404 that the question was right and there is nothing; 100 is the code of
#: the standard.
NO_RESULTS = ("norecordsfound", "noresultsfound", "no results found", 'code="100"')
#: More questions for one dataflow than this are a mistake in the facts.
MOST_QUESTIONS = 100
#: The first year for which a question is split.
FIRST_YEAR = 1950


class Sdmx(Source):
    """Dataflows of one agency, one dataset for each that has an indicator of ours.

    Options: `agency`, the maintainer of the dataflows; `api`, `2.1` or `3.0`. May be left out:
    `format`, `csv` (default), `json` or `xml`; `key`, the codes asked by dimension; `columns`, the
    component that fills one of our columns where its name is another; `codes`, our code for theirs
    by our column; `indicators`, series by our indicator (`DF_X/DIMENSION=CODE`) besides those of
    the code list.
    """

    options: ClassVar[Mapping[str, type]] = {"agency": str, "api": str}
    optional: ClassVar[Mapping[str, type]] = {
        "format": str,
        "key": dict,
        "columns": dict,
        "codes": dict,
        "indicators": dict,
    }
    #: What a question's years are ahead of Gregorian ones; those of an answer tell by themselves.
    year_offset: ClassVar[int] = 0
    language: ClassVar[str] = "en, th"

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        settings = facts.options
        self._accept = DATA.get((settings.get("format", "csv"), settings["api"]))
        if self._accept is None:
            known = " or ".join(f"{name} of {api}" for name, api in DATA)
            raise FactsError(f"options.format: expected {known}")
        self._series()
        self._interface = Interface(facts.url, settings["api"], settings["agency"])

    def refs(self, session: Session) -> Iterator[Ref]:
        """List the dataflows that have an indicator of ours, in the order of the code list.

        One that the service does not list has no title of its own; asking for it says why.
        """
        wanted = dict.fromkeys(series.flow for series in self._series())
        listing = session.get(self._interface.listing(), headers=self._headers(structure=True))
        listed: dict[str, Dataflow] = {}
        for each in dataflows(listing):
            newer = each.id not in listed or _order(each) > _order(listed[each.id])
            if each.id in wanted and newer:
                listed[each.id] = each
        if not listed:
            raise Changed(f"none of {', '.join(wanted)} is listed", url=listing.url)
        for flow in wanted:
            known = listed.get(flow) or Dataflow(flow, "latest", {}, {})
            title = known.name.get("en") or known.name.get("th") or flow
            yield Ref(flow, title, self._interface.data(flow, known.version))

    def fetch(self, session: Session, ref: Ref) -> Document:
        """Bring the structure of a dataflow, then its data.

        :raises Empty: the service says that there are none
        """
        version = ref.url.removesuffix("/").replace("/", ",").rpartition(",")[2]
        described = session.get(
            self._interface.flow(ref.id, version), headers=self._headers(structure=True)
        )
        if not [flow for flow in dataflows(described) if flow.id == ref.id]:
            raise Changed(f"asked for {ref.id}", url=described.url)
        order = dimensions(described)
        data = self._data(session, ref, order, described.retrieved.year)
        return Document(ref, (*data, described), version)

    def read(self, document: Document) -> Harvested:
        """Turn the messages into observations, each at the level of its own place.

        :raises Empty: there are no observations
        """
        *answers, described = document.answers
        flow = next(each for each in dataflows(described) if each.id == document.ref.id)
        order = dimensions(described)
        components = self._components(document.ref.id, order)
        messages = [message(answer, order, flow.id) for answer in answers]
        unknown = Report()
        parts: list[pl.DataFrame] = []
        before = 0
        for each in messages:
            if len(each.codes):
                parts.append(components.rows(each, unknown, before))
            before += len(each.codes)
        if not parts:
            raise Empty(f"{flow.id} has no observations", url=document.url)
        problems = Report()
        rows = pl.concat(parts, how="diagonal")
        table = self._checked(rows, components, document, problems)
        problems.add(unknown.issues)
        if table.is_empty():
            raise Changed(f"no row can be read: {dict(problems.counts)}", url=document.url)
        return self._harvested(document, flow, table, problems)

    def place(self, codes: Mapping[str, str | None]) -> str | None:
        """Return the place that the codes of the components of places mean, None if unknown."""
        found = {codelists.area_names().get(codelists.fold(code or "")) for code in codes.values()}
        areas = found.pop() if len(found) == 1 else None
        return areas[0] if areas and len(areas) == 1 else None

    def places(self) -> tuple[str, ...]:
        """Return the components that say the place."""
        return (self.facts.options.get("columns", {}).get("REF_AREA", "REF_AREA"),)

    def _series(self) -> list[Series]:
        return [series_from(*each) for each in published(self.facts).items()]

    def _components(self, flow: str, order: list[str]) -> Components:
        series = [each for each in self._series() if each.flow == flow]
        settings = self.facts.options
        columns, codes = settings.get("columns", {}), settings.get("codes", {})
        return Components(series, order, self.places(), self.place, columns, codes)

    def _headers(self, *, structure: bool = False) -> dict[str, str]:
        accept = STRUCTURE[self.facts.options["api"]] if structure else str(self._accept)
        return {"Accept": accept, "Accept-Language": self.language}

    def _data(self, session: Session, ref: Ref, order: list[str], year: int) -> list[Answer]:
        """Ask for the whole flow, and for smaller parts where the service finds that too large."""
        pins = [each.pins for each in self._series() if each.flow == ref.id]
        waiting = [Question(self.facts.options.get("key", {}))]
        answers: list[Answer] = []
        for _ in range(MOST_QUESTIONS):
            if not waiting:
                break
            question = waiting.pop(0)
            answer = self._ask(session, ref, question, order)
            if answer.status == TOO_LARGE:
                smaller = question.narrower(pins, (FIRST_YEAR, year + 1))
                if not smaller:
                    raise Refused("too large even for one year", url=answer.url, status=TOO_LARGE)
                waiting = smaller + waiting
            elif answer.status not in (NO_CONTENT, NOT_FOUND):
                answers.append(answer)
        if waiting:
            raise Refused(f"more than {MOST_QUESTIONS} questions are needed", url=ref.url)
        if not answers:
            raise Empty(f"{ref.id} has no observations", url=ref.url)
        return answers

    def _ask(self, session: Session, ref: Ref, question: Question, order: list[str]) -> Answer:
        url, parameters = self._interface.asked(ref.url, question, order, self.year_offset)
        accepted = (NOT_FOUND, TOO_LARGE)
        answer = session.get(url, params=parameters, headers=self._headers(), accept=accepted)
        if answer.status == NOT_FOUND:
            said = answer.body.decode("utf-8", "replace").casefold()
            if not any(words in said for words in NO_RESULTS):
                raise Refused("HTTP 404", url=answer.url, status=NOT_FOUND)
        return answer

    def _checked(
        self, rows: pl.DataFrame, components: Components, document: Document, problems: Report
    ) -> pl.DataFrame:
        originals = dict(rows.select("REF_AREA", "REF_AREA_ORIGINAL").iter_rows())
        circumstances = Circumstances(today=document.retrieved.date())
        layout = Layout.named(components.headings())
        table = check(rows.drop("REF_AREA_ORIGINAL"), layout, problems, circumstances)
        original = pl.col("REF_AREA").replace(originals)
        return table.with_columns(REF_AREA_ORIGINAL=original)

    def _harvested(
        self, document: Document, flow: Dataflow, table: pl.DataFrame, problems: Report
    ) -> Harvested:
        facts = self.facts
        name = {"en": flow.name.get("en") or flow.name.get("th") or flow.id}
        name["th"] = flow.name.get("th") or name["en"]
        citation = facts.citation.format(dataset=name["en"], code=flow.id)
        entries = [codelists.indicators()[code] for code in table["INDICATOR"].unique().sort()]
        return Harvested(
            id=flow.id,
            source=facts.id,
            title={language: f"{name[language]} ({facts.title[language]})" for language in name},
            notes={language: _notes(flow, entries, language) for language in name},
            licence=facts.licence,
            citation=citation,
            provenance=self.provenance(document, citation),
            table=table,
            keywords={language: tuple(words) for language, words in facts.keywords.items()},
            focal_areas=codelists.focal_areas_of(table["INDICATOR"].unique()),
            problems=problems,
        )


def _notes(flow: Dataflow, entries: list[codelists.Entry], language: str) -> str:
    described = flow.description.get(language) or flow.description.get("en")
    defined = [f"{entry['name'][language]}: {entry['definition'][language]}" for entry in entries]
    return "\n\n".join(part for part in (described, *defined) if part)


def _order(flow: Dataflow) -> list[int]:
    """Return what orders versions: 1.10 follows 1.9."""
    return [int(part) for part in flow.version.split(".") if part.isdecimal()]
