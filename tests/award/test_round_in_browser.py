"""A round of the awards in a real Chromium, from the call to the gallery, by a clock that is set.

The application is served by this process, so that `people.now` is its clock, too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from award.people import CLOSES, CRITERIA, OPENS, PDF, PUBLISHES, REVIEWERS, ROUND
from award.test_rounds import stored
from ckan import model
from pages.test_in_browser import browser, pytestmark, width
from werkzeug.serving import make_server

from ckanext.learningcity.award import publish, trail

__all__ = ["browser", "pytestmark"]

SECOND = timedelta(seconds=1)
MORE = CLOSES + timedelta(days=2)
ONE, TWO, THREE = REVIEWERS
CATEGORIES = {"satun": "economy"}  # the others apply in equity

#: What the reviewers give each city, in the order of `REVIEWERS`; one has a tie to a city.
SCORES = {
    "phayao": (9, 8),
    "chiangrai": (6, 7),
    "chiangmai": (5, 6),
    "rayong": (2, 9),
    "satun": (4, 4, 5),
}
TIE = "chiangrai"
ANSWER = "The city has worked on this for three years, with all its schools."

#: Which states the applications went through; the third city's appeal reopens its decision.
STATES = {
    "phayao": ["draft", "submitted", "decided"],
    "chiangrai": ["draft", "submitted", "decided"],
    "chiangmai": ["draft", "submitted", "decided", "submitted", "decided"],
    "rayong": ["draft", "submitted", "decided"],
    "satun": ["draft", "submitted", "decided"],
}


#: What every page is made of; it stays the same while the server runs.
ASSETS = ("/webassets/", "/learningcity/font/", "/base/", "/api/i18n/")


@pytest.fixture
def server(people, ckan_config, monkeypatch):
    """Serve the application, and return the address."""
    monkeypatch.setitem(ckan_config, "ckan.gravatar_default", "disabled")
    running = make_server("127.0.0.1", 0, lasting(people.app.app), threaded=True)
    address = f"http://127.0.0.1:{running.port}"
    monkeypatch.setitem(ckan_config, "ckan.site_url", address)
    thread = Thread(target=running.serve_forever)
    thread.start()
    yield address
    running.shutdown()
    thread.join()


def lasting(application: Callable[..., Any]) -> Callable[..., Any]:
    """Let browsers keep the assets, as a portal's web server does: there are thousands else."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            others = [each for each in headers if each[0] not in ("Cache-Control", "Set-Cookie")]
            return start(status, [*others, ("Cache-Control", "max-age=3600")], *rest)

        asset = environ["PATH_INFO"].startswith(ASSETS)
        return application(environ, begin if asset else start)

    return answer


@pytest.fixture
def enter(browser, server) -> Callable[..., Any]:
    """Open the portal as somebody: `enter("secretary", screen=390)`; without a name as nobody."""
    contexts = []

    def opened(name: str | None = None, screen: int = 1280, **options: Any) -> Any:
        size = {"width": screen, "height": 900}
        contexts.append(browser.new_context(base_url=server, viewport=size, **options))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: pytest.fail(str(error)))
        if name:
            log_in(tab, name)
        return tab

    yield opened
    for context in contexts:
        context.close()


def log_in(tab, name: str) -> None:
    user = model.User.get(name)
    user.password, user.image_url = "a long password", None  # the factory's is on another site
    model.Session.commit()
    tab.goto("/en/user/login")
    tab.fill("#field-login", name)
    tab.fill("#field-password", "a long password")
    with tab.expect_navigation():
        tab.press("#field-password", "Enter")


def press(tab, name: str) -> str:
    """Press a button that sends a form, and return what the next page says in all."""
    button = tab.get_by_role("button", name=name, exact=True)
    button.focus()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert width(tab) <= tab.viewport_size["width"]
    return tab.inner_text("body")


