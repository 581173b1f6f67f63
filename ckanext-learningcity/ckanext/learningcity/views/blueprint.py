"""Addresses of charts: `/indicator/<id>/chart.svg?area=TH-56,TH`, `/compare/scatter.png?…`."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version

import ckan.plugins.toolkit as tk
import vl_convert
from flask import Blueprint, Response

from ckanext.learningcity import lasting
from ckanext.learningcity.tables.codelists import breakdowns

from .addresses import RENDERER
from .answers import answer, speak
from .asked import asked_choice, asked_level, asked_list, asked_one, refuse
from .comparison import KINDS as COMPARISONS
from .comparison import MOST_INDICATORS
from .kinds import KINDS
from .render import dark_rules
from .theme import SIZES

chart = Blueprint("learningcity_chart", __name__)


_EXTENSION = "any(svg, png, json):extension"


@chart.get(
    f"/indicator/<indicator_id>/<any({', '.join(KINDS)}):kind>.<{_EXTENSION}>",
)
def trend(indicator_id: str, extension: str, kind: str = "chart") -> Response:
    """Return a chart of an indicator as SVG, PNG or Vega-Lite.

    Parameters: `area` (up to eight, repeated or comma-separated), `level`, `start`, `end`, codes of
    breakdowns (`sex=F`), `by` (the dimension of a breakdown), `map` (`squares`
    or `shapes`), `lang`, `era`, `size`, `as_of`.
    """
    speak()
    size, choice = _size(), replace(asked_choice(), level=asked_level())
    if by := asked_one("by", [name.lower() for name in breakdowns()], ""):
        choice = replace(choice, dimensions={**choice.dimensions, by.upper(): ()})
    if kind in ("chart", "breakdown") and not choice.areas:
        tk.abort(400, tk._("area: name at least one place, for example area=TH-56"))
    try:
        made = KINDS[kind](indicator_id, choice, size)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such indicator or place"))
    except tk.ValidationError as error:
        refuse(error)
    return answer(made, extension)


@chart.get(f"/compare/<any({', '.join(COMPARISONS)}):kind>.<{_EXTENSION}>")
def comparison(kind: str, extension: str) -> Response:
    """Return several indicators side by side, or two against each other.

    Parameters: `indicator` (up to six), and those of a chart of one indicator.
    """
    speak()
    size, choice = _size(), replace(asked_choice(), level=asked_level())
    indicators = asked_list("indicator")
    if not indicators or len(indicators) > MOST_INDICATORS:
        message = tk._("indicator: name one to {number} indicators")
        tk.abort(400, message.format(number=MOST_INDICATORS))
    try:
        made = COMPARISONS[kind](indicators, choice, size)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such indicator or place"))
    except tk.ValidationError as error:
        refuse(error)
    return answer(made, extension)


@chart.get("/learningcity/vega/<release>/vega.js")
def script(release: str) -> Response:
    """Return the library that draws a chart in the page, the very one that draws the pictures."""
    if release != version(RENDERER):
        tk.abort(404)
    response = Response(_script(), mimetype="text/javascript")
    return lasting.last(response)


@lru_cache(maxsize=1)
def _script() -> str:
    """Return the bundle, which gives `learningcityCharts.embed` and the colours of dark pages."""
    dark = json.dumps(f"@media(prefers-color-scheme:dark){{{dark_rules('.lc-live ')}}}")
    names = "window.learningcityCharts={embed:vegaEmbed};const s=document.createElement('style');"
    return vl_convert.javascript_bundle(f"{names}s.textContent={dark};document.head.append(s);")


def _size() -> str:
    return asked_one("size", tuple(SIZES), "large")
