"""Words about reported problems, as template helpers."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def learningcity_problem_url(**about: Any) -> str:
    """Return the address of the form about a dataset, indicator, place, view or release."""
    named = {name: value for name, value in about.items() if value}
    areas = named.get("area")
    if areas and not isinstance(areas, str):
        named["area"] = ",".join(areas)
    return tk.h.url_for("learningcity_problem.form", **named)


def learningcity_problem_kind(kind: str) -> str:
    """Return what a report says is wrong, in words."""
    return {
        "value": tk._("A value is wrong"),
        "missing": tk._("Something is missing"),
        "description": tk._("The description is wrong or not clear"),
        "page": tk._("The page or file does not work"),
        "other": tk._("Something else"),
    }[kind]


def learningcity_problem_state(state: str) -> str:
    """Return the name of a report's state."""
    names = {"open": tk._("Open"), "answered": tk._("Answered"), "closed": tk._("Closed")}
    return names[state]


def learningcity_problem_days() -> int:
    """Return for how many days after its closing it is kept who sent a report."""
    return tk.config["ckanext.learningcity.problems_kept"]
