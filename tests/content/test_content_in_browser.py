"""A city's editor in a real Chromium and with ckanapi: from an empty form to a deleted page."""

from __future__ import annotations

from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from ckan import model
from ckan.tests import factories
from ckanapi import NotAuthorized, RemoteCKAN, ValidationError
from content.people import EXAMPLES
from content.test_import import place, workbook
from desk.people import work
from pages.test_in_browser import browser, pytestmark, server

from ckanext.learningcity.content.types import types

__all__ = ["browser", "pytestmark", "server"]

#: What a form asks for beside title and text, by type: a field's id and what is typed there.
TYPED = {
    "learning-space": {"field-kind": 1, "field-lat": "19.16", "field-lon": "99.9"},
    "learning-resource": {"field-kind": 1},
    "learning-path": {"Steps": "a-step,"},  # a search box has its label alone
    "research": {"field-kind": 1},
    "innovation": {},
    "innovation-call": {"field-opens": "01012026", "field-closes": "12312099"},
    "event": {"field-kind": 1, "field-starts": "01102030\t0900AM"},
}
WIDTHS = (390, 1280)
SVG = "image/svg+xml"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="22" height="22"/>'

WCAG = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}

#: The texts of faults that no field marked as invalid names as its description.
LOOSE = """() => {
  const named = [...document.querySelectorAll('[aria-invalid=true]')]
    .map(field => field.closest('[aria-describedby]'))
    .flatMap(field => field ? field.getAttribute('aria-describedby').split(' ') : []);
  return [...document.querySelectorAll('[role=main] .error-block, [role=main] .lc-fault')]
    .filter(fault => !named.includes(fault.id)).map(fault => fault.innerText);
}"""


@pytest.fixture(scope="module")
def cookies():
    """The editor's session, once there is one."""
    return {}


