"""Organizations on core's pages and ours, and links, in the reader's language."""

from __future__ import annotations

import pytest
from ckan.tests import factories

NAMES = {"": "Hat Yai City Municipality", "/th": "เทศบาลนครหาดใหญ่"}  # English is the tests' default
PAGES = (
    "/quality",
    "/dataset/",
    "/dataset/?organization=hat-yai",
    "/dataset/lessons",
    "/organization/hat-yai",
    "/organization/members/hat-yai",
)


@pytest.fixture
def municipality(portal, app):
    texts = {"title_translated": {"en": NAMES[""], "th": NAMES["/th"]}}
    organization = factories.Organization(name="hat-yai", **texts)
    factories.Dataset(name="lessons", title="Lessons", owner_org=organization["id"])


def test_organizations_are_named_in_the_readers_language(municipality, page):
    for address in PAGES:
        for language, name in NAMES.items():
            shown = page(language + address)
            assert name in shown.get_text(), (language, address)
            (other,) = {*NAMES.values()} - {name}
            assert other not in shown.get_text(), (language, address)
        assert NAMES["/th"] in page("/th" + address).title.text or address in PAGES[:4]


def test_the_api_gives_what_is_stored(municipality, app):
    query = {"facet.field": '["organization"]', "rows": 0}
    for language in NAMES:
        found = app.get(f"{language}/api/3/action/package_search", query_string=query).json
        (item,) = found["result"]["search_facets"]["organization"]["items"]
        assert item["display_name"] in NAMES.values()
        assert (
            item["display_name"]
            == app.get("/api/3/action/organization_show?id=hat-yai").json["result"]["title"]
        )


def test_taking_a_choice_away_keeps_the_language(page):
    for address in ("/compare/?area=TH-56,TH", "/explore/?area=TH-56,TH"):
        for language in NAMES:
            (link, *_) = page(language + address).select(".lc-chips a")
            assert link["href"].startswith(f"{language}/{address.split('/')[1]}/?"), link
