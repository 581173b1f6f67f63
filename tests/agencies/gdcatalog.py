"""Plays a Thai government CKAN: 2.9 with ckanext-thai_gdc, and the gateway of data.go.th before it.

Values are the standard's Thai texts; lists come as lists or as JSON inside a text, years in the
Buddhist era. The gateway wants a key in a header and answers filtered searches with 502.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agencies.server import AgencyServer, Reply, Request

BASE = "/api/3/action"
VISITS = "/dataset/visits/resource/1/download/visits.csv"
CSV = """จังหวัด,ปี,จำนวนผู้เข้าใช้ (ครั้ง)
พะเยา,2566,"1,200"
พะเยา,2567,1350
เชียงราย,2567,2400
"""

#: As `sources.yaml` would hold it.
FACTS: dict[str, Any] = {
    "id": "example-gdcatalog",
    "title": {"en": "Data catalogue of a province", "th": "บัญชีข้อมูลจังหวัด"},
    "organization": "nso",
    "adapter": "gdcatalog",
    "url": "https://example.gdcatalog.go.th/api/3/action",
    "licence": "notspecified",
    "citation": "บัญชีข้อมูลจังหวัด: {dataset}",
    "language": "th",
    "options": {
        "area": "TH-56",
        "tables": {
            "library-visits": {
                "resource": "ตารางรายจังหวัด",
                "mapping": {
                    "columns": {"A": "REF_AREA", "B": "TIME_PERIOD", "C": "OBS_VALUE"},
                    "constants": {"INDICATOR": "LIBRARY_VISITS"},
                },
                "headings": {"A": "จังหวัด", "B": "ปี", "C": "จำนวนผู้เข้าใช้ (ครั้ง)"},
            }
        },
    },
}

SUMMARY: dict[str, Any] = {
    "title": "สถิติการเข้าใช้ห้องสมุดประชาชน",
    "notes": "จำนวนครั้งของการเข้าใช้ห้องสมุดประชาชนรายจังหวัด",
    "data_type": "ข้อมูลสถิติ",
    "objective": json.dumps(["พันธกิจหน่วยงาน", "ยุทธศาสตร์ชาติ"]),  # with \u0e1e\u0e31…
    "update_frequency_unit": "ปี",
    "update_frequency_interval": "1",
    "geo_coverage": "จังหวัด",
    "data_source": "ทะเบียนผู้เข้าใช้",
    "data_format": ["CSV", "XLS"],
    "data_category": "ข้อมูลสาธารณะ",
    "license_id": "Creative Commons Attributions",
    "maintainer": "กลุ่มงานห้องสมุด",
    "maintainer_email": "library@example.go.th",
    "first_year_of_data": "2566",
    "last_year_of_data": "พ.ศ. 2567",
    "allow_harvest": "True",
    "official_statistics": "ไม่ใช่",
    "url": "https://catalog.example.go.th/dataset/visits",
}


def dataset(number: int, name: str = "", **fields: Any) -> dict[str, Any]:
    """Return a dataset as `package_search` lists it."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "name": name or f"dataset-{number}",
        "title": f"ชุดข้อมูลที่ {number}",
        "notes": "ไม่มีคำอธิบาย",
        "state": "active",
        "private": False,
        "metadata_created": f"2024-01-01T00:00:{number:02}",
        "metadata_modified": "2025-06-01T08:00:00",
        "organization": {"name": "library-office", "title": "สำนักงานห้องสมุด"},
        "groups": [{"name": "education"}],
        "tags": [{"name": "ห้องสมุด"}, {"name": "library"}],
        "resources": [],
        **fields,
    }


def error(kind: str, message: str, status: int = 200) -> Reply:
    """Return what CKAN says of a wrong question."""
    told = {"help": "", "success": False, "error": {"__type": kind, "message": message}}
    return _json(told, status)


class GDCatalogServer(AgencyServer):
    """Serves `datasets`, at most `page_size` at once; with a `key` it is the gateway."""

    def __init__(self, page_size: int = 3, key: str = "") -> None:
        super().__init__()
        self.page_size = page_size
        self.key = key
        self.csv = CSV.encode()
        self.count: int | None = None
        visits = {
            "id": "r1",
            "name": "ตารางรายจังหวัด",
            "format": "CSV",
            "url": f"{self.url}{VISITS}",
        }
        manual = {"id": "r2", "name": "คู่มือ", "format": "PDF", "url": f"{self.url}/manual.pdf"}
        self.datasets = [
            dataset(1, "library-visits", **SUMMARY, resources=[visits, manual]),
            *(dataset(number) for number in range(2, 6)),
        ]

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}{BASE}"

    def respond(self, request: Request) -> Reply:
        """Return a page of the listing, or the one file."""
        if request.path == VISITS:
            return Reply(self.csv, content_type="text/csv")
        if self.key and request.headers.get("api-key") != self.key:
            return _json({"message": f"Invalid key {request.headers.get('api-key')}"}, 403)
        if request.path != f"{BASE}/package_search":
            return error("Not Found Error", "Action name not known", 404)
        if {"q", "fq"} & set(request.query):
            return Reply(b"<html>502 Bad Gateway</html>", 502, "text/html")
        return self._page(request.query)

    def _page(self, query: Mapping[str, str]) -> Reply:
        start = int(query.get("start", 0))
        size = min(int(query.get("rows", 10)), self.page_size)
        count = len(self.datasets) if self.count is None else self.count
        page = self.datasets[start : start + size]
        result = {"count": count, "sort": query.get("sort"), "results": page}
        return _json({"help": "", "success": True, "result": result})


def _json(content: object, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, "application/json;charset=utf-8")
