"""A dataset of an RDF catalogue as fields of our dataset schema.

ckanext-dcat keeps one language of each text and puts what it knows into extras, whose names clash
with fields of the schema; the graph has both languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.dcat.processors import RDFParser
from ckanext.dcat.profiles import DCAT, DCT
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from ckanext.learningcity.harvesters.texts import (
    by_language,
    creative_commons,
    keywords,
    language_of,
)
from ckanext.learningcity.logic.thai import slug

#: Fields that are taken as they come.
_PLAIN = ("title", "notes", "url", "license_id", "maintainer", "maintainer_email")
_OF_RESOURCE = ("uri", "name", "description", "format", "mimetype")
#: Extras that ckanext-dcat finds a dataset by, and our field for some of the others.
_KEPT = ("uri", "identifier")
_FIELDS = {
    "publisher_name": "data_source",
    "modified": "source_version",
    "temporal_start": "period_start",
    "temporal_end": "period_end",
}
_NAME_LENGTH = 80


class FittedParser:
    """A parser of ckanext-dcat whose datasets fit our schema."""

    def __init__(self, parser: RDFParser) -> None:
        self._parser = parser

    def datasets(self) -> Iterator[dict[str, Any]]:
        """Yield the datasets as `package_create` takes them."""
        for dataset in self._parser.datasets():
            yield fitted(dataset, self._parser.g)

    def next_page(self) -> str | None:
        """Return the address of the next page."""
        return self._parser.next_page()


def has_datasets(parser: RDFParser) -> bool:
    """Whether a catalogue names a dataset at all."""
    return (None, RDF.type, DCAT.Dataset) in parser.g


def fitted(dataset: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """Return `dataset`, as ckanext-dcat read it out of `graph`, as fields of our schema."""
    extras = {extra["key"]: extra["value"] for extra in dataset.get("extras", ())}
    uri = extras.get("uri", "")
    node = URIRef(uri)
    fields = {name: dataset[name] for name in _PLAIN if dataset.get(name)}
    for name, predicate in (("title", DCT.title), ("notes", DCT.description)):
        texts = _texts(graph, node, predicate) or by_language(dataset.get(name) or "")
        fields[f"{name}_translated"] = texts
    for extra, name in _FIELDS.items():
        if extras.get(extra):
            fields[name] = extras[extra][:10] if name.startswith("period_") else extras[extra]
    if not fields.get("license_id"):
        licences = (
            creative_commons(each.get("license") or "") for each in dataset.get("resources", ())
        )
        fields["license_id"] = next(filter(None, licences), "notspecified")
    words = keywords(tag["name"] for tag in dataset.get("tags", ()))
    fields["keywords"] = {language: list(listed) for language, listed in words.items()}
    if uri.startswith(("http://", "https://")):
        fields["source_url"] = uri
    fields["name"] = _name(fields["title_translated"], uri)
    fields["resources"] = list(_resources(dataset))
    fields["extras"] = [{"key": key, "value": extras[key]} for key in _KEPT if extras.get(key)]
    return fields


def lift_guid(dataset: dict[str, Any]) -> None:
    """Move the guid, which ckanext-dcat adds as an extra, to the field that the schema has."""
    for extra in list(dataset.get("extras", ())):
        if extra["key"] == "guid":
            dataset["guid"] = extra["value"]
            dataset["extras"].remove(extra)


def _texts(graph: Graph, node: Node, predicate: Node) -> dict[str, str]:
    """Return the first literal in each language; one without a language is told by its letters."""
    found: dict[str, str] = {}
    for literal in graph.objects(node, predicate):
        if isinstance(literal, Literal) and str(literal).strip():
            claimed = (literal.language or "")[:2].lower()
            found.setdefault(
                claimed if claimed in ("th", "en") else language_of(literal), str(literal).strip()
            )
    return found


def _resources(dataset: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the resources that have an address of the web."""
    for resource in dataset.get("resources", ()):
        addresses = (resource.get(name) or "" for name in ("download_url", "url", "access_url"))
        url = next((each for each in addresses if each.startswith(("http://", "https://"))), None)
        if url:
            yield {"url": url, **{name: resource.get(name) or "" for name in _OF_RESOURCE}}


def _name(title: Mapping[str, str], uri: str) -> str:
    """Return a name that is the same in every run; Thai titles are written in Latin letters."""
    mark = hashlib.sha256(f"{uri or sorted(title.items())}".encode()).hexdigest()[:8]
    words = slug(title.get("en") or title.get("th") or "")[:_NAME_LENGTH].strip("-")
    return f"{words}-{mark}" if words else f"dataset-{mark}"
