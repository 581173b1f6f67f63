"""What the secretariat sees of a whole round, and everybody of a published one."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, reviews, rounds, trail
from ckanext.learningcity.award.roles import membership
from ckanext.learningcity.logic import award_access, award_schema, award_views


@tk.side_effect_free
@tk.validate_action_data(award_schema.application_list)
def learningcity_award_ranking(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the applications that were handed in with what their reviews say, the best first.

    Cities of which the caller is a member are left out.

    :param round: id of a round
    :param category: only this one
    :returns: each with `application` (id), `organization`, `category`, `title`, `state`, `level`,
        `mean` (weighted, 0 to 10), `spread`, `apart` (whether it is too large), `turn`, `submitted`
        and `waiting` (reviews), `appeal` (its state), and `rank` within the category
    """
    tk.check_access("learningcity_award_ranking", context, data_dict)
    row = award_access.existing_round(data_dict["round"])
    wanted = {name: data_dict[name] for name in ("round", "category") if data_dict.get(name)}
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in applications.search(**wanted):
        if not _is_own(context, entry) and entry["state"] not in applications.EDITABLE:
            found.setdefault(entry["category"], []).append(_ranked(entry, row))
    return [each for entries in found.values() for each in reviews.ranked(entries)]


@tk.side_effect_free
@tk.validate_action_data(award_schema.application_list)
def learningcity_award_begun_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return which cities have begun an application that is not handed in; not what it says.

    :param round: id of a round
    :param category: only this one
    :returns: each with `id`, `category`, `area`, `organization` and its title
    """
    tk.check_access("learningcity_award_ranking", context, data_dict)
    award_access.existing_round(data_dict["round"])
    wanted = {name: data_dict[name] for name in ("round", "category") if data_dict.get(name)}
    return [
        award_views.entry(entry)
        for entry in applications.search(**wanted)
        if entry["state"] in applications.EDITABLE and not _is_own(context, entry)
    ]


@tk.side_effect_free
@tk.validate_action_data(award_schema.trail)
def learningcity_award_trail(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return everything that happened in a round, the first first.

    What concerns cities of which the caller is a member is left out.

    :param round: id of a round
    :param application: only what happened to this one
    :returns: each with `at`, `kind`, `user` (name), `reason`, `thing`, `thing_id`, `application`
        and `changes` (new values of columns)
    """
    tk.check_access("learningcity_award_trail", context, data_dict)
    award_access.existing_round(data_dict["round"])
    hidden = {
        entry["id"]
        for entry in applications.search(round=data_dict["round"])
        if _is_own(context, entry)
    }
    happened = trail.events(data_dict["round"], data_dict.get("application"))
    return [award_views.event(line) for line in happened if line["application"] not in hidden]


@tk.side_effect_free
@tk.validate_action_data(award_schema.round_)
def learningcity_award_gallery(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the awarded entries of a round: none before its publication.

    :param id: id of the round
    :returns: datasets of the type `award-entry`, by category and level
    """
    tk.check_access("learningcity_award_gallery", context, data_dict)
    row = award_access.existing_round(data_dict["id"])
    if row["stage"] != rounds.PUBLISHED:
        return []
    found = [
        tk.get_action("package_show")(Context(ignore_auth=True), {"id": entry["dataset_id"]})
        for entry in applications.search(round=row["id"])
        if entry["dataset_id"]
    ]
    shown = [entry for entry in found if entry["state"] == model.State.ACTIVE]
    return sorted(shown, key=lambda entry: row["levels"].index(entry["award_level"]))


def _is_own(context: Context, entry: dict[str, Any]) -> bool:
    """Return whether the caller is a member of the city: then no office gives a look at it."""
    user = award_access.user(context)
    return user is not None and membership(user.id, entry["organization_id"]) is not None


def _ranked(entry: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    return {
        "application": entry["id"],
        **{name: entry[name] for name in ("organization", "organization_title", "category")},
        **{name: entry[name] for name in ("title", "state", "level")},
        "organization_title_translated": entry["organization_title_translated"],
        "appeal": entry["appeal"]["state"] if entry["appeal"] else None,
        **award_views.summary(entry, row),
    }
