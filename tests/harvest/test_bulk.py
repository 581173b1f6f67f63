"""New datasets of a batch are what CKAN's own actions would have made of them, one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from agencies.gdcatalog import BASE, GDCatalogServer, dataset
from ckan import model
from ckan.lib import search
from ckan.logic import package_show_default_and_custom_schemas
from ckan.tests import factories, helpers
from ckan.types import Context

from ckanext.learningcity.harvest import bulk, store
from ckanext.learningcity.harvest.package import package_dict
from ckanext.learningcity.harvesters.session import Limits, Session

act = helpers.call_action

#: What is another in every run.
_CHANGING = {
    "id",
    "package_id",
    "created",
    "metadata_created",
    "metadata_modified",
    "retrieved",
    "timestamp",
    "harvest_object_id",
    "harvest_job_id",
    "gathered",
    "fetch_started",
    "fetch_finished",
    "import_started",
    "import_finished",
    "object_id",
    "resource_id",
    "tag_id",
}


def _files(number: int) -> list[dict[str, Any]]:
    return [
        {
            "name": "ตาราง",
            "format": "CSV",
            "url": f"https://example.org/{number}.csv",
            "size": "12",
        },
        {"name": "", "format": "PNG", "url": f"https://example.org/{number}.png", "mimetype": "x"},
    ]


@pytest.fixture
def agency() -> Iterator[GDCatalogServer]:
    with GDCatalogServer(page_size=50) as running:
        running.datasets = [
            dataset(1, resources=_files(1), tags=[{"name": "การอ่าน"}, {"name": "Library"}]),
            dataset(2, title="  ", notes="", resources=[], tags=[]),
            dataset(3, title="Refused"),
            dataset(
                4, title="A title\x0b in English", tags=[{"name": "การอ่าน"}], license_id="cc-by"
            ),
            dataset(5, resources=_files(5), extras=[{"key": "register", "value": "ทะเบียน"}]),
        ]
        yield running


@pytest.fixture
def source(portal, agency, monkeypatch, ckan_config) -> dict:
    hasty = partial(Session, limits=Limits(interval=0, backoff=0))
    monkeypatch.setattr("ckanext.learningcity.harvest.config.Session", hasty)
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [agency.host])
    return act(
        "harvest_source_create",
        context={"user": factories.Sysadmin()["name"]},
        name="catalogue",
        title="Catalogue",
        url=f"{agency.url}{BASE}",
        source_type="learningcity",
        frequency="MANUAL",
        owner_org=factories.Organization(name="nso", title="สำนักงานสถิติ")["id"],
        config=json.dumps({"source": "gdcatalog-phuket"}),
    )


def _rows(statement: str) -> list[Any]:
    rows = model.Session.execute(sa.text(statement)).mappings()
    return [_constant(dict(row)) for row in rows]


def _constant(value: Any) -> Any:
    """Return a value without what differs between two runs, texts of JSON read."""
    if isinstance(value, dict):
        return {k: _constant(v) for k, v in value.items() if k not in _CHANGING}
    if isinstance(value, list | tuple):
        read = [_constant(each) for each in value]
        keyed = [r for r in read if not (isinstance(r, dict) and r.get("key") in _CHANGING)]
        return sorted(keyed, key=repr)
    if isinstance(value, str) and value[:1] in "{[" and value:
        return _constant(json.loads(value))
    return value


def _left() -> dict[str, Any]:
    """Return all that a harvest leaves behind."""
    names = [row["name"] for row in _rows("SELECT name FROM package WHERE type = 'dataset'")]
    ids = {row.name: row.id for row in model.Session.query(model.Package)}
    return {
        "shown": {n: _constant(act("package_show", id=ids[n], use_cache=False)) for n in names},
        "cached": {n: _constant(act("package_show", id=ids[n])) for n in names},
        "packages": _rows("SELECT * FROM package WHERE type = 'dataset' ORDER BY name"),
        "resources": _rows("SELECT * FROM resource ORDER BY url"),
        "members": _rows(
            "SELECT m.*, p.name, g.name AS parent FROM member m JOIN package p ON p.id = m.table_id"
            " JOIN \"group\" g ON g.id = m.group_id WHERE p.type = 'dataset' ORDER BY p.name"
        ),
        "tags": _rows(
            "SELECT t.name, x.state, p.name AS dataset FROM package_tag x JOIN tag t"
            " ON t.id = x.tag_id JOIN package p ON p.id = x.package_id ORDER BY p.name, t.name"
        ),
        "views": _rows(
            "SELECT view_type, title, r.url FROM resource_view v JOIN resource r"
            " ON r.id = v.resource_id ORDER BY r.url"
        ),
        "activities": _rows(
            "SELECT a.* FROM activity a JOIN package p ON p.id = a.object_id"
            " WHERE p.type = 'dataset' ORDER BY p.name"
        ),
        "objects": _rows("SELECT * FROM harvest_object ORDER BY guid"),
        "errors": _rows("SELECT message, stage, line FROM harvest_object_error"),
        "records": _rows(
            "SELECT guid, dataset_id, title, version, fingerprint, error, rows"
            " FROM learningcity_harvest_record ORDER BY guid"
        ),
    }


def _documents() -> list[Any]:
    rows = sa.text("SELECT * FROM learningcity_search_document WHERE dataset_type = 'dataset'")
    return sorted((dict(row) for row in model.Session.execute(rows).mappings()), key=repr)


def test_what_is_made_at_once_is_what_is_made_one_by_one(
    run: Callable[..., dict], source, monkeypatch, ckan_config
):
    monkeypatch.setitem(ckan_config, "ckan.views.default_views", ["image_view", "text_view"])
    monkeypatch.setattr(store, "package_dict", _spoilt)
    added = []
    add = bulk.Batch.add
    monkeypatch.setattr(bulk.Batch, "add", lambda self, each: added.append(1) or add(self, each))
    run()
    assert len(added) == 5
    at_once, documents = _left(), _documents()
    search.rebuild()
    for ours, core in zip(documents, _documents(), strict=True):  # CKAN's own index of the same
        for column, value in core.items():
            assert ours[column] == value, column
    act("harvest_source_clear", {"user": factories.Sysadmin()["name"]}, id=source["id"])
    model.Session.execute(sa.text("DELETE FROM activity"))  # the datasets get the same ids again
    model.Session.commit()
    monkeypatch.setattr(bulk.Batch, "takes", lambda _self, _fields: False)
    monkeypatch.setattr("ckanext.learningcity.harvest.index.shown", _shown)
    run()
    one_by_one = _left()
    for what, rows in one_by_one.items():
        assert rows, what
        assert at_once[what] == rows, what
    [error] = one_by_one["errors"]
    assert error["message"].startswith("invalid: ") and "maintainer_email" in error["message"]


def _spoilt(harvested: Any, owner: str | None) -> dict[str, Any]:
    """Return the fields of a dataset; the adapter lets nothing through that the rules refuse."""
    refused = {"maintainer_email": "nobody"} if "Refused" in harvested.title.values() else {}
    return {**package_dict(harvested, owner), **refused}


def _shown(ids: Iterable[str]) -> Iterator[Any]:
    for dataset_id in ids:
        both = package_show_default_and_custom_schemas(Context(ignore_auth=True), dataset_id)
        yield model.Package.get(dataset_id), *both
