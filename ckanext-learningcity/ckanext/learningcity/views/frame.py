"""What every chart has: its three forms, a title, and the lines that say where it comes from.

A chart is a Vega-Lite specification, the same values as a table, and the same in words. The
specification is self-contained, so that its picture can be quoted anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_code_name,
    learningcity_site_title,
    learningcity_text,
    learningcity_title,
)

from .figures import Entry, Source, is_demonstration
from .theme import MUTED, PAPER, Size, Spec, config
from .wrap import wrap

LINE_HEIGHT = 18


@dataclass(frozen=True)
class Row:
    """A line of a chart's table: a head, then a text for each further column.

    `area` is the id of the place that the head names, where it names one.
    """

    head: str
    cells: Sequence[str]
    area: str | None = None


@dataclass(frozen=True)
class Table:
    """The values of a chart. `numeric` are the columns, counted from 0, that are set as numbers."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """A chart in all its forms."""

    spec: Spec
    table: Table
    words: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.table.rows


@dataclass(frozen=True)
class Caption:
    """The texts around a drawing."""

    title: str
    subtitle: str
    sources: Sequence[Source]
    notes: Sequence[str] = ()


def framed(plot: Spec, caption: Caption, box: Size, left: int = 0) -> Spec:
    """Return a whole specification: title, drawing, and sources with licence and release.

    :param left: pixels that names and numbers take to the left of the drawing
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": caption.title,
        "background": PAPER,
        "padding": 16,
        "title": _title(caption, box, left),
        "vconcat": [plot, _footer(caption, box, left)],
        "config": config(),
    }


def message(text: str, box: Size) -> Spec:
    """Return words in the place of a drawing."""
    return {
        "data": {"values": [{}]},
        "width": box.width,
        "height": 150,
        "mark": {"type": "text", "text": text, "fontSize": 16, "color": MUTED},
    }


def indicator_title(indicator: Entry) -> str:
    """Return an indicator's name in the reader's language."""
    return learningcity_text(indicator["name"])


def indicator_unit(indicator: Entry) -> str:
    """Return the name of an indicator's unit in the reader's language."""
    return learningcity_code_name("unit", indicator["unit"])


def joined(*parts: str) -> str:
    """Return the parts that say something, with points between them."""
    return " · ".join(filter(None, parts))


def notes_of(records: Sequence[Entry]) -> list[str]:
    """Return what a reader of the drawing must know about the statuses of its values."""
    statuses = {record["OBS_STATUS"] for record in records if record["OBS_VALUE"] is not None}
    notes = []
    if statuses - {"A", "B"}:
        notes.append(tk._("Hollow points are estimated, provisional or otherwise qualified."))
    if "B" in statuses:
        notes.append(tk._("A dashed upright line is a break: do not compare across it."))
    return notes


def _title(caption: Caption, box: Size, left: int) -> Spec:
    subtitle = wrap(caption.subtitle, box.subtitle_letters) if caption.subtitle else []
    if any(is_demonstration(source.dataset) for source in caption.sources):
        subtitle.append(tk._("Demonstration data: not real values"))
    return {
        "text": wrap(caption.title, box.title_letters),
        "subtitle": subtitle,
        "anchor": "start",
        "frame": "group",
        "offset": 14,
        "dx": -left,
    }


def _footer(caption: Caption, box: Size, left: int) -> Spec:
    texts = [*caption.notes, *map(_source_line, caption.sources), learningcity_site_title()]
    lines = [part for text in texts for part in wrap(text, box.footer_letters)]
    return {
        "data": {"values": [{}]},
        "width": box.width - left,
        "height": LINE_HEIGHT * len(lines),
        "mark": {
            "type": "text",
            "text": lines,
            "align": "left",
            "baseline": "top",
            "lineHeight": LINE_HEIGHT,
            "fontSize": 12,
            "color": MUTED,
            "x": -left,
            "y": 0,
        },
    }


def _source_line(source: Source) -> str:
    dataset = source.dataset
    said = tk._("Source: {dataset}, release {number}").format(
        dataset=learningcity_title(dataset), number=source.release
    )
    return joined(said, dataset.get("license_title") or dataset.get("license_id") or "")
