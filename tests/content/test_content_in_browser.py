"""A city's editor in a real Chromium: from an empty form to a deleted page, for each type."""

from __future__ import annotations

import pytest
from ckan import model
from content.test_import import place, workbook
from desk.people import work
from pages.test_in_browser import browser, pytestmark, server

__all__ = ["browser", "pytestmark", "server"]

LISTS = {
    "learning-space": "/spaces",
    "learning-resource": "/academy",
    "learning-path": "/academy/paths",
    "research": "/research",
}
SVG = "image/svg+xml"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="22" height="22"/>'


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def tab(browser, request, server, shared_people):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    # The factory gives users pictures on other sites.
    context.route(
        lambda address: not address.startswith(server),
        lambda route: route.fulfill(body=PICTURE, content_type=SVG),
    )
    page = context.new_page()
    page.problems = []
    page.width = request.param
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    user = model.User.get("phayao_editor")
    user.password = "a long password"
    model.Session.commit()
    page.goto(f"{server}/en/user/login")
    page.fill("#field-login", "phayao_editor")
    page.fill("#field-password", "a long password")
    page.press("#field-password", "Enter")
    page.wait_for_url("**/dashboard/**")
    yield page
    context.close()


def send(tab) -> None:
    """Send the form by the keyboard."""
    tab.locator("#dataset-edit button[name=save]").focus()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def fill(tab, type_id: str, title: str) -> None:
    tab.fill("#field-title_translated-en", title)
    tab.fill("#field-notes_translated-en", "What it is about.")
    if type_id != "learning-path":
        tab.locator("#field-kind").select_option(index=1)


@pytest.mark.parametrize("type_id", LISTS)
def test_create_publish_find_export_delete(tab, server, shared_people, type_id):
    title, name = f"{type_id} {tab.width}", f"{type_id}-{tab.width}"
    if type_id == "learning-path":
        shared_people.share("learning-resource", name=f"a-step-{tab.width}")
    tab.goto(f"{server}/en{LISTS[type_id]}")
    tab.get_by_role("link", name="Add ").first.click()
    send(tab)  # empty
    faults = tab.locator(".error-block").all_inner_texts()
    assert len(faults) >= 2  # beside their fields
    fill(tab, type_id, title)
    if type_id == "learning-space":
        tab.fill("#field-lat", "48.85")
        send(tab)
        assert tab.input_value("#field-title_translated-en") == title
        assert "does not lie in Thailand" in tab.locator(".error-block").inner_text()
        tab.fill("#field-lat", "19.16")
        tab.fill("#field-lon", "99.9")
    if type_id == "learning-path":
        # CKAN's module stands before the field; what it sends is the field's own text.
        put = "name => { document.querySelector('#field-steps').value = name }"
        tab.evaluate(put, f"a-step-{tab.width}")
    send(tab)
    assert tab.url.endswith(f"/{type_id}/{name}")
    assert tab.get_by_text("Private", exact=True).count()

    tab.get_by_role("link", name="Manage").click()
    tab.select_option("#field-private", "False")
    send(tab)
    tab.goto(f"{server}/en{LISTS[type_id]}?q={tab.width}")
    assert tab.locator(".lc-item h3").all_inner_texts() == [title]
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    with tab.expect_download() as download:
        tab.get_by_role("link", name="CSV").click()
    assert title in download.value.path().read_text(encoding="utf-8-sig")

    tab.goto(f"{server}/en/{type_id}/delete/{name}")
    with tab.expect_navigation():
        tab.locator("button[name=delete]").click()
    tab.goto(f"{server}/en{LISTS[type_id]}?q={tab.width}")
    assert tab.get_by_text("Nothing matches").count() == 1
    assert tab.problems == []


def test_a_list_is_imported(tab, server, shared_people, tmp_path):
    good, bad = place(tab.width), place(tab.width + 1)
    bad[3] = "airport"
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook([good, bad]))
    tab.goto(f"{server}/en/spaces/import")
    tab.set_input_files("#lc-upload", file)
    tab.get_by_role("button", name="Upload and check").click()
    tab.get_by_text("1 row is correct and would be written.").wait_for()
    assert tab.locator(".lc-findings tbody tr").first.inner_text().startswith("D3")
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    tab.get_by_role("button", name="Write all correct rows").click()
    tab.get_by_role("heading", name="It is being written").wait_for()
    work()
    tab.reload()
    tab.get_by_role("heading", name="It is written").wait_for()
    tab.get_by_role("link", name="See the learning spaces").click()
    tab.locator(".lc-plot circle").first.wait_for()
    assert tab.locator(".lc-item h3", has_text=f"Place {tab.width}").count() == 1
    tab.goto(f"{server}/en/spaces?q={tab.width}")
    assert tab.locator(".lc-item h3").all_inner_texts() == [f"Place {tab.width}"]
    assert tab.problems == []


def test_progress_on_a_path_stays_in_the_browser(tab, server, shared_people):
    steps = [f"step-{tab.width}-{number}" for number in (1, 2)]
    for name in steps:
        shared_people.share("learning-resource", name=name)
    shared_people.share("learning-path", name=f"way-{tab.width}", steps=steps)
    tab.goto(f"{server}/en/learning-path/way-{tab.width}")
    tab.locator("[data-lc-step] input").first.check()
    assert tab.locator("[data-lc-told]").inner_text() == "1 of 2 done"
    tab.reload()
    tab.get_by_text("1 of 2 done").wait_for()
    assert tab.locator("[data-lc-step] input").first.is_checked()
    assert tab.problems == []
