"""The fourteen mandatory metadata items of the GD-Catalog: which a dataset has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .framework import items

#: What stands in a field that nobody has filled in.
UNFILLED: tuple[Any, ...] = (None, "", [], {}, "unknown", ["unknown"], "notspecified")


def assess(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items in their order: `id`, `number`, `name`, `field`, `form`, `met`, `value`,
    `mend` and `verified`.

    `value` is what the dataset says; `form` the id of its input in the edit form.
    """
    return [_item(entry, dataset.get(entry["field"])) for entry in items().values()]


def _item(entry: Mapping[str, Any], value: Any) -> dict[str, Any]:
    if entry["field"] == "tags":
        value = [tag["name"] for tag in value or ()]
    met = value not in UNFILLED and bool(str(value).strip())
    return {**entry, "met": met, "value": value if met else None}
