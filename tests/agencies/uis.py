"""Plays the public data API of the UNESCO Institute for Statistics, as its clients recorded it.

Parameters that it does not know are ignored with 200, as are indicators and places: a hint says so.
Neither indicator nor place, or more than `most` records, is a 400. There are no pages. The figures
are made up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from agencies.server import AgencyServer, Reply, Request

VERSION = "20260507-91260335"
DEFINED = ("LR.AG15T99", "LR.AG15T99.F", "LR.AG15T99.M", "CR.1", "NERT.1.CP", "NERT.1.F.CP")


def record(year: int, value: object, **fields: object) -> dict[str, object]:
    """Return one record of Thailand."""
    return {
        "indicatorId": "LR.AG15T99",
        "geoUnit": "THA",
        "year": year,
        "value": value,
        "magnitude": None,
        "qualifier": None,
        "footnotes": [],
        **fields,
    }


RECORDS = (
    record(2022, 94.11),
    record(2021, 93.9, qualifier="UIS_EST"),
    record(2018, 93.77, qualifier="NAT_EST"),
    record(2022, 93.1, indicatorId="LR.AG15T99.F"),
)


class UisServer(AgencyServer):
    """Serves `records` of the indicators `defined`."""

    def __init__(self, records: Sequence[Mapping[str, object]] = RECORDS) -> None:
        super().__init__()
        self.records = list(records)
        self.defined = list(DEFINED)
        self.version = VERSION
        self.most = 100_000

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}/api/public"

    def respond(self, request: Request) -> Reply:
        """Return versions, definitions or data."""
        match request.path.removeprefix("/api/public"):
            case "/versions/default":
                status = {"theme": "EDUCATION", "lastUpdate": "02/09/2026"}
                return as_json({"version": self.version, "themeDataStatus": [status]})
            case "/definitions/indicators":
                return as_json([_definition(code) for code in self.defined])
            case "/data/indicators":
                return self._data(request)
        return Reply(b"", 404)

    def _data(self, request: Request) -> Reply:
        asked = parse_qs(urlsplit(request.address).query)
        codes, units = asked.get("indicator", []), asked.get("geoUnit", [])
        if not codes and not units:
            return as_json({"message": "indicator or geoUnit is needed"}, 400)
        found = [
            each
            for each in self.records
            if each["indicatorId"] in codes and asked.get("version") == [self.version]
        ]
        if len(found) > self.most:
            return as_json({"message": f"more than {self.most} records"}, 400)
        hints = [
            hint("001", f"The indicator could not be found, {code}")
            for code in codes
            if code not in self.defined
        ]
        hints += [hint("003", f"The geoUnit could not be found, {u}") for u in units if u != "THA"]
        described = [_definition(code) for code in codes if "indicatorMetadata" in asked]
        return as_json({"hints": hints, "records": found, "indicatorMetadata": described})


def as_json(content: object, status: int = 200) -> Reply:
    """Return `content` as the service sends JSON."""
    return Reply(json.dumps(content).encode(), status, "application/json; charset=utf-8")


def hint(number: str, message: str) -> dict[str, str]:
    """Return what comes, with status 200, for a wrong question."""
    return {"code": f"UIS::HINT::{number}", "message": message}


def _definition(code: str) -> dict[str, object]:
    return {
        "indicatorCode": code,
        "name": f"Adult literacy rate, population 15+ years ({code})",
        "theme": "EDUCATION",
        "lastDataUpdate": "02/09/2026",
    }
