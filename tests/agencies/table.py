"""Plays an office that has a file on its web server."""

from __future__ import annotations

from typing import Any

from agencies.server import AgencyServer, Reply, Request

PATH = "/files/visits.csv"
CSV = """สถิติการเข้าใช้ห้องสมุด
จังหวัด,ปี พ.ศ.,จำนวนครั้ง
พะเยา,2566,"1,200"
พะเยา,2567,1350
เชียงราย,2567,2400
"""

#: As `sources.yaml` would hold it.
FACTS: dict[str, Any] = {
    "id": "office",
    "title": {"en": "Office of libraries", "th": "สำนักงานห้องสมุด"},
    "organization": "okmd",
    "adapter": "table",
    "url": f"https://office.example.go.th{PATH}",
    "licence": "cc-by",
    "citation": "Office of libraries: {dataset}.",
    "cadence": "year",
    "keywords": {"en": ["libraries"], "th": ["ห้องสมุด"]},
    "options": {
        "dataset": {
            "id": "visits",
            "title": {"en": "Library visits", "th": "การเข้าใช้ห้องสมุด"},
            "notes": {"en": "Visits a year.", "th": "จำนวนครั้งต่อปี"},
        },
        "mapping": {
            "first": 2,
            "last": 2,
            "columns": {"A": "REF_AREA", "B": "TIME_PERIOD", "C": "OBS_VALUE"},
            "constants": {"INDICATOR": "LIBRARY_VISITS"},
        },
        "headings": {"A": "จังหวัด", "B": "ปี พ.ศ.", "C": "จำนวนครั้ง"},
    },
}


class TableServer(AgencyServer):
    """Serves `content` with `headers`."""

    def __init__(self) -> None:
        super().__init__()
        self.content = CSV.encode("utf-8-sig")
        self.content_type = "text/csv"
        self.headers = {"ETag": '"1"', "Last-Modified": "Mon, 05 Jan 2026 02:00:00 GMT"}

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}{PATH}"

    def respond(self, request: Request) -> Reply:
        """Return the file."""
        if request.path != PATH:
            return Reply(b"", 404)
        return Reply(self.content, content_type=self.content_type, headers=self.headers)
