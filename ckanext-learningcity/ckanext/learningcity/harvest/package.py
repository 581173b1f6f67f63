"""A harvested dataset as fields of the dataset schema. Pure functions."""

from __future__ import annotations

import uuid
from typing import Any

import polars as pl

from ckanext.learningcity.harvesters.base import Harvested
from ckanext.learningcity.tables import codelists


def dataset_id(harvested: Harvested) -> str:
    """Return the id of the dataset: the same in every run, so that none is made twice."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{harvested.source}/{harvested.id}"))


def package_dict(harvested: Harvested, owner_org: str | None) -> dict[str, Any]:
    """Return the fields of `package_create` and `package_patch` for a harvested dataset."""
    fields: dict[str, Any] = {
        "name": harvested.name,
        "type": harvested.type,
        "state": "active",
        "title_translated": dict(harvested.title),
        "notes_translated": dict(harvested.notes),
        "keywords": {language: list(words) for language, words in harvested.keywords.items()},
        "license_id": harvested.licence,
        "theme": list(harvested.focal_areas),
        "data_source": harvested.citation,
        "source_id": harvested.source,
        "source_url": harvested.provenance["url"],
        "source_version": harvested.provenance["version"],
        "retrieved": harvested.provenance["retrieved"],
        "guid": f"{harvested.source}/{harvested.id}",
        **harvested.fields,
    }
    if owner_org:
        fields["owner_org"] = owner_org
    if harvested.table is not None:
        fields |= _of_table(harvested.table)
    if harvested.links:
        fields["resources"] = [
            {"url": link.url, "name_translated": dict(link.title), "format": link.format}
            for link in harvested.links
        ]
    return fields


def _of_table(table: pl.DataFrame) -> dict[str, Any]:
    """Return what the observations themselves say about the dataset."""
    levels = table["AREA_LEVEL"].unique()
    present = [level for level in codelists.area_levels() if level in levels]
    start, end = table["PERIOD_START"].min(), table["PERIOD_END"].max()
    return {
        "data_type": "statistics",
        "data_format": ["csv"],
        "data_category": "public",
        "indicators": sorted(table["INDICATOR"].unique()),
        "areas": sorted(table["REF_AREA"].unique()),
        "geo_coverage": present[-1] if present else "unknown",
        **({"period_start": str(start), "period_end": str(end)} if start and end else {}),
    }
