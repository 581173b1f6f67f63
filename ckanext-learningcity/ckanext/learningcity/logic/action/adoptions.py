"""Which city adopted which innovation, and what changed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.booster import adoptions, effect, peers
from ckanext.learningcity.desk import notify
from ckanext.learningcity.existing import extras
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.logic import booster_schema, schema
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import DIMENSIONS

_PROGRESS = ("state", "started", "ended", "outcome", "indicators")
_ENDED = ("finished", "stopped")


@tk.validate_action_data(booster_schema.adoption_create)
def learningcity_adoption_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Record that a city adopts an innovation.

    :param innovation: name or id of the innovation
    :param organization: name or id of the city's organization
    :param state: `planned`, `running`, `finished` or `stopped`
    :param started: day on which it began, or is to begin
    :param ended: day on which it ended; asked for where it is finished or stopped
    :param outcome: what came of it, `{"en": …, "th": …}`; asked for where it is finished or stopped
    :param indicators: codes of indicators to look at before and after (list)
    :param demonstration: true for what is made up to show the portal
    :returns: as `learningcity_adoption_show`
    """
    tk.check_access("learningcity_adoption_create", context, data_dict)
    innovation = _innovation(context, data_dict["innovation"])
    city = _city(data_dict["organization"])
    values = {
        "innovation_id": innovation["id"],
        "organization_id": city.id,
        "area": extras(city)["area"],
        "demonstration": data_dict.get("demonstration") or False,
        **_progress(data_dict),
    }
    try:
        adoption_id = adoptions.create(_user(context), values)
    except adoptions.TwiceError as error:
        message = tk._("This city has recorded the innovation already.")
        raise tk.ValidationError({"organization": [message]}) from error
    model.Session.commit()
    return _told(context, "adopted", adoption_id)


