"""Template helpers of the pages of content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.content.plot import Plot, plot
from ckanext.learningcity.content.types import ContentType, types
from ckanext.learningcity.standards.works import Work, work

from .languages import current_language, pick

__all__ = [
    "build_nav_icon",
    "humanize_entity_type",
    "learningcity_content_facts",
    "learningcity_content_links",
    "learningcity_content_shared",
    "learningcity_content_type",
    "learningcity_content_types",
    "learningcity_list_text",
    "learningcity_may_add",
    "learningcity_may_curate",
    "learningcity_package_names",
    "learningcity_plot",
    "learningcity_work",
]


_SHOWN = 4  # of each type, on the page of a place
_LOOKED_AT = 60

#: Fields that a card shows, of whichever the type has.
_TELLING = (
    *("authors", "publication_date", "starts", "venue_translated", "address_translated"),
    *("opening_hours_translated", "cost", "level", "language", "maturity", "cost_band"),
)


def learningcity_content_type(type_id: str | None) -> ContentType | None:
    """Return a type of content, None for a dataset of another type."""
    return types().get(type_id or "")


def learningcity_content_types() -> list[ContentType]:
    """Return the types of content."""
    return list(types().values())


def learningcity_content_facts(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card tells of a page: `kind`, and `lines` of its most telling fields."""
    known = types().get(package["type"])
    if known is None:
        return {"kind": "", "lines": []}
    lines = (_fact(known, package, name) for name in _TELLING)
    return {"kind": _labels(known, package, "kind"), "lines": [line for line in lines if line]}


def learningcity_content_links(package: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what a page is tied to, as `learningcity_content_links` of the API."""
    return tk.get_action("learningcity_content_links")({}, {"id": package["id"]})


def learningcity_content_shared(**filters: str) -> list[dict[str, Any]]:
    """Return what is shared by type: `type`, `count`, and the first `results`.

    :param filters: of `learningcity_content_search`, such as `area` or `indicator`
    """
    search = tk.get_action("learningcity_content_search")
    found = search({}, {**filters, "limit": _LOOKED_AT})
    counts = {value["id"]: value["count"] for value in found["facets"]["dataset_type"]}
    by_type: dict[str, list[dict[str, Any]]] = {}
    for package in found["results"]:
        by_type.setdefault(package["type"], []).append(package)
    return [
        {
            "type": type_,
            "count": counts[type_id],
            "results": by_type.get(type_id, [])[:_SHOWN],
        }
        for type_id, type_ in types().items()
        if type_id in counts
    ]


def learningcity_may_curate() -> bool:
    """Return whether the reader features what cities share."""
    return may_curate(tk.current_user.name)


def learningcity_may_add() -> bool:
    """Return whether the reader may share something for an organization."""
    return bool(tk.current_user.is_authenticated and tk.h.organizations_available("create_dataset"))


def learningcity_package_names(value: Any) -> str:
    """Return names with commas of the packages in a list of ids; what is posted text stays."""
    if not isinstance(value, list):
        return value or ""
    packages = (model.Package.get(package_id) for package_id in value)
    return ", ".join(package.name for package in packages if package and _may_see(package.id))


def learningcity_list_text(value: Any, separator: str = "; ") -> str:
    """Return a list as text; what is text stays."""
    return separator.join(value) if isinstance(value, list) else value or ""


def learningcity_plot(packages: Iterable[Mapping[str, Any]]) -> Plot | None:
    """Return a plain map of what has coordinates: see `content.plot`."""
    return plot(packages)


def learningcity_work(package: Mapping[str, Any]) -> Work:
    """Return research as a reference: see `standards.works`."""
    return work(package)


@tk.chained_helper
def humanize_entity_type(
    next_helper: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Name types of content in the reader's language where CKAN makes English of their ids."""
    known = types().get(object_type) if entity_type == "package" else None
    if known is None:
        return next_helper(entity_type, object_type, purpose)
    name, plural = (pick(text, current_language()) for text in (known.name, known.plural))
    name = name if current_language() == "th" else name.lower()
    wording: dict[str, Callable[[], str]] = {
        "add link": lambda: tk._("Add {name}"),
        "create label": lambda: tk._("Add {name}"),
        "create title": lambda: tk._("Add {name}"),
        "edit label": lambda: tk._("Edit {name}"),
        "update label": lambda: tk._("Save {name}"),
        "save label": lambda: tk._("Save {name}"),
        "view label": lambda: tk._("View {name}"),
        "delete confirmation": lambda: tk._("Are you sure you want to delete this {name}?"),
    }
    return wording[purpose]().format(name=name) if purpose in wording else plural


@tk.chained_helper
def build_nav_icon(
    next_helper: Callable[..., str], menu_item: str, title: str, **options: Any
) -> str:
    """Name the first tab of a page by its type, where core says “Dataset” of every type."""
    type_id, _, view = menu_item.rpartition(".")
    known = types().get(type_id) if view == "read" else None
    name = pick(known.name, current_language()) if known else title
    return next_helper(menu_item, name, **options)


def _fact(known: ContentType, package: Mapping[str, Any], name: str) -> str:
    value = package.get(name)
    if not value:
        return ""
    if known.choices(name):
        return _labels(known, package, name)
    if name == "authors":
        return learningcity_list_text(value)
    if name == "publication_date":
        return tk.h.render_datetime(value)
    if name == "starts":  # of the clock at its place
        return tk.h.learningcity_moment(datetime.fromisoformat(value), "EEEE d MMMM")
    return tk.h.learningcity_text(value)


def _labels(known: ContentType, package: Mapping[str, Any], name: str) -> str:
    """Return the names of a field's codes in the reader's language."""
    value = package.get(name) or []
    labels = known.choices(name) if value else {}
    codes = value if isinstance(value, list) else [value]
    return ", ".join(tk.h.learningcity_text(labels.get(code, code)) for code in codes)


def _may_see(package_id: str) -> bool:
    try:
        tk.check_access("package_show", Context(user=tk.current_user.name), {"id": package_id})
    except tk.NotAuthorized:
        return False
    return True
