"""Addresses of charts: `/indicator/<id>/chart.svg?area=TH-56,TH&lang=th`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask_babel import refresh

from .charts import SIZES, trend_spec
from .render import MIME_TYPES, fingerprint, picture
from .trend import MOST_PLACES, load_trend

chart = Blueprint("learningcity_chart", __name__)

_FRESH_SECONDS = 300  # how long a reader may see the chart of the release before


@chart.get("/indicator/<indicator_id>/chart.<any(svg, png, json):extension>")
def trend(indicator_id: str, extension: str) -> Response:
    """Return the trend chart of an indicator in the places of `area`.

    Parameters: `area` (up to eight, repeated or comma-separated), `lang`, `size`, `as_of`.
    """
    _speak(tk.request.args.get("lang"))
    size = _choice("size", tuple(SIZES), default="large")
    areas = area_parameter()
    if not areas:
        tk.abort(400, tk._("area: name at least one place, for example area=TH-56"))
    try:
        shown = load_trend(indicator_id, areas, tk.request.args.get("as_of"))
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such indicator or place"))
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))
    return _answer(trend_spec(shown, size), extension)


def area_parameter() -> list[str]:
    """Return the places that the address asks for, in upper case.

    Answers 400 if there are more than eight.
    """
    values = [value for text in tk.request.args.getlist("area") for value in text.split(",")]
    areas = list(dict.fromkeys(value.strip().upper() for value in values if value.strip()))
    if len(areas) > MOST_PLACES:
        tk.abort(400, tk._("area: at most {number} places").format(number=MOST_PLACES))
    return areas


def _answer(spec: dict[str, object], extension: str) -> Response:
    tag = fingerprint(spec, extension)
    response = Response(mimetype=MIME_TYPES[extension])
    if tk.request.if_none_match.contains(tag):
        response.status_code = 304
    else:
        response.set_data(picture(spec, extension))
    response.set_etag(tag)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.cache_control.max_age = _FRESH_SECONDS
    # CKAN would replace the age of a public answer by its own; this one may also be for one reader.
    tk.request.environ["__no_cache__"] = True
    return response


def _speak(lang: str | None) -> None:
    """Answer in `lang` whatever the address' prefix says, so that one address is one picture."""
    if lang is None:
        return
    offered = tk.config["ckan.locales_offered"]
    if lang not in offered:
        choices = ", ".join(offered)
        tk.abort(400, tk._("lang: choose one of {choices}").format(choices=choices))
    tk.request.environ["CKAN_LANG"] = lang
    refresh()


def _choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = tk.request.args.get(name, default)
    if value not in choices:
        message = tk._("{name}: choose one of {choices}")
        tk.abort(400, message.format(name=name, choices=", ".join(choices)))
    return value
