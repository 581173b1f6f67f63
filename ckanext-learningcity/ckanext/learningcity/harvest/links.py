"""Files that stay at the source, beside what the portal itself keeps of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context


def beside_stored(links: Sequence[dict[str, Any]], dataset_id: str) -> list[dict[str, Any]]:
    """Return the resources of a dataset whose `links` have changed.

    The observations stay, and a link that was there keeps its id and thereby its address.
    """
    shown = tk.get_action("package_show")(Context(ignore_auth=True), {"id": dataset_id})
    kept = [resource for resource in shown["resources"] if resource.get("observations")]
    ids = {resource["url"]: resource["id"] for resource in shown["resources"]}
    known = [{**link, "id": ids[link["url"]]} for link in links if link["url"] in ids]
    return [*kept, *known, *(link for link in links if link["url"] not in ids)]
