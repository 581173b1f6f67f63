"""Downloads of slices: `/observations.csv?…`, and the same of one dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import validate
from ckan.types import Response
from flask import Blueprint

from ckanext.learningcity.indicators import query, sources
from ckanext.learningcity.indicators.records import FIELDS
from ckanext.learningcity.logic import schema
from ckanext.learningcity.logic.action.observations import wanted_slice

from . import asked, contents, formats
from .about import About
from .answers import File, refuse, send

observations = Blueprint("learningcity_observations", __name__)

#: Formats of a slice.
KINDS = ("csv", "xlsx", "json", "parquet", "zip")

#: Those that say where their observations come from.
_EXPLAINED = ("json", "xlsx", "zip")


@observations.get("/observations.<kind>")
def everything(kind: str) -> Response:
    """Send a slice; it takes the filters of `learningcity_observation_search`."""
    return _answer(kind, None)


@observations.get("/dataset/<dataset>/observations.<kind>")
def of_dataset(dataset: str, kind: str) -> Response:
    """Send a slice of one dataset; it takes the same filters but `dataset`."""
    try:
        found = tk.get_action("package_show")(asked.context(), {"id": dataset})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return refuse(404, {"message": tk._("There is no such dataset.")}, kind)
    return _answer(kind, found)


def _answer(kind: str, dataset: Mapping[str, Any] | None) -> Response:
    if kind not in KINDS:
        message = tk._("There is no such format. Choose one of: {formats}.")
        return refuse(406, {"message": message.format(formats=", ".join(KINDS))}, kind)
    try:
        wanted = _wanted(dataset)
    except tk.ValidationError as error:
        return refuse(400, error.error_dict, kind)
    if kind == "xlsx":
        errors = contents.too_many(contents.count(wanted), asked.address("csv"))
        if errors:
            return refuse(400, errors, kind)
    return send(_file(kind, wanted, dataset))


def _wanted(dataset: Mapping[str, Any] | None) -> query.Slice:
    """Return the slice that the address asks for.

    :raises ValidationError: a parameter is not what it should be
    """
    context, given = asked.context(), asked.parameters()
    if dataset and "dataset" in given:
        raise tk.ValidationError({"dataset": [tk._("The address names the dataset already.")]})
    if dataset:
        given["dataset"] = dataset["id"]
    parameters, errors = validate(given, schema.observation_slice(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("learningcity_observation_search", context, parameters)
    return wanted_slice(context, parameters)


def _file(kind: str, wanted: query.Slice, dataset: Mapping[str, Any] | None) -> File:
    connection = model.Session.connection()
    mark, moment = sources.state(connection, wanted)
    # Asking where everything comes from takes time that a plain table need not wait for.
    found = sources.of_slice(connection, wanted) if dataset or kind in _EXPLAINED else []
    about = About(found, asked.address(kind), FIELDS, asked.parameters(), dataset)
    described = about.metadata() if kind in _EXPLAINED else None
    return File(
        kind=kind,
        name=f"{dataset['name']}-observations.{kind}" if dataset else f"observations.{kind}",
        tag=formats.tag(kind, mark, _choice(wanted), described),
        public=tk.current_user.is_anonymous and not (dataset or {}).get("private"),
        content=lambda: contents.of_slice(kind, wanted, about, moment),
        modified=moment,
        links=asked.links(about.citations[0]) if dataset and found else (),
    )


def _choice(wanted: query.Slice) -> list[Any]:
    """Return what chooses the observations, in whatever order it was asked for."""
    return [
        sorted(wanted.indicators),
        sorted(wanted.areas),
        sorted(wanted.levels),
        sorted(wanted.datasets),
        {name: sorted(codes) for name, codes in wanted.dimensions.items()},
        wanted.start,
        wanted.end,
        wanted.as_of,
    ]
