"""Which cities may apply: rules that are shown with what was found."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.model import package_table

from ckanext.learningcity.existing import extras
from ckanext.learningcity.tables import codelists

RULES = ("city", "area", "dataset")


def check(organization: model.Group) -> dict[str, bool]:
    """Return whether an organization meets each of `RULES`.

    It has the role of a city, a place of the code list, and has published at least one dataset.
    """
    fields = extras(organization)
    return {
        "city": fields.get("org_role") == "city",
        "area": fields.get("area") in codelists.areas(),
        "dataset": _has_published(organization.id),
    }


def _has_published(organization_id: str) -> bool:
    wanted = sa.select(package_table.c.id).where(
        package_table.c.owner_org == organization_id,
        package_table.c.type == "dataset",
        package_table.c.private.is_(False),
        package_table.c.state == model.State.ACTIVE,
    )
    return model.Session.execute(wanted.limit(1)).first() is not None
