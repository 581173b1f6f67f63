"""How pages and their files are sent: compressed, and kept by browsers."""

from __future__ import annotations

import gzip
import re

GZIP = {"Accept-Encoding": "gzip"}


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
    assert "immutable" in reply.headers["Cache-Control"]
    assert "max-age=31536000" in reply.headers["Cache-Control"]
    assert "no-cache" not in reply.headers["Cache-Control"]


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