@tk.validate_action_data(booster_schema.adoption_update)
def learningcity_adoption_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say how far an adoption is now. A field that is left out is empty afterwards.

    :param id: the adoption's id
    :param state: as of `learningcity_adoption_create`, as are the other parameters
    :returns: as `learningcity_adoption_show`
    """
    tk.check_access("learningcity_adoption_update", context, data_dict)
    before = adoptions.known(data_dict["id"])
    adoptions.update(data_dict["id"], _user(context), _progress(data_dict))
    model.Session.commit()
    if before["state"] == data_dict["state"]:
        return _shown(context, data_dict["id"])
    return _told(context, "adoption_changed", data_dict["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_adoption_delete(context: Context, data_dict: DataDict) -> None:
    """Delete an adoption that was recorded by mistake; one that ended is `stopped`.

    :param id: the adoption's id
    """
    tk.check_access("learningcity_adoption_delete", context, data_dict)
    adoptions.known(data_dict["id"])
    adoptions.delete(data_dict["id"])
    model.Session.commit()


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_adoption_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an adoption with its indicators before and after.

    :param id: the adoption's id
    :returns: `innovation` and `organization` (names, with titles), `area`, `state`, `started`,
        `ended`, `outcome`, `indicators`, `history`, `demonstration`, and `effects`: for each
        indicator its `definition`, the record `before` the start and the newest one `after` it
        (null where there is none), with the `DATASET` and `RELEASE` that they come from
    """
    tk.check_access("learningcity_adoption_show", context, data_dict)
    return _shown(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(booster_schema.adoption_list)
def learningcity_adoption_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return adoptions of innovations that the caller may see, in the order of their start.

    :param innovation: name or id of an innovation
    :param organization: name or id of a city's organization
    :param area: code of a place
    :param state: one of the states
    :returns: as `learningcity_adoption_show`, without `effects`
    """
    tk.check_access("learningcity_adoption_list", context, data_dict)
    wanted = {name: data_dict.get(name) for name in ("area", "state")}
    if data_dict.get("innovation"):
        wanted["innovation_id"] = _innovation(context, data_dict["innovation"])["id"]
    if data_dict.get("organization"):
        wanted["organization_id"] = _city(data_dict["organization"]).id
    return [_plain(row) for row in _visible(context, adoptions.search(**wanted))]


@tk.side_effect_free
@tk.validate_action_data(booster_schema.suggest)
def learningcity_innovation_suggest(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return innovations that cities like a place adopted and the place has not.

    :param area: code of the place
    :returns: each with `innovation` (name), `title_translated` and `peers`: `area` (code), `name`
        and `likeness`: `level_and_region`, or `level` alone; the most telling first
    """
    tk.check_access("learningcity_innovation_suggest", context, data_dict)
    rows = list(_visible(context, adoptions.search()))
    titles = {row["innovation"]: row for row in rows}
    found = peers.suggestions(data_dict["area"], rows)
    for entry in found:
        row = titles[entry["innovation"]]
        entry["title"] = row["innovation_title"]
        entry["title_translated"] = row["innovation_title_translated"]
        for peer in entry["peers"]:
            peer["name"] = codelists.areas()[peer["area"]]["name"]
    return found


def _progress(data_dict: DataDict) -> dict[str, Any]:
    """Return the columns that say how far an adoption is.

    :raises ValidationError: they do not fit together
    """
    values = {name: data_dict.get(name) for name in _PROGRESS}
    faults: dict[str, list[str]] = {}
    state, started, ended = values["state"], values["started"], values["ended"]
    if state != "planned" and started is None:
        faults["started"] = [tk._("Say when it began.")]
    if state in _ENDED and ended is None:
        faults["ended"] = [tk._("Say when it ended.")]
    if state not in _ENDED and ended is not None:
        faults["ended"] = [tk._("Only what is finished or stopped has ended.")]
    if started and ended and ended < started:
        faults["ended"] = [tk._("The end comes before the beginning.")]
    if state in _ENDED and not values["outcome"]:
        faults["outcome"] = [tk._("Say what came of it, so that other cities can learn from it.")]
    if faults:
        raise tk.ValidationError(faults)  # pyright: ignore[reportArgumentType]
    return {**values, "outcome": values["outcome"] or {}, "indicators": values["indicators"] or []}


def _innovation(context: Context, reference: str) -> dict[str, Any]:
    package = tk.get_action("package_show")(Context(context), {"id": reference})
    if package["type"] != "innovation":
        message = tk._("“{found}” is not an innovation.").format(found=package["name"])
        raise tk.ValidationError({"innovation": [message]})
    return package


def _city(reference: str) -> model.Group:
    group = model.Group.get(reference)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        message = tk._("There is no such {name}.").format(name="organization")
        raise tk.ValidationError({"organization": [message]})
    fields = extras(group)
    if fields.get("org_role") != "city" or fields.get("area") not in codelists.areas():
        message = tk._("Only a city with a place adopts innovations.")
        raise tk.ValidationError({"organization": [message]})
    return group


def _shown(context: Context, adoption_id: str) -> dict[str, Any]:
    row = adoptions.known(adoption_id)
    return {**_plain(row), "effects": [_effect(context, row, code) for code in row["indicators"]]}


def _told(context: Context, kind: str, adoption_id: str) -> dict[str, Any]:
    """Return an adoption after telling the innovation's followers of it."""
    row, shown = adoptions.known(adoption_id), _shown(context, adoption_id)
    notify.adoption(_user(context), kind, shown, row["innovation_id"])
    return shown


def _effect(context: Context, row: Mapping[str, Any], indicator: str) -> dict[str, Any]:
    asked = {"indicator": [indicator], "area": [row["area"]], **_TOTALS}
    page = tk.get_action("learningcity_observation_search")(Context(context), asked)
    before, after = effect.before_and_after(page["records"], row["started"])
    return {
        "indicator": indicator,
        "definition": codelists.indicators()[indicator],
        "before": before,
        "after": after,
    }


def _visible(context: Context, rows: Iterable[adoptions.Adoption]) -> Iterable[adoptions.Adoption]:
    """Leave out adoptions of innovations that the caller may not see."""
    known: dict[str, bool] = {}
    for row in rows:
        innovation = row["innovation_id"]
        if innovation not in known:
            known[innovation] = _may_see(context, innovation)
        if known[innovation]:
            yield row


def _may_see(context: Context, package_id: str) -> bool:
    try:
        return tk.check_access("package_show", Context(context), {"id": package_id})
    except tk.NotAuthorized:
        return False


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an adoption as JSON, without the accounts of who wrote its history."""
    history = [{key: entry[key] for key in ("state", "at")} for entry in row["history"]]
    moments = {name: row[name].isoformat() for name in ("created", "modified")}
    days = {name: _iso(row[name]) for name in ("started", "ended")}
    kept = {name: value for name, value in row.items() if not name.endswith("_id")}
    return {**kept, **moments, **days, "history": history}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _user(context: Context) -> str:
    return derived.account(context.get("user", "")).id


_TOTALS = {name.lower(): ["_T"] for name in DIMENSIONS}
