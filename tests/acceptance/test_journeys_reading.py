"""What readers come for, as docs/journeys.md tells it, with the keyboard alone."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys

import pytest
from ckanapi import RemoteCKAN

pytestmark = pytest.mark.browser

INDICATOR = {"en": "Adult literacy rate", "th": "อัตราการรู้หนังสือของผู้ใหญ่"}
PHAYAO = {"en": "Phayao", "th": "พะเยา"}
CHIANG_RAI = {"en": "Chiang Rai City Municipality", "th": "เทศบาลนครเชียงราย"}
OPENING_HOURS = {"en": "Opening hours", "th": "เวลาเปิด"}
DATASET = "phayao-demonstration"
YEAR = {"en": "2020", "th": "2563"}


def rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def test_find_and_download_a_slice(reader):
    reader.open("/")
    reader.menu("Indicators")
    reader.skip()
    reader.follow(INDICATOR[reader.language])
    reader.skip()
    reader.follow(reader.says("Choose another slice"))
    reader.skip()
    reader.write(reader.says("Add a place"), PHAYAO[reader.language], role="combobox")
    reader.write(reader.says("From year"), YEAR[reader.language])
    reader.press(reader.says("Show"))
    reader.skip()
    found = rows(reader.save("CSV"))
    assert {(row["INDICATOR"], row["REF_AREA"]) for row in found} == {("ADULT_LITERACY", "TH-56")}
    assert min(row["TIME_PERIOD"] for row in found) == "2020"


def test_compare_my_city(reader):
    reader.open("/")
    reader.skip()
    reader.reach_one_of(reader.page.locator("a[href$='/city/TH-56']"), "the province")
    reader.enter()
    reader.skip()
    reader.follow(reader.says("Compare with other places"))
    reader.skip()
    reader.write(reader.says("Add a place"), CHIANG_RAI[reader.language], role="combobox")
    reader.enter()
    assert "area=TH-56" in reader.page.url
    reader.skip()
    table = reader.page.get_by_role("table").first.inner_text()
    assert PHAYAO[reader.language] in table
    assert CHIANG_RAI[reader.language] in table


def test_read_what_an_indicator_means(reader):
    reader.open("/city/TH-56-M5601")
    reader.skip()
    reader.unfold(INDICATOR[reader.language])
    reader.follow(reader.says("Method, limits and other places"))
    heading = reader.page.get_by_role("heading", level=1)
    assert heading.inner_text() == INDICATOR[reader.language]
    facts = reader.page.get_by_role("region", name=reader.says("About this indicator")).inner_text()
    for fact in ("Unit", "Direction", "Kind", "Sources", "Coverage"):
        assert reader.says(fact) in facts


def test_embed_a_chart(reader, site):
    reader.open(f"/dataset/{DATASET}")
    reader.skip()
    reader.follow("observations.csv", exact=False)
    reader.skip()
    reader.unfold(reader.says("Embed this"))
    code = reader.copy(reader.says("Copy the code"))
    assert code.startswith(f'<iframe src="{site}/view/')
    reader.page.set_content(f"<title>Another site</title>{code}")
    frame = reader.page.frame_locator("iframe")
    frame.locator("figure img").wait_for()
    assert reader.says("Learning City Open Data") in frame.locator("main").inner_text()


def test_cite_a_release(reader):
    reader.open(f"/dataset/{DATASET}")
    reader.skip()
    reader.follow(reader.says("All releases"))
    reader.skip()
    reader.follow_to(f"/dataset/{DATASET}/release/1")
    reader.skip()
    reference = reader.save("BibTeX").decode()
    digits = hashlib.sha256(reader.save("CSV")).hexdigest()
    assert digits in reference
    reader.skip()
    reader.follow("sha256=", exact=False)
    # What is cited names no language.
    assert reader.page.locator(".lc-notice--good").inner_text().startswith("✓")


def test_find_learning_spaces_nearby(reader):
    reader.open("/")
    reader.menu("Learning spaces", under="Network")
    reader.skip()
    reader.choose(reader.says("Place"), PHAYAO[reader.language])
    reader.press(reader.says("Show"))
    reader.skip()
    points = reader.page.locator("svg a")
    assert points.count() >= 1
    place = points.first.get_attribute("aria-label") or points.first.text_content().strip()
    reader.reach_one_of(points, "a point of the map")
    reader.enter()
    assert reader.page.get_by_role("heading", level=1).inner_text() == place
    reader.reads(OPENING_HOURS[reader.language])


def test_follow_a_sources_health(reader):
    reader.open("/")
    reader.menu("Where the data come from", under="Network")
    reader.skip()
    reader.follow_to("/sources/", exact=False)
    facts = reader.page.get_by_role("region", name=reader.says("This source")).inner_text()
    for fact in ("Last success", "Next run", "How often", "Observations"):
        assert reader.says(fact) in facts


def test_use_the_api_with_a_stock_client(reader, site):
    reader.open(f"/dataset/{DATASET}")
    reader.skip()
    reader.unfold(reader.says("Read it from Python, R or curl"))
    code = reader.copy(reader.says("Copy {language}", language="Python"))
    script = [sys.executable, "-c", f"{code}\nprint(observations.height)"]
    ran = subprocess.run(script, capture_output=True, text=True, check=True)
    with RemoteCKAN(site) as portal:
        found = portal.action.package_search(fq=f"name:{DATASET}")["results"][0]
        table = next(one for one in found["resources"] if one["datastore_active"])
        stored = portal.action.datastore_search(resource_id=table["id"], limit=1)
    assert ran.stdout.split()[-1] == str(stored["total"])
