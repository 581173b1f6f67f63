"""The pages in a real Chromium, served by a real server process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from ckan.tests.helpers import call_action
from playwright.sync_api import sync_playwright

from ckanext.learningcity.runtime.environment import for_ckan
from ckanext.learningcity.runtime.ports import free_port

CHROMIUM = shutil.which("chromium")
START_SECONDS = 90

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="Chromium is missing: apt install chromium",
    ),
]


@pytest.fixture(scope="module")
def server(reset_db, pytestconfig, tmp_path_factory):
    """Serve the test database on a free port and return the address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("server")
    settings = Path(pytestconfig.option.ckan_ini).read_text(encoding="utf-8")
    ini = folder / "server.ini"
    # CKAN's scripts ask the configured address for their translations.
    ini.write_text(re.sub(r"(ckan.site_url =).*", rf"\1 {address}", settings), encoding="utf-8")
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    log = (folder / "log").open("w+")
    process = subprocess.Popen(
        [*command, "ckanext.learningcity.wsgi:application"],
        env=for_ckan(ini),
        stdout=log,
        stderr=log,
    )
    try:
        await_answer(process, f"{address}/api/3/action/status_show")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.seek(0)
        print(log.read())  # pytest shows it where a test has failed
        log.close()


def await_answer(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer within {START_SECONDS} s")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def tab(browser, request):
    """A page whose `problems` collects console errors and failed requests."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    page.problems = []
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("requestfailed", lambda asked: page.problems.append(asked.url))
    yield page
    context.close()


def width(tab) -> int:
    return tab.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize(("lang", "period"), [("th", "ปีงบประมาณ 2566"), ("en", "Fiscal year 2023")])
def test_chart_and_numbers_appear(server, cities, tab, lang, period):
    tab.goto(f"{server}/{lang}/city/TH-56")
    headline = tab.locator(".lc-headline").first.inner_text()
    assert "92.0" in headline
    assert period in headline
    chart = tab.locator(".lc-chart img").first
    chart.scroll_into_view_if_needed()
    tab.wait_for_function("document.querySelector('.lc-chart img').naturalWidth > 0")
    assert f"lang={lang}" in chart.evaluate("image => image.currentSrc")
    assert tab.evaluate("document.fonts.check('16px Sarabun', 'กิ๊')")
    assert tab.problems == []


@pytest.mark.parametrize("address", ["/", "/city/", "/city/TH-56", "/indicator/ADULT_LITERACY"])
def test_no_page_is_wider_than_the_screen(server, cities, tab, address):
    tab.goto(f"{server}/th{address}")
    assert width(tab) <= tab.viewport_size["width"]
    assert tab.problems == []


def test_the_keyboard_opens_an_indicator(server, cities, tab):
    tab.goto(f"{server}/en/city/TH-56")
    indicator = tab.locator("details.lc-indicator").first
    before = indicator.get_attribute("open")
    indicator.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert indicator.get_attribute("open") != before


def test_pages_work_without_javascript(server, cities, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/en/city/")
    page.get_by_label("Name or code").fill("Phayao")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Phayao", exact=True).click()
    assert page.url.endswith("/city/TH-56")
    assert page.get_by_text("92.0%").count()
    context.close()


def test_scripts_of_ckan_come_when_a_reader_needs_them(server, cities, tab):
    tab.goto(f"{server}/en/dataset/")
    menu = tab.get_by_role("button", name="Toggle navigation")
    if menu.is_visible():
        menu.focus()
        tab.keyboard.press("Enter")
        assert menu.get_attribute("aria-expanded") == "true"
        assert tab.get_by_role("link", name="Indicators").is_visible()
    assert not tab.evaluate("'jQuery' in window")
    if menu.is_visible():
        tab.locator(".show-filters").click()
        tab.wait_for_function("document.body.classList.contains('filters-modal')")
    else:
        tab.get_by_label("Order by").focus()
        tab.wait_for_function("window.htmx && window.bootstrap")
    assert tab.problems == []


def test_the_link_to_the_api_of_data_needs_no_script_to_read_the_page(server, cities, tab):
    resource = call_action("package_show", id="pages-city")["resources"][0]["id"]
    tab.goto(f"{server}/en/dataset/pages-city/resource/{resource}")
    link = tab.locator("[data-module='api-info']")
    assert not tab.evaluate("'jQuery' in window")
    link.focus()
    tab.wait_for_function("window.ckan && 'api-info' in ckan.module.registry")
    tab.wait_for_load_state("networkidle")
    link.click()
    tab.get_by_text("datastore_search").first.wait_for()  # in this page, or in its own
    assert tab.problems == []


def test_a_module_of_ckan_runs_at_once(server, cities, tab):
    tab.goto(f"{server}/en/organization/")  # whose pictures are on another site
    tab.wait_for_function("window.ckan && 'media-grid' in window.ckan.module.registry")
