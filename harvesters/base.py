"""The contract between an agency's data and the portal.

A `Source` has three stages, which are those of a harvest job:

1. `refs` lists what there is,
2. `fetch` brings one `Ref`'s bytes,
3. `read` turns the bytes into one `Harvested` dataset; it is pure and never touches the network.

`Ref` and `Document` survive a crash between the stages: see `packing`.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

import polars as pl

from ckanext.learningcity.tables.model import COLUMNS, KEY
from ckanext.learningcity.tables.report import Report

from .errors import Changed
from .masking import mask

if TYPE_CHECKING:
    from .facts import Facts
    from .session import Session

#: A text in both languages: `{"en": …, "th": …}`; a language that the source lacks is left out.
Text = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer.

    `url` is the address asked with secrets masked, `body` is decompressed, `retrieved` is in UTC.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    retrieved: datetime

    def text(self) -> str:
        """Return the body as text: UTF-8 where it is that, else the declared charset.

        UTF-8 is tried first because it cannot be mistaken, and servers declare what they like.

        :raises Changed: the bytes are in neither
        """
        declared = re.search(r"charset=\"?([\w.:-]+)", self.content_type, re.IGNORECASE)
        text = _decode(self.body, "utf-8-sig")
        if text is None and declared:
            text = _decode(self.body, declared[1])
        if text is None:
            raise Changed(f"not text in {self.content_type[:80] or 'UTF-8'}", url=self.url)
        return text

    def json(self) -> Any:
        """Return the body read as JSON.

        :raises Changed: it is something else, such as an HTML error page sent with status 200
        """
        text = self.text()
        try:
            return json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            start = mask(" ".join(text[:80].split()))
            raise Changed(f"expected JSON, found: {start!r}", url=self.url) from None


@dataclass(frozen=True)
class Ref:
    """One dataset that a source has.

    `id` is the source's own and never changes. `version` is the source's mark of the present state
    (a date, a version, an ETag) where the listing gives one: equal to last time means that there
    is nothing to fetch. `answer` is there where the listing already carries the whole record.
    `deleted` says that the source itself reports the dataset as deleted. `withheld` is a code of
    `schemas/messages.yaml` where the source lists the dataset but does not let it be passed on;
    it is then treated as deleted.
    """

    id: str
    title: str
    url: str
    version: str | None = None
    answer: Answer | None = None
    deleted: bool = False
    withheld: str = ""


@dataclass(frozen=True)
class Document:
    """What was fetched for one `Ref`: one answer, or several where the source pages.

    `version` is the source's own version or date of the data, as it writes it.
    """

    ref: Ref
    answers: tuple[Answer, ...]
    version: str | None = None

    @property
    def url(self) -> str:
        """The address asked, with secrets masked."""
        return self.answers[0].url

    @property
    def retrieved(self) -> datetime:
        """When the last part arrived, in UTC."""
        return max(answer.retrieved for answer in self.answers)


@dataclass(frozen=True)
class Link:
    """A file that stays at the source."""

    url: str
    title: Text
    format: str


class Provenance(TypedDict):
    """Where a dataset comes from; `retrieved` is ISO 8601 in UTC, `version` the source's own."""

    source: str
    agency: str
    url: str
    version: str
    retrieved: str
    licence: str
    citation: str


@dataclass(frozen=True)
class Harvested:
    """One dataset as a source gives it.

    `table` has the columns of `tables.model.SCHEMA`, or is None for a dataset that is kept as
    links (a publication, a file that is not indicators). `fields` holds other fields of the
    dataset type `type`, by the names of `schemas/`. `licence` is a CKAN licence id. What could not
    be mapped is not in the table and stands in `problems`: `row` there is the record's position in
    the answer, from 1.
    """

    id: str
    source: str
    title: Text
    notes: Text
    licence: str
    citation: str
    provenance: Provenance
    table: pl.DataFrame | None = None
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    focal_areas: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    problems: Report = field(default_factory=Report)
    type: str = "dataset"

    @property
    def name(self) -> str:
        """A CKAN dataset name that is the same in every run."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.source}-{self.id}".lower()).strip("-")[:100]

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything that a reader of the dataset would notice.

        When and from where it came, and the source's version mark, do not count: agencies renew
        the date of a whole database although most series stayed the same.
        """
        described = {
            name: getattr(self, name)
            for name in ("type", "title", "notes", "licence", "citation", "keywords", "fields")
        }
        described["focal_areas"] = self.focal_areas
        described["links"] = [vars(link) for link in self.links]
        digest = hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode())
        if self.table is not None:
            digest.update(self.table.select(COLUMNS).sort(KEY).write_csv().encode())
        return digest.hexdigest()


class Source(ABC):
    """An agency's data: facts from `sources.yaml` and, in a subclass, how its format is read.

    An adapter overrides `refs` and `read`, and `fetch` where one request is not enough. It keeps
    no state: two runs may use one instance. Every stage raises `SourceError` and nothing else.
    """

    #: The `options` that the adapter needs, and the type of each.
    options: ClassVar[Mapping[str, type]] = {}
    #: Further `options` that may be left out.
    optional: ClassVar[Mapping[str, type]] = {}

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @property
    def lists_all(self) -> bool:
        """Whether a listing has every dataset, so that absence from it means something."""
        return True

    def state(self, session: Session) -> str | None:  # noqa: ARG002 - most sources cannot say
        """Return the source's mark of its whole listing, where one cheap question gives it.

        Equal to last time means that no dataset was added, changed or removed. None: ask `refs`.
        """
        return None

    @abstractmethod
    def refs(self, session: Session) -> Iterator[Ref]:
        """List every dataset. A listing that ends without an error is complete."""

    def fetch(self, session: Session, ref: Ref) -> Document:
        """Bring the bytes of one dataset."""
        answer = ref.answer or session.get(ref.url)
        return Document(ref, (answer,), ref.version)

    @abstractmethod
    def read(self, document: Document) -> Harvested:
        """Turn the bytes into a dataset, without network, clock or other state."""

    def provenance(self, document: Document, citation: str) -> Provenance:
        """Return where `document` came from."""
        return Provenance(
            source=self.facts.id,
            agency=self.facts.organization,
            url=document.url,
            version=document.version or "",
            retrieved=document.retrieved.isoformat(timespec="seconds"),
            licence=self.facts.licence,
            citation=citation,
        )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _decode(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (ValueError, LookupError):
        return None
