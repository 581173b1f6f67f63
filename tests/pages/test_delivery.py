"""How pages and their files are sent: compressed, and kept by browsers."""

from __future__ import annotations

import gzip
import re

from ckan.tests import factories

GZIP = {"Accept-Encoding": "gzip"}
FOR_A_YEAR = "public, max-age=31536000, immutable"


def test_a_page_is_compressed_for_those_who_can_read_that(app, cities):
    plain = app.get("/en/city/")
    small = app.get("/en/city/", headers=GZIP)
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.data) < len(plain.data) / 3
    assert b"Phayao" in gzip.decompress(small.data)
    assert "Content-Encoding" not in plain.headers


def test_files_with_a_version_are_kept_for_a_year(app, cities):
    style = re.search(r'href="(/webassets/base/[^"]+\.css)"', app.get("/en/city/").body)[1]
    reply = app.get(style, headers=GZIP)
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.headers["Cache-Control"] == FOR_A_YEAR


def test_downloads_are_not_compressed_twice(app, cities):
    reply = app.get("/observations.csv?indicator=ADULT_LITERACY", headers=GZIP)
    assert gzip.decompress(reply.data).lstrip(b"\xef\xbb\xbf").startswith(b"INDICATOR")


def test_a_picture_that_did_not_change_is_not_sent_again_compressed(app, cities):
    address = "/indicator/ADULT_LITERACY/chart.svg?area=TH-56&lang=en"
    first = app.get(address, headers=GZIP)
    assert first.headers["Content-Encoding"] == "gzip"
    again = app.get(address, headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_our_own_files_change_their_address_with_their_content(app, cities):
    page = app.get("/en/city/").body
    logo = re.search(r'src="(/learningcity/logo.svg\?v=[0-9a-f]{8})"', page)[1]
    assert app.get(logo).headers["Cache-Control"] == FOR_A_YEAR
    for address in (logo[:-1] + "x", "/learningcity/logo.svg"):
        assert "immutable" not in app.get(address).headers.get("Cache-Control", "")
    assert app.get("/learningcity/nothing.svg?v=00000000", status=404)


def test_the_style_sheet_names_the_icons_that_are_there(app, cities):
    style = re.search(r'href="(/webassets/learningcity/[^"]+theme\.css)"', app.get("/").body)[1]
    icons = re.search(r'url\("\.\./\.\.(/learningcity/icons\.woff2\?v=\w+)"\)', app.get(style).body)
    reply = app.get(icons[1])
    assert reply.headers["Cache-Control"] == FOR_A_YEAR
    assert len(reply.data) < 10_000


def scripts(body: str) -> list[str]:
    return re.findall(r'<script src="/webassets/([^"]+)"', body)


def test_readers_get_no_script_of_ckan_before_it_is_needed(app, cities):
    for address in ("/", "/dataset/", "/dataset/pages-city", "/city/TH-56", "/user/login"):
        body = app.get(f"/en{address}").body
        found = scripts(body)
        assert found, address
        assert all(one.startswith("learningcity/") for one in found), (address, found)
        [later] = re.findall(r'data-later="([^"]+)"', body)
        names = [one.rpartition("_")[2] for one in later.split()]
        assert names.index("jquery.js") < names.index("bootstrap.js") < names.index("ckan.js")
    assert any(one.endswith("_charts.js") for one in scripts(app.get("/city/TH-56").body))


def test_editors_get_ckan_s_scripts_as_ever(app, cities):
    editor = {"Authorization": factories.SysadminWithToken()["token"]}
    found = scripts(app.get("/dataset/pages-city", headers=editor).body)
    assert any(one.endswith("_jquery.js") for one in found)
    assert not any(one.endswith("_reader.js") for one in found)