def announce(tab) -> None:
    tab.goto("/en/award")
    tab.get_by_role("link", name="Prepare a round").click()
    for name in ("id", "year", "opens", "closes", "review_until", "publishes"):
        tab.fill(f"#lc-{name}", ROUND[name])
    for language, title in ROUND["title"].items():
        tab.fill(f"#lc-title-{language}", title)
    press(tab, "Save")
    assert "The round is announced" in press(tab, "Announce it")


def begin(tab, city: str) -> None:
    tab.goto("/en/award/2026")
    tab.select_option("#lc-category", CATEGORIES.get(city, "equity"))
    press(tab, "Begin an application")


def write(tab, city: str) -> None:
    tab.fill("#lc-title-en", f"Learning in {city}")
    tab.fill("#lc-summary-en", f"What {city} has done.")
    for criterion in CRITERIA:
        tab.fill(f"#lc-answer-{criterion}", ANSWER)


def attach(tab, city: str) -> None:
    upload = {"name": "evidence.pdf", "mimeType": "application/pdf", "buffer": evidence(city)}
    tab.set_input_files("#lc-upload", upload)
    assert "The file is attached" in press(tab, "Attach")


def evidence(city: str) -> bytes:
    return PDF + city.encode()


def done(tab) -> str:
    return tab.inner_text("[data-lc-percent]")


def open_desk(tab, city: str) -> None:
    """Open the secretariat's page of an application that was handed in."""
    tab.goto("/en/award/2026/desk")
    tab.get_by_role("link", name=f"Learning in {city}", exact=True).click()
    tab.wait_for_url("**/desk")


def assign(tab, reviewer: str) -> str:
    tab.fill("#lc-reviewer", reviewer)
    return press(tab, "Assign")


def open_review(tab, city: str) -> None:
    tab.goto("/en/award")
    tab.get_by_role("link", name=f"Learning in {city}", exact=True).first.click()
    tab.wait_for_url("**/award/review/*")


def score(tab, city: str, points: int, remark: str) -> None:
    open_review(tab, city)
    for criterion in CRITERIA:
        tab.fill(f"#lc-score-{criterion}", str(points))
        tab.fill(f"#lc-comment-{criterion}", remark)
    assert "Your review is handed in" in press(tab, "Hand in")


def ranking(tab) -> dict[str, list[str]]:
    """Return the cells of the secretariat's table by city."""
    tab.goto("/en/award/2026/desk")
    rows = [row.locator("th, td").all_inner_texts() for row in tab.locator("tbody tr").all()]
    return {row[1].split()[2]: [row[0], *row[2:]] for row in rows}


def decide(tab, city: str, level: str) -> str:
    open_desk(tab, city)
    tab.select_option("#lc-level", level)
    tab.fill("#lc-decide-reason", f"As reviewed: {city}")
    return press(tab, "Decide")


def appeal(tab) -> str:
    tab.fill("#lc-reason", "Look at page 3")
    return press(tab, "Appeal")


def test_from_the_call_to_the_gallery(people, enter):
    office, stranger = enter("secretary"), enter(screen=390)
    seen = []  # how many entries the trail had, and all rows as they were then

    def look() -> None:
        model.Session.rollback()
        seen.append((len(trail.events("2026")), stored()))

    people.now = OPENS - SECOND
    announce(office)
    cities = {
        "phayao": enter("phayao-editor", 390),
        "chiangrai": enter("chiangrai-editor"),
        "chiangmai": enter("chiangmai-editor", java_script_enabled=False),
        "rayong": enter("rayong-editor"),
        "satun": enter("satun-editor", 390),
    }
    stranger.goto("/en/award/2026")
    assert "announced" in stranger.inner_text("body")
    cities["phayao"].goto("/en/award/2026")
    assert not cities["phayao"].get_by_role("button", name="Begin an application").count()
    look()

    people.now = OPENS
    call(cities)
    look()
    people.now = CLOSES - SECOND
    assert "It is handed in" in press(cities["rayong"], "Hand in")
    people.now = CLOSES
    late(cities["satun"], office)
    look()
    people.now = MORE - SECOND
    write_and_hand_in(cities["satun"], "satun")

    people.now = MORE
    readers = {name: enter(name) for name in REVIEWERS}
    review(office, readers)
    look()
    second_turn(office, readers)
    look()
    for city, level in (("phayao", "winner"), ("rayong", "good_practice")):
        assert "It is saved" in decide(office, city, level)
    for city in ("chiangrai", "chiangmai", "satun"):
        decide(office, city, "")
    cities["chiangmai"].reload()
    assert "As reviewed" not in cities["chiangmai"].inner_text("body")
    office.goto("/en/award/2026/desk")
    assert "The cities are told" in press(office, "Tell the cities the decisions")
    look()
    appeals(people, office, cities)
    look()
    gallery(people, office, stranger)
    look()
    read_back(office, stranger, seen)


