"""The desk's pages, as a browser without JavaScript uses them."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from ckan.lib import jobs
from ckan.tests import factories
from desk.people import FAULTY, FIRST, HEAD, SECOND, work

STRANGE = f"{HEAD}\nADULT_LITERACY,TH-56,2566,<b>93</b>\n"


class Visitor:
    """Opens pages and sends forms as one user."""

    def __init__(self, app, user: str | None) -> None:
        self.app = app
        self.headers = {}
        if user:
            token = factories.APIToken(user=user)["token"]
            self.headers = {"Authorization": token}

    def get(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.app.get(address, headers=self.headers, status=status)
        return BeautifulSoup(answer.body, "html.parser")

    def post(self, address: str, status: int = 200, **fields) -> BeautifulSoup:
        answer = self.app.post(address, data=fields, headers=self.headers, status=status)
        return BeautifulSoup(answer.body, "html.parser")

    def upload(self, dataset: str, text: str, status: int = 200) -> BeautifulSoup:
        file = (io.BytesIO(text.encode()), "table.csv")
        return self.post(f"/en/dataset/{dataset}/publish", status, upload=file)


@pytest.fixture
def visit(app):
    return lambda user=None: Visitor(app, user)


def submission(city) -> str:
    return city.act("list")["results"][0]["id"]


def text(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def test_from_upload_to_release_by_forms_alone(city, visit):
    editor = visit(city.editor)
    page = editor.get(f"/en/dataset/{city.dataset}")
    link = page.find("a", href=re.compile("/publish$"))
    assert "Publish data" in link.get_text()
    page = editor.upload(city.dataset, FIRST)
    assert page.find(attrs={"aria-current": "step"}).get_text(strip=True).endswith("Changes")
    assert "Nothing has been published before" in text(page)
    assert "93.5%" in text(page)
    path = f"/en/submission/{submission(city)}"
    page = editor.get(f"{path}?step=confirm")
    assert "They become release 1" in text(page)
    page = editor.post(f"{path}/submit", publish="1")
    assert "Being published" in text(page)
    assert page.find("noscript").find("meta", attrs={"http-equiv": "refresh"})
    work()
    assert "Published as release 1" in text(editor.get(path))
    jobs.get_queue().empty()


def test_faults_are_told_by_cell_in_both_languages(city, visit):
    editor = visit(city.editor)
    page = editor.upload(city.dataset, FAULTY)
    found = text(page)
    assert "There are errors" in found
    assert "D3" in found
    assert "lots" in found
    path = f"submission/{submission(city)}"
    assert "ไม่ใช่ตัวเลข" in text(editor.get(f"/th/{path}"))
    answer = editor.app.get(f"/en/{path}/report.json", headers=editor.headers).json
    assert not answer["valid"]
    assert answer["issues"][0]["cell"] == "D3"
    confirm = editor.get(f"/en/{path}?step=confirm")
    assert "Publish now" not in text(confirm)


def test_the_report_can_be_narrowed(city, visit):
    editor = visit(city.editor)
    editor.upload(city.dataset, FAULTY)
    path = f"/en/submission/{submission(city)}?step=report"
    for query, rows in (("&severity=error", True), ("&severity=notice", False), ("&code=x", False)):
        page = editor.get(path + query)
        assert ("Nothing of this kind" not in text(page)) is rows


def test_what_a_file_says_is_never_markup(city, visit):
    page = visit(city.editor).upload(city.dataset, STRANGE)
    assert "<b>93</b>" in text(page)
    assert not any(tag.get_text() == "93" for tag in page.find_all("b"))


def test_columns_can_be_corrected(city, visit):
    editor = visit(city.editor)
    editor.upload(city.dataset, FIRST)
    path = f"/en/submission/{submission(city)}"
    page = editor.get(f"{path}?step=mapping")
    form = page.find("fieldset").find_parent("form")
    fields = {
        each["name"]: each.get("value", "") for each in form.find_all("input") if each.get("name")
    }
    for select in form.find_all("select"):
        fields[select["name"]] = select.find("option", selected=True)["value"]
    assert fields["column-A"] == "INDICATOR"
    page = editor.post(f"{path}/mapping", **{**fields, "column-D": ""})
    assert "There are errors" in text(page)
    page = editor.post(
        f"{path}/mapping", **{**fields, "column-C": "", "constant-TIME_PERIOD": "2566"}
    )
    assert city.act("show", id=submission(city))["mapping"]["constants"] == {"TIME_PERIOD": "2566"}


@pytest.mark.parametrize("rows", [("x", "1"), ("0", "1"), ("5", "2"), ("", "")])
def test_heading_rows_that_are_none_are_told(city, visit, rows):
    editor = visit(city.editor)
    editor.upload(city.dataset, FIRST)
    path = f"/en/submission/{submission(city)}"
    page = editor.post(f"{path}/mapping", sheet="", first=rows[0], last=rows[1], step="mapping")
    assert "not a mapping of columns" in text(page)


def test_an_approval_by_the_page(city, visit):
    city.choose(workflow_approve="other_editor")
    editor, colleague = visit(city.editor), visit(city.colleague)
    editor.upload(city.dataset, FIRST)
    path = f"/en/submission/{submission(city)}"
    page = editor.post(f"{path}/submit")
    assert "It cannot be yours" in text(page)
    waiting = colleague.get("/en/desk?whose=to_approve")
    assert waiting.find("a", href=re.compile(submission(city)))
    page = colleague.post(f"{path}/return", reason="Year 2567, please")
    assert "Year 2567, please" in text(editor.get(path))
    page = colleague.post(f"{path}/return", reason="")
    assert "Not possible in the state" in text(page) or "Missing value" in text(page)


def test_who_came_second_sees_it_on_the_page(city, visit):
    city.publish(FIRST)
    made = city.submit(SECOND)
    city.publish(FIRST.replace("70", "71"), city.colleague)
    city.act("publish", id=made["id"])
    work()
    page = text(visit(city.editor).get(f"/en/submission/{made['id']}"))
    assert "Release 2 was published meanwhile by" in page
    assert "Nothing of yours is lost" in page


def test_the_work_list_finds_pages_and_says_when_it_is_empty(city, visit):
    editor = visit(city.editor)
    assert "Nothing here yet" in text(editor.get("/en/desk"))
    assert "Nothing waits for you" in text(editor.get("/en/desk?whose=to_approve"))
    city.upload(name="one.csv")
    city.upload(name="two.csv")
    page = text(editor.get("/en/desk?q=two"))
    assert "two.csv" in page
    assert "one.csv" not in page
    assert "1 upload" in page
    editor.get("/en/desk?state=lost", status=400)


def test_releases_can_be_taken_back_with_a_reason(city, visit):
    city.publish(FIRST)
    city.publish(SECOND)
    admin = visit(city.admin)
    page = admin.post(f"/en/dataset/{city.dataset}/release/2/withdraw", reason="Wrong sums")
    assert "Withdrawn: Wrong sums" in text(page)
    page = admin.post(f"/en/dataset/{city.dataset}/release/9/withdraw", status=404, reason="x")


def test_a_script_gets_json(city, visit):
    editor = visit(city.editor)
    headers = {**editor.headers, "X-Requested-With": "XMLHttpRequest"}
    address = f"/en/dataset/{city.dataset}/publish"
    file = (io.BytesIO(FIRST.encode()), "table.csv")
    answer = city_post(editor, address, headers, {"upload": file}).json
    assert submission(city) in answer["address"]
    answer = editor.app.post(address, data={}, headers=headers, status=400).json
    assert answer["error"]
    path = f"/en/submission/{submission(city)}/progress"
    assert editor.app.get(path, headers=editor.headers).json == {"state": "draft", "progress": None}


def city_post(editor, address, headers, data):
    return editor.app.post(address, data=data, headers=headers)


def test_without_a_file_the_page_says_so(city, visit):
    page = visit(city.editor).post(f"/en/dataset/{city.dataset}/publish", status=400)
    assert "The file was not taken" in text(page)


@pytest.mark.parametrize(
    "path", ["/en/desk", "/en/dataset/{dataset}/publish", "/en/submission/{id}"]
)
def test_visitors_log_in_first_and_strangers_are_refused(city, app, visit, path):
    address = path.format(dataset=city.dataset, id=city.upload()["id"])
    answer = app.get(address, follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]
    stranger = visit(factories.User()["name"])
    stranger.get(address, status=200 if path == "/en/desk" else 403)


def test_what_is_not_there_is_not_found(city, visit):
    editor = visit(city.editor)
    for address in ("/en/submission/none", "/en/dataset/none/publish"):
        editor.get(address, status=404)
    made = city.upload()
    editor.get(f"/en/submission/{made['id']}?step=none", status=400)
    city.act("discard", id=made["id"])
    editor.get(f"/en/submission/{made['id']}")


def test_readers_see_no_button(city, visit):
    assert not visit().get(f"/en/dataset/{city.dataset}").find("a", href=re.compile("/publish$"))
    stranger = visit(factories.User()["name"])
    assert not stranger.get("/en/").find("a", href=re.compile("/desk$"))
    assert visit(city.editor).get("/en/").find("a", href=re.compile("/desk$"))
