"""What waits in the network beside the awards: the other sections of the board."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity.assessment import readings, rounds
from ckanext.learningcity.desk import states, store
from ckanext.learningcity.existing import extras
from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.tables.circumstances import today

Entry = dict[str, Any]
Section = tuple[int, list[Entry]]  # how many there are, and the first of them

_TOGETHER = 1000  # datasets that are read to count them by city


def grades(context: Context, most: int) -> Section:
    """Return the places of open evaluations whose grades wait, each with what for.

    `second` and `decision` say how many indicators wait for a second reader, and for a decision.
    """
    found = []
    for evaluation in rounds.search([rounds.OPEN]):
        waiting = Counter(
            (area, standing["state"])
            for (area, _), standing in readings.standings(evaluation).items()
        )
        for area in evaluation.areas:
            second, decision = waiting[area, "waiting"], waiting[area, "differs"]
            if second or decision:
                of = {"evaluation": evaluation.id, "title": evaluation.title, "area": area}
                found.append({**of, "second": second, "decision": decision})
    return len(found), found[:most]


def problems(context: Context, most: int) -> Section:
    """Return the reports of readers that nobody has answered."""
    found = _asked(context, "learningcity_problem_list", state="open", limit=most)
    names = ("number", "kind", "dataset", "title", "title_translated", "indicator", "organization")
    return found["count"], [
        {**{name: row[name] for name in names}, "since": row["created"]} for row in found["results"]
    ]


def posts(context: Context, most: int) -> Section:
    """Return the posts of the forum that wait for a moderator or are reported."""
    found = _asked(context, "learningcity_forum_queue", limit=most)
    return found["count"], [
        {
            **{name: row[name] for name in ("topic", "title", "state")},
            "post": row["id"],
            "reports": len(row["reports"]),
            "since": row["created"],
        }
        for row in found["results"]
    ]


def sources(context: Context, most: int) -> Section:
    """Return the partner agencies' sources that fail, or bring what cannot be mapped."""
    found = [
        {name: row[name] for name in ("name", "title", "title_translated", "health")}
        for row in _asked(context, "learningcity_source_list")
        if row["health"] in ("failing", "problems")
    ]
    return len(found), found[:most]


def submissions(context: Context, most: int) -> Section:
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
    entries = sorted(found.values(), key=lambda entry: entry["since"])
    return len(entries), entries[:most]


def stale(context: Context, most: int) -> Section:
    """Return the cities with overdue datasets, those with most of them first."""
    found = _asked(context, "learningcity_quality_list", state="overdue", limit=_TOGETHER)
    cities: dict[str, Entry] = {}
    for dataset in found["results"]:
        group = model.Group.get((dataset["organization"] or {}).get("id") or "")
        if group is not None and extras(group).get("org_role") == "city":
            entry = cities.setdefault(group.name, {**_organization(group), "overdue": 0})
            entry["overdue"] += 1
    entries = sorted(cities.values(), key=lambda entry: (-entry["overdue"], entry["organization"]))
    return len(entries), entries[:most]


def calls(context: Context) -> list[Entry]:
    """Return the calls for innovations that have not ended, with their last day."""
    found = _asked(context, "learningcity_content_search", type="innovation-call", limit=100)
    day = today().isoformat()
    return [
        {"call": row["name"], "title": row["title_translated"], "kind": "call", "at": row["closes"]}
        for row in found["results"]
        if row["closes"] >= day
    ]


def _asked(context: Context, action: str, **parameters: Any) -> Any:
    return tk.get_action(action)(Context(context), parameters)


def _organization(group: model.Group) -> Entry:
    title = texts(extras(group), "title_translated")
    return {
        "organization": group.name,
        "organization_title": group.title,
        "organization_title_translated": title,
    }
