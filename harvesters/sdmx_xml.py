"""SDMX-ML data messages: generic and structure-specific, by series or flat."""

from __future__ import annotations

from collections.abc import Collection
from xml.etree.ElementTree import Element

from .base import Answer
from .errors import Changed
from .sdmx_structure import elements, local

Row = dict[str, str | None]


def rows(answer: Answer, dimensions: Collection[str]) -> list[Row]:
    """Return the observations in `answer`: component id to text.

    :param dimensions: what tells the key of a group from its attributes
    :raises Changed: it is no data message, or one that reports an error
    """
    found: list[Row] = []
    groups: list[Row] = []
    loose: list[Row] = []
    for element in elements(answer, "Data"):
        match local(element):
            case "Obs":
                loose.append(_obs(element))
            case "Series":
                key = _own(element)
                found += [{**key, **each} for each in loose]
                loose = []
                element.clear()
            case "Group":
                groups.append(_own(element))
            case "DataSet":
                shared = {k: v for k, v in _own(element).items() if k not in _ABOUT_SETS}
                found = [{**shared, **each} for each in (*found, *loose)]
                loose = []
            case "ErrorMessage":
                text = " ".join("".join(element.itertext()).split())
                raise Changed(f"an error instead of data: {text[:120]}", url=answer.url)
    for group in groups:
        key = {name: text for name, text in group.items() if name in dimensions}
        for row in found:
            if all(row.get(name) == text for name, text in key.items()):
                row.update({name: text for name, text in group.items() if name not in row})
    return found


#: Attributes of a data set that are about the set and not about its observations.
_ABOUT_SETS = frozenset(
    {"structureRef", "setID", "action", "validFromDate", "validToDate", "publicationYear"}
    | {"publicationPeriod", "reportingBeginDate", "reportingEndDate", "dataScope", "REPYEARSTART"}
)


def _obs(element: Element) -> Row:
    row = _own(element)
    for child in element:
        if local(child) == "ObsDimension":
            row[child.get("id") or "TIME_PERIOD"] = child.get("value")
        elif local(child) == "ObsValue":
            row["OBS_VALUE"] = child.get("value")
    return row


def _own(element: Element) -> Row:
    """Return what an element says about itself, in attributes or in a key and attributes of it."""
    row: Row = {name: text for name, text in element.attrib.items() if not name.startswith("{")}
    for child in element:
        if local(child) in ("SeriesKey", "ObsKey", "GroupKey", "Attributes"):
            row |= {each.get("id", ""): each.get("value") for each in child}
    row.pop("type", None)
    return row
