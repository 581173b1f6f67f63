"""An editor in a real Chromium takes a workbook with five mistakes from upload to published."""

from __future__ import annotations

from pathlib import Path

import pytest
from ckan import model
from ckan.tests import factories, helpers
from desk.people import work
from openpyxl import Workbook, load_workbook
from pages.test_in_browser import browser, pytestmark, server

__all__ = ["browser", "pytestmark", "server"]

ROWS = [
    ["ตัวชี้วัดเมืองแห่งการเรียนรู้ จังหวัดพะเยา"],
    ["ตัวชี้วัด", "จังหวัด", "ปี", "ค่า"],
    ["ADULT_LITERACY", "พะเยา", "2564", 92.5],
    ["ADULT_LITERACY", "พะเยา", "65", 93],
    ["ADULT_LITERACY", "พะเยาว์", "2566", 93.5],
    ["ADULT_LITERACY", "พะเยา", "2567", "มาก"],
    ["INTERNET_USERS", "พะเยา", "2566", 170],
    ["INTERNET_USERS", "พะเยา", "2567", 72],
    ["INTERNET_USERS", "พะเยา", "2567", 73],
]

SVG = "image/svg+xml"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="22" height="22"/>'

#: What the editor writes into a cell that the page names, having read what it says.
MENDED = {"C4": "2565", "B5": "พะเยา", "D6": 94, "D7": 70, "9": None}


@pytest.fixture
def workbook(tmp_path) -> Path:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    path = tmp_path / "phayao.xlsx"
    book.save(path)
    return path


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def tab(browser, request, server, city):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    # The factory gives users pictures on other sites.
    context.route(
        lambda address: not address.startswith(server),
        lambda route: route.fulfill(body=PICTURE, content_type=SVG),
    )
    page = context.new_page()
    page.problems = []
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    user = model.User.get(city.editor)
    user.password = "a long password"
    model.Session.commit()
    page.goto(f"{server}/en/user/login")
    page.fill("#field-login", city.editor)
    page.fill("#field-password", "a long password")
    page.click("form .btn-primary")
    yield page
    context.close()


def fits(tab) -> bool:
    tab.wait_for_load_state()  # a click returns before the styles have come
    width = tab.evaluate("document.documentElement.scrollWidth")
    return width <= tab.viewport_size["width"]


def upload(tab, path: Path) -> None:
    tab.set_input_files("input[type=file]", path)
    tab.get_by_role("button", name="Upload and check").click()
    tab.wait_for_url("**/submission/**")


def test_from_five_mistakes_to_published(server, city, tab, workbook, tmp_path):
    tab.goto(f"{server}/en/dataset/{city.dataset}")
    tab.get_by_role("link", name="Publish data").click()
    assert fits(tab)
    upload(tab, workbook)
    assert tab.get_by_text("There are errors").is_visible()
    assert fits(tab)
    named = set(
        tab.locator(".lc-findings tbody tr:has(.lc-severity--error) th strong").all_inner_texts()
    )
    assert {"C4", "B5", "D6", "D7"} <= named
    assert any(cell.endswith("9") for cell in named)
    book = load_workbook(workbook)
    for cell in sorted(named):
        if cell.endswith("9"):
            book.active.delete_rows(9)
        else:
            book.active[cell] = MENDED[cell]
    mended = tmp_path / "mended.xlsx"
    book.save(mended)
    tab.get_by_role("link", name="Upload the mended file").click()
    upload(tab, mended)
    confirm = tab.locator("input[name=confirmed]")
    for box in confirm.all():
        box.check()
    button = tab.get_by_role("button", name="Confirm and see the changes")
    link = tab.get_by_role("link", name="See the changes")
    if button.count():
        button.click()
    elif link.count():
        link.click()
    assert tab.get_by_role("heading", name="What changes").is_visible()
    assert "94" in tab.locator(".lc-table").inner_text()
    assert fits(tab)
    tab.get_by_role("link", name="Continue").click()
    tab.get_by_role("button", name="Publish now").click()
    assert tab.get_by_role("heading", name="Being published").is_visible()
    work()
    tab.get_by_role("heading", name="Published as release 1").wait_for()
    assert fits(tab)
    assert tab.problems == []
    found = helpers.call_action("learningcity_observation_search", area="TH-56", limit=0)
    assert found["total"] == 6


def test_the_keyboard_alone_uploads_and_the_mapping_fits_the_screen(server, city, tab, workbook):
    tab.goto(f"{server}/th/dataset/{city.dataset}/publish")
    tab.set_input_files("input[type=file]", workbook)
    tab.locator("input[type=file]").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/submission/**")
    for step in ("mapping", "report", "changes", "confirm"):
        tab.goto(f"{tab.url.split('?')[0]}?step={step}")
        assert fits(tab)
    tab.goto(f"{server}/th/desk")
    assert fits(tab)
    assert tab.problems == []


def test_without_javascript_the_desk_works(server, city, browser, workbook):
    token = factories.APIToken(user=city.editor)["token"]
    context = browser.new_context(
        java_script_enabled=False, extra_http_headers={"Authorization": token}
    )
    page = context.new_page()
    page.goto(f"{server}/en/dataset/{city.dataset}/publish")
    page.set_input_files("input[type=file]", workbook)
    page.get_by_role("button", name="Upload and check").click()
    assert page.get_by_text("There are errors").is_visible()
    context.close()
