"""The Booster: recording that a city adopts an innovation, and what came of it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from ckanext.learningcity.tables import codelists

from .calls import call
from .tables import csv_file, json_file

booster = Blueprint("learningcity_booster", __name__)

COLUMNS = (
    *("innovation", "organization", "area", "state", "started", "ended", "outcome_en"),
    *("outcome_th", "indicators", "demonstration"),
)

_FILTERS = ("innovation", "organization", "area", "state")


@booster.get("/adoption/<adoption_id>")
def read(adoption_id: str) -> str:
    """Show what a city made of an innovation."""
    adoption = call("learningcity_adoption_show", id=adoption_id)
    shown = {
        "adoption": adoption,
        "place": codelists.areas()[adoption["area"]],
        "editable": tk.h.check_access("learningcity_adoption_update", {"id": adoption_id}),
    }
    return tk.render("learningcity/booster/read.html", shown)


@booster.get("/innovation/<innovation>/adopt")
def new(innovation: str) -> str:
    """Ask how far a city is with an innovation."""
    return _form(innovation, _blank(), {})


@booster.post("/innovation/<innovation>/adopt")
def create(innovation: str) -> AnyResponse | tuple[str, int]:
    """Record an adoption."""
    given = {**_given(), "organization": tk.request.form.get("organization", "")}
    try:
        made = call("learningcity_adoption_create", innovation=innovation, **given)
    except tk.ValidationError as error:
        return _form(innovation, given, error.error_dict), 400
    tk.h.flash_success(tk._("The adoption is recorded."))
    return tk.redirect_to("learningcity_booster.read", adoption_id=made["id"])


@booster.get("/adoption/<adoption_id>/edit")
def edit(adoption_id: str) -> str:
    """Ask how far the city is by now."""
    adoption = call("learningcity_adoption_show", id=adoption_id)
    _may_change(adoption_id)
    return _form(adoption["innovation"], adoption, {}, adoption)


@booster.post("/adoption/<adoption_id>/edit")
def update(adoption_id: str) -> AnyResponse | tuple[str, int]:
    """Keep how far the city is by now."""
    given = _given()
    try:
        call("learningcity_adoption_update", id=adoption_id, **given)
    except tk.ValidationError as error:
        adoption = call("learningcity_adoption_show", id=adoption_id)
        return _form(adoption["innovation"], given, error.error_dict, adoption), 400
    tk.h.flash_success(tk._("The adoption is changed."))
    return tk.redirect_to("learningcity_booster.read", adoption_id=adoption_id)


@booster.post("/adoption/<adoption_id>/delete")
def delete(adoption_id: str) -> AnyResponse:
    """Delete what was recorded by mistake."""
    adoption = call("learningcity_adoption_show", id=adoption_id)
    call("learningcity_adoption_delete", id=adoption_id)
    tk.h.flash_success(tk._("The adoption is deleted."))
    return tk.redirect_to("innovation.read", id=adoption["innovation"])


@booster.get("/adoptions.<any(csv, json):extension>")
def download(extension: str) -> Response:
    """Return the adoptions as a file, with the filters of the action."""
    asked = {name: tk.request.args[name] for name in _FILTERS if tk.request.args.get(name)}
    try:
        found = call("learningcity_adoption_list", **asked)
    except tk.ValidationError as error:
        text = "; ".join(f"{key}: {text}" for key, text in error.error_summary.items())
        return tk.abort(400, text)
    if extension == "json":
        return json_file(found, "adoptions.json")
    rows = [
        {
            **row,
            "indicators": "; ".join(row["indicators"]),
            **{f"outcome_{language}": text for language, text in row["outcome"].items()},
        }
        for row in found
    ]
    return csv_file(rows, COLUMNS, "adoptions.csv")


def _form(
    innovation: str,
    given: dict[str, Any],
    errors: dict[str, Any],
    adoption: dict[str, Any] | None = None,
) -> str:
    package = call("package_show", id=innovation)
    if package["type"] != "innovation":
        tk.abort(404, tk._("There is no such page."))
    cities = None if adoption else tk.h.learningcity_own_cities()
    if cities == []:
        tk.abort(403, tk._("Only the city's own editors record what it adopts."))
    shown = {"pkg": package, "given": given, "errors": errors}
    shown |= {"cities": cities, "adoption": adoption}
    return tk.render("learningcity/booster/form.html", shown)


def _may_change(adoption_id: str) -> None:
    if not tk.h.check_access("learningcity_adoption_update", {"id": adoption_id}):
        tk.abort(403, tk._("Only the city's own editors record what it adopts."))


def _blank() -> dict[str, Any]:
    return {"state": "planned", "outcome": {}, "indicators": []}


def _given() -> dict[str, Any]:
    form: MultiDict[str, str] = tk.request.form
    outcome = {language: form.get(f"outcome-{language}", "") for language in ("th", "en")}
    return {
        **{name: form.get(name, "") for name in ("state", "started", "ended")},
        "outcome": {language: text for language, text in outcome.items() if text.strip()},
        "indicators": form.getlist("indicators"),
    }
