"""The boundaries that maps are drawn with: a dataset of the portal, as any other."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.logic.boundaries import BoundaryError, Shape, read_boundaries
from ckanext.learningcity.tabular import uploads

_FORMATS = ("geojson", "topojson")
_MOST_MEGABYTES = 20


@tk.side_effect_free
def learningcity_boundary_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the boundaries of places that the portal has.

    They are the first uploaded GeoJSON or TopoJSON file of the dataset that
    `ckanext.learningcity.boundaries` names. It has to be public, as the maps are.

    :returns: `dataset` (`id`, `name`, `title`, `title_translated`), `resource` (its id), and
        `boundaries`, a GeoJSON FeatureCollection whose features have a place's code as `id`
    :raises ObjectNotFound: there is no such dataset, or it has no such file
    :raises ValidationError: the file does not hold boundaries; it says why
    """
    tk.check_access("learningcity_boundary_show", context, data_dict)
    dataset, resource = _found()
    try:
        shapes = _read(resource["id"], uploads.version(resource))
    except (BoundaryError, uploads.MissingFileError) as error:
        raise tk.ValidationError({resource["name"] or "url": [str(error)]}) from error
    features = [
        {
            "type": "Feature",
            "id": place,
            "properties": {},
            "geometry": {"type": "MultiPolygon", "coordinates": shape},
        }
        for place, shape in sorted(shapes.items())
    ]
    names = ("id", "name", "title", "title_translated")
    return {
        "dataset": {name: dataset.get(name) for name in names},
        "resource": resource["id"],
        "boundaries": {"type": "FeatureCollection", "features": features},
    }


def _found() -> tuple[DataDict, DataDict]:
    """Return the dataset and its file, as a stranger sees them."""
    name = tk.config["ckanext.learningcity.boundaries"]
    stranger = Context(user="", auth_user_obj=None)
    try:
        dataset = tk.get_action("package_show")(stranger, {"id": name})
    except tk.NotAuthorized as error:
        raise tk.ObjectNotFound(name) from error
    for resource in dataset["resources"]:
        kind = (resource.get("format") or "").lower()
        if kind in _FORMATS and resource.get("url_type") == "upload":
            return dataset, resource
    raise tk.ObjectNotFound(name)


@lru_cache(maxsize=2)
def _read(resource_id: str, version: str) -> dict[str, Shape]:
    """Return the shapes of a file, once for each version of it."""
    resource = tk.get_action("resource_show")(Context(ignore_auth=True), {"id": resource_id})
    content = uploads.content(resource, _MOST_MEGABYTES * 1_000_000)
    if content is None:
        message = tk._("The file has more than {number} MB. Simplify the boundaries first.")
        raise BoundaryError(message.format(number=_MOST_MEGABYTES))
    return read_boundaries(content)
