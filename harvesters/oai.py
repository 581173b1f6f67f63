"""OAI-PMH 2.0: research publications of universities' repositories.

Tokens expire, come again or lead back to the first page: a listing ends, whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from ckanext.learningcity.tables.report import Issue, Report

from .base import Answer, Document, Harvested, Provenance, Ref, Source
from .errors import Changed, Empty, Truncated
from .oai_answer import OAI, BadToken, content, packed, page, parsed, text
from .oai_record import Publication

if TYPE_CHECKING:
    from .session import Session

#: How often a listing whose token expired is begun again.
PASSES = 3


class Repository(Source):
    """Publications of one repository.

    Option `set`: only this set. Option `prefix`: the form of metadata, `oai_dc` or `dim`. Options
    `from` and `until`: days between which records were changed. Option `days`: ask only for what
    was changed in so many days before the run; what is gone is then known from the repository's
    own reports of deletion only.
    """

    optional: ClassVar[Mapping[str, type]] = {
        "set": str,
        "prefix": str,
        "from": str,
        "until": str,
        "days": int,
    }

    @property
    def lists_all(self) -> bool:
        """Whether the listing has every publication."""
        return "days" not in self.facts.options

    def refs(self, session: Session) -> Iterator[Ref]:
        """List every publication once, deletions included.

        :raises Empty: there is none, and the question was for all
        :raises Truncated: the listing could not be brought to its end
        """
        known: set[str] = set()
        try:
            for _ in range(PASSES):
                try:
                    yield from self._listed(session, known)
                except BadToken:
                    continue
                return
        except Empty:
            if self.lists_all:
                raise
            return
        raise Truncated(f"the token expired in each of {PASSES} listings", url=self.facts.url)

    def read(self, document: Document) -> Harvested:
        """Turn a record into a publication."""
        answer = document.answers[0]
        metadata = parsed(answer).find(f"{OAI}metadata")
        if metadata is None:
            raise Changed("a record without metadata", url=answer.url)
        said, problems = Publication(metadata), Report()
        title = said.title()
        if not title:
            problems.add([Issue("value_missing", None, "title", None, "title")])
            title = {"en": document.ref.id}
        licence = said.licence() or self.facts.licence
        named = title.get("th") or title["en"]
        citation = self.facts.citation.format(dataset=named, code=document.ref.id)
        provenance: Provenance = {**self.provenance(document, citation), "licence": licence}
        return Harvested(
            id=document.ref.id,
            source=self.facts.id,
            title=title,
            notes=said.notes(),
            licence=licence,
            citation=citation,
            provenance=provenance,
            keywords=said.keywords(),
            links=said.links(),
            fields=said.fields(problems),
            problems=problems,
            type="research",
        )

    def _listed(self, session: Session, known: set[str]) -> Iterator[Ref]:
        """Yield what is not `known` yet, page by page."""
        question = self._question(session)
        seen: set[str] = set()
        tokens: set[str] = set()
        while True:
            found = page(session.get(self.facts.url, params=question))
            refs = [self._ref(found.answer, record) for record in found.records]
            if seen.issuperset(ref.id for ref in refs):
                raise Truncated("a page came again", url=found.answer.url)
            for ref, record in zip(refs, found.records, strict=True):
                if ref.id not in known and self._is_of_set(record):
                    yield ref
                known.add(ref.id)
                seen.add(ref.id)
            if not found.token:
                return
            if found.token in tokens:
                raise Truncated("a resumption token came again", url=found.answer.url)
            tokens.add(found.token)
            question = {"verb": "ListRecords", "resumptionToken": found.token}

    def _question(self, session: Session) -> dict[str, str]:
        options = self.facts.options
        asked = {name: options[name] for name in ("set", "from", "until") if name in options}
        if "days" in options:
            asked["from"] = self._days_ago(session, options["days"])
        return {"verb": "ListRecords", "metadataPrefix": self._prefix, **asked}

    @property
    def _prefix(self) -> str:
        return self.facts.options.get("prefix", "oai_dc")

    def _days_ago(self, session: Session, days: int) -> str:
        """Return a day as the repository writes it, counted back from its own clock."""
        answer = session.get(self.facts.url, params={"verb": "Identify"})
        granularity = text(content(answer, "Identify"), "granularity")
        try:
            today = datetime.strptime(text(parsed(answer), "responseDate"), "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            raise Changed("expected a responseDate", url=answer.url) from None
        day = (today - timedelta(days=days)).strftime("%Y-%m-%d")
        return f"{day}T00:00:00Z" if "T" in granularity else day

    def _ref(self, answer: Answer, record: Element) -> Ref:
        header = record.find(f"{OAI}header")
        identifier = "" if header is None else text(header, "identifier")
        if header is None or not identifier:
            raise Changed("a record without an identifier", url=answer.url)
        asked = {"verb": "GetRecord", "metadataPrefix": self._prefix, "identifier": identifier}
        url, version = f"{self.facts.url}?{urlencode(asked)}", text(header, "datestamp") or None
        if header.get("status") == "deleted":
            return Ref(identifier, identifier, url, version, deleted=True)
        metadata = record.find(f"{OAI}metadata")
        if metadata is None:
            raise Changed(f"{identifier} has no metadata", url=answer.url)
        title = next(iter(Publication(metadata).title().values()), identifier)
        return Ref(identifier, title, url, version, replace(answer, url=url, body=packed(record)))

    def _is_of_set(self, record: Element) -> bool:
        """Whether a record is of the set asked for; some repositories forget it in the token."""
        asked = self.facts.options.get("set")
        sets = [(each.text or "").strip() for each in record.iter(f"{OAI}setSpec")]
        return not asked or not sets or any(f"{each}:".startswith(f"{asked}:") for each in sets)
