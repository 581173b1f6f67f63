"""The network: its cities and those on the way, on a map and a timeline, mentors and partners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from .calls import call
from .tables import csv_file, json_file

network = Blueprint("learningcity_network", __name__)

COLUMNS = (
    "kind",
    "id",
    "name_en",
    "name_th",
    "level",
    "date",
    "with",
    "meaning_en",
    "meaning_th",
    "verified",
    "source",
    "source_url",
)


@network.get("/network", strict_slashes=False)
def index() -> str:
    """Show who takes part, since when, and which document says so."""
    found = call("learningcity_network_show")
    shown = {**found, "marks": _marks(found), "years": _years(found)}
    return tk.render("learningcity/network/index.html", shown)


@network.get("/network.csv", endpoint="csv")
def as_csv() -> Response:
    """Return every fact as a row."""
    return csv_file(_rows(call("learningcity_network_show")), COLUMNS, "network.csv")


@network.get("/network.json", endpoint="json")
def as_json() -> Response:
    """Return what the action gives."""
    return json_file(call("learningcity_network_show"), "network.json")


def _marks(found: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [fact["area"] for fact in found[facts]]
        for kind, facts in (("preparing", "preparing"), ("member", "members"))
    }


def _years(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return `{year, joined, milestones}` of every year in which something happened."""
    years: dict[str, dict[str, Any]] = {}

    def of(year: str) -> dict[str, Any]:
        return years.setdefault(year, {"year": year, "joined": [], "milestones": []})

    for fact in found["members"]:
        of(str(fact["joined"]))["joined"].append(fact)
    for fact in found["milestones"]:
        of(fact["date"][:4])["milestones"].append(fact)
    return [years[year] for year in sorted(years)]


def _rows(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for fact in found["members"]:
        yield {
            "kind": "member",
            "date": fact.get("date") or fact["joined"],
            **_place(fact["area"]),
            **_source(fact),
        }
    for fact in found["preparing"]:
        yield {"kind": "preparing", **_place(fact["area"]), **_source(fact)}
    for fact in found["mentoring"]:
        with_ = {"date": fact["seen"], "with": fact["mentor"]["id"]}
        yield {"kind": "mentored", **with_, **_place(fact["area"]), **_source(fact)}
    for partner in found["partners"]:
        for role in partner["roles"]:
            meaning = _languages("meaning", role["meaning"])
            yield {"kind": "partner", **_named(partner), **meaning, **_source(role)}
    for fact in found["milestones"]:
        yield {"kind": "milestone", "date": fact["date"], **_named(fact), **_source(fact)}


def _place(area: Mapping[str, Any]) -> dict[str, Any]:
    return {**_named(area), "level": area["level"]}


def _named(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": thing["id"], **_languages("name", thing["name"])}


def _languages(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in texts.items()}


def _source(fact: Mapping[str, Any]) -> dict[str, Any]:
    source = fact["source"]
    return {
        "verified": str(fact["verified"]).lower(),
        "source": source["title"],
        "source_url": source["url"],
    }
