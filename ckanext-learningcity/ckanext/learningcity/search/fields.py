"""Which field of CKAN's search document means what, as CKAN's own Solr schema says.

CKAN sends one flat dictionary per dataset and later asks for its fields by name. Solr's
``ckan/config/solr/schema.xml`` gives every name a type; the functions here give the same answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["text", "ngram", "date", "number", "keyword"]

# Analysed fields: a word of the value finds it.
_TEXT = {
    *("text", "title", "notes", "urls", "author", "author_email", "maintainer"),
    *("maintainer_email", "res_name", "res_description"),
    *("depends_on", "dependency_of", "derives_from", "has_derivation", "links_to"),
    *("linked_from", "child_of", "parent_of"),
}
_NUMBERS = {
    *("views_total", "views_recent", "resources_accessed_total", "resources_accessed_recent"),
    *("minx", "miny", "maxx", "maxy"),
}
_DATES = {"metadata_created", "metadata_modified", "indexed_ts"}

#: Serialised datasets: returned, never searched.
BLOBS = ("data_dict", "validated_data_dict")

# Counted on the portal's pages. Any other field can be counted too, only not as fast.
_FACETED = {
    *("organization", "groups", "tags", "res_format", "license_id", "dataset_type"),
    *("theme", "areas", "indicators", "geo_coverage", "data_type", "data_category"),
}

#: Never handed out by ``fl=*``.
UNSTORED = {"permission_labels", "text", "urls", "title_string"}

# What Solr copies into its catch-all field `text`, with the weight class that core's
# QUERY_FIELDS ("name^4 title^4 tags^2 groups^2 text") implies: A is strongest.
_WEIGHTS = {
    **dict.fromkeys(("name", "title"), "A"),
    **dict.fromkeys(("tags", "groups", "keywords"), "B"),
    **dict.fromkeys(("notes",), "C"),
    **dict.fromkeys(("license", "organization", "res_name", "res_description"), "D"),
    **dict.fromkeys(("author", "maintainer", "url", "ckan_url", "download_url", "res_url"), "D"),
}
_COPIED = re.compile(r"(extras_|res_extras_|vocab_)")
_URLS = {"url", "ckan_url", "download_url", "res_url"}
_ALIAS = re.compile(r"^(?:extras_)?(?P<base>\w+?)_translated$")

#: Every dataset is asked for the same fields, but for its extras.
_remembered = lru_cache(maxsize=5_000)


@_remembered
def kind(field: str) -> Kind:
    """The type of a field, also of one that no document has."""
    if field in _TEXT or field.startswith(("extras_", "res_extras_")):
        return "text"
    if field in ("title_ngram", "name_ngram"):
        return "ngram"
    if field in _NUMBERS:
        return "number"
    if field in _DATES or field.endswith("_date"):
        return "date"
    return "keyword"


@_remembered
def faceted(field: str) -> bool:
    """Whether the field's values are in the ``facets`` column."""
    return field in _FACETED or field.startswith("vocab_")


@_remembered
def weight(field: str) -> str | None:
    """The weight class (A to D) of a field in the catch-all text, ``None`` if it is not part."""
    base = translated(field)
    if base in _WEIGHTS:
        return _WEIGHTS[base]
    return "D" if _COPIED.match(field) else None


def translated(field: str) -> str:
    """The field that a two-language field speaks for: ``extras_title_translated`` is ``title``."""
    if field == "extras_keywords":
        return "keywords"
    match = _ALIAS.match(field)
    return match["base"] if match else field


@_remembered
def search_name(field: str) -> str | None:
    """Under which name the words of ``field`` answer ``name:word``; ``None`` if exact only."""
    base = translated(field)
    if base in _URLS:
        return "urls"
    if base == "keywords" or kind(base) == "text":
        return base
    return field if kind(field) == "text" else None