@pytest.fixture(params=WIDTHS, ids=["phone", "desktop"])
def tab(browser, request, server, shared_people, cookies):
    size = {"width": request.param, "height": 900}
    kept = cookies or None
    context = browser.new_context(viewport=size, storage_state=kept, reduced_motion="reduce")
    # The factory gives users pictures on other sites.
    context.route(
        lambda address: not address.startswith(server),
        lambda route: route.fulfill(body=PICTURE, content_type=SVG),
    )
    page = context.new_page()
    page.problems = []
    page.width = request.param
    page.on("console", lambda line: complained(line) and page.problems.append(line.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    if not cookies:
        log_in(page, server)
        cookies.update(context.storage_state())
    yield page
    assert page.problems == []
    context.close()


def complained(line) -> bool:
    return line.type == "error" and "(BAD REQUEST)" not in line.text  # a form with faults


def log_in(page, server: str) -> None:
    user = model.User.get("phayao_editor")
    user.password = "a long password"
    model.Session.commit()
    page.goto(f"{server}/en/user/login")
    page.fill("#field-login", "phayao_editor")
    page.fill("#field-password", "a long password")
    page.press("#field-password", "Enter")
    page.wait_for_url("**/dashboard/**")


def type_in(tab, wanted: dict[str, str | int], button: str = "save") -> None:
    """Fill in the form and send it by the keyboard alone: a number chooses from a list."""
    missing = dict(wanted)
    for _ in range(250):
        tab.keyboard.press("Tab")
        here = tab.evaluate(
            "(e => e.id || e.name || e.getAttribute('aria-label') || e.type || '')"
            "(document.activeElement)"
        )
        name = next((name for name in missing if here.startswith(name)), None)
        if name:
            enter(tab, missing.pop(name))
        elif here == button and not missing:
            with tab.expect_navigation():
                tab.keyboard.press("Enter")
            return
    pytest.fail(f"Not reached by the keyboard: {sorted(missing) or 'the button'}")


def enter(tab, given: str | int) -> None:
    if isinstance(given, int):
        for _ in range(given):
            tab.keyboard.press("ArrowDown")
        return
    if given == " ":
        tab.keyboard.press("Space")
        return
    tab.keyboard.press("Control+A")
    for number, part in enumerate(given.split("\t")):
        if number:
            tab.keyboard.press("ArrowRight")
        tab.keyboard.type(part)


def faults(tab) -> str:
    """Return what the form says is wrong, once each fault is seen to belong to a field."""
    told = tab.locator("[role=main] .error-block, [role=main] .lc-fault").all_inner_texts()
    assert told
    assert tab.evaluate(LOOSE) == []
    accessible(tab)
    return " ".join(told)


def accessible(tab) -> None:
    """Let axe look at the page as it is, in light and in dark, by the rules of WCAG 2.2 AA."""
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        found = Axe().run(tab, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.width


@pytest.mark.parametrize(
    ("type_id", "tab"),
    [(type_id, WIDTHS[number % 2]) for number, type_id in enumerate(TYPED)],
    indirect=["tab"],
)
def test_an_editor_creates_publishes_finds_exports_and_deletes(tab, server, shared_people, type_id):
    title, name, page = f"{type_id} {tab.width}", f"{type_id}-{tab.width}", types()[type_id].page
    if type_id == "learning-path":
        shared_people.share("learning-resource", name="a-step")
    tab.goto(f"{server}/en{page}")
    assert tab.get_by_role("link", name="Add ").first.is_visible()
    tab.goto(f"{server}/en/{type_id}/new")
    wrong = {"field-lat": "48.85"} if type_id == "learning-space" else {}
    type_in(tab, {"field-title_translated-en": title, **wrong})
    told = faults(tab)
    assert not wrong or "does not lie in Thailand" in told
    assert tab.input_value("#field-title_translated-en") == title
    type_in(tab, {"field-notes_translated-en": "What it is about.", **TYPED[type_id]})
    assert tab.url.endswith(f"/{type_id}/{name}"), tab.locator(".error-block").all_inner_texts()
    assert tab.get_by_text("Private", exact=True).count()

    tab.get_by_role("link", name="Manage").click()
    tab.select_option("#field-private", "False")
    type_in(tab, {"field-title_translated-en": f"New {title}"})
    tab.goto(f"{server}/en{page}?q=New {tab.width}")
    assert tab.locator(".lc-item h3").all_inner_texts() == [f"New {title}"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    with tab.expect_download() as download:
        tab.get_by_role("link", name="CSV").click()
    assert title in download.value.path().read_text(encoding="utf-8-sig")

    tab.goto(f"{server}/en/{type_id}/delete/{name}")
    with tab.expect_navigation():
        tab.locator("button[name=delete]").click()
    tab.goto(f"{server}/en{page}?q=New {tab.width}")
    assert tab.locator(".lc-item").count() == 0


def test_ckanapi_creates_publishes_finds_exports_and_deletes(server, shared_people):
    clients = {
        name: RemoteCKAN(server, apikey=factories.APIToken(user=name)["token"])
        for name in ("phayao_editor", "rayong_editor")
    }
    editor, other, anybody = *clients.values(), RemoteCKAN(server)
    step = shared_people.share("learning-resource", name="a-step-by-api")
    for type_id, example in EXAMPLES.items():
        name, given = f"api-{type_id}", {**example, "type": type_id, "owner_org": "phayao-office"}
        given |= {"steps": [step["id"]]} if type_id == "learning-path" else {}
        with pytest.raises(ValidationError) as refused:
            editor.action.package_create(**{**given, "name": name, "areas": ["ZZ"]})
        assert "ZZ" in refused.value.error_dict["areas"][0]
        with pytest.raises(NotAuthorized):
            other.action.package_create(name=name, **given)
        editor.action.package_create(name=name, private=True, **given)
        with pytest.raises(NotAuthorized):
            anybody.action.package_show(id=name)
        with pytest.raises(NotAuthorized):
            other.action.package_patch(id=name, private=False)
        titles = {"en": f"Zebra {type_id}"}
        editor.action.package_patch(id=name, private=False, title_translated=titles)
        found = anybody.action.learningcity_content_search(type=type_id, q="zebra")
        assert [package["name"] for package in found["results"]] == [name]
        stock = anybody.action.package_search(q="zebra", fq=f"dataset_type:{type_id}")
        assert [package["name"] for package in stock["results"]] == [name]
        with urlopen(f"{server}{types()[type_id].page}.csv?q=zebra") as answer:
            assert titles["en"] in answer.read().decode()
        editor.action.package_delete(id=name)
        assert anybody.action.learningcity_content_search(q="zebra")["count"] == 0


@pytest.mark.parametrize("tab", WIDTHS[:1], indirect=True)
def test_somebody_signs_up_after_a_mistake(tab, server, shared_people):
    name = f"week-{tab.width}"
    shared_people.share("event", name=name, starts="2030-01-10T09:00", sign_up=True, capacity=5)
    tab.goto(f"{server}/en/event/{name}")
    tab.get_by_role("link", name="Sign up").first.click()
    type_in(tab, {"lc-name": "Somebody"}, "submit")
    faults(tab)
    assert tab.input_value("#lc-name") == "Somebody"
    type_in(tab, {"lc-contact": "somebody@example.org", "lc-consent": " "}, "submit")
    tab.get_by_text("You have a place").first.wait_for()
    accessible(tab)


@pytest.mark.parametrize("tab", WIDTHS[1:], indirect=True)
def test_a_city_adopts_an_innovation_after_a_mistake(tab, server, shared_people):
    name = f"boat-{tab.width}"
    shared_people.share("innovation", name=name)
    tab.goto(f"{server}/en/innovation/{name}")
    tab.get_by_role("link", name="adopt").first.click()
    type_in(tab, {"lc-state": 2, "lc-started": "01012024"}, "submit")
    faults(tab)
    assert tab.input_value("#lc-state") == "finished"
    assert tab.input_value("#lc-started") == "2024-01-01"
    type_in(tab, {"lc-ended": "01012025", "lc-outcome-en": "Many came."}, "submit")
    tab.get_by_text("The adoption is recorded.").wait_for()
    accessible(tab)


def laid_out(tab) -> None:
    """Wait until the page has its styles and its letters: others are wider."""
    tab.wait_for_load_state()
    tab.evaluate("async () => { document.body.offsetWidth; await document.fonts.ready; }")


def test_a_list_is_imported(tab, server, shared_people, tmp_path):
    good, bad = place(tab.width), place(tab.width + 1)
    bad[3] = "airport"
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook([good, bad]))
    tab.goto(f"{server}/en/spaces/import")
    type_in(tab, {"lc-private": 1}, "submit")
    faults(tab)
    assert tab.input_value("#lc-private") == "true"
    tab.select_option("#lc-private", "false")
    tab.set_input_files("#lc-upload", file)
    tab.get_by_role("button", name="Upload and check").click()
    tab.get_by_text("1 row is correct and would be written.").wait_for()
    assert tab.locator(".lc-findings tbody tr").first.inner_text().startswith("D3")
    laid_out(tab)
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


#: The names in a map that are cut by its edge, or run into the name before.
UNREADABLE = """() => {
  const box = document.querySelector('.lc-plot').getBoundingClientRect();
  const names = [...document.querySelectorAll('.lc-plot text')]
    .map(one => ({text: one.textContent, at: one.getBoundingClientRect()}));
  return names.filter(({at}, n) =>
    at.left < box.left || at.right > box.right || at.top < box.top ||
    names.slice(0, n).some(other => other.at.left < at.right && at.left < other.at.right
      && Math.abs(other.at.bottom - at.bottom) < at.height / 2)
  ).map(one => one.text);
}"""


def test_names_in_the_map_are_read_in_whole(tab, server, shared_people):
    corners = {"far-west": (18.8, 97.5), "far-east": (15.3, 105.5), "south": (5.9, 101.7)}
    for name, (lat, lon) in corners.items():
        title = f"Learning centre of the province in the {name}"
        known = {"title_translated": {"en": title, "th": "ศูนย์การเรียนรู้ตลอดชีวิตชุมชนริมน้ำ"}}
        shared_people.share("learning-space", name=f"{name}-{tab.width}", lat=lat, lon=lon, **known)
    for language in ("en", "th"):
        tab.goto(f"{server}/{language}/spaces")
        laid_out(tab)
        assert tab.locator(".lc-plot-name text").count() > len(corners)
        assert tab.evaluate(UNREADABLE) == []


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
