"""SDMX-JSON data messages, 1.0 and 2.0: values by position in lists of codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .base import Answer
from .errors import Changed

Row = dict[str, str | None]


def rows(answer: Answer) -> Iterator[tuple[Row, Row]]:
    """Yield each observation twice: its codes, and its codes with their names.

    :raises Changed: it is no SDMX-JSON data message
    """
    root = answer.json()
    try:
        data = root.get("data", root)
        structure = data["structures"][0] if "structures" in data else data["structure"]
        for data_set in data["dataSets"]:
            yield from _of_set(structure, data_set)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        raise Changed("expected SDMX-JSON", url=answer.url) from None


def _of_set(structure: Mapping[str, Any], data_set: Mapping[str, Any]) -> Iterator[tuple[Row, Row]]:
    dimensions, attributes = structure["dimensions"], structure.get("attributes", {})
    fixed = _pick(dimensions.get("dataSet", []), [0] * len(dimensions.get("dataSet", [])))
    fixed += _pick(attributes.get("dataSet", []), data_set.get("attributes", []))
    series_keys = dimensions.get("series", [])
    grouped = data_set.get("dimensionGroupAttributes", {})
    series = data_set.get("series") or {"": {"observations": data_set.get("observations", {})}}
    for key, each in series.items():
        own = _pick(series_keys, key.split(":") if key else [])
        own += _pick(attributes.get("series", []), each.get("attributes", []))
        for place, values in each["observations"].items():
            where = _pick(dimensions.get("observation", []), place.split(":"))
            full = f"{key}:{place}" if key else place
            shared = _grouped(attributes.get("dimensionGroup", []), grouped, full)
            said = _pick(attributes.get("observation", []), values[1:])
            value = None if values[0] is None else str(values[0])
            parts = (*fixed, *own, *shared, *where, *said)
            codes: Row = {name: code for name, code, _ in parts} | {"OBS_VALUE": value}
            yield codes, {name: text for name, _, text in parts} | {"OBS_VALUE": value}


def _grouped(
    components: Sequence[Mapping[str, Any]], groups: Mapping[str, Sequence[Any]], key: str
) -> list[tuple[str, str | None, str | None]]:
    """Return the attributes of the groups that an observation's key belongs to (2.0)."""
    positions = key.split(":")
    found: list[tuple[str, str | None, str | None]] = []
    for group, values in groups.items():
        if all(part in ("", own) for part, own in zip(group.split(":"), positions, strict=False)):
            found += _pick(components, values)
    return found


def _pick(
    components: Sequence[Mapping[str, Any]], values: Sequence[Any]
) -> list[tuple[str, str | None, str | None]]:
    """Return (id, code, code with name) of each component; `values` are positions or texts."""
    picked: list[tuple[str, str | None, str | None]] = []
    for component, value in zip(components, values, strict=False):
        if value is None or value == "":
            continue
        coded = component.get("values") or []
        if not coded:  # 2.0 writes the text of what has no code list
            picked.append((component["id"], str(value), str(value)))
            continue
        entry = coded[int(value)]
        code = str(entry.get("id", entry.get("value", entry.get("name"))))
        name = entry.get("name")
        written = f"{code}: {name}" if name and name != code else code
        picked.append((component["id"], code, written))
    return picked
