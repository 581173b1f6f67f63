"""Who takes part in the network of learning cities, as the code lists tell it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables import codelists

Fact = dict[str, Any]


@tk.side_effect_free
@tk.validate_action_data(schema.nothing)
def learningcity_network_show(context: Context, data_dict: DataDict) -> dict[str, list[Fact]]:
    """Return the network: cities, mentors, partner agencies, milestones. All with their sources.

    :returns: `members` (`area`, `joined`, `date` where the day is known), `preparing` (`area`),
        `mentoring` (`mentor`, `area`, `seen`), `partners` (`name`, `organization`, `roles`) and
        `milestones` (`date`, `name`). An `area` is `id`, `name`, `level`, `kind`, `lat`, `lon`
        and the `organizations` at home there. Each fact has its `source` (`id`, `title`, `url`)
        and is `verified` or not
    """
    tk.check_access("learningcity_network_show", context, data_dict)
    homes = _homes()
    cities = codelists.areas().values()
    members = [area for area in cities if area.get("gnlc")]
    preparing = [area for area in cities if _standing(area) == "preparing"]
    return {
        "members": [_city(area, area["gnlc"], homes) for area in sorted(members, key=_joined)],
        "preparing": [_city(area, area["network"], homes) for area in preparing],
        "mentoring": [_tie(tie, homes) for tie in codelists.network("mentoring").values()],
        "partners": [_partner(partner) for partner in _partners().values()],
        "milestones": [_sourced(entry) for entry in codelists.network("milestones").values()],
    }


def _standing(area: codelists.Entry) -> str | None:
    return area.get("network", {}).get("status")


def _joined(area: codelists.Entry) -> tuple[int, str]:
    return area["gnlc"]["joined"], area["name"]["en"]


def _city(area: codelists.Entry, standing: codelists.Entry, homes: dict[str, list[Fact]]) -> Fact:
    return {**_sourced(standing), "area": _area(area, homes)}


def _tie(tie: codelists.Entry, homes: dict[str, list[Fact]]) -> Fact:
    mentor = _partners()[tie["mentor"]]
    about = {key: mentor[key] for key in ("id", "name", "organization")}
    return {**_sourced(tie), "mentor": about, "area": _area(codelists.areas()[tie["area"]], homes)}


def _partner(partner: codelists.Entry) -> Fact:
    return {
        "id": partner["id"],
        "name": partner["name"],
        "organization": partner["organization"],
        "roles": [_sourced(role) for role in partner["roles"]],
    }


def _partners() -> dict[str, Fact]:
    """Return the partners; `organization` is None where this portal has none of that name."""
    partners = codelists.network("partners").values()
    group = model.group_table.c
    named = [partner["organization"] for partner in partners if "organization" in partner]
    active = sa.select(group.name).where(group.name.in_(named), group.state == model.State.ACTIVE)
    there = set(model.Session.scalars(active))
    found = {}
    for partner in partners:
        name = partner.get("organization")
        found[partner["id"]] = {**partner, "organization": name if name in there else None}
    return found


def _sourced(entry: codelists.Entry) -> Fact:
    """Return an entry with its source in full, and with days as text."""
    source = codelists.network_sources()[entry["source"]]
    about = {"id": source["id"], "title": source["title"], "url": source.get("url")}
    found = {**entry, "source": about}
    return {**found, "date": str(found["date"])} if "date" in found else found


def _area(area: codelists.Entry, homes: dict[str, list[Fact]]) -> Fact:
    fields = ("id", "name", "level", "kind", "lat", "lon", "verified")
    return {name: area.get(name) for name in fields} | {"organizations": homes.get(area["id"], [])}


def _homes() -> dict[str, list[Fact]]:
    """Return the organizations of cities by the place that they are at home in."""
    group = model.group_table.c
    place = group.extras["area"].astext
    cities = sa.select(place, group.name, group.title, group.extras).where(
        group.is_organization.is_(True),
        group.state == model.State.ACTIVE,
        group.extras["org_role"].astext == "city",
        place.is_not(None),
    )
    found: dict[str, list[Fact]] = {}
    for area, name, title, extras in model.Session.execute(cities.order_by(group.name)):
        titles = texts(extras, "title_translated")
        about = {"name": name, "title": title, "title_translated": titles}
        found.setdefault(area, []).append(about)
    return found
