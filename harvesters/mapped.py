"""A table of an office, read by a mapping that stands in the facts of its source.

The mapping is the one that the publishing desk shows (`docs/formats.md`). `headings` says what
stood over each column when it was made, so that a file with other columns is noticed and not read
into wrong ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from ckanext.learningcity.tables import privacy, reading
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import Grid
from ckanext.learningcity.tables.mapping import Mapping as ColumnMapping
from ckanext.learningcity.tables.reader.headings import read_heading
from ckanext.learningcity.tables.report import Issue, Report, severity
from ckanext.learningcity.tables.validate import check

from .base import Answer
from .errors import Changed, Empty, SourceError, Truncated
from .facts import FactsError

#: The facts about a table, and the type of each; all may be left out.
OPTIONS: Mapping[str, type] = {"mapping": dict, "headings": dict, "open_end": bool}


@dataclass(frozen=True)
class Expected:
    """What is known of a table before it comes.

    Without `mapping` the reader proposes one each time. `headings` are by the letters of the
    column. `open_end` says that the last line of a file of text has no line end, so that a file
    that was cut off cannot be told from a whole one.
    """

    mapping: ColumnMapping | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    open_end: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Expected:
        """Return what `options` say; others than `OPTIONS` are left to the adapter.

        :raises FactsError: one of them is not what it must be
        """
        for name, kind in OPTIONS.items():
            if name in options and not isinstance(options[name], kind):
                raise FactsError(f"{name}: expected {kind.__name__}, found {options[name]!r}")
        headings = options.get("headings", {})
        if not all(isinstance(text, str) for text in (*headings, *headings.values())):
            raise FactsError("headings: expected the text of each heading by its letters")
        if headings and "mapping" not in options:
            raise FactsError("headings: expected a mapping beside them")
        try:
            mapping = ColumnMapping.from_dict(options["mapping"]) if "mapping" in options else None
        except ValueError as error:
            raise FactsError(f"mapping: {error}") from error
        return cls(mapping, headings, options.get("open_end", False))


def observations(answer: Answer, expected: Expected, problems: Report) -> pl.DataFrame:
    """Return the observations in a file; what could not be read goes to `problems`.

    :raises Changed: it is no such table, or its columns are others
    :raises Truncated: it is text that ends inside a line
    :raises Empty: it has no rows
    """
    report = Report()
    grids = reading.grids(answer.body, report)
    if not grids:
        raise _nothing(report, answer.url)
    mapping = expected.mapping or reading.propose(grids, report)
    grid = next((each for each in grids if each.name == mapping.sheet), None)
    if grid is None:
        names = ", ".join(each.name for each in grids)
        raise Changed(f"no sheet {mapping.sheet!r}; there are {names}", url=answer.url)
    _compare(grid, mapping, expected.headings, answer.url, report)
    if not (expected.open_end or grids[0].name or _ends_a_line(answer.body)):
        raise Truncated("the file ends inside a line", url=answer.url)
    rows, layout = reading.extract(grid, mapping, report)
    privacy.scan(grids, report, layout, rows)
    if any(code in report.counts for code in ("privacy_id", "privacy_phone", "privacy_email")):
        raise Changed(f"the file holds data on persons: {_told(report)}", url=answer.url)
    table = check(rows, layout, report, Circumstances(today=_day(answer)))
    if table.is_empty():
        raise _nothing(report, answer.url)
    take_over(report, problems)
    return table


def take_over(report: Report, problems: Report) -> None:
    """Add the findings of `report` to `problems`, those too many to be listed included."""
    listed = Report()
    listed.add(report.issues)
    problems.add(report.issues)
    for code, number in report.counts.items():
        if number > listed.counts[code]:
            problems.count(code, number - listed.counts[code])


def _compare(
    grid: Grid, mapping: ColumnMapping, headings: Mapping[str, str], url: str, report: Report
) -> None:
    """Hold the headings of `grid` against those that are known.

    :raises Changed: one of them is another
    """
    found = read_heading(grid, mapping.first, mapping.last)
    for letters, heading in headings.items():
        text = found.text(letters)
        if text != heading:
            raise Changed(f"column {letters}: expected {heading!r}, found {text!r}", url=url)
    if not headings:
        return
    known = ", ".join(headings.values())
    report.add(
        Issue("column_unknown", mapping.last, found.text(letters), found.text(letters), known)
        for letters in found.texts
        if letters not in headings and found.text(letters)
    )


def _ends_a_line(content: bytes) -> bool:
    return content.rstrip(b"\0")[-1:] in (b"\n", b"\r")


def _day(answer: Answer) -> date:
    return answer.retrieved.date()


def _nothing(report: Report, url: str) -> SourceError:
    """Return the error for a file without observations: nobody filled it in, or it is another."""
    errors = {code for code in report.counts if severity(code) == "error"}
    kind = Empty if errors <= {"file_empty"} else Changed
    return kind(f"no row can be read: {_told(report) or 'there is none'}", url=url)


def _told(report: Report) -> str:
    return ", ".join(f"{code} ({count})" for code, count in report.counts.items())
