"""The button that loads an uploaded table again."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

tabular = Blueprint("learningcity_tabular", __name__)


@tabular.post("/dataset/<dataset_id>/resource/<resource_id>/load-table")
def load(dataset_id: str, resource_id: str) -> Response:
    """Put the table on the queue and go back to the resource's page."""
    try:
        tk.get_action("learningcity_tabular_load")({}, {"resource_id": resource_id})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Resource not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only those who may change a resource may load its table."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
    else:
        tk.h.flash_success(tk._("The table is being loaded. Come back to this page in a minute."))
    return tk.redirect_to("dataset_resource.read", id=dataset_id, resource_id=resource_id)
