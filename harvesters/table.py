"""A table at an address: CSV, XLSX or ODS, one dataset.

For agencies that publish files and no interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.report import Report

from . import mapped
from .base import Document, Harvested, Link, Ref, Source
from .facts import LANGUAGES, Facts, FactsError

if TYPE_CHECKING:
    from .session import Session


class Table(Source):
    """The observations in one file.

    Option `dataset`: `id`, `title` and `notes` of the dataset, the latter two in both languages.
    Options `mapping`, `headings`, `open_end`: see `mapped`.
    """

    options: ClassVar[Mapping[str, type]] = {"dataset": dict}
    optional: ClassVar[Mapping[str, type]] = mapped.OPTIONS

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.expected = mapped.Expected.of(facts.options)
        self.dataset = facts.options["dataset"]
        if set(self.dataset) != {"id", "title", "notes"} or not isinstance(self.dataset["id"], str):
            raise FactsError("dataset: expected id, title and notes")
        for name in ("title", "notes"):
            text = self.dataset[name]
            if not isinstance(text, Mapping) or set(text) != set(LANGUAGES):
                raise FactsError(f"dataset.{name}: expected the languages en and th")

    def refs(self, session: Session) -> Iterator[Ref]:
        """List the file, with the mark that its server has for its present state."""
        title, url = self.dataset["title"]["en"], self.facts.url
        yield Ref(self.dataset["id"], title, url, session.mark(url))

    def read(self, document: Document) -> Harvested:
        """Turn the file into observations."""
        problems = Report()
        answer = document.answers[0]
        table = mapped.observations(answer, self.expected, problems)
        title = self.dataset["title"]
        citation = self.facts.citation.format(dataset=title["en"], code=document.ref.id)
        return Harvested(
            id=document.ref.id,
            source=self.facts.id,
            title=title,
            notes=self.dataset["notes"],
            licence=self.facts.licence,
            citation=citation,
            provenance=self.provenance(document, citation),
            table=table,
            keywords={language: tuple(words) for language, words in self.facts.keywords.items()},
            focal_areas=codelists.focal_areas_of(table["INDICATOR"].unique()),
            links=(Link(answer.url, title, answer.url.rpartition(".")[2].upper()),),
            problems=problems,
        )
