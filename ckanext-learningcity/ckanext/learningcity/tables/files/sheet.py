"""One sheet of a workbook in the making: what its cells show, within limits that hold meanwhile.

The parts of a workbook are parsed here and in `xlsx` and `ods`, by the standard library behind
defusedxml. Faster libraries of compiled code take memory by numbers that the file names itself,
and end the whole process where these are false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from ..layout import TEMPLATE
from ..spellings import BLANKS

#: Columns of a spreadsheet.
MOST_COLUMNS = 16_384

#: A workbook that spans more cells, counted as rectangles, is refused before they take memory.
MOST_CELLS = 1_000_000


class TooLargeError(ValueError):
    """A workbook that spans more than `MOST_CELLS` cells; the message says how many."""


@dataclass
class Sheet:
    """What one sheet shows, with rows and columns counted from 0.

    `taken` are the cells that earlier sheets of the workbook span. `merged` are rectangles (first
    row, first column, last row, last column).
    """

    name: str
    taken: int = 0
    visible: bool = True
    template: bool = False
    lines: list[list[str | None]] = field(default_factory=list)
    width: int = 0
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The cells that this sheet and those before it span."""
        return self.taken + len(self.lines) * self.width

    def put(self, row: int, column: int, text: str, *, rows: int = 1, columns: int = 1) -> None:
        """Write `text` into the cells of a rectangle, which is a single one as a rule.

        :raises TooLargeError: the workbook spans more than `MOST_CELLS`
        """
        text = text.strip(BLANKS)
        if not text:
            return
        height, self.width = max(len(self.lines), row + rows), max(self.width, column + columns)
        if self.taken + height * self.width > MOST_CELLS:
            raise TooLargeError(f"{height:,} × {self.width:,}")
        self.lines.extend([] for _ in range(height - len(self.lines)))
        for line in self.lines[row : row + rows]:
            line.extend([None] * (column + columns - len(line)))
            line[column : column + columns] = [text] * columns

    def hide_columns(self, first: int, after: int) -> None:
        """Note that the columns from `first` up to `after` are not shown."""
        self.hidden_columns.update(range(max(first, 0), min(after, MOST_COLUMNS)))

    def filled(self) -> list[list[str | None]]:
        """Return the lines, equally wide, with the text of merged cells in each of them."""
        lines = [line + [None] * (self.width - len(line)) for line in self.lines]
        # Rectangles that overlap would make more work than there are cells.
        left = len(lines) * self.width
        for top, first, bottom, last in self.merged:
            rows = range(top, min(bottom + 1, len(lines)))
            columns = range(first, min(last + 1, self.width))
            left -= len(rows) * len(columns)
            if not rows or not columns or left < 0:
                continue
            for row in rows:
                for column in columns:
                    lines[row][column] = lines[row][column] or lines[top][first]
        return lines


def mark_template(sheets: list[Sheet], name: str | None, target: str) -> None:
    """Mark the sheet that the name `layout.TEMPLATE` of a workbook refers to.

    :param target: such as `data!$A$1` or `$data.$A$1`
    """
    if name == TEMPLATE:
        plain = target.replace("'", "").removeprefix("$")
        for sheet in sheets:
            sheet.template = plain.startswith((f"{sheet.name}!", f"{sheet.name}."))


def ends(part: bytes, *names: str) -> Iterator[tuple[str, Element]]:
    """Yield each whole element of an XML part that has one of `names`, refusing any DTD.

    :raises xml.etree.ElementTree.ParseError: the part is not well-formed
    :raises LookupError: it names an encoding that does not exist
    :raises defusedxml.common.DefusedXmlException: it declares a document type or entities
    """
    for _, element in iterparse(BytesIO(part), events=("end",), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name in names:
            yield name, element


def starts_and_ends(part: bytes, start: str, *wanted: str) -> Iterator[tuple[str, Element]]:
    """Yield each element named `start` when it begins, and each `wanted` when it is whole.

    The faults are those of `ends`.
    """
    for event, element in iterparse(BytesIO(part), events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name == start if event == "start" else name in wanted:
            yield name, element


def local(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """Return the attribute `name` of `element`, in whatever namespace."""
    return next((text for key, text in element.attrib.items() if local(key) == name), None)


def shown_number(written: str, *, percent: bool = False) -> str:
    """Return a number as a person would have typed it, with `percent` 0.93 as `93%`.

    Spreadsheets keep 15 digits; what lies behind them is noise of the arithmetic.
    """
    try:
        number = float(written) * (100 if percent else 1)
    except ValueError:
        return written
    whole = number.is_integer() and abs(number) < 1e15
    text = str(int(number)) if whole else format(number, ".15g")
    return f"{text}%" if percent else text
