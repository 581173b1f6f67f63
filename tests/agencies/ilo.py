"""Plays ILOSTAT's tables of one indicator, as its clients recorded them.

R writes them: texts in quotes, `NA` for nothing. An unknown id is answered with 200 and an empty
body, an indicator without rows with its heading. The figures are made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agencies.server import AgencyServer, Reply, Request

NEET = "SDG_0861_SEX_RT_A"
COLUMNS = ("ref_area", "source", "indicator", "sex", "time", "obs_value", "obs_status")
NOTES = ("note_indicator", "note_source")


def row(time: str, value: str, **cells: str) -> dict[str, str]:
    """Return one row of Thailand; an empty cell is one."""
    return {
        "ref_area": "THA",
        "source": "BA:13807",
        "indicator": NEET,
        "sex": "SEX_T",
        "time": time,
        "obs_value": value,
        "obs_status": "",
        "note_indicator": "T30:144",
        "note_source": "R1:3513",
        **cells,
    }


ROWS = (
    row("2023", "12.6"),
    row("2022", "13.1", obs_status="B"),
    row("2021", "14.7", obs_status="I"),
    row("2023", "16.2", sex="SEX_F", note_indicator="NA"),
)


class IloServer(AgencyServer):
    """Serves `rows` of one indicator."""

    def __init__(self, rows: Sequence[Mapping[str, str]] = ROWS) -> None:
        super().__init__()
        self.rows = list(rows)
        self.updated = "2026-06-01"

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return self.url

    def respond(self, request: Request) -> Reply:
        """Return the table of contents or a table."""
        match request.path:
            case "/metadata/toc/indicator/":
                heading = ("id", "freq", "size", "last.update", "n.records", "collection")
                contents = (NEET, "A", "1234", self.updated, "9999", "SDG")
                return as_csv([heading, contents])
            case "/data/indicator/":
                return self._table(request)
        return Reply(b"", 404)

    def _table(self, request: Request) -> Reply:
        assert request.query["format"] == ".csv"
        if request.query["id"] != NEET:
            return Reply(b"", 200, "text/csv")
        heading = list(self.rows[0]) if self.rows else [*COLUMNS, *NOTES]
        return as_csv([heading, *(each.values() for each in self.rows)])


def as_csv(rows: Sequence[Sequence[str]]) -> Reply:
    """Return `rows` as R writes CSV: numbers and empty cells bare, other texts in quotes."""
    lines = [",".join(_cell(cell) for cell in row) for row in rows]
    return Reply("".join(f"{line}\n" for line in lines).encode(), content_type="text/csv")


def _cell(text: str) -> str:
    bare = not text or text == "NA" or text.replace(".", "").isdecimal()
    return text if bare else f'"{text}"'
