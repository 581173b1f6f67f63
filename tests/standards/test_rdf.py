"""Datasets as RDF at ckanext-dcat's addresses."""

from __future__ import annotations

import pytest
from ckan.tests import factories


@pytest.mark.usefixtures("portal")
def test_an_odd_format_is_refused_and_the_known_ones_are_named(app):
    name = factories.Dataset()["name"]
    for format_ in ("rdf", "xml", "n3", "ttl", "jsonld"):
        for address in (f"/dataset/{name}.{format_}", f"/catalog.{format_}"):
            assert app.get(address).status_code == 200, address
    for format_ in ("odd", "nt", "json-ld", "turtle", "TTL", "html", "%00", "ก"):
        for address in (f"/en/dataset/{name}.{format_}", f"/en/catalog.{format_}"):
            answer = app.get(address, expect_errors=True)
            assert 400 <= answer.status_code < 500, address
            assert answer.status_code == 404 or "jsonld" in answer.body, address
    asked = {"id": name, "format": "odd"}
    answer = app.post("/api/3/action/dcat_dataset_show", json=asked, expect_errors=True)
    assert answer.status_code == 409
    assert "jsonld" in answer.json["error"]["format"][0]
