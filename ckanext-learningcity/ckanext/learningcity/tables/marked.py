"""An uploaded table on its way back to its publisher, with its findings marked in the cells."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from .codelists import workbook_words
from .layout import FINDINGS, Grid
from .marked_books import LAST_COLUMN, LAST_ROW, Book, put, rebuilt, uploaded
from .report import Issue, Report

log = logging.getLogger(__name__)

#: The author of our comments.
AUTHOR = "learningcity"

#: More findings than anyone mends in one go; the worst are taken first.
MOST = 1000

#: Fills by severity, the worst first.
COLOURS = {"error": "FFC7CE", "confirm": "FFE699", "notice": "DDEBF7"}

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RANK = {severity: rank for rank, severity in enumerate(COLOURS)}
_COLUMNS = {"severity": 16, "code": 22, "sheet": 18, "cell": 14, "found": 30, "expected": 40}
_MESSAGE = 90  # the width of the last column
_OLDER = "\n――――\n"  # stands between our comment and the one that was there


def marked(content: bytes, grids: Iterable[Grid], report: Report, language: str) -> bytes:
    """Return an uploaded table as XLSX with its findings in colour, in comments, and in a list.

    An XLSX keeps all else that it has; another file becomes a new workbook of its cells, in which
    text stays text. Marks and list of an earlier return are replaced.

    :param grids: the sheets of `content`, as `reading.grids` gives them
    :param language: of the comments and the list, `th` or `en`
    """
    grids = list(grids)
    issues = sorted(report.issues, key=lambda issue: _RANK[issue.severity])[:MOST]
    try:
        book = uploaded(content) if grids else None  # what was not read has nothing to mark
        if book is not None:
            return _finished(book, issues, report, language)
    except Exception:
        log.warning("A workbook is given back as its cells only.", exc_info=True)
    rows: dict[str, set[int]] = {}
    for issue in issues:
        rows.setdefault(issue.sheet or "", set()).add(issue.row or 1)
    book = rebuilt(grids, rows)
    _question(book, issues)
    return _finished(book, issues, report, language)


def _finished(book: Book, issues: Sequence[Issue], report: Report, language: str) -> bytes:
    _take_back(book)
    cells: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        sheet = _sheet_of(issue, book)
        if sheet is not None and issue.cell and _is_address(issue.cell):
            cells.setdefault((sheet, issue.cell), []).append(issue)
    for (sheet, address), own in cells.items():
        _mark(book.sheets[sheet], address, own, language)
    _list(book, issues, report, language)
    target = io.BytesIO()
    book.workbook.save(target)
    return target.getvalue()


def _question(book: Book, issues: Iterable[Issue]) -> None:
    """Write a number that a comma had cut in two as it was meant, with a question mark.

    In a workbook, its first half alone would pass for the value.
    """
    for issue in issues:
        sheet, cell = _sheet_of(issue, book), issue.cell or ""
        if issue.code == "cell_thousands" and sheet is not None and _is_address(cell):
            put(book.sheets[sheet][cell], f"{issue.found} ?")


def _take_back(book: Book) -> None:
    """Remove the list and the marks of an earlier return."""
    if FINDINGS not in book.workbook.sheetnames:
        return
    del book.workbook[FINDINGS]
    for sheet in book.workbook.worksheets:
        # `iter_rows` would make a cell of each address up to the last one, however far that is.
        for cell in list(sheet._cells.values()):  # noqa: SLF001
            if cell.comment and cell.comment.author == AUTHOR:
                _, _, older = cell.comment.text.partition(_OLDER)
                cell.comment = Comment(older, "") if older else None
                cell.fill = PatternFill()


def _mark(sheet: Worksheet, address: str, issues: Sequence[Issue], language: str) -> None:
    """Colour one cell by its worst finding and say in a comment what was found."""
    cell = _anchor(sheet, address)
    words = workbook_words("findings")
    lines = [f"{words[issue.severity][language]}: {issue.message(language)}" for issue in issues]
    text = "\n\n".join(dict.fromkeys(lines))
    if cell.comment:
        text += _OLDER + cell.comment.text
    comment = Comment(text, AUTHOR, width=360, height=60 + 24 * (len(text) // 40))
    cell.comment = comment
    cell.fill = PatternFill("solid", start_color=COLOURS[issues[0].severity])


def _anchor(sheet: Worksheet, address: str) -> Cell:
    """Return the cell at an address, or the first of the merged cells that it belongs to."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        within = next(area for area in sheet.merged_cells.ranges if address in area)
        return sheet.cell(within.min_row, within.min_col)  # type: ignore[return-value]
    return cell


def _list(book: Book, issues: Sequence[Issue], report: Report, language: str) -> None:
    """Write the findings to the first sheet, each with a link to its cell."""
    words = workbook_words("findings")
    sheet = book.workbook.create_sheet(FINDINGS, 0)
    for other in book.workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet  # two at once would be edited together
    book.workbook.active = 0
    summary = [f"{words['title']['th']} / {words['title']['en']}"]
    summary += _summary(book, issues, report, language)
    for row, text in enumerate(summary, start=1):
        put(sheet.cell(row, 1), text)  # type: ignore[arg-type]
    sheet["A1"].font = Font(bold=True, size=14)
    head = len(summary) + 2
    names = [*_COLUMNS, "message"]
    for column, (name, width) in enumerate(zip(names, [*_COLUMNS.values(), _MESSAGE], strict=True)):
        cell = sheet.cell(head, column + 1)
        put(cell, words[name][language])  # type: ignore[arg-type]
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    for row, issue in enumerate(issues, start=head + 1):
        _list_one(sheet, row, issue, book, language)


def _summary(book: Book, issues: Sequence[Issue], report: Report, language: str) -> Iterable[str]:
    """Yield the lines above the list."""
    words = workbook_words("findings")
    counts: Counter[str] = Counter()
    for code, number in report.counts.items():
        counts[Issue(code).severity] += number
    if not counts:
        yield words["none"][language]
        return
    yield " · ".join(f"{words[name][language]}: {counts[name]}" for name in COLOURS if counts[name])
    yield words["colours"][language]
    if report.counts.total() > len(issues):
        yield words["first"][language].format(shown=len(issues), all=report.counts.total())
    if book.shortened:
        yield words["shortened"][language]


def _list_one(sheet: Worksheet, row: int, issue: Issue, book: Book, language: str) -> None:
    told = issue.as_dict(language)
    texts = [
        workbook_words("findings")[issue.severity][language],
        issue.code,
        issue.sheet or "",
        issue.cell or str(issue.row or ""),
        issue.found or "",
        told["expected"],
        told["message"],
    ]
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row, column)
        put(cell, text)  # type: ignore[arg-type]
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(row, 1).fill = PatternFill("solid", start_color=COLOURS[issue.severity])
    address, name = issue.cell or f"A{issue.row}", _sheet_of(issue, book)
    if name is not None and _is_address(address):
        title = book.sheets[name].title.replace("'", "''")
        link = sheet.cell(row, 4)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!{address}")
        link.font = Font(color="0563C1", underline="single")


def _sheet_of(issue: Issue, book: Book) -> str | None:
    """Return the key of the sheet that a finding is about."""
    if issue.sheet in book.sheets:
        return issue.sheet
    return next(iter(book.sheets)) if len(book.sheets) == 1 and not issue.sheet else None


def _is_address(address: str) -> bool:
    """Return whether a workbook has this cell; a file of text may be larger."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return False
    return int(match[2]) <= LAST_ROW and column_index_from_string(match[1]) <= LAST_COLUMN
