"""Lists of what cities share, a page and a download for each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity.content import export
from ckanext.learningcity.content.plot import plot
from ckanext.learningcity.content.types import ContentType, types
from ckanext.learningcity.standards import works
from ckanext.learningcity.standards.answers import KINDS
from ckanext.learningcity.tables.codelists import focal_areas

from .calls import call

content = Blueprint("learningcity_content", __name__)

PAGE_SIZE = 24

_ON_MAP = 500
_PATHS = 6

_SINGLE = ("q", "sort")  # parameters that are one text


@content.after_app_request
def confirm(response: FlaskResponse) -> FlaskResponse:
    """Say that a form was kept, and who sees the page now: core leads there without a word."""
    type_id, _, view = (tk.request.endpoint or "").rpartition(".")
    kept = tk.request.method == "POST" and response.status_code == 302
    if kept and view in ("new", "edit") and type_id in types():
        private = tk.request.form.get("private") == "True"
        tk.h.flash_success(
            tk._("It is saved. Only your organization sees this draft.")
            if private
            else tk._("It is saved, and everybody can see it.")
        )
    return response


@content.post("/content/<package_id>/feature")
def feature(package_id: str) -> Response:
    """Show a page first in lists, or no longer."""
    featured = tk.request.form.get("featured", "")
    changed = call("learningcity_content_feature", id=package_id, featured=featured)
    told = tk._("It is featured.") if changed["featured"] else tk._("It is no longer featured.")
    tk.h.flash_success(told)
    package = call("package_show", id=package_id)
    return tk.redirect_to(f"{package['type']}.read", id=package["name"])


@content.get("/research/<package_id>/citation.<any(bib, ris):kind>")
def cite(package_id: str, kind: str) -> FlaskResponse:
    """Return research as a reference for BibTeX or a reference manager."""
    package = call("package_show", id=package_id)
    if package["type"] != "research":
        tk.abort(404, tk._("There is no such page."))
    text = {"bib": works.bibtex, "ris": works.ris}[kind](works.work(package))
    response = FlaskResponse(text, content_type=KINDS[kind].mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={package['name']}.{kind}"
    return response


def index(type_id: str) -> str:
    """List the content of a type, with its filters."""
    more, template = _SPECIAL.get(type_id, (_nothing_more, "learningcity/content/index.html"))
    shown = listing(type_id)
    return tk.render(template, {**shown, **more(shown)})


def search(type_id: str) -> Response:
    """Lead from CKAN's own list of a type to its page."""
    return tk.redirect_to("learningcity_content.index", type_id=type_id, **tk.request.args)


def download(type_id: str, extension: str) -> FlaskResponse:
    """Return the list with its filters as a file."""
    type_, asked = types()[type_id], filters()
    if extension not in export.formats(type_):
        tk.abort(404)
    return export.answer(type_, _every(type_id, asked), extension)


def listing(type_id: str) -> dict[str, Any]:
    """Return what a list page shows: `type`, `page`, `facets`, `query`, `filtered`, `downloads`."""
    type_, asked = types()[type_id], filters()
    number = tk.h.get_page_number(tk.request.args)
    found = _found(type_id, asked, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    page = Page(
        found["results"],
        page=number,
        item_count=found["count"],
        items_per_page=PAGE_SIZE,
        presliced_list=True,
        url=lambda page: _address(type_id, asked, page=page),
    )
    return {
        "type": type_,
        "page": page,
        "query": asked,
        "facets": [_facet(type_, name, values) for name, values in found["facets"].items()],
        "filtered": any(name != "sort" for name in asked),
        "downloads": {
            extension: tk.h.url_for(
                "learningcity_content.download", type_id=type_id, extension=extension, **asked
            )
            for extension in export.formats(type_)
        },
    }


def filters() -> dict[str, Any]:
    """Return the filters of this request as the action takes them: lists, and single texts."""
    asked: dict[str, Any] = {}
    for name, values in tk.request.args.lists():
        given = [value for value in values if value]
        if given and name != "page":
            asked[name] = given[0] if name in _SINGLE else given
    return asked


def _nothing_more(_shown: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _map(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the map of all that matches, not of this page only: `plot` and `on_map`."""
    found = _found(shown["type"].id, shown["query"], limit=_ON_MAP, offset=0)
    return {"plot": plot(found["results"]), "on_map": _ON_MAP}


def _academy(_shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the Academy opens with: `focal_areas` with their counts, and `paths`."""
    every = call("learningcity_content_search", type="learning-resource", limit=0)
    counts = {value["id"]: value["count"] for value in every["facets"]["theme"]}
    paths = call("learningcity_content_search", type="learning-path", limit=_PATHS)
    return {
        "focal_areas": [
            {**area, "count": counts.get(area["id"], 0)} for area in focal_areas().values()
        ],
        "paths": paths["results"],
    }


def _found(type_id: str, asked: Mapping[str, Any], **page: int) -> dict[str, Any]:
    try:
        return call("learningcity_content_search", type=type_id, **asked, **page)
    except tk.ValidationError as error:
        return tk.abort(
            400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items())
        )


def _every(type_id: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    while True:
        page = _found(type_id, asked, limit=export.ROWS, offset=len(results))
        results += page["results"]
        if not page["results"] or len(results) >= page["count"]:
            return results


def _facet(type_: ContentType, name: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a filter of the page: `name`, `label` and `values` with the reader's names."""
    field = type_.field("owner_org" if name == "organization" else name) or {"label": name}
    return {
        "name": name,
        "label": tk.h.scheming_language_text(field["label"]),
        "values": [
            {**value, "name": tk.h.learningcity_text(value["name"]) or value["id"]}
            for value in values
        ],
    }


def _address(type_id: str, asked: Mapping[str, Any], **more: Any) -> str:
    return tk.h.url_for("learningcity_content.index", type_id=type_id, **asked, **more)


#: What a type's list shows beside what every list does, and its template.
_SPECIAL: dict[str, tuple[Callable[[Mapping[str, Any]], dict[str, Any]], str]] = {
    "learning-resource": (_academy, "learningcity/content/academy.html"),
    "learning-space": (_map, "learningcity/content/spaces.html"),
}

for _type in types().values():
    _defaults = {"type_id": _type.id}
    content.add_url_rule(f"{_type.page}/", "index", index, defaults=_defaults, strict_slashes=False)
    content.add_url_rule(
        f"{_type.page}.<any(csv, json, geojson):extension>",
        "download",
        download,
        defaults=_defaults,
    )
    if _type.page != f"/{_type.id}":
        content.add_url_rule(f"/{_type.id}/", "search", search, defaults=_defaults)
