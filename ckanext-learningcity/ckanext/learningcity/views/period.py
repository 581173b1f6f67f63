"""What charts of many places in one period have in common: order, table, texts."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_code_name,
    learningcity_note,
    learningcity_period,
)

from .figures import Entry, Figures
from .frame import (
    Caption,
    Chart,
    Row,
    Table,
    framed,
    indicator_title,
    indicator_unit,
    joined,
    message,
)
from .scales import place_name, value_text
from .theme import SIZES


def ranked_records(figures: Figures) -> list[Entry]:
    """Return the records with a value, the highest first, equal ones by their place's code."""
    return sorted(figures.known, key=lambda r: (-r["OBS_VALUE"], r["REF_AREA"]))


def ranking_table(figures: Figures) -> Table:
    """Return every place with its rank and value; those without a value come last, unranked."""
    ranked = ranked_records(figures)
    without = [record for record in figures.records if record["OBS_VALUE"] is None]
    values = [record["OBS_VALUE"] for record in ranked]
    rows = [
        Row(
            place_name(record["REF_AREA"]),
            [
                # Equal values share a rank.
                str(values.index(record["OBS_VALUE"]) + 1) if known else "–",
                learningcity_period(record),
                value_text(record, figures.indicator),
                learningcity_code_name("status", record["OBS_STATUS"]),
                learningcity_note(record),
            ],
            record["REF_AREA"],
        )
        for known, records in ((True, ranked), (False, without))
        for record in records
    ]
    columns = [
        tk._("Place"),
        tk._("Rank"),
        tk._("Period"),
        tk._("Value"),
        tk._("Status"),
        tk._("Note"),
    ]
    return Table(indicator_title(figures.indicator), columns, rows, frozenset({1, 3}))


def period_caption(figures: Figures, *notes: str) -> Caption:
    """Return the texts around a drawing of many places in one period."""
    shown = figures.known
    level = learningcity_code_name("area_level", shown[0]["AREA_LEVEL"])
    return Caption(
        title=indicator_title(figures.indicator),
        subtitle=joined(indicator_unit(figures.indicator), level, learningcity_period(shown[0])),
        sources=figures.sources,
        notes=list(notes),
    )


def empty_chart(figures: Figures, size: str) -> Chart:
    """Return a picture that says that there is nothing to show."""
    text, box = tk._("No data for this choice"), SIZES[size]
    caption = Caption(
        indicator_title(figures.indicator), indicator_unit(figures.indicator), figures.sources
    )
    table = Table(indicator_title(figures.indicator), [], [])
    return Chart(framed(message(text, box), caption, box), table, text)
