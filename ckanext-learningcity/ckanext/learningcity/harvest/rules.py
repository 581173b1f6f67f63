"""The schemas of dataset types, put together once instead of once for each dataset.

ckanext-scheming looks up and chains a type's validators for every dataset anew. Here it does so
once, and the same validators run in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.plugins import SchemingDatasetsPlugin

Fields = dict[str, Any]


def prepared(kind: str, action: str) -> Fields | None:
    """Return the complete schema of a dataset type, None where only its plugin can validate.

    :param action: `package_create` or `package_show`
    """
    plugin = lib_plugins.lookup_package_plugin(kind)
    if type(plugin).validate is not SchemingDatasetsPlugin.validate:
        return None
    fields = tk.h.scheming_get_dataset_schema(kind)
    if fields is None or _composite([*fields["dataset_fields"], *fields["resource_fields"]]):
        return None
    made = action == "package_create"
    schema = plugin.create_package_schema() if made else plugin.show_package_schema()
    # scheming adds the validators of the type's fields to the very schema that it is given
    plugin.validate(context(), {"type": kind, "name": kind}, schema, action)
    return schema


def context(user: str = "", **options: Any) -> Context:
    """Return the context in which an action would validate, on an account and without its auth."""
    given = {"model": model, "session": model.Session, "user": user, "ignore_auth": True}
    return cast(Context, {**given, **options})


def _composite(fields: Collection[Mapping[str, Any]]) -> bool:
    return any("repeating_subfields" in field for field in fields)


def for_new(kind: str, free: Collection[str]) -> Fields | None:
    """Return the schema of new datasets whose validators need not ask the database for each.

    :param free: ids and names that no dataset has; others are asked for as ever
    """
    schema = prepared(kind, "package_create")
    if schema is None:
        return None
    unused = tk.get_validator("package_id_does_not_exist")
    name = tk.get_validator("package_name_validator")
    owner = tk.get_validator("owner_org_validator")
    instead = {unused: _unless_free(unused, free), name: _name(name, free), owner: _once(owner)}
    asking = {
        field: [instead.get(v, v) for v in schema[field]] for field in ("id", "name", "owner_org")
    }
    return schema | asking


def _unless_free(ask: Callable[..., Any], free: Collection[str]) -> Callable[..., Any]:
    def check(value: Any, context: Context) -> Any:
        return value if value in free else ask(value, context)

    return check


def _name(ask: Callable[..., Any], free: Collection[str]) -> Callable[..., Any]:
    def check(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if data[key] not in free:
            ask(key, data, errors, context)

    return check


def _once(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a validator that asks for the same organization only once."""
    found: dict[str, Any] = {}

    def check(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        value = data[key]
        if isinstance(value, str) and value in found:
            data[key] = found[value]
            return
        ask(key, data, errors, context)
        if isinstance(value, str):
            found[value] = data[key]

    return check
