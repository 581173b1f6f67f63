"""The secretariat's board: what waits for whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, clock, reviews, roles, rounds
from ckanext.learningcity.award.publish import hindrance
from ckanext.learningcity.desk import states, store
from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.logic import award_access, award_views, schema

Entry = dict[str, Any]

_MOST = 20  # of what may be many


@tk.side_effect_free
@tk.validate_action_data(schema.nothing)
def learningcity_board(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what waits in the network, for the secretariat.

    :returns: `sections`: each with `id`, `count` and `entries` (at most twenty), each with
        what it is about (`application`, `round`, `organization`, …) and perhaps `due` (a moment),
        `late` and `since`; and `deadlines`: `round`, `kind` and `at`, the next first
    """
    tk.check_access("learningcity_board", context, data_dict)
    found = {
        "assign": list(_unassigned(context)),
        "reviews": list(_waiting_reviews(context)),
        "decide": list(_undecided(context)),
        "appeals": list(_appeals(context)),
        "publish": list(_held(context)),
        "submissions": _submissions(),
        "stale": _stale(context),
    }
    sections = [
        {"id": name, "count": len(entries), "entries": entries[:_MOST]}
        for name, entries in found.items()
    ]
    return {"sections": sections, "deadlines": _deadlines()}


def _handed_in(context: Context) -> Iterator[tuple[Entry, Entry]]:
    """Yield applications that are being reviewed, with their round, where the caller may act."""
    for round_row in rounds.search():
        if round_row["stage"] not in (rounds.ANNOUNCED, rounds.DECIDED):
            continue
        for row in applications.search(round=round_row["id"], state=applications.SUBMITTED):
            acts = award_access.viewpoint(context, row) == roles.SECRETARIAT
            if acts and not applications.taken(row, round_row):
                yield row, round_row


def _unassigned(context: Context) -> Iterator[Entry]:
    for row, _round in _handed_in(context):
        given = reviews.search(application=row["id"], turn=row["turn"])
        if not any(each["state"] in (reviews.ASSIGNED, reviews.SUBMITTED) for each in given):
            yield _entry(row)


def _waiting_reviews(context: Context) -> Iterator[Entry]:
    for row, round_row in _handed_in(context):
        waiting = reviews.search(application=row["id"], turn=row["turn"], state=reviews.ASSIGNED)
        if waiting:
            due = round_row["review_until"]
            late = clock.now() >= due
            yield {**_entry(row), "waiting": len(waiting), "due": due.isoformat(), "late": late}


def _undecided(context: Context) -> Iterator[Entry]:
    for row, round_row in _handed_in(context):
        found = award_views.summary(row, round_row)
        if found["submitted"] and not found["waiting"]:
            again = found["apart"] and row["turn"] == 1
            yield {**_entry(row), "again": again}


def _appeals(context: Context) -> Iterator[Entry]:
    for round_row in rounds.search():
        for row in applications.search(round=round_row["id"]):
            waits = row["appeal"] and row["appeal"]["state"] == "open"
            if waits and award_access.viewpoint(context, row) == roles.SECRETARIAT:
                yield {**_entry(row), "since": row["appeal"]["at"]}


def _held(context: Context) -> Iterator[Entry]:
    """Yield decided rounds that something else than the calendar keeps from publication."""
    for row in rounds.search():
        if row["stage"] == rounds.DECIDED and clock.now() >= row["publishes"]:
            yield {"round": row["id"], "hindrance": hindrance(row)}


def _submissions() -> list[Entry]:
    """Return the organizations whose uploads wait for approval at the publishing desk."""
    found: dict[str, Entry] = {}
    for row in store.in_state(states.SUBMITTED):
        dataset = model.Package.get(row["dataset_id"])
        group = model.Group.get(dataset.owner_org) if dataset and dataset.owner_org else None
        if group is not None:
            entry = found.setdefault(group.name, {**_organization(group), "waiting": 0})
            entry["waiting"] += 1
            since = row["modified"].isoformat()
            entry["since"] = min(since, entry.get("since", since))
    return sorted(found.values(), key=lambda entry: entry["since"])


def _stale(context: Context) -> list[Entry]:
    """Return the cities with overdue datasets, those with most of them first."""
    asked = {"state": "overdue", "limit": 1000}
    found = tk.get_action("learningcity_quality_list")(Context(user=context.get("user", "")), asked)
    cities: dict[str, Entry] = {}
    for dataset in found["results"]:
        group = model.Group.get((dataset["organization"] or {}).get("id") or "")
        if group is not None and group.extras.get("org_role") == "city":
            entry = cities.setdefault(group.name, {**_organization(group), "overdue": 0})
            entry["overdue"] += 1
    return sorted(cities.values(), key=lambda entry: (-entry["overdue"], entry["organization"]))


def _deadlines() -> list[Entry]:
    now = clock.now()
    found = [
        {"round": row["id"], "title": row["title"], "kind": kind, "at": row[kind].isoformat()}
        for row in rounds.search()
        if row["stage"] in (rounds.ANNOUNCED, rounds.DECIDED)
        for kind in rounds.CALENDAR
        if row[kind] and row[kind] > now
    ]
    return sorted(found, key=lambda entry: entry["at"])


def _entry(row: Entry) -> Entry:
    return {"application": row["id"], **award_views.entry(row), "title": row["title"]}


def _organization(group: model.Group) -> Entry:
    title = texts(group.extras, "title_translated")
    return {
        "organization": group.name,
        "organization_title": group.title,
        "organization_title_translated": title,
    }
