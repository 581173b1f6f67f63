"""ETags, parts, compression and who may keep an answer."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest
from ckan.tests import factories

GZIP = {"Accept-Encoding": "gzip"}


#: Addresses of every way in which a file comes about.
STORED = "/dataset/downloads-city/release/1.csv"
STREAMED = ("/observations.csv", "/observations.json", "/observations.zip")
MADE = (
    "/observations.xlsx",
    "/observations.parquet",
    "/dataset/downloads-city/release/1.zip",
    "/dataset/downloads-city/release/1.bib",
)


@pytest.fixture
def file(published) -> str:
    return STORED


def test_a_release_file_may_be_kept_and_carries_its_checksum(app, file, release):
    answer = app.get(file)
    digest = hashlib.sha256(answer.data).digest()
    assert release(1)["sha256"] == digest.hex()
    assert answer.headers["ETag"] == f'"{digest.hex()}"'
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert "Last-Modified" in answer.headers


def test_an_unchanged_file_is_not_sent_again(app, published):
    for address in (STORED, *STREAMED, *MADE):
        tag = app.get(address).headers["ETag"]
        again = app.get(address, headers={"If-None-Match": tag}, status=304)
        assert again.data == b""
        assert again.headers["ETag"] == tag
        assert app.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_release_file_is_not_sent_again_to_who_has_it_since(app, file):
    moment = app.get(file).headers["Last-Modified"]
    assert app.get(file, headers={"If-Modified-Since": moment}, status=304).data == b""
    long_ago = "Sat, 01 Jan 2000 00:00:00 GMT"
    assert app.get(file, headers={"If-Modified-Since": long_ago}).status_code == 200


def test_text_is_compressed_for_those_who_take_it(app, published):
    for address in (STORED, "/observations.csv", "/observations.json"):
        plain, packed = app.get(address), app.get(address, headers=GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert packed.headers["ETag"] != plain.headers["ETag"]
        tag = {"If-None-Match": packed.headers["ETag"]}
        assert app.get(address, headers={**GZIP, **tag}, status=304).data == b""
        assert app.get(address, headers=tag).status_code == 200


def test_what_is_compressed_already_is_sent_as_it_is(app, published):
    for kind in ("parquet", "xlsx", "zip"):
        answer = app.get(f"/observations.{kind}", headers=GZIP)
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_download_that_broke_off_is_taken_up_again(app, file, kind):
    address = file.replace("csv", kind)
    whole = app.get(address).data
    for asked, part in (
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-20", slice(-20, None)),
        ("bytes=5-999999", slice(5, None)),
    ):
        answer = app.get(address, headers={"Range": asked, **GZIP}, status=206)
        assert answer.data == whole[part]
        start, stop, _ = part.indices(len(whole))
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"


def test_a_part_is_of_the_file_that_it_was_begun_with(app, file):
    tag = app.get(file).headers["ETag"]
    asked = {"Range": "bytes=0-9"}
    assert app.get(file, headers={**asked, "If-Range": tag}).status_code == 206
    assert app.get(file, headers={**asked, "If-Range": '"other"'}).status_code == 200


def test_a_part_that_cannot_be_given(app, file):
    answer = app.get(file, headers={"Range": "bytes=999999-"}, status=416)
    assert answer.headers["Content-Range"].startswith("bytes */")
    for asked in ("bytes=9-1", "lines=1-2", "bytes=0-1,4-5", "bytes", "bytes=x-"):
        assert app.get(file, headers={"Range": asked}).status_code == 200


def test_what_is_made_while_it_is_sent_has_no_parts(app, published):
    answer = app.get("/observations.csv", headers={"Range": "bytes=0-9"}, status=200)
    assert answer.headers["Accept-Ranges"] == "none"


def test_head_tells_the_same_and_sends_nothing(app, published):
    for address in (STORED, *STREAMED, *MADE):
        head, whole = app.client.head(address), app.get(address)
        assert head.data == b""
        for name in ("ETag", "Content-Type", "Content-Disposition", "Cache-Control"):
            assert head.headers[name] == whole.headers[name]
    assert app.client.head("/observations.csv?area=TH-99").status_code == 400


def test_private_observations_are_kept_by_nobody_else(app, published):
    token = factories.SysadminWithToken()["token"]
    headers = {"Authorization": token}
    for address in ("/observations.csv", "/dataset/downloads-secret/release/1.csv"):
        answer = app.get(address, headers=headers)
        assert b"77.7" in answer.data
        assert "public" not in answer.headers["Cache-Control"]
    assert {"Cookie", "Authorization"} <= set(
        app.get("/observations.csv").headers["Vary"].replace(" ", "").split(",")
    )


@pytest.mark.ckan_config("ckan.cors.origin_allow_all", True)
def test_other_sites_may_read_what_describes_a_download(app, file):
    answer = app.get(file, headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Repr-Digest" in answer.headers["Access-Control-Expose-Headers"]
