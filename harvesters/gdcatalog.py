"""Thai government CKANs: data.go.th behind its gateway, catalogues of provinces and agencies.

Filters are applied here and not there: the gateway answers filtered searches with 502. Datasets
come and go between two pages, so that pages overlap and a listing that moved is begun again.

Source: https://docs.ckan.org/en/2.9/api/, https://gdhelppage.nso.go.th
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.report import Report

from . import gdcatalog_record as gd
from . import mapped
from .base import Answer, Document, Harvested, Provenance, Ref, Source
from .ckan_answer import ask
from .errors import Changed, Empty, Truncated
from .facts import Facts, FactsError
from .texts import by_language, keywords, one

if TYPE_CHECKING:
    from .session import Session

PER_PAGE = 100
#: How often a listing that was overtaken by changes is begun again.
PASSES = 3
#: What a dataset can be chosen by.
FILTERS = ("names", "organizations", "groups", "tags")


class GDCatalog(Source):
    """Datasets of one catalogue; their files stay there as links.

    Option `area`: the place that the catalogue is about. Option `only`: lists of `names`,
    `organizations`, `groups` or `tags`; a dataset is taken where it has one of each list that is
    given. Option `page_parameters`: the names for size and start of a page, where they are not
    `rows` and `start`. Option `tables`: by the name of a dataset, the `resource` (name or id) that
    is read as observations, and how: see `mapped`.
    """

    optional: ClassVar[Mapping[str, type]] = {
        "area": str,
        "only": dict,
        "page_parameters": list,
        "tables": dict,
    }

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        options = facts.options
        self.only: Mapping[str, list[str]] = options.get("only", {})
        if not all(name in FILTERS and isinstance(self.only[name], list) for name in self.only):
            raise FactsError(f"only: expected lists under {', '.join(FILTERS)}")
        if options.get("area", "TH") not in codelists.areas():
            raise FactsError(f"area: no place {options['area']!r}")
        self.tables = {name: _table(name, said) for name, said in options.get("tables", {}).items()}

    def state(self, session: Session) -> str | None:
        """Return the number of datasets and the last change among them; None with tables.

        A change, also one of who may see a dataset, is a new last change; a removal is another
        number. A file that is read may change without its record.
        """
        if self.tables:
            return None
        size, _start = self._page_parameters
        question = {"sort": "metadata_modified desc", size: 1}
        answer, result = ask(session, f"{self.facts.url}/package_search", question)
        match result:
            case {"count": int() as count, "results": [record, *_]} if _is_record(record):
                return f"{count} {record['id']} {record.get('metadata_modified')}"
            case {"count": 0}:
                return None
        raise Changed("expected count and results with id and name", url=answer.url)

    @property
    def _page_parameters(self) -> tuple[str, str]:
        size, start = self.facts.options.get("page_parameters", ("rows", "start"))
        return size, start

    def refs(self, session: Session) -> Iterator[Ref]:
        """List every dataset once, in the order of their making.

        :raises Empty: the catalogue has none
        :raises Truncated: the catalogue changed during every listing
        """
        known: set[str] = set()
        for _ in range(PASSES):
            if (yield from self._listed(session, known)):
                return
        detail = f"the catalogue changed, or did not add up, during {PASSES} listings"
        raise Truncated(detail, url=f"{self.facts.url}/package_search")

    def fetch(self, session: Session, ref: Ref) -> Document:
        """Bring the file that is read as observations, where the facts name one."""
        if ref.answer is None:
            raise Changed("the listing gave no record", url=ref.url)
        record = ref.answer.json()
        table = self.tables.get(record["name"])
        if table is None:
            return Document(ref, (ref.answer,), _version(record))
        return Document(ref, (ref.answer, session.get(table.of(record, ref.url))), _version(record))

    def read(self, document: Document) -> Harvested:
        """Turn a record, and its table, into a dataset."""
        problems = Report()
        record = gd.flat(document.answers[0].json())
        title = one(record.get("title")) or record["name"]
        licence = gd.licence(record, problems) or self.facts.licence
        citation = self.facts.citation.format(dataset=title, code=record["name"])
        fields = gd.fields(record, problems)
        if "area" in self.facts.options:
            fields["areas"] = [self.facts.options["area"]]
        links = gd.links(record, problems)
        table = None
        if len(document.answers) > 1:
            expected = self.tables[record["name"]].expected
            table = mapped.observations(document.answers[1], expected, problems)
        provenance: Provenance = {**self.provenance(document, citation), "licence": licence}
        indicators = [] if table is None else table["INDICATOR"].unique()
        return Harvested(
            id=record["id"],
            source=self.facts.id,
            title=by_language(title),
            notes=by_language(one(record.get("notes"))),
            licence=licence,
            citation=citation,
            provenance=provenance,
            table=table,
            keywords=keywords(_names(record, "tags")),
            focal_areas=codelists.focal_areas_of(indicators),
            links=links,
            fields=fields,
            problems=problems,
        )

    def _listed(self, session: Session, known: set[str]) -> Generator[Ref, None, bool]:
        """Yield what is not `known` yet, and return whether the listing held still.

        Each page begins with the last dataset of the page before; where another stands there,
        datasets have moved and one may have been passed over.
        """
        listed, total, last = 0, 0, ""
        while True:
            answer, count, records = self._page(session, max(listed - 1, 0))
            if listed:
                if count != total or len(records) < 2 or records[0]["id"] != last:
                    return False
                records = records[1:]
            elif not count:
                raise Empty("the catalogue has no dataset", url=answer.url)
            elif not records:
                return False
            for record in records:
                if record["id"] not in known and self._is_chosen(record):
                    yield self._ref(answer, record)
                known.add(record["id"])
            listed, total, last = listed + len(records), count, records[-1]["id"]
            if listed >= count:
                return True

    def _page(self, session: Session, at: int) -> tuple[Answer, int, list[Mapping[str, Any]]]:
        size, start = self._page_parameters
        question = {"sort": "metadata_created asc, name asc", size: PER_PAGE, start: at}
        answer, result = ask(session, f"{self.facts.url}/package_search", question)
        match result:
            case {"count": int() as count, "results": [*records]} if all(map(_is_record, records)):
                return answer, count, records
        raise Changed("expected count and results with id and name", url=answer.url)

    def _ref(self, answer: Answer, record: Mapping[str, Any]) -> Ref:
        name, flat = record["name"], gd.flat(record)
        url = f"{self.facts.url}/package_show?id={name}"
        body = json.dumps(record, ensure_ascii=False).encode()
        return Ref(
            id=record["id"],
            title=one(record.get("title")) or name,
            url=url,
            # a file may change without its record
            version=None if name in self.tables else _version(record),
            answer=replace(answer, url=url, body=body),
            withheld=gd.withheld(flat),
        )

    def _is_chosen(self, record: Mapping[str, Any]) -> bool:
        organization = record.get("organization")
        has = {
            "names": {record["name"]},
            "organizations": {organization.get("name")}
            if isinstance(organization, dict)
            else set(),
            "groups": set(_names(record, "groups")),
            "tags": set(_names(record, "tags")),
        }
        return all(has[name].intersection(wanted) for name, wanted in self.only.items())


class _Table:
    """Which resource of a dataset is a table, and how it is read."""

    def __init__(self, resource: str, expected: mapped.Expected) -> None:
        self.resource = resource
        self.expected = expected

    def of(self, record: Mapping[str, Any], url: str) -> str:
        """Return the address of the resource.

        :raises Changed: the record has none of this name or id
        """
        for resource in gd.resources(record):
            if self.resource in (resource.get("id"), one(resource.get("name"))):
                return one(resource.get("url"))
        raise Changed(f"no resource {self.resource!r}", url=url)


def _table(name: str, said: Any) -> _Table:
    if not isinstance(said, Mapping) or not isinstance(said.get("resource"), str):
        raise FactsError(f"tables.{name}: expected a resource and a mapping")
    unknown = sorted(set(said) - {"resource", *mapped.OPTIONS})
    if unknown:
        raise FactsError(f"tables.{name}.{unknown[0]}: unknown")
    return _Table(said["resource"], mapped.Expected.of(said))


def _is_record(record: object) -> bool:
    return isinstance(record, Mapping) and all(
        isinstance(record.get(name), str) and record[name] for name in ("id", "name")
    )


def _names(record: Mapping[str, Any], field: str) -> list[str]:
    """Return the names of a record's tags or groups."""
    listed = record.get(field)
    found = listed if isinstance(listed, list) else []
    return [one(each["name"]) for each in found if isinstance(each, Mapping) and "name" in each]


def _version(record: Mapping[str, Any]) -> str | None:
    return one(record.get("metadata_modified")) or None
