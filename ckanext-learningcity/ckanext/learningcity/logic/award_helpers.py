"""Words of the awards' pages, as template helpers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.award.rounds import BANGKOK
from ckanext.learningcity.days import learningcity_day, learningcity_moment
from ckanext.learningcity.tables import codelists


def learningcity_award_name(kind: str, code: str | None) -> str:
    """Return the name of a category, criterion, level or state in the reader's language."""
    entry = codelists.awards(kind).get(code or "")
    return tk.h.learningcity_text(entry["name"]) if entry else ""


def learningcity_award_meaning(criterion: str) -> str:
    """Return what a criterion asks for."""
    return tk.h.learningcity_text(codelists.awards("criteria")[criterion]["meaning"])


def learningcity_award_codes(kind: str) -> list[str]:
    """Return the ids of categories, criteria or levels in their order."""
    return list(codelists.awards(kind))


def learningcity_award_moment(moment: str | None) -> str:
    """Return a moment as people in Thailand read it, with the year as the reader counts it.

    :param moment: ISO 8601, with an offset
    """
    if not moment:
        return "–"
    return learningcity_moment(datetime.fromisoformat(moment).astimezone(BANGKOK))


def learningcity_award_day(day: str) -> str:
    """Return a day, ISO 8601, in the same way."""
    return learningcity_day(datetime.fromisoformat(day), "d MMMM")


def learningcity_award_input(moment: str | None) -> str:
    """Return a moment as a form's field takes it, in Thailand's time."""
    try:
        found = datetime.fromisoformat(str(moment))
    except ValueError:
        return str(moment or "")
    local = found.astimezone(BANGKOK) if found.tzinfo else found
    return f"{local:%Y-%m-%dT%H:%M}"


def learningcity_award_event(kind: str) -> str:
    """Return what a line of the trail says."""
    return {
        "created": tk._("begun"),
        "recorded": tk._("recorded"),
        "changed": tk._("changed"),
        "announced": tk._("announced"),
        "written": tk._("written"),
        "figure drawn": tk._("figure drawn"),
        "figure removed": tk._("figure removed"),
        "file attached": tk._("file attached"),
        "file removed": tk._("file removed"),
        "submitted": tk._("handed in"),
        "withdrawn": tk._("withdrawn"),
        "extended": tk._("given more time"),
        "assigned": tk._("reviewer assigned"),
        "released": tk._("review taken off"),
        "conflict declared": tk._("conflict of interest declared"),
        "handed in": tk._("review handed in"),
        "second turn": tk._("second turn begun"),
        "decided": tk._("decided"),
        "reopened": tk._("decision taken back"),
        "appealed": tk._("appealed"),
        "appeal answered": tk._("appeal answered"),
        "published": tk._("published"),
        "completed": tk._("publication completed"),
    }[kind]


def learningcity_award_part(part: str) -> str:
    """Return the name of a part of an application: a criterion, or what else has to be there."""
    others = {
        "title": tk._("Title"),
        "summary": tk._("Summary"),
        "evidence": tk._("Evidence: a figure or a file"),
    }
    return others.get(part) or learningcity_award_name("criteria", part)


def learningcity_award_rule(rule: str) -> str:
    """Return a rule of eligibility in words."""
    return {
        "city": tk._("The organization is a city of the network."),
        "area": tk._("It has a place of the code list."),
        "dataset": tk._("It has published at least one dataset."),
    }[rule]


def learningcity_award_appeal(state: str) -> str:
    """Return how far an appeal is."""
    return {
        "open": tk._("waits for an answer"),
        "reopened": tk._("the decision was reopened"),
        "rejected": tk._("the decision stands"),
    }[state]


def learningcity_award_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure in the shape of an observation's record, for the helpers of periods."""
    return {"TIME_PERIOD": figure["period"], "PERIOD_TYPE": figure["period_type"]}


def learningcity_award_indicators() -> Mapping[str, Any]:
    """Return the indicators, by which figures are named."""
    return codelists.indicators()


def learningcity_has_board() -> bool:
    """Return whether the reader works for the secretariat."""
    return bool(tk.current_user.is_authenticated and tk.h.check_access("learningcity_board", {}))
