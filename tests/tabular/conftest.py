"""Uploading a file to a dataset, and doing the work that follows, without a network."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from ckan.lib import jobs
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage


def _file(content: bytes | str, name: str) -> FileStorage:
    """A file as a form or an API client sends it."""
    data = content.encode() if isinstance(content, str) else content
    return FileStorage(io.BytesIO(data), name)


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """Make an XLSX with one sheet: `workbook([["a", "b"], [1, 2]], "A1:B1")`, cells merged."""

    def make(lines: list[list[Any]], *merged: str) -> bytes:
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(line)
        for cells in merged:
            book.active.merge_cells(cells)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return make


@pytest.fixture
def editor(portal) -> dict:
    return factories.UserWithToken()


@pytest.fixture
def office(editor) -> dict:
    return factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])


@pytest.fixture
def dataset(office) -> dict:
    return factories.Dataset(owner_org=office["id"])


@pytest.fixture
def work(portal) -> Callable[[], None]:
    """Do every job that waits, as a worker would, in this process."""

    def do() -> None:
        queue = jobs.get_queue()
        while queue.job_ids:
            job = queue.fetch_job(queue.job_ids[0])
            queue.remove(job)
            job.func(*job.args, **job.kwargs)

    return do


@pytest.fixture
def upload(dataset, editor, work) -> Callable[..., dict]:
    """Upload a file, do the work, and return the resource: `upload("a,b\\n1,2\\n", "x.csv")`."""

    def send(content: bytes | str, name: str = "table.csv", **fields: Any) -> dict:
        action = "resource_update" if "id" in fields else "resource_create"
        made = helpers.call_action(
            action,
            context={"user": editor["name"], "ignore_auth": False},
            **{"package_id": dataset["id"], "name": name, **fields},
            upload=_file(content, name),
        )
        work()
        return helpers.call_action("resource_show", id=made["id"])

    return send


@pytest.fixture
def rows() -> Callable[..., list[dict]]:
    """What the DataStore finds, without its own columns: `rows(resource, q="พะเยา")`."""

    def search(resource: dict, **query: Any) -> list[dict]:
        found = helpers.call_action("datastore_search", resource_id=resource["id"], **query)
        return [
            {name: value for name, value in row.items() if name not in ("_id", "rank")}
            for row in found["records"]
        ]

    return search


@pytest.fixture
def fields() -> Callable[[dict], dict[str, tuple[str, str]]]:
    """Type and label of each column of the DataStore, by id."""

    def info(resource: dict) -> dict[str, tuple[str, str]]:
        found = helpers.call_action("datastore_info", id=resource["id"])["fields"]
        return {field["id"]: (field["type"], field["info"]["label"]) for field in found}

    return info


@pytest.fixture
def state() -> Callable[..., dict]:
    """The status of a resource's table, as the system or as a user sees it."""

    def show(resource: dict, user: str | None = None) -> dict:
        context = {} if user is None else {"user": user, "ignore_auth": False}
        return helpers.call_action(
            "learningcity_tabular_status", context=context, resource_id=resource["id"]
        )

    return show
