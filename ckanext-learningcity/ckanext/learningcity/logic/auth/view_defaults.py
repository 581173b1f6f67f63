"""Who may have the views of a resource made."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


def learningcity_view_defaults(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    tk.check_access("resource_update", context, {"id": data_dict["id"]})
    return {"success": True}
