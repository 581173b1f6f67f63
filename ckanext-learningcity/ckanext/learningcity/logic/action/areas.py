"""Places of the code list."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables import codelists


@tk.side_effect_free
@tk.validate_action_data(schema.area_list)
def learningcity_area_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return places, in the order of the code list.

    :param level: only these administrative levels (list)
    :param parent: only places inside this one, at any depth
    :param gnlc: true for members of the UNESCO Global Network of Learning Cities
    :param q: part of a name, alias or code, in Thai or English
    :returns: entries of the code list: `id`, `level`, `parent`, `name`, `moi`, `iso`, `lat`, …
    """
    tk.check_access("learningcity_area_list", context, data_dict)
    return [dict(area) for area in codelists.areas().values() if _matches(area, data_dict)]


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_area_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one place, the places it lies in, and the organizations that are at home there.

    :param id: the place's code
    """
    tk.check_access("learningcity_area_show", context, data_dict)
    area = _area(data_dict["id"])
    ancestors = codelists.area_ancestors(area["id"])
    children = [other for other in codelists.areas().values() if other.get("parent") == area["id"]]
    return {
        **area,
        "ancestors": [
            {key: parent[key] for key in ("id", "level", "name")} for parent in ancestors
        ],
        "children": len(children),
        "organizations": _organizations(area["id"]),
    }


def _matches(area: codelists.Entry, wanted: DataDict) -> bool:
    if wanted.get("level") and area["level"] not in wanted["level"]:
        return False
    if wanted.get("gnlc") is not None and bool(area.get("gnlc")) != wanted["gnlc"]:
        return False
    parent = wanted.get("parent")
    if parent and parent not in {above["id"] for above in codelists.area_ancestors(area["id"])}:
        return False
    text = codelists.fold(wanted.get("q") or "")
    names = [area["id"], *area["name"].values(), *area.get("aliases", [])]
    return not text or any(text in codelists.fold(str(name)) for name in names)


def _area(area_id: str) -> codelists.Entry:
    area = codelists.areas().get(area_id.upper())
    if area is None:
        raise tk.ObjectNotFound(tk._("There is no place with the code {id}.").format(id=area_id))
    return area


def _organizations(area_id: str) -> list[dict[str, Any]]:
    group = model.group_table.c
    at_home = sa.select(group.name, group.title, group.extras).where(
        group.is_organization.is_(True),
        group.state == model.State.ACTIVE,
        group.extras["area"].astext == area_id,
    )
    rows = model.Session.execute(at_home.order_by(group.name))
    return [
        {"name": name, "title": title, "title_translated": texts(extras, "title_translated")}
        for name, title, extras in rows
    ]
