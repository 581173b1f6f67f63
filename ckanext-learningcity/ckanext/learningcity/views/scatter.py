"""Two indicators against each other, a point for each place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_code_name,
    learningcity_number,
    learningcity_period,
)

from .figures import Figures, Source
from .frame import Caption, Chart, Row, Table, framed, indicator_title, indicator_unit, message
from .scales import axis_room, number_axis, place_name, spread_scale, value_text
from .theme import HIGHLIGHT, INK, PAPER, PLAIN, SIZES, Spec

_HEIGHT = 380


def scatter_chart(
    across: Figures, up: Figures, size: str = "large", highlight: Collection[str] = ()
) -> Chart:
    """Return a point for each place that has a value of both indicators.

    :param across: the indicator of the horizontal axis, one observation for each place
    :param up: the indicator of the vertical axis, places of the same level
    :param highlight: ids of places that stand out and are named
    """
    points = _points(across, up, highlight)
    first, second = indicator_title(across.indicator), indicator_title(up.indicator)
    title = tk._("{first} and {second}").format(first=first, second=second)
    caption = Caption(title, _subtitle(across, up), _sources(across, up), [_caution()])
    box, left = SIZES[size], axis_room(up.indicator, [point["y"] for point in points])
    plot = _drawing(across, up, points, size) if points else message(_nothing(), box)
    return Chart(
        framed(plot, caption, box, left), _table(across, up, points), _words(title, points)
    )


def _points(across: Figures, up: Figures, highlight: Collection[str]) -> list[Spec]:
    other = {record["REF_AREA"]: record for record in up.known}
    both = [record for record in across.known if record["REF_AREA"] in other]
    points = []
    for one in sorted(both, key=lambda record: record["REF_AREA"]):
        two = other[one["REF_AREA"]]
        points.append(
            {
                "area": one["REF_AREA"],
                "place": place_name(one["REF_AREA"]),
                "x": one["OBS_VALUE"],
                "y": two["OBS_VALUE"],
                "x_text": f"{value_text(one, across.indicator)} ({learningcity_period(one)})",
                "y_text": f"{value_text(two, up.indicator)} ({learningcity_period(two)})",
                "chosen": one["REF_AREA"] in highlight,
                "reserved": not {one["OBS_STATUS"], two["OBS_STATUS"]} <= {"A", "B"},
            }
        )
    return points


def _drawing(across: Figures, up: Figures, points: Sequence[Spec], size: str) -> Spec:
    box, left = SIZES[size], axis_room(up.indicator, [point["y"] for point in points])
    colour = {"condition": {"test": "datum.chosen", "value": HIGHLIGHT}, "value": PLAIN}
    fill = [
        {"test": "datum.reserved", "value": PAPER},
        {"test": "datum.chosen", "value": HIGHLIGHT},
    ]
    return {
        "width": box.width - left,
        "height": _HEIGHT if size == "large" else box.width,
        "data": {"values": list(points)},
        "encoding": {
            "x": _axis("x", across, points, titleAnchor="start"),
            "y": _axis(
                "y",
                up,
                points,
                minExtent=left,
                maxExtent=left,
                titleAngle=0,
                titleAlign="left",
                titleBaseline="bottom",
                titleX=-left,
                titleY=-12,
            ),
        },
        "layer": [
            {
                "mark": {"type": "point", "size": 70, "opacity": 0.9, "strokeWidth": 1.5},
                "encoding": {
                    "stroke": colour,
                    "fill": {"condition": fill, "value": PLAIN},
                    "tooltip": [
                        {"field": "place", "title": tk._("Place")},
                        {"field": "x_text", "title": indicator_title(across.indicator)},
                        {"field": "y_text", "title": indicator_title(up.indicator)},
                    ],
                },
            },
            {
                "transform": [{"filter": "datum.chosen"}],
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 9,
                    "fontSize": 13,
                    "color": INK,
                    "limit": 160,
                },
                "encoding": {"text": {"field": "place"}},
            },
        ],
    }


def _axis(field: str, figures: Figures, points: Sequence[Spec], **more: Any) -> Spec:
    indicator = figures.indicator
    title = f"{indicator_title(indicator)} ({indicator_unit(indicator)})"
    return {
        "field": field,
        "type": "quantitative",
        "scale": spread_scale(indicator, [point[field] for point in points]),
        "axis": number_axis(indicator) | {"title": title, **more},
    }


def _subtitle(across: Figures, up: Figures) -> str:
    known = [*across.known, *up.known]
    return learningcity_code_name("area_level", known[0]["AREA_LEVEL"]) if known else ""


def _sources(across: Figures, up: Figures) -> list[Source]:
    return list({s.dataset["name"]: s for s in (*across.sources, *up.sources)}.values())


def _caution() -> str:
    return tk._("That two values go together does not say that one causes the other.")


def _nothing() -> str:
    return tk._("No place has a value of both indicators")


def _table(across: Figures, up: Figures, points: Sequence[Spec]) -> Table:
    rows = [Row(p["place"], [p["x_text"], p["y_text"]], p["area"]) for p in points]
    columns = [tk._("Place"), indicator_title(across.indicator), indicator_title(up.indicator)]
    return Table(tk._("Both indicators"), columns, rows, frozenset({1, 2}))


def _words(title: str, points: Sequence[Spec]) -> str:
    if not points:
        return _nothing()
    named = [f"{p['place']}: {p['x_text']}, {p['y_text']}" for p in points if p["chosen"]]
    said = tk._("{title}: {count} places have a value of both.").format(
        title=title, count=learningcity_number(len(points))
    )
    return " ".join([said, *(f"{text}." for text in named)])
