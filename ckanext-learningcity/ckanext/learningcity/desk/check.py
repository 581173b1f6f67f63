"""One examination for every door: read a file, look for personal data, check it, compare it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
from ckan import model

from ckanext.learningcity.indicators.release import Difference, compare
from ckanext.learningcity.tables import privacy, reading
from ckanext.learningcity.tables.layout import Grid
from ckanext.learningcity.tables.mapping import Mapping as ColumnMapping
from ckanext.learningcity.tables.reader.headings import read_heading
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

from . import store, uploads
from .changes import packed as packed_changes
from .circumstances import circumstances, current_release, current_table
from .preview import sheets

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Examined:
    """What an examination found.

    `base` is the release that the file was compared with (0 for none), `old` its table. `table`
    holds the good rows, and `difference` is None where the report has errors.
    """

    reading: reading.Reading
    table: pl.DataFrame
    report: Report
    base: int
    old: pl.DataFrame
    difference: Difference | None

    @property
    def mapping(self) -> dict[str, Any] | None:
        """Return what the columns were taken for, as JSON; None where no table was found."""
        mapping = self.reading.mapping
        return mapping.as_dict() if mapping.columns or mapping.spread else None

    def keep(self) -> dict[str, Any]:
        """Keep what would change, and return what else a submission keeps: columns of its table."""
        changes = None
        if self.difference:
            changes = uploads.keep(packed_changes(self.old, self.difference))
        return {
            "mapping": self.mapping,
            "preview": sheets(self.reading.grids, self.mapping),
            "changes": changes,
            "headings": headings(self.reading.grids, self.reading.mapping),
            "report": packed(self.report),
            "difference": None if self.difference is None else self.difference.counts,
            "base_release": self.base,
        }


def _silent(_step: str) -> None:
    """Tell nobody how far it is."""


def examine(
    dataset: model.Package,
    content: bytes,
    mapping: ColumnMapping | None = None,
    progress: Progress = _silent,
    sheet: str | None = None,
) -> Examined:
    """Read, check and compare a file as the next state of `dataset`; nothing is changed.

    :param mapping: the columns; None takes those of an earlier publication with the same headings,
        else proposes some
    :param progress: is told each of `states.STEPS` as it begins
    :param sheet: of a workbook, whose columns are proposed anew
    """
    progress("reading")
    report = Report()
    mapping = _proposed(content, sheet) or mapping or _remembered(dataset.id, content)
    read = reading.read(content, report, mapping)
    progress("checking")
    base = current_release(dataset.id)  # before its table: a newer one is then noticed
    old = current_table(dataset.id)
    table = check(read.rows, read.layout, report, circumstances(dataset, old))
    privacy.scan(read.grids, report, read.layout, read.rows)
    progress("comparing")
    difference = None if report.has_errors else compare(old, table)
    return Examined(read, table, report, base, old, difference)


def record(
    row: store.Submission, found: Examined, happened: dict[str, Any] | None, **values: Any
) -> None:
    """Write what an examination found into a submission, and commit."""
    store.write(row["id"], happened, **found.keep(), **values)
    if row["changes"]:
        uploads.drop(row["changes"])


def headings(grids: list[Grid], mapping: ColumnMapping) -> dict[str, str]:
    """Return the heading of each column of the mapping's sheet, by letters."""
    grid = next((grid for grid in grids if grid.name == mapping.sheet), None)
    if grid is None:
        return {}
    found = read_heading(grid, mapping.first, mapping.last)
    return {letters: found.text(letters) for letters in found.texts}


def packed(report: Report) -> dict[str, Any]:
    """Return a report as JSON that any language can be made from."""
    return {"counts": dict(report.counts), "issues": [asdict(issue) for issue in report.issues]}


def unpacked(stored: Mapping[str, Any]) -> Report:
    """Return the report that `packed` made."""
    return Report([Issue(**issue) for issue in stored["issues"]], Counter(stored["counts"]))


def _proposed(content: bytes, sheet: str | None) -> ColumnMapping | None:
    """Return the columns that are proposed for a sheet, if it is there."""
    grids = reading.grids(content, Report()) if sheet is not None else []
    return next((reading.propose([grid]) for grid in grids if grid.name == sheet), None)


def _remembered(dataset_id: str, content: bytes) -> ColumnMapping | None:
    """Return the newest published mapping of a dataset whose headings stand in this file, too."""
    candidates = store.remembered(dataset_id)
    grids = reading.grids(content, Report()) if candidates else []
    for candidate in candidates:
        try:
            mapping = ColumnMapping.from_dict(candidate["mapping"])
        except ValueError:  # it names a column that the portal no longer has
            continue
        if headings(grids, mapping) == candidate["headings"]:
            return mapping
    return None
