"""Downloads: slices of observations, and the files of releases."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import validate
from ckan.types import Context, Response
from file_keeper.core.exceptions import MissingFileError
from flask import Blueprint, request, stream_with_context
from flask import Response as FlaskResponse

from ckanext.learningcity.indicators import export, files
from ckanext.learningcity.indicators.model import engine
from ckanext.learningcity.logic import schema
from ckanext.learningcity.logic.action.observations import wanted_slice

observations = Blueprint("learningcity_observations", __name__)

_KINDS = {
    "csv": ("text/csv; charset=utf-8", "sha256"),
    "parquet": ("application/vnd.apache.parquet", "parquet_sha256"),
}


@observations.get("/observations.csv")
def observations_csv() -> Response:
    """Send a slice as CSV; it takes the filters of `learningcity_observation_search`."""
    context = Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
    parameters, errors = validate(_parameters(), schema.observation_slice(), context)
    if errors:
        lines = [f"{name}: {' '.join(messages)}" for name, messages in errors.items()]
        return FlaskResponse("\n".join(lines) + "\n", 400, mimetype="text/plain")
    tk.check_access("learningcity_observation_search", context, parameters)
    chunks = export.csv_chunks(engine(), wanted_slice(context, parameters))
    response = FlaskResponse(stream_with_context(chunks), content_type=_KINDS["csv"][0])
    response.headers["Content-Disposition"] = "attachment; filename=observations.csv"
    return response


@observations.get("/dataset/<dataset>/release/<int:number>.<any(csv, parquet):kind>")
def release_file(dataset: str, number: int, kind: str) -> Response:
    """Send a release's file; its bytes never change."""
    try:
        found = tk.get_action("learningcity_release_show")(
            Context(user=tk.current_user.name, auth_user_obj=tk.current_user),
            {"id": dataset, "number": number},
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such release."))
    mimetype, column = _KINDS[kind]
    try:
        content = files.stream(found[column], kind)
    except MissingFileError:
        return tk.abort(503, tk._("The file of this release is missing from the storage."))
    response = FlaskResponse(content, content_type=mimetype)
    name = f"{found['dataset']}-release-{number}.{kind}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.set_etag(found[column])
    response.make_conditional(request)
    return response


def _parameters() -> dict[str, Any]:
    """Return the query string's parameters; one that repeats is a list."""
    return {
        name: values if len(values) > 1 else values[0] for name, values in tk.request.args.lists()
    }
