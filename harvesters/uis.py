"""UNESCO Institute for Statistics, public data API of 2024.

Its figures are national and never stand under a city. It has no pages; a question for more than
100,000 records is refused, so each indicator is asked by itself. It ignores parameters that it does
not know, answers a wrong question with status 200 and a hint, and keeps all its versions: the one
that is current when the listing is made is named in every question.

Source: https://api.uis.unesco.org/api/public/documentation/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import polars as pl

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import ROW, Layout
from ckanext.learningcity.tables.model import TOTAL
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

from .base import Answer, Document, Harvested, Ref, Source
from .errors import Changed, Empty, Refused
from .published import notes, published, title

if TYPE_CHECKING:
    from .session import Session

#: What the question for too many records is answered with.
TOO_MANY = 400
#: `qualifier`: our status, and what a reader is told. A value without one was reported.
QUALIFIERS: Mapping[str, tuple[str, str]] = {
    "NAT_EST": ("E", "National estimate"),
    "UIS_EST": ("E", "Estimate of the UNESCO Institute for Statistics"),
}
#: `magnitude` of what does not apply; the value beside it means nothing.
NOT_APPLICABLE = "NA"
#: Observation column: field of a record. The field's name is what a problem quotes.
FIELDS: Mapping[str, str] = {
    "TIME_PERIOD": "year",
    "OBS_VALUE": "value",
    "OBS_STATUS": "qualifier",
    "COMMENT_OBS": "footnotes",
    "SEX": "indicatorId",
}


class Uis(Source):
    """Series of one country, one dataset for each indicator that names its UIS code.

    The series of women and men belong to the dataset of their total. Option `iso3`: the three
    letters by which UIS knows `country`; `indicators`: codes besides those of the code list.
    """

    options: ClassVar[Mapping[str, type]] = {"iso3": str}
    optional: ClassVar[Mapping[str, type]] = {"indicators": dict}

    def refs(self, session: Session) -> Iterator[Ref]:
        """List the indicators of the code list, in the version that is current.

        A code that UIS does not define is listed too, so that asking for it says what is wrong.
        """
        version = self._version(session)
        url = f"{self.facts.url}/definitions/indicators"
        defined = _codes(session.get(url, params={"version": version}))
        for indicator, code in published(self.facts, "uis").items():
            asked = [code, *(each for each in _sexes(code) if each in defined)]
            name = codelists.indicators()[indicator]["name"]["en"]
            yield Ref(code, name, self._question(asked, version), version)

    def fetch(self, session: Session, ref: Ref) -> Document:
        """Bring the records of an indicator, together or, if they are too many, one by one."""
        answers = [session.get(ref.url, accept=(TOO_MANY,))]
        asked = _asked(ref)
        if answers[0].status == TOO_MANY and len(asked) > 1:
            urls = [self._question([code], ref.version or "") for code in asked]
            answers = [session.get(url, accept=(TOO_MANY,)) for url in urls]
        for answer in answers:
            if answer.status == TOO_MANY:
                said = " ".join(answer.body[:200].decode("utf-8", "replace").split())
                raise Refused(f"HTTP 400: {said}", url=answer.url, status=TOO_MANY)
            _records(answer)
        return Document(ref, tuple(answers), ref.version)

    def read(self, document: Document) -> Harvested:
        """Turn the records into national observations.

        :raises Empty: UIS has no record for this country
        """
        code = document.ref.id
        known = {series: ours for ours, series in published(self.facts, "uis").items()}
        indicator = codelists.indicators()[known[code]]
        records = [record for answer in document.answers for record in _records(answer)]
        if not records:
            raise Empty(f"{code} has no value for {self.facts.country}", url=document.url)
        problems = Report()
        table = self._table(document, known[code], records, problems)
        if table.is_empty():
            raise Changed(f"no row can be read: {dict(problems.counts)}", url=document.url)
        described = _described(document.answers[0], code)
        citation = self.facts.citation.format(dataset=described or code, code=code)
        return Harvested(
            id=code,
            source=self.facts.id,
            title=title(self.facts, indicator),
            notes=notes(indicator, {"en": described, "th": described}),
            licence=self.facts.licence,
            citation=citation,
            provenance=self.provenance(document, citation),
            table=table,
            keywords={language: tuple(words) for language, words in self.facts.keywords.items()},
            focal_areas=codelists.focal_areas_of([indicator["id"]]),
            problems=problems,
        )

    def _version(self, session: Session) -> str:
        """Return the version that is current."""
        answer = session.get(f"{self.facts.url}/versions/default")
        match answer.json():
            case {"version": str() as version} if version:
                return version
        raise Changed("expected the default version", url=answer.url)

    def _question(self, codes: list[str], version: str) -> str:
        parameters = [("indicator", code) for code in codes]
        parameters += [("geoUnit", self.facts.options["iso3"]), ("version", version)]
        parameters += [("indicatorMetadata", "true"), ("footnotes", "true")]
        return f"{self.facts.url}/data/indicators?{urlencode(parameters)}"

    def _table(
        self,
        document: Document,
        indicator: str,
        records: list[Mapping[str, Any]],
        problems: Report,
    ) -> pl.DataFrame:
        code = document.ref.id
        sexes = {code: TOTAL, **_sexes(code)}
        asked = {series: sexes[series] for series in _asked(document.ref) if series in sexes}
        rows: list[dict[str, Any]] = []
        issues: list[Issue] = []
        for number, record in enumerate(records, start=1):
            found = list(self._foreign(number, record, asked))
            issues += found
            if not found:
                ours = {"INDICATOR": indicator, "REF_AREA": self.facts.country, ROW: number}
                rows.append({**ours, **_fields(record), "SEX": asked[record["indicatorId"]]})
        columns = dict.fromkeys(("INDICATOR", "REF_AREA", *FIELDS), pl.String) | {ROW: pl.Int64}
        frame = pl.DataFrame(rows, schema=columns)
        circumstances = Circumstances(today=document.retrieved.date())
        table = check(frame, Layout.named(FIELDS), problems, circumstances)
        problems.add(issues)
        return table.with_columns(REF_AREA_ORIGINAL=pl.lit(self.facts.options["iso3"]))

    def _foreign(
        self, number: int, record: Mapping[str, Any], asked: Mapping[str, str]
    ) -> Iterator[Issue]:
        """Yield a problem where a record is not about what was asked."""
        iso3, unit = self.facts.options["iso3"], record.get("geoUnit")
        if unit != iso3:
            yield Issue("code_unknown", number, "geoUnit", str(unit), iso3)
        code = record.get("indicatorId")
        if code not in asked:
            yield Issue("code_unknown", number, "indicatorId", str(code), ", ".join(asked))
        magnitude = record.get("magnitude")
        if magnitude not in (None, "", "NIL", NOT_APPLICABLE):
            yield Issue("code_unknown", number, "magnitude", str(magnitude), "NIL, NA")


def _records(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the records of an answer.

    :raises Refused: a hint says that the question was wrong; without hints, none is none
    :raises Changed: the envelope is another
    """
    match answer.json():
        case {"records": list() as records, "hints": list() as hints}:
            if hints:
                said = "; ".join(
                    str(hint.get("message")) for hint in hints if isinstance(hint, Mapping)
                )
                raise Refused(said[:300] or "a hint without a message", url=answer.url)
            if all(isinstance(record, Mapping) for record in records):
                return records
    raise Changed("expected records and hints", url=answer.url)


