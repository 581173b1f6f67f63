"""A ranking: one bar for each place, from the highest value to the lowest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_number,
    learningcity_period,
    learningcity_value,
)

from .figures import Entry, Figures
from .frame import Chart, framed, indicator_title
from .period import empty_chart, period_caption, ranked_records, ranking_table
from .scales import NAME_PIXELS, bar_scale, place_name, point, tooltip, value_text
from .theme import HIGHLIGHT, INK, MUTED, PAPER, PLAIN, SIZES, Spec
from .wrap import width

MOST_BARS = 80  # of more places, the highest and the lowest are drawn; the table has them all

_BAR = 22


def ranking_chart(
    figures: Figures,
    size: str = "large",
    highlight: Collection[str] = (),
    national: Entry | None = None,
) -> Chart:
    """Return bars of the places from the highest to the lowest.

    :param figures: one observation for each place, all of one level and period
    :param highlight: ids of places that stand out
    :param national: the country's observation, drawn as a labelled line and never as a bar
    """
    ranked = ranked_records(figures)
    if not ranked:
        return empty_chart(figures, size)
    shown = ranked if len(ranked) <= MOST_BARS else _ends(ranked)
    caption = period_caption(figures, *_notes(figures, ranked, shown, national))
    plot = _bars(figures.indicator, shown, size, highlight, national)
    return Chart(
        framed(plot, caption, SIZES[size], NAME_PIXELS[size]),
        ranking_table(figures),
        ranking_words(figures.indicator, ranked),
    )


def _notes(
    figures: Figures, ranked: Sequence[Entry], shown: Sequence[Entry], national: Entry | None
) -> list[str]:
    notes = []
    if len(shown) < len(ranked):
        notes.append(_left_out(len(ranked) - len(shown)))
    if any(record["OBS_STATUS"] not in ("A", "B") for record in shown):
        notes.append(tk._("Hollow bars are estimated, provisional or otherwise qualified."))
    if national:
        notes.append(
            tk._("The dashed line is the national value: {value} ({period}).").format(
                value=value_text(national, figures.indicator), period=learningcity_period(national)
            )
        )
    return notes


def _bars(
    indicator: Entry,
    shown: Sequence[Entry],
    size: str,
    highlight: Collection[str],
    national: Entry | None,
) -> Spec:
    box, names = SIZES[size], NAME_PIXELS[size]
    data = [
        point(record, indicator, area=record["REF_AREA"], chosen=record["REF_AREA"] in highlight)
        for record in shown
    ]
    values = [record["OBS_VALUE"] for record in shown]
    colour = {"condition": {"test": "datum.chosen", "value": HIGHLIGHT}, "value": PLAIN}
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadiusEnd": 2, "strokeWidth": 1.5},
        "encoding": {
            "fill": {"condition": {"test": "datum.reserved", "value": PAPER}, **_plain(colour)},
            "stroke": colour,
            "tooltip": tooltip(),
        },
    }
    label = {
        "mark": {
            "type": "text",
            "align": {"expr": "datum.value < 0 ? 'right' : 'left'"},
            "dx": {"expr": "datum.value < 0 ? -5 : 5"},
            "fontSize": 12,
        },
        "encoding": {"text": {"field": "text"}, "color": {"value": INK}},
    }
    room = max(width(datum["text"]) for datum in data) * 8 + 8
    scale = bar_scale(indicator, values, room, box.width - names)
    return {
        "width": box.width - names,
        "height": _BAR * len(data),
        "data": {"values": data},
        "encoding": {
            "y": {
                "field": "area",
                "type": "nominal",
                "sort": None,
                "axis": _names([datum["place"] for datum in data], data, names),
            },
            "x": {
                "field": "value",
                "type": "quantitative",
                "scale": scale,
                "axis": None,
            },
        },
        "layer": [bar, *([_national_line(national)] if national else []), label],
    }


def _plain(colour: Spec) -> Spec:
    return {
        "condition": [
            {"test": "datum.reserved", "value": PAPER},
            {"test": "datum.chosen", "value": HIGHLIGHT},
        ],
        "value": colour["value"],
    }


def _names(places: Sequence[str], data: Sequence[Spec], pixels: int) -> Spec:
    """Return an axis that names places by their codes: two places may have the same name."""
    labels = {datum["area"]: place for datum, place in zip(data, places, strict=True)}
    chosen = " : ".join(
        f"datum.value == '{area}' ? {_quoted(name)}" for area, name in labels.items()
    )
    return {
        "title": None,
        "labelExpr": f"{chosen} : datum.value",
        "labelLimit": pixels - 10,
        "minExtent": pixels,
        "maxExtent": pixels,
        "ticks": False,
        "domain": False,
        "labelColor": INK,
        "labelPadding": 8,
    }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _national_line(national: Entry) -> Spec:
    return {
        "data": {"values": [{"value": national["OBS_VALUE"]}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2, "color": MUTED},
        "encoding": {"y": None},
    }


def _ends(ranked: Sequence[Entry]) -> list[Entry]:
    half = MOST_BARS // 2
    return [*ranked[:half], *ranked[-half:]]


def _left_out(count: int) -> str:
    return tk._("{count} places between the highest and the lowest are in the table only.").format(
        count=learningcity_number(count)
    )


def ranking_words(indicator: Entry, ranked: Sequence[Entry]) -> str:
    """Return in words what a ranking or a map shows."""
    words = {
        "indicator": indicator_title(indicator),
        "count": learningcity_number(len(ranked)),
        "period": learningcity_period(ranked[0]),
        "high": place_name(ranked[0]["REF_AREA"]),
        "high_value": learningcity_value(ranked[0], indicator),
        "low": place_name(ranked[-1]["REF_AREA"]),
        "low_value": learningcity_value(ranked[-1], indicator),
    }
    if len(ranked) == 1:
        return tk._("{indicator}, {period}: only {high} has a value, {high_value}.").format(**words)
    return tk._(
        "{indicator}, {period}, {count} places: highest {high} with {high_value}, "
        "lowest {low} with {low_value}."
    ).format(**words)