def call(cities: dict[str, Any]) -> None:
    """Four ways to write an application: saved while typing, by Save, without scripts, by files."""
    for city, tab in cities.items():
        begin(tab, city)
        if city != "satun":
            write(tab, city)
    typing = cities["phayao"]
    typing.get_by_text("Saved.").wait_for()
    assert done(typing) == "88 %"
    typing.reload()
    assert typing.input_value("#lc-answer-need") == ANSWER
    typing.select_option("#lc-indicator", "ADULT_LITERACY")
    press(typing, "Draw the newest value")
    assert "release 1 of phayao-values" in typing.inner_text("body")
    assert done(typing) == "100 %"
    for city in ("phayao", "chiangrai", "chiangmai", "rayong"):
        attach(cities[city], city)
        assert cities[city].input_value("#lc-title-en") == f"Learning in {city}"
        assert done(cities[city]) == "100 %"
        if city != "rayong":
            assert "It is handed in" in press(cities[city], "Hand in")


def write_and_hand_in(tab, city: str) -> None:
    write(tab, city)
    attach(tab, city)
    assert "It is handed in" in press(tab, "Hand in")


def late(tab, office) -> None:
    """Who is late is refused, sees what was typed, and gets more time with a reason only."""
    write(tab, "satun")
    assert "The deadline was 2026-08-31 16:30:00 in Thailand" in press(tab, "Hand in")
    assert tab.input_value("#lc-title-en") == "Learning in satun"
    office.goto("/en/award/2026/desk")
    office.locator("#lc-begun ~ ul a").click()
    assert "Learning in satun" not in office.inner_text("body")
    office.fill("#lc-until", f"{CLOSES - timedelta(days=1):%Y-%m-%dT%H:%M}")
    office.fill("#lc-extend-reason", "A flood")
    press(office, "Give more time")
    assert "not later than the deadline" in office.inner_text("#lc-until-fault")
    assert office.input_value("#lc-extend-reason") == "A flood"
    office.fill("#lc-until", f"{MORE:%Y-%m-%dT%H:%M}")
    assert "It is saved" in press(office, "Give more time")
    tab.goto(tab.url)
    assert "A flood" in tab.inner_text("body")


def review(office, readers: dict[str, Any]) -> None:
    """Assign, refuse members of the city, let one reviewer declare a tie, score in the blind."""
    for city, given in SCORES.items():
        open_desk(office, city)
        for name in REVIEWERS[: len(given)]:
            assign(office, name)
        if city == "phayao":
            assign(office, "phayao-member")
            fault = office.inner_text("#lc-reviewer-fault")
            assert "Conflict of interest: a member" in fault
        if city == TIE:
            assign(office, THREE)
    open_review(readers[THREE], TIE)
    address = readers[THREE].url
    readers[THREE].fill("#lc-reason", "My sister works there")
    told = press(readers[THREE], "Declare a conflict of interest")
    assert f"Learning in {TIE}" not in told
    assert readers[THREE].goto(address).status == 404
    open_desk(office, TIE)
    assert "My sister works there" in office.inner_text("body")
    assign(office, THREE)
    assert "has declared one" in office.inner_text("#lc-reviewer-fault")
    for city, given in SCORES.items():
        for name, points in zip(REVIEWERS, given, strict=False):
            score(readers[name], city, points, f"Remark of {name}")
            assert "Remark of reviewer-one" not in readers[TWO].inner_text("body")


