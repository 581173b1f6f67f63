"""What is changed through one door only: what follows from releases, and who curates."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.existing import extras
from ckanext.learningcity.indicators.derived import DERIVING

#: Fields of the resource of observations that say which release it is.
_FIELDS = ("url", "format", "mimetype", "hash", "release", "url_type")


def refuse(data_dict: DataDict) -> AuthResult | None:
    """Return the refusal to change a resource of observations, None for any other resource."""
    resource_id = data_dict.get("resource_id") or data_dict.get("id")
    if _kept(resource_id) is None:
        return None
    message = tk._("This file follows from the releases of its dataset; publish to change it.")
    return {"success": False, "msg": message}


def learningcity_kept_resource(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Leave a resource of observations as the last release made it, and let nobody feign one.

    A client that sends back what it read before that release is not refused: it did not mean to.
    """
    if context.get(DERIVING):
        return
    place = key[:-1]
    stored = _kept(data.get((*place, "id")))
    if stored is None:
        data[key] = tk.missing
        return
    data[key] = True
    data.pop((*place, "upload"), None)
    for name in _FIELDS:
        value: Any = getattr(stored, name, None) or stored.extras.get(name)
        if value is None:
            data.pop((*place, name), None)
        else:
            data[(*place, name)] = value


def learningcity_org_role(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Let only administrators of the portal name the secretariat: it curates what all share."""
    group = context.get("group")
    before = extras(group).get("org_role")
    if data[key] != "secretariat" or before == "secretariat" or context.get("ignore_auth"):
        return
    if not authz.is_sysadmin(context.get("user")):
        raise tk.Invalid(tk._("Only an administrator of the portal names the secretariat."))


def _kept(resource_id: Any) -> model.Resource | None:
    stored = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    return stored if stored and tk.asbool(stored.extras.get("observations", False)) else None
