"""Breakdowns of one place in one period: bars for each group, or a pyramid of ages by sex."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import breakdowns
from ckanext.learningcity.words import (
    learningcity_code_name,
    learningcity_note,
    learningcity_period,
    learningcity_text,
    learningcity_value,
)

from .figures import TOTAL, Entry, Figures
from .frame import (
    Caption,
    Chart,
    Row,
    Table,
    framed,
    indicator_title,
    indicator_unit,
    joined,
)
from .period import empty_chart
from .scales import NAME_PIXELS, bar_scale, number_axis, place_name, point, tooltip, value_text
from .theme import INK, PALETTE, PAPER, PLAIN, SIZES, Spec
from .wrap import width

_BAR = 30


def breakdown_chart(figures: Figures, dimension: str, size: str = "large") -> Chart:
    """Return a bar for each group of a dimension, with the total for comparison.

    :param figures: observations of one place and period, total or broken down by `dimension`
    :param dimension: a breakdown, such as `SEX`
    """
    records = _ordered(figures, dimension)
    if not records:
        return empty_chart(figures, size)
    data = [
        point(record, figures.indicator, group=group_name(dimension, record[dimension]))
        for record in records
    ]
    plot = _bars(figures.indicator, data, size)
    caption = _caption(figures, records, dimension)
    table = _table(figures, records, dimension)
    words = _words(figures, records, dimension)
    return Chart(framed(plot, caption, SIZES[size], NAME_PIXELS[size]), table, words)


def pyramid_chart(figures: Figures, size: str = "large") -> Chart:
    """Return ages from young to old, women to the left and men to the right.

    :param figures: observations of one place and period by AGE and SEX
    """
    ages = breakdowns()["AGE"]["codes"]
    records = [
        record for record in figures.known if record["SEX"] in ("F", "M") and record["AGE"] != TOTAL
    ]
    if not records:
        return empty_chart(figures, size)
    records.sort(key=lambda record: (list(ages).index(record["AGE"]), record["SEX"]))
    data = [
        point(
            record,
            figures.indicator,
            group=group_name("AGE", record["AGE"]),
            sex=group_name("SEX", record["SEX"]),
            side=-record["OBS_VALUE"] if record["SEX"] == "F" else record["OBS_VALUE"],
        )
        for record in records
    ]
    caption = _caption(figures, records, "AGE")
    words = _words(figures, records, "AGE")
    plot = _pyramid(figures.indicator, data, size)
    return Chart(
        framed(plot, caption, SIZES[size], NAME_PIXELS[size]),
        _table(figures, records, "AGE"),
        words,
    )


def group_name(dimension: str, code: str) -> str:
    """Return the name of a breakdown's code in the reader's language."""
    entry = breakdowns()[dimension]["codes"].get(code)
    return learningcity_text({k: entry[k] for k in ("en", "th")}) if entry else code


def _ordered(figures: Figures, dimension: str) -> list[Entry]:
    order = list(breakdowns()[dimension]["codes"])
    return sorted(figures.known, key=lambda record: order.index(record[dimension]))


def _bars(indicator: Entry, data: Sequence[Spec], size: str) -> Spec:
    box, names = SIZES[size], NAME_PIXELS[size]
    values = [datum["value"] for datum in data]
    room = max(width(datum["text"]) for datum in data) * 8 + 8
    scale = bar_scale(indicator, values, room, box.width - names)
    return {
        "width": box.width - names,
        "height": _BAR * len(data),
        "data": {"values": list(data)},
        "encoding": {
            "y": {"field": "group", "type": "nominal", "sort": None, "axis": _names(names)},
            "x": {"field": "value", "type": "quantitative", "scale": scale, "axis": None},
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.7}, "cornerRadiusEnd": 2},
                "encoding": {
                    "fill": {
                        "condition": {"test": "datum.reserved", "value": PAPER},
                        "value": PLAIN,
                    },
                    "stroke": {"value": PLAIN},
                    "tooltip": tooltip(breakdown=True),
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": {"expr": "datum.value < 0 ? 'right' : 'left'"},
                    "dx": {"expr": "datum.value < 0 ? -5 : 5"},
                    "fontSize": 12,
                    "color": INK,
                },
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }


def _pyramid(indicator: Entry, data: Sequence[Spec], size: str) -> Spec:
    box, names = SIZES[size], NAME_PIXELS[size]
    farthest = max((abs(datum["value"]) for datum in data), default=0) or 1
    axis = number_axis(indicator, grid=True)
    axis["labelExpr"] = axis["labelExpr"].replace("datum.value", "abs(datum.value)")
    groups = list(dict.fromkeys(datum["group"] for datum in data))
    return {
        "width": box.width - names,
        "height": _BAR * len(groups),
        "data": {"values": list(data)},
        "mark": {"type": "bar", "height": {"band": 0.8}},
        "encoding": {
            "y": {
                "field": "group",
                "type": "nominal",
                "sort": list(reversed(groups)),
                "axis": _names(names),
            },
            "x": {
                "field": "side",
                "type": "quantitative",
                "stack": None,
                "scale": {"domain": [-farthest, farthest]},
                "axis": axis,
            },
            "color": {
                "field": "sex",
                "type": "nominal",
                "scale": {
                    "domain": [group_name("SEX", "F"), group_name("SEX", "M")],
                    "range": [PALETTE[1], PALETTE[0]],
                },
                "legend": {"orient": "top", "title": None},
            },
            "tooltip": tooltip(breakdown=True),
        },
    }


def _names(pixels: int) -> Spec:
    return {
        "title": None,
        "labelLimit": pixels - 10,
        "minExtent": pixels,
        "maxExtent": pixels,
        "ticks": False,
        "domain": False,
        "labelColor": INK,
        "labelPadding": 8,
    }


def _caption(figures: Figures, records: Sequence[Entry], dimension: str) -> Caption:
    return Caption(
        title=indicator_title(figures.indicator),
        subtitle=joined(
            place_name(records[0]["REF_AREA"]),
            learningcity_text(breakdowns()[dimension]["name"]),
            indicator_unit(figures.indicator),
            learningcity_period(records[0]),
        ),
        sources=figures.sources,
    )


def _table(figures: Figures, records: Sequence[Entry], dimension: str) -> Table:
    other = "SEX" if dimension == "AGE" else None
    rows = [
        Row(
            joined(
                group_name(dimension, record[dimension]),
                group_name(other, record[other]) if other and record[other] != TOTAL else "",
            ),
            [
                learningcity_period(record),
                value_text(record, figures.indicator),
                learningcity_code_name("status", record["OBS_STATUS"]),
                learningcity_note(record),
            ],
        )
        for record in records
    ]
    head = learningcity_text(breakdowns()[dimension]["name"])
    columns = [head, tk._("Period"), tk._("Value"), tk._("Status"), tk._("Note")]
    return Table(indicator_title(figures.indicator), columns, rows, frozenset({2}))


def _words(figures: Figures, records: Sequence[Entry], dimension: str) -> str:
    indicator = figures.indicator
    parts = [
        f"{group_name(dimension, record[dimension])} {learningcity_value(record, indicator)}"
        for record in records
    ]
    return tk._("{indicator}, {place}, {period}: {values}.").format(
        indicator=indicator_title(indicator),
        place=place_name(records[0]["REF_AREA"]),
        period=learningcity_period(records[0]),
        values="; ".join(parts),
    )
