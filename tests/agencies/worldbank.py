"""Plays the World Bank Indicators API, version 2, as its clients recorded it.

Errors come with status 200, counts as numbers or strings, an empty set as `[{"total":0},null]`,
and XML where JSON was not asked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from agencies.server import AgencyServer, Reply, Request

LITERACY = "SE.ADT.LITR.ZS"
NAMES = {LITERACY: "Literacy rate, adult total (% of people ages 15 and above)"}

UNKNOWN = "NO.SUCH.CODE"

#: How the service reports a wrong parameter, with status 200.
INVALID = [
    {
        "message": [
            {
                "id": "120",
                "key": "Invalid value",
                "value": "The provided parameter value is not valid",
            }
        ]
    }
]
BUSY = [{"message": [{"id": "105", "key": "Service currently unavailable", "value": "Busy"}]}]
EMPTY = [{"page": 0, "pages": 0, "per_page": 0, "total": 0}, None]
XML_ERROR = b"""<?xml version="1.0" encoding="utf-8"?>
<wb:error xmlns:wb="http://www.worldbank.org">
  <wb:message id="120" key="Invalid value">The provided parameter value is not valid</wb:message>
</wb:error>"""
XML_DATA = b"""<?xml version="1.0" encoding="utf-8"?>
<wb:data page="1" pages="1" per_page="50" total="0" xmlns:wb="http://www.worldbank.org" />"""


def as_json(content: object, **options: Any) -> Reply:
    """Return `content` as the service sends JSON."""
    return Reply(
        json.dumps(content).encode(), content_type="application/json;charset=utf-8", **options
    )


def row(date: str, value: object, **fields: object) -> dict[str, object]:
    """Return one observation of Thailand; the server adds the indicator that was asked."""
    return {
        "country": {"id": "TH", "value": "Thailand"},
        "countryiso3code": "THA",
        "date": date,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
        **fields,
    }


#: A number, a string for a number, nulls for years without a survey.
ROWS = (
    row("2022", 94.11),
    row("2021", None),
    row("2020", "93.98", footnote="Labour force survey"),
    row("2019", None),
    row("2018", 93.77, obs_status="E"),
)


class WorldBankServer(AgencyServer):
    """Serves `rows` in pages of `page_size`, whatever is asked, for every code but `UNKNOWN`."""

    def __init__(self, rows: Sequence[Mapping[str, object]] = ROWS, page_size: int = 3) -> None:
        super().__init__()
        self.rows = list(rows)
        self.page_size = page_size
        self.updated = "2026-01-28"
        self.header: dict[str, object] = {}

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}/v2"

    def respond(self, request: Request) -> Reply:
        """Return a description or a page of data."""
        if request.query.get("format") != "json":
            return Reply(XML_DATA, content_type="text/xml")
        match request.path.strip("/").split("/"):
            case ["v2", "indicator", code] if code != UNKNOWN:
                return self._description(code)
            case ["v2", "country", "THA", "indicator", code] if code != UNKNOWN:
                return self._page(code, int(request.query.get("page", 1)))
        return as_json(INVALID)

    def _description(self, code: str) -> Reply:
        header = {"page": 1, "pages": 1, "per_page": "50", "total": 1}
        described = {
            "id": code,
            "name": NAMES.get(code, code),
            "unit": "",
            "source": {"id": "2", "value": "World Development Indicators"},
            "sourceNote": "Percentage of people ages 15 and above who can read and write.",
            "sourceOrganization": "UNESCO Institute for Statistics",
        }
        return as_json([header, [described]])

    def _page(self, code: str, number: int) -> Reply:
        if not self.rows:
            return as_json(EMPTY)
        start = (number - 1) * self.page_size
        header = {
            "page": number,
            "pages": str(math.ceil(len(self.rows) / self.page_size)),
            "per_page": str(self.page_size),
            "total": len(self.rows),
            "sourceid": "2",
            "lastupdated": self.updated,
            **self.header,
        }
        indicator = {"id": code, "value": NAMES.get(code, code)}
        rows = self.rows[start : start + self.page_size]
        return as_json([header, [{"indicator": indicator, **each} for each in rows]])
