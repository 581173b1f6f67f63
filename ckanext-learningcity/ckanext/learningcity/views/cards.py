"""Pictures that other sites show beside a link to a page: 1200 × 630, of what everybody may see.

`/card/city/<area>.png`, `/card/indicator/<id>.png`, `/card/compare.png?…`,
`/card/dataset/<name>.png` and `/card/home.png` speak the language that `lang` names, as charts do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Blueprint, Response

from ckanext.learningcity.tables.codelists import indicators
from ckanext.learningcity.words import (
    learningcity_area_name,
    learningcity_area_names,
    learningcity_period,
    learningcity_site_title,
    learningcity_text,
    learningcity_title,
    learningcity_value,
)

from .answers import answer, speak
from .asked import asked_areas, asked_list
from .figures import COUNTRY, is_demonstration
from .frame import Chart, Table
from .theme import INK, MUTED, PALETTE, PAPER, Spec, config
from .wrap import wrap

card = Blueprint("learningcity_card", __name__, url_prefix="/card")

_WIDTH, _HEIGHT = 600, 315  # drawn at twice the size
_LEFT = 36
_TITLE_LETTERS, _LINE_LETTERS = 34, 62
_MOST_LINES = 2


@dataclass(frozen=True)
class _Type:
    """How a text is set; sizes are pixels of the half-size picture."""

    size: int
    height: int
    color: str = INK
    weight: str = "normal"


_TITLE = _Type(27, 42, weight="bold")
_VALUE = _Type(52, 60, PALETTE[0], "bold")
_LINE = _Type(17, 27)
_MARK = _Type(14, 20, PALETTE[1], "bold")
_SITE = _Type(15, 20, MUTED)


@dataclass(frozen=True)
class Words:
    """What a picture says; `value` is large, and may be empty."""

    title: str
    line: str
    value: str = ""
    demonstration: bool = False


@card.get("/home.png")
def home() -> Response:
    """Return the picture of the portal."""
    speak()
    return _drawn(Words(learningcity_site_title(), tk._("Know your city. Learn from every city.")))


@card.get("/city/<area_id>.png")
def city(area_id: str) -> Response:
    """Return the picture of a place, with the first of its indicators."""
    speak()
    place, found = learningcity_area_name(area_id), _profile(area_id)
    return _drawn(_headline(place, found[0]) if found else Words(place, ""))


@card.get("/indicator/<indicator_id>.png")
def indicator(indicator_id: str) -> Response:
    """Return the picture of an indicator, with its value for the country."""
    speak()
    entry = indicators().get(indicator_id)
    if entry is None:
        tk.abort(404, tk._("There is no such indicator or place"))
    title = learningcity_text(entry["name"])
    own = [item for item in _profile(COUNTRY) if item["indicator"]["id"] == indicator_id]
    if not own:
        return _drawn(Words(title, ""))
    item, place = own[0], learningcity_area_name(COUNTRY)
    return _drawn(_of(item, title, f"{place}, {learningcity_period(item['latest'])}"))


@card.get("/compare.png")
def compare() -> Response:
    """Return the picture of a comparison: its places and indicators."""
    speak()
    names = [indicators()[one]["name"] for one in asked_list("indicator") if one in indicators()]
    places = learningcity_area_names(asked_areas()) or tk._("Compare places")
    return _drawn(Words(places, " · ".join(map(learningcity_text, names))))


@card.get("/dataset/<dataset>.png")
def dataset(dataset: str) -> Response:
    """Return the picture of a dataset and its publisher."""
    speak()
    try:
        found = tk.get_action("package_show")(_nobody(), {"id": dataset})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("There is no such page."))
    owner = found.get("organization")
    publisher = learningcity_title(owner) if owner else ""
    return _drawn(
        Words(learningcity_title(found), publisher, demonstration=is_demonstration(found))
    )


def learningcity_card_url(kind: str, **parameters: Any) -> str:
    """Return the address of a picture in the reader's language, empty if charts are off.

    :param kind: `city`, `indicator`, `compare`, `dataset` or `home`
    """
    if not p.plugin_loaded("learningcity_views"):
        return ""
    given = {name: value for name, value in parameters.items() if value}
    given.update(lang=tk.h.lang(), locale="default", qualified=True)
    return tk.h.url_for(f"learningcity_card.{kind}", **given)


def _headline(place: str, item: dict[str, Any]) -> Words:
    name = learningcity_text(item["indicator"]["name"])
    return _of(item, place, f"{name}, {learningcity_period(item['latest'])}")


def _of(item: dict[str, Any], title: str, line: str) -> Words:
    value = learningcity_value(item["latest"], item["indicator"])
    return Words(title, line, value, demonstration=is_demonstration(item["dataset"]))


def _profile(area_id: str) -> list[dict[str, Any]]:
    """Return the indicators of a place that everybody may see."""
    try:
        found = tk.get_action("learningcity_city_profile")(_nobody(), {"id": area_id})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such indicator or place"))
    return found["indicators"]


def _nobody() -> Context:
    """Return the context of a stranger, whoever asks: other sites keep these pictures."""
    return Context(user="", auth_user_obj=None)


def _drawn(words: Words) -> Response:
    table = Table(words.title, (), ())
    return answer(Chart(_spec(words), table, words.title), "png")


def _spec(words: Words) -> Spec:
    title, line = _lines(words.title, _TITLE_LETTERS), _lines(words.line, _LINE_LETTERS)
    below = 58 + _TITLE.height * len(title)
    layers = [
        _text(title, 36, _TITLE),
        _text([words.value], below, _VALUE),
        _text(line, below + (80 if words.value else 10), _LINE),
        _text([learningcity_site_title()], 274, _SITE),
    ]
    if words.demonstration:
        layers.append(_text([tk._("Demonstration data: not real values")], 248, _MARK))
    stripe = {"type": "rect", "x": 0, "x2": 12, "y": 0, "y2": _HEIGHT, "color": PALETTE[0]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": words.title,
        "background": PAPER,
        "padding": 0,
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": [{}]},
        "layer": [{"mark": stripe}, *layers],
        "config": config(),
    }


def _lines(text: str, letters: int) -> list[str]:
    """Return the first lines of a text; that it goes on is shown."""
    lines = wrap(text, letters)
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[1]}…"]


def _text(lines: list[str], top: int, look: _Type) -> Spec:
    return {
        "mark": {
            "type": "text",
            "text": lines,
            "align": "left",
            "baseline": "top",
            "x": _LEFT,
            "y": top,
            "fontSize": look.size,
            "lineHeight": look.height,
            "fontWeight": look.weight,
            "color": look.color,
        }
    }
