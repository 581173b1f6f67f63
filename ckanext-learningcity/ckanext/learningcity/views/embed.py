"""A resource view outside the portal: a page to frame, and pictures at stable addresses."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from .answers import answer, speak
from .asked import asked, asked_map, asked_one, refuse
from .shown import chart_of
from .theme import SIZES

embed = Blueprint("learningcity_embed", __name__)


@embed.get("/view/<view_id>")
def page(view_id: str) -> Response:
    """Return a view without the portal around it; any site may frame it.

    Parameters: `lang`, and `map` (`squares` or `shapes`) instead of what its editors chose.
    """
    speak()
    view, resource, dataset = _load(view_id)
    shown = {"resource_view": view, "resource": resource, "package": dataset}
    response = Response(tk.render("learningcity/view/embed.html", shown))
    response.headers["Content-Security-Policy"] = "frame-ancestors *"
    return response


@embed.get("/view/<view_id>.<any(svg, png, json):extension>")
def picture(view_id: str, extension: str) -> Response:
    """Return the chart of a view as SVG, PNG or Vega-Lite.

    Parameters: `lang`, `era`, `size`, `map`, and `as_of` for the state of an earlier release.
    """
    speak()
    size = asked_one("size", tuple(SIZES), "large")
    view, _, dataset = _load(view_id)
    try:
        made = chart_of(view, dataset["id"], size, asked("as_of"), asked_map())
    except tk.ObjectNotFound:
        made = None
    except tk.ValidationError as error:
        refuse(error)
    if made is None:
        tk.abort(404, tk._("This view has no picture."))
    return answer(made, extension)


def guard(response: Response) -> Response:
    """Let no other site frame a page that does not say otherwise: its forms could be abused."""
    response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
    return response


embed.after_app_request(guard)


def _load(view_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return a view, its resource and dataset; answers 404 where the reader may not see them."""
    try:
        view = tk.get_action("resource_view_show")({}, {"id": view_id})
        resource = tk.get_action("resource_show")({}, {"id": view["resource_id"]})
        dataset = tk.get_action("package_show")({}, {"id": resource["package_id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("There is no such view."))
    return view, resource, dataset
