"""What a dataset's table is held against: its organization's places and its last release."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan import model

from ckanext.learningcity.existing import extras
from ckanext.learningcity.indicators import series
from ckanext.learningcity.indicators.model import publication
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances

#: Roles of organizations that report on places other than their own.
_EVERYWHERE = ("agency", "secretariat")


def current_release(dataset_id: str) -> int:
    """Return the number of a dataset's current release, 0 for none."""
    number = sa.select(publication.c.release).where(publication.c.dataset_id == dataset_id)
    return model.Session.scalar(number) or 0


def current_table(dataset_id: str) -> pl.DataFrame:
    """Return the observations of a dataset's current release."""
    return series.load(model.Session.connection(), dataset_id)


def circumstances(dataset: model.Package, previous: pl.DataFrame) -> Circumstances:
    """Return what a new table of `dataset` is held against."""
    return Circumstances(
        areas=areas(dataset),
        previous=None if previous.is_empty() else previous,
        small_count=tk.config["ckanext.learningcity.small_count"],
    )


def areas(dataset: model.Package) -> frozenset[str] | None:
    """Return the places that the dataset's organization may report on, None for all."""
    owner = model.Group.get(dataset.owner_org) if dataset.owner_org else None
    own = extras(owner).get("area")
    if owner is None or not own or extras(owner).get("org_role") in _EVERYWHERE:
        return None
    inside = (
        code
        for code in codelists.areas()
        if own in (parent["id"] for parent in codelists.area_ancestors(code))
    )
    return frozenset({own, *inside})
