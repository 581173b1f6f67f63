"""The portal's menu, in one place: a new part adds its line here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app

Entry = tuple[str, str] | tuple[str, str, str]  # title, endpoint and perhaps a content type


@dataclass(frozen=True)
class Link:
    """An entry; `current` where the reader is in that part of the portal."""

    title: str
    url: str
    current: bool


def learningcity_menu() -> dict[str, list[Link]]:
    """Return `{main, network}`: what the header shows, and what unfolds under “Network”.

    Parts whose pages are not there are left out.
    """
    main = (
        (tk._("Cities"), "learningcity_city.index"),
        (tk._("Indicators"), "learningcity_indicator.index"),
        (tk._("Compare"), "learningcity_compare.read"),
        (tk._("Data"), "dataset.search"),
    )
    network = (
        (tk._("The network"), "learningcity_network.index"),
        (tk._("Learning City Week"), "learningcity_week.index"),
        (tk._("Booster"), "learningcity_content.index", "innovation"),
        (tk._("Academy"), "learningcity_content.index", "learning-resource"),
        (tk._("Learning spaces"), "learningcity_content.index", "learning-space"),
        (tk._("Research"), "learningcity_content.index", "research"),
        (tk._("Evaluation"), "learningcity_evaluation.index"),
        (tk._("Award"), "learningcity_award.index"),
        (tk._("Forum"), "learningcity_forum.index"),
        (tk._("Organizations"), "organization.index"),
        (tk._("Where the data come from"), "learningcity_source.index"),
        (tk._("Quality and freshness"), "learningcity_quality.index"),
        (tk._("About"), "home.about"),
    )
    return {"main": _links(main), "network": _links(network)}


def learningcity_components() -> list[dict[str, Any]]:
    """Return `{title, line, links}` of each of the six parts that the network works with."""
    content = "learningcity_content.index"
    parts: tuple[tuple[str, str, tuple[Entry, ...]], ...] = (
        (
            tk._("Academy and Forum"),
            tk._("Material, courses and places for learning, and talk among those who use them."),
            (
                (tk._("Learning resources"), content, "learning-resource"),
                (tk._("Learning paths"), content, "learning-path"),
                (tk._("Learning spaces"), content, "learning-space"),
                (tk._("Forum"), "learningcity_forum.index"),
            ),
        ),
        (
            tk._("Evaluation and Research"),
            tk._("How each city is doing against what UNESCO asks for, and what has been studied."),
            (
                (tk._("Evaluation"), "learningcity_evaluation.index"),
                (tk._("Research"), content, "research"),
            ),
        ),
        (
            tk._("Award"),
            tk._("Cities and people whose work is worth following."),
            ((tk._("Award"), "learningcity_award.index"),),
        ),
        (
            tk._("Database"),
            tk._("Indicators of learning throughout life, with their sources, for download."),
            (
                (tk._("Indicators"), "learningcity_indicator.index"),
                (tk._("Compare"), "learningcity_compare.read"),
                (tk._("Data"), "dataset.search"),
            ),
        ),
        (
            tk._("Learning City Week"),
            tk._("A week in which all cities learn in public: sessions, places and calendars."),
            (
                (tk._("Learning City Week"), "learningcity_week.index"),
                (tk._("Events"), content, "event"),
            ),
        ),
        (
            tk._("Booster"),
            tk._("What worked in one city, for others to take up, with what it changed there."),
            (
                (tk._("Innovations"), content, "innovation"),
                (tk._("Calls for innovations"), content, "innovation-call"),
            ),
        ),
    )
    return [{"title": title, "line": line, "links": _links(links)} for title, line, links in parts]


def _links(entries: Iterable[Entry]) -> list[Link]:
    return [
        _link(title, endpoint, *type_)
        for title, endpoint, *type_ in entries
        if endpoint in current_app.view_functions
    ]


def _link(title: str, endpoint: str, type_: str = "") -> Link:
    arguments = {"type_id": type_} if type_ else {}
    return Link(title, tk.url_for(endpoint, **arguments), _is_current(endpoint, type_))


def _is_current(endpoint: str, type_: str) -> bool:
    here = tk.request.blueprint or ""
    if type_:  # the pages of one such thing are CKAN's, in a blueprint of the type's name
        return type_ in (here, (tk.request.view_args or {}).get("type_id"))
    blueprint = endpoint.partition(".")[0]
    if blueprint == "home":
        return tk.request.endpoint == endpoint
    return here in (blueprint, *_TOGETHER.get(blueprint, ()))


_TOGETHER = {
    "learningcity_forum": (
        "learningcity_forum_write",
        "learningcity_forum_mail",
        "learningcity_forum_moderate",
    ),
    "learningcity_compare": ("learningcity_explore",),
    "dataset": ("resource", "dataset_resource", "learningcity_release"),
}