def _codes(answer: Answer) -> frozenset[str]:
    """Return the codes of all indicators that UIS defines."""
    content = answer.json()
    if isinstance(content, list):
        codes = [each.get("indicatorCode") for each in content if isinstance(each, Mapping)]
        known = frozenset(code for code in codes if isinstance(code, str))
        if known and len(codes) == len(content) and None not in codes:
            return known
    raise Changed("expected definitions of indicators", url=answer.url)


def _sexes(code: str) -> dict[str, str]:
    """Return the codes that the series of women and men may have: `CR.1.F`, `NERT.1.F.CP`."""
    head, _, tail = code.rpartition(".")
    ends = {f"{code}.{sex}": sex for sex in ("F", "M")}
    return ends | {f"{head}.{sex}.{tail}": sex for sex in ("F", "M") if head}


def _asked(ref: Ref) -> list[str]:
    """Return the codes that a reference asks for."""
    return parse_qs(urlsplit(ref.url).query)["indicator"]


def _described(answer: Answer, code: str) -> str:
    """Return the name by which UIS knows an indicator, "" where the answer does not have it."""
    described = answer.json().get("indicatorMetadata") or []
    names = [
        str(each.get("name") or "")
        for each in described
        if isinstance(each, Mapping) and each.get("indicatorCode") == code
    ]
    return names[0] if names else ""


def _fields(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Return period, value, status and note of a record."""
    qualifier = record.get("qualifier")
    status, note = QUALIFIERS.get(str(qualifier), (qualifier, ""))
    value = record.get("value")
    if record.get("magnitude") == NOT_APPLICABLE:
        value, status = None, "M"
    remarks = [note, *_footnotes(record.get("footnotes"))]
    return {
        "TIME_PERIOD": str(record.get("year")),
        "OBS_VALUE": None if value is None else str(value),
        "OBS_STATUS": None if status in (None, "") else str(status),
        "COMMENT_OBS": "; ".join(remark for remark in remarks if remark) or None,
    }


def _footnotes(found: object) -> list[str]:
    if not isinstance(found, list):
        return []
    return [str(each.get("value") or "") for each in found if isinstance(each, Mapping)]
