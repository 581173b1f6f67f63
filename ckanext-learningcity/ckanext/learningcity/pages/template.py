"""The template that a place's publisher fills in: `/city/<code>/template.xlsx`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from ckanext.learningcity.tables.circumstances import today
from ckanext.learningcity.tables.model import SCHEMA
from ckanext.learningcity.tables.template import Template, write
from ckanext.learningcity.views.figures import is_demonstration

from .calls import call

template = Blueprint("learningcity_template", __name__, url_prefix="/city/<area_id>")

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Dataset = Mapping[str, Any]


@template.get("/template.xlsx")
def read(area_id: str) -> AnyResponse:
    """Return the template of a place for one of its datasets.

    `dataset=` chooses it by name; else it is the one with most observations among those of the
    organizations that are at home there. Without one, only rows to fill in are given.
    """
    profile = call("learningcity_city_profile", id=area_id)
    code = profile["area"]["id"]
    if code != area_id:
        return tk.redirect_to("learningcity_template.read", area_id=code, **tk.request.args)
    name = tk.request.args.get("dataset")
    dataset = _asked(profile, name) if name else _usual(profile)
    response = Response(write(_template(code, dataset)), mimetype=_WORKBOOK)
    response.headers["Content-Disposition"] = f"attachment; filename=template-{code}.xlsx"
    response.add_etag()
    return response.make_conditional(tk.request.environ)


def _asked(profile: Mapping[str, Any], name: str) -> Dataset:
    """Return the dataset asked for; answers 404 where it has nothing to do with the place."""
    dataset = call("package_show", id=name)
    owner = (dataset.get("organization") or {}).get("name")
    at_home = owner in {organization["name"] for organization in profile["organizations"]}
    holding = {held["name"] for held in profile["datasets"]}
    if not at_home and dataset["name"] not in holding:
        message = tk._("dataset: “{name}” has no values of this place.")
        return tk.abort(404, message.format(name=dataset["name"]))
    return dataset


def _usual(profile: Mapping[str, Any]) -> Dataset | None:
    at_home = {organization["name"] for organization in profile["organizations"]}
    own = sorted(
        held["name"] for held in profile["datasets"] if held["organization"]["name"] in at_home
    )
    name = max(own, key=_count, default=None)
    return call("package_show", id=name) if name else None


def _count(dataset: str) -> int:
    return call("learningcity_observation_search", dataset=[dataset], limit=0)["total"]


def _template(area: str, dataset: Dataset | None) -> Template:
    day = today()
    blank = Template(
        area=area,
        table=pl.DataFrame(schema=SCHEMA),
        address=_address("learningcity_desk.index"),
        # Without a release to be of, it is of the year: the same bytes all year, as its rows are.
        made=datetime(day.year, 1, 1, tzinfo=timezone.utc),
        today=day,
        small_count=tk.config["ckanext.learningcity.small_count"],
    )
    if dataset is None:
        return blank
    return replace(
        blank,
        table=_observations(dataset["name"]),
        address=_address("learningcity_desk.upload", dataset=dataset["name"]),
        made=_released(dataset["id"]) or blank.made,
        titles=_titles(dataset),
        demonstration=is_demonstration(dataset),
    )


def _address(endpoint: str, **parameters: str) -> str:
    return tk.url_for(endpoint, **parameters, locale="default", qualified=True)


def _observations(dataset: str) -> pl.DataFrame:
    """Return the current observations of a dataset; answers 400 where they are too many."""
    records: list[dict[str, Any]] = []
    most = tk.config["ckanext.learningcity.template_rows_max"]
    size = min(most, tk.config["ckanext.learningcity.observations.page_max"])
    asked: dict[str, Any] = {"dataset": [dataset], "limit": size}
    while True:
        page = call("learningcity_observation_search", **asked)
        if page["total"] > most:
            message = tk._(
                "dataset: “{name}” has {total} values; a template holds {most}. Download its CSV, "
                "complete it and upload that."
            )
            return tk.abort(400, message.format(name=dataset, total=page["total"], most=most))
        records += page["records"]
        if not page["next_cursor"]:
            break
        asked["cursor"] = page["next_cursor"]
    dates = [name for name, kind in SCHEMA.items() if kind == pl.Date]
    text = {**SCHEMA, **dict.fromkeys(dates, pl.String)}
    return pl.DataFrame(records, schema=text).with_columns(pl.col(dates).str.to_date())


def _released(dataset_id: str) -> datetime | None:
    found = call("learningcity_release_list", id=dataset_id, limit=1)["results"]
    return datetime.fromisoformat(found[0]["released"]) if found else None


def _titles(dataset: Dataset) -> dict[str, str]:
    """Return the title in both languages; a language that it lacks has the other one's."""
    given = dataset.get("title_translated") or {}
    return {language: given.get(language) or dataset["title"] for language in ("th", "en")}
