"""Tables in uploaded files: how far they have come, and once more."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.logic import quality_schema
from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.tabular import queue, status, uploads


@tk.side_effect_free
@tk.validate_action_data(quality_schema.resource)
def learningcity_tabular_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how far the table in an uploaded file has come.

    :param resource_id: the resource's id
    :returns: `state`: `none` (the file holds no table), `waiting`, `running`, `loaded` or `failed`;
        `changed` (UTC); `rows`, `sheet`, `above` and `below` (rows left out there) and `columns`
        (`id`, `heading`) of the table that is loaded, null where none is; and `issues` by row and
        column, for those who may change the resource, else null
    """
    tk.check_access("learningcity_tabular_status", context, data_dict)
    resource = tk.get_action("resource_show")(Context(context), {"id": data_dict["resource_id"]})
    resource_id = resource["id"]
    known = status.get(resource_id)
    loaded = known.loaded if known else {}
    told = {key: loaded.get(key) for key in ("rows", "sheet", "above", "below")}
    columns = [{"id": name, "heading": heading} for heading, name in loaded.get("columns", ())]
    return {
        "state": known.state if known else "none",
        "changed": known.changed.isoformat() if known and known.changed else None,
        **told,
        "columns": columns or None,
        "issues": _issues(context, resource_id, known),
    }


@tk.validate_action_data(quality_schema.resource)
def learningcity_tabular_load(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Load the table in an uploaded file again.

    :param resource_id: the resource's id
    :returns: as `learningcity_tabular_status`
    """
    tk.check_access("learningcity_tabular_load", context, data_dict)
    resource = tk.get_action("resource_show")(Context(context), {"id": data_dict["resource_id"]})
    if not uploads.holds_table(resource):
        message = tk._("This is not an uploaded table: expected a CSV, TSV, XLSX or ODS file.")
        raise tk.ValidationError({"resource_id": [message]})
    queue.ask(resource, again=True)
    return learningcity_tabular_status(Context(context), {"resource_id": resource["id"]})


def _issues(
    context: Context, resource_id: str, known: status.Status | None
) -> list[dict[str, Any]] | None:
    """Return the findings for the publisher; they quote the file, and may name what is personal."""
    try:
        tk.check_access("resource_update", Context(context), {"id": resource_id})
    except tk.NotAuthorized:
        return None
    return [issue.as_dict(current_language()) for issue in (known.issues if known else ())]
