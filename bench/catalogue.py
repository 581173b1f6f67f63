"""A CKAN portal as its API shows it, fast enough never to be what is measured."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_TOPICS = ("ห้องสมุดประชาชน", "ศูนย์การเรียนรู้ชุมชน", "อาชีพและทักษะ", "การอ่าน", "ผู้สูงอายุ")
_BEGIN = datetime(2019, 1, 1, tzinfo=timezone.utc)


def records(count: int) -> list[dict[str, Any]]:
    """Return `count` datasets as `package_search` gives them, with two files each."""
    return [_record(number) for number in range(count)]


def _record(number: int) -> dict[str, Any]:
    identifier = f"00000000-0000-4000-8000-{number:012d}"
    topic, year = _TOPICS[number % len(_TOPICS)], 2560 + number % 8
    modified = (_BEGIN + timedelta(hours=number)).replace(tzinfo=None).isoformat()
    files = [
        {
            "id": f"{number:08d}-0000-4000-8000-{part:012d}",
            "package_id": identifier,
            "name": f"{topic} {year} ({part})",
            "description": f"ตารางที่ {part} ของ{topic} รายตำบล",
            "format": kind,
            "url": f"https://data.example.go.th/files/{number}/{part}.{kind.lower()}",
            "position": part,
            "state": "active",
            "created": modified,
        }
        for part, kind in enumerate(("CSV", "XLSX"))
    ]
    return {
        "id": identifier,
        "name": f"learning-{number}",
        "title": f"{topic} ปี {year} ชุดที่ {number}",
        "notes": f"จำนวนและสถานที่ตั้งของ{topic} แยกรายตำบล ปี {year} จัดเก็บโดยหน่วยงานท้องถิ่น " * 3,
        "type": "dataset",
        "state": "active",
        "private": False,
        "license_id": "cc-by",
        "maintainer": "กลุ่มงานข้อมูล",
        "maintainer_email": "data@example.go.th",
        "metadata_created": modified,
        "metadata_modified": modified,
        "owner_org": None,
        "organization": None,
        "tags": [
            {"name": word, "display_name": word, "state": "active"} for word in (topic, "ตำบล")
        ],
        "groups": [],
        "extras": [{"key": "register", "value": "ทะเบียนของหน่วยงาน"}],
        "resources": files,
        "num_resources": len(files),
        "num_tags": 2,
        "relationships_as_object": [],
        "relationships_as_subject": [],
    }


@contextmanager
def catalogue(
    datasets: list[dict[str, Any]], paged: Callable[[int], None] = lambda _start: None
) -> Iterator[str]:
    """Serve `datasets` on a free port and give the portal's address.

    :param paged: called with the number of datasets before each page that is asked for
    """
    server = _Portal(("127.0.0.1", 0), _Handler)
    server.paged = paged
    server.datasets = sorted(datasets, key=lambda dataset: dataset["id"])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Portal(ThreadingHTTPServer):
    daemon_threads = True
    datasets: list[dict[str, Any]]
    paged: Callable[[int], None]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Portal

    def do_GET(self) -> None:
        """Answer an action."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        action = getattr(self, f"_{parts.path.rsplit('/', 1)[-1]}", None)
        result = action(asked) if action else None
        body = json.dumps({"success": result is not None, "result": result}).encode()
        self.send_response(404 if result is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _package_search(self, asked: dict[str, str]) -> dict[str, Any]:
        found = self.server.datasets
        begin = asked.get("fq", "").partition("metadata_modified:[")[2].partition("Z TO")[0]
        if begin:
            found = [dataset for dataset in found if dataset["metadata_modified"] >= begin]
        if asked.get("sort", "").startswith("metadata_modified desc"):
            found = sorted(found, key=lambda dataset: dataset["metadata_modified"], reverse=True)
        start, rows = int(asked.get("start", 0)), min(int(asked.get("rows", 10)), 1000)
        self.server.paged(start)
        return {"count": len(found), "results": found[start : start + rows]}

    def _package_show(self, asked: dict[str, str]) -> dict[str, Any] | None:
        wanted = (each for each in self.server.datasets if asked.get("id") in each.values())
        return next(wanted, None)

    def log_message(self, *_: object) -> None:
        """Keep the output clean."""
