"""Addresses of charts, and of this page in the other era."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from .era import ERAS, PARAMETER, era, own_era

RENDERER = "vl-convert-python"  # its version is in the address of the script, which may be kept


def learningcity_chart_url(
    indicator: str | Iterable[str],
    areas: Iterable[str],
    extension: str = "svg",
    kind: str = "chart",
    **options: Any,
) -> str | None:
    """Return the stable address of a chart, or None if charts are not switched on.

    :param indicator: one, or several to compare
    :param kind: `chart` (over time), `ranking`, `map`, `distribution`, `breakdown`; for several
        indicators `multiples` or `scatter`
    :param options: what the chart takes: `size` (`small` for phones), `level`, `start`, `sex`, …;
        `_external`. Those without a value are left out.
    """
    if not p.plugin_loaded("learningcity_views"):
        return None
    given = {name: value for name, value in options.items() if value}
    if listed := ",".join(areas):
        given["area"] = listed
    if era() != own_era():
        given[PARAMETER] = era()
    given.update(lang=tk.h.lang(), locale="default", extension=extension, kind=kind)
    if isinstance(indicator, str):
        return tk.h.url_for("learningcity_chart.trend", indicator_id=indicator, **given)
    listed = ",".join(indicator)
    return tk.h.url_for("learningcity_chart.comparison", indicator=listed, **given)


def learningcity_chart_options(filters: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of a search that a chart's address takes beside its lists."""
    return {name: value for name, value in filters.items() if name not in ("indicator", "area")}


def learningcity_chart_script() -> str | None:
    """Return the address of the library that draws charts in a page, None if charts are off."""
    if not p.plugin_loaded("learningcity_views"):
        return None
    release = version(RENDERER)
    return tk.h.url_for("learningcity_chart.script", release=release, locale="default")


def learningcity_era_url() -> str:
    """Return the address of this page with the years of the other era."""
    return learningcity_here(PARAMETER, next(one for one in ERAS if one != era()))


def learningcity_here(parameter: str, value: str) -> str:
    """Return the address of this page with another value of a parameter."""
    kept = [pair for pair in tk.request.args.items(multi=True) if pair[0] != parameter]
    return tk.h.url_for(f"{tk.request.path}?{urlencode([*kept, (parameter, value)])}")
