"""Choosing places and indicators by typing, also without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import area_names, areas, fold, indicators
from ckanext.learningcity.views.asked import asked


@dataclass(frozen=True)
class Chip:
    """Something that is chosen, and the address of this page without it."""

    id: str
    name: str
    without: str


@dataclass(frozen=True)
class Picker:
    """What is chosen, what may be typed, and what was typed and not understood.

    `added` is the address of this page with what was typed, where it was understood.
    """

    parameter: str
    chips: Sequence[Chip]
    options: Sequence[str]
    most: int
    added: str = ""
    typed: str = ""
    problem: str = ""

    @property
    def full(self) -> bool:
        """Whether nothing can be added."""
        return len(self.chips) >= self.most


@dataclass(frozen=True)
class _List:
    """What can be chosen: names by id, the texts to choose from, and every spelling of an id."""

    names: Mapping[str, str]
    options: Sequence[str]
    known: Mapping[str, Sequence[str]]


def pick_places(chosen: Sequence[str], most: int) -> Picker:
    """Return the picker of places; what the reader typed is in `add_area`."""
    names = {area["id"]: tk.h.learningcity_text(area["name"]) for area in areas().values()}
    labels = {f"{names[area['id']]} · {_level(area)}": area["id"] for area in areas().values()}
    known = {**area_names(), **{fold(label): (key,) for label, key in labels.items()}}
    return _picker("area", chosen, _List(names, list(labels), known), most)


def pick_indicators(chosen: Sequence[str], most: int) -> Picker:
    """Return the picker of indicators; what the reader typed is in `add_indicator`."""
    names = {key: tk.h.learningcity_text(entry["name"]) for key, entry in indicators().items()}
    known = {
        fold(name): (key,)
        for key, entry in indicators().items()
        for name in (key, *entry["name"].values())
    }
    return _picker("indicator", chosen, _List(names, list(names.values()), known), most)


def _picker(parameter: str, chosen: Sequence[str], offered: _List, most: int) -> Picker:
    chips = [
        Chip(one, offered.names[one], _address(parameter, [o for o in chosen if o != one]))
        for one in chosen
    ]
    typed = asked(f"add_{parameter}")
    picker = Picker(parameter, chips, offered.options, most)
    if not typed:
        return picker
    found = offered.known.get(fold(typed), ())
    if len(found) == 1 and (found[0] in chosen or not picker.full):
        wanted = list(dict.fromkeys([*chosen, *found]))
        return replace(picker, added=_address(parameter, wanted))
    return replace(picker, typed=typed, problem=_problem(typed, found, offered))


def _problem(typed: str, found: Sequence[str], offered: _List) -> str:
    """Return why what was typed cannot be added, and what can."""
    if len(found) == 1:
        return tk._("No more can be added; take one away first.")
    if found:
        return tk._("“{text}” may be several; choose from the list.").format(text=typed)
    spellings = get_close_matches(fold(typed), offered.known, n=3)
    near = dict.fromkeys(offered.names[offered.known[one][0]] for one in spellings)
    said = tk._("“{text}” is not in the list.").format(text=typed)
    return f"{said} {tk._('Did you mean {ids}?').format(ids=', '.join(near))}" if near else said


def _address(parameter: str, chosen: Sequence[str]) -> str:
    """Return the address of this page with another choice; an empty one stays in the address."""
    left = (parameter, f"add_{parameter}")
    kept = [pair for pair in tk.request.args.items(multi=True) if pair[0] not in left and pair[1]]
    query = urlencode([*kept, (parameter, ",".join(chosen))], safe=",")
    return tk.h.url_for(f"{tk.request.path}?{query}")  # in the reader's language


def _level(area: Mapping[str, Any]) -> str:
    return tk.h.learningcity_code_name("area_level", area["level"])