def second_turn(office, readers: dict[str, Any]) -> None:
    """Where reviewers are too far apart, a decision waits for their second scores."""
    rows = ranking(office)
    assert {city: row[1] for city, row in rows.items()} == {
        **{"phayao": "1", "chiangrai": "2", "chiangmai": "3", "rayong": "3", "satun": "1"},
    }
    assert rows["rayong"][3].startswith("7.00 too large")
    assert "too far apart" in decide(office, "rayong", "good_practice")
    office.fill("#lc-again-reason", "Seven points apart")
    press(office, "Begin a second turn")
    for name in (ONE, TWO):
        score(readers[name], "rayong", 7, "Read again")
    assert ranking(office)["rayong"][1] == "2"


def appeals(people, office, cities: dict[str, Any]) -> None:
    """Both sides of the end of the time for appeals; one is granted."""
    cities["chiangmai"].reload()
    cities["satun"].reload()
    people.now = MORE + timedelta(days=7) - SECOND
    assert "The secretariat has your appeal" in appeal(cities["chiangmai"])
    people.now += SECOND
    assert "The time for appeals is over" in appeal(cities["satun"])
    open_desk(office, "chiangmai")
    office.get_by_label("Reopen the decision").check()
    office.fill("#lc-answer-reason", "Page 3 was missed")
    press(office, "Answer the appeal")
    assert "It is saved" in decide(office, "chiangmai", "good_practice")
    cities["chiangmai"].reload()
    assert "Page 3 was missed" in cities["chiangmai"].inner_text("body")


def gallery(people, office, stranger) -> None:
    """Nothing a second before the moment, everything at it, with its evidence."""
    people.now = PUBLISHES - SECOND
    office.goto("/en/award/2026/desk")
    assert "has not come" in press(office, "Publish the results")
    publish.sweep()
    stranger.goto("/en/award/2026")
    assert not stranger.locator(".lc-grid h4").count()
    people.now = PUBLISHES
    publish.sweep()
    for language in ("th", "en"):
        stranger.goto(f"/{language}/award/2026")
        titles = stranger.locator(".lc-grid h4").all_inner_texts()
        assert titles == [f"Learning in {city}" for city in ("phayao", "chiangmai", "rayong")]
    stranger.get_by_role("link", name="Learning in phayao").click()
    assert ANSWER in stranger.inner_text("#lc-award ~ p.lc-award-text")
    file = stranger.locator("a[href*='/file/']").first.get_attribute("href")
    assert stranger.request.get(file).body() == evidence("phayao")


def read_back(office, stranger, seen: list[tuple[int, Any]]) -> None:
    """The trail alone, as the API gives it, says every state that was seen on the way."""
    address = "/api/3/action/learningcity_award_trail?round=2026"
    assert stranger.request.get(address).status == 403
    happened = office.request.get(address).json()["result"]
    for number, rows in seen:
        assert trail.replay(happened[:number]) == rows
    assert len(happened) == seen[-1][0]
    for entry in people_of(happened):
        changes = [line["changes"] for line in happened if line["thing_id"] == entry["id"]]
        went = [change["state"] for change in changes if "state" in change]
        assert went == STATES[entry["city"]], entry["city"]
    stages = [line["changes"].get("stage") for line in happened if line["thing"] == "round"]
    assert [stage for stage in stages if stage] == ["draft", "announced", "decided", "published"]
    office.goto("/en/award/2026/desk")
    assert f"{len(happened)} entries" in office.inner_text("#lc-trail ~ details")


def people_of(happened: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the applications in the trail with the names of their cities."""
    begun = [
        line["changes"]
        for line in happened
        if (line["thing"], line["kind"]) == ("application", "created")
    ]
    offices = {row["id"]: model.Group.get(row["organization_id"]).name for row in begun}
    return [{"id": id_, "city": name.removesuffix("-office")} for id_, name in offices.items()]
