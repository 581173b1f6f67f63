"""Boundaries of places: what a GeoJSON or TopoJSON file says, by the codes of our list.

Both are read as their standards have them (RFC 7946, the TopoJSON specification): longitude before
latitude, in degrees of WGS 84.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import areas

Point = tuple[float, float]  # longitude, latitude
Ring = list[Point]
Shape = list[list[Ring]]  # polygons; the first ring of each is its edge, the others are holes

#: Where files keep the code of a place: ours, ISO 3166-2, the P-codes of OCHA (`TH56`).
_CODES = ("code", "area", "REF_AREA", "iso_3166_2", "shapeISO", "ADM1_PCODE", "adm1_pcode")
_FEWEST_POINTS = 4  # of a ring that is closed


class BoundaryError(ValueError):
    """A file does not hold boundaries; the message says why, in the reader's language."""


def read_boundaries(content: bytes) -> dict[str, Shape]:
    """Return the shape of each place that the code list knows; other features are passed over.

    :raises BoundaryError: the file is something else, or none of its features is a known place
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BoundaryError(tk._("The file is not JSON.")) from error
    try:
        shapes = _shapes(data)
    except BoundaryError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        message = tk._("The file is not built as GeoJSON or TopoJSON is ({reason}).")
        raise BoundaryError(message.format(reason=repr(error)[:80])) from error
    if not shapes:
        message = tk._(
            "No feature has the code of a place. Give each one, such as “code”: “TH-56”."
        )
        raise BoundaryError(message)
    return shapes


def _shapes(data: Any) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for number, feature, polygons in _features(data):
        if place := _place(feature):
            shape = [[_ring(ring, number) for ring in polygon] for polygon in polygons]
            shapes.setdefault(place, []).extend(shape)
    return shapes


def _features(data: Any) -> Iterator[tuple[int, Mapping[str, Any], Sequence[Any]]]:
    """Yield number, feature and polygons of what has an area."""
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        for number, feature in enumerate(data["features"], start=1):
            yield number, feature, _polygons(feature["geometry"], "coordinates", number)
    elif kind == "Topology":
        arcs = _arcs(data)
        listed = (one for each in data["objects"].values() for one in _geometries(each))
        for number, geometry in enumerate(listed, start=1):
            polygons = _polygons(geometry, "arcs", number)
            yield number, geometry, [[_joined(r, arcs) for r in each] for each in polygons]
    else:
        message = tk._("The file is neither a GeoJSON FeatureCollection nor a TopoJSON Topology.")
        raise BoundaryError(message)


def _geometries(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return entry["geometries"] if entry["type"] == "GeometryCollection" else [entry]


def _polygons(geometry: Mapping[str, Any] | None, key: str, number: int) -> Sequence[Any]:
    if geometry is None:
        return []
    if geometry["type"] == "Polygon":
        return [geometry[key]]
    if geometry["type"] == "MultiPolygon":
        return geometry[key]
    message = tk._("Feature {number} is a {found}; expected Polygon or MultiPolygon.")
    raise BoundaryError(message.format(number=number, found=geometry["type"]))


def _arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees: a topology may count steps on a grid."""
    transform = topology.get("transform")
    if not transform:
        return topology["arcs"]
    (width, height), (west, south) = transform["scale"], transform["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: list[Point] = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((west + x * width, south + y * height))
        arcs.append(arc)
    return arcs


def _joined(indexes: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """Return a ring of arcs; a negative number `~n` is arc `n` backwards."""
    ring: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def _place(feature: Mapping[str, Any]) -> str | None:
    """Return the code of our list that a feature carries."""
    properties = feature.get("properties") or {}
    for found in (feature.get("id"), *(properties.get(name) for name in _CODES)):
        code = re.sub(r"^TH(\d)", r"TH-\1", str(found or "").strip().upper())
        if code in areas():
            return code
    return None


def _ring(points: Any, number: int) -> Ring:
    if not isinstance(points, list) or len(points) < _FEWEST_POINTS:
        message = tk._("Feature {number} has a ring of fewer than four points.")
        raise BoundaryError(message.format(number=number))
    return [_point(point, number) for point in points]


def _point(point: Any, number: int) -> Point:
    longitude, latitude = point[:2]
    if not (_within(longitude, 180) and _within(latitude, 90)):
        message = tk._(
            "Feature {number} has the point {found}; expected longitude and latitude in degrees"
            " (WGS 84). Convert maps in metres first."
        )
        raise BoundaryError(message.format(number=number, found=str(point)[:60]))
    return float(longitude), float(latitude)


def _within(value: Any, most: int) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value) and abs(value) <= most
