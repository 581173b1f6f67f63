"""Lists of learning spaces in files: checked first, written when their publisher chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.content import imports
from ckanext.learningcity.desk.check import unpacked
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.logic import content_schema, files, schema
from ckanext.learningcity.logic.languages import current_language


@tk.validate_action_data(content_schema.import_create)
def learningcity_space_import_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Upload a list of learning spaces and check it. Nothing is written.

    :param organization: name or id of the organization that they are to belong to
    :param upload: the file (multipart): CSV, TSV, XLSX or ODS
    :param private: true to add new ones as drafts that only the organization sees
    :returns: the import as `learningcity_space_import_show` gives it, a draft
    """
    organization = model.Group.get(data_dict["organization"])
    if organization is None or not organization.is_organization:
        raise tk.ValidationError({"organization": [tk._("There is no such organization.")]})
    tk.check_access("learningcity_space_import_create", context, data_dict)
    content, name = files.content(data_dict["upload"]), files.name(data_dict["upload"])
    user = derived.account(context.get("user", ""))
    private = data_dict["private"]
    import_id = imports.create(content, name, organization, user, private=private)
    model.Session.commit()
    return _shown(import_id)


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_space_import_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an import.

    :param id: the import's id
    :returns: `state` (draft, writing, indexing, written, cancelled, failed), `organization` (name),
        `filename`, `private`, `report` (by row and column), `counts` (`added`, `changed`,
        `unchanged`, `faulty`; what would become, then what became) and `reason` of a failure
    """
    tk.check_access("learningcity_space_import_show", context, data_dict)
    return _shown(data_dict["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_space_import_write(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write the rows without a fault, all in one transaction, in a background job.

    :param id: the import's id
    :returns: the import
    """
    tk.check_access("learningcity_space_import_write", context, data_dict)
    shown = _shown(data_dict["id"])
    if not shown["counts"]["added"] + shown["counts"]["changed"]:
        raise tk.ValidationError({"id": [tk._("There is nothing to write.")]})
    _step(imports.begin, data_dict["id"])
    return _shown(data_dict["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_space_import_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give an import up; nothing is written.

    :param id: the import's id
    :returns: the import
    """
    tk.check_access("learningcity_space_import_cancel", context, data_dict)
    _step(lambda import_id: imports.change(import_id, "cancelled", rows=[]), data_dict["id"])
    return _shown(data_dict["id"])


def _step(step: Callable[[str], None], import_id: str) -> None:
    try:
        step(import_id)
    except imports.StateError as error:
        message = tk._("This import has been written or cancelled already.")
        raise tk.ValidationError({"id": [message]}) from error


def _shown(import_id: str) -> dict[str, Any]:
    row = imports.get(import_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such import."))
    organization = model.Group.get(row["organization_id"])
    kept = ("id", "state", "filename", "private", "counts", "reason")
    return {
        **{name: row[name] for name in kept},
        "organization": organization.name if organization else None,
        "created": row["created"].isoformat(),
        "report": unpacked(row["report"]).as_dict(current_language()),
    }
