"""What a resource's page says of its table, and the button that loads it again."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.lib import jobs
from ckan.tests import factories

TITLED = "รายชื่อห้องสมุด,\nชื่อ,ค่า\nพะเยา,1\nน่าน,2\n"
SPLIT = "จังหวัด,ผู้ใช้\nพะเยา,1,234\nน่าน,5\n"


@pytest.fixture
def page(app, dataset):
    """Get a resource's page as parsed HTML."""

    def get(resource: dict, user: dict | None = None, language: str = "en") -> BeautifulSoup:
        headers = {"Authorization": user["token"]} if user else {}
        address = f"/{language}/dataset/{dataset['name']}/resource/{resource['id']}"
        return BeautifulSoup(app.get(address, headers=headers).data, "html.parser")

    return get


def told(page: BeautifulSoup) -> str:
    found = page.select_one(".lc-table-status")
    return " ".join(found.get_text(" ").split()) if found else ""


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Row 2: The comma in 1,234 cuts the number in two."),
        ("th", "เครื่องหมายจุลภาคใน 1,234 แบ่งตัวเลขออกเป็นสองช่อง"),
    ],
)
def test_the_publisher_reads_what_is_wrong_in_their_language(
    upload, page, editor, language, sentence
):
    made = upload(SPLIT)
    assert sentence.split(":")[-1].strip() in told(page(made, editor, language))


def test_others_read_only_that_there_is_no_table(upload, page):
    shown = told(page(upload(SPLIT)))
    assert "could not be shown as a table" in shown
    assert "1,234" not in shown
    assert "Load the table again" not in shown


def test_lines_left_out_are_told(upload, page):
    assert "only in the file: 1" in told(page(upload(TITLED)))


def test_the_publisher_is_asked_to_look_at_telephone_numbers_and_others_are_not(
    upload, page, editor
):
    made = upload("แหล่งเรียนรู้,โทรศัพท์\nหอศิลป์พะเยา,054-466-666\n")
    assert "Look whether these may be public: Cell B2:" in told(page(made, editor))
    assert told(page(made)) == ""


def test_what_stands_in_a_file_is_never_markup(upload, page, editor):
    made = upload("ชื่อ,ค่า\nก,<script>alert(1)</script>,x\nข,1\nค,2\n")
    shown = page(made, editor)
    assert "alert(1)" not in " ".join(script.text for script in shown.select("script"))


def test_a_resource_without_a_table_says_nothing(upload, page, editor):
    assert told(page(upload(b"x", "notes.txt"), editor)) == ""


class TestButton:
    def address(self, dataset: dict, resource: dict) -> str:
        return f"/dataset/{dataset['name']}/resource/{resource['id']}/load-table"

    def test_an_editor_presses_it(self, app, dataset, upload, page, editor):
        made = upload(TITLED)
        form = page(made, editor).select_one(".lc-table-status form")
        assert form.select_one("input[name=_csrf_token]")
        headers = {"Authorization": editor["token"]}
        answer = app.post(form["action"], headers=headers, follow_redirects=False)
        assert answer.status_code == 302
        assert len(jobs.get_queue().job_ids) == 1
        assert "is being loaded" in told(page(made, editor))

    @pytest.mark.parametrize("stranger", [None, factories.UserWithToken])
    def test_a_stranger_cannot(self, app, dataset, upload, stranger):
        made = upload(TITLED)
        headers = {"Authorization": stranger()["token"]} if stranger else {}
        app.post(self.address(dataset, made), headers=headers, status=403)
        assert jobs.get_queue().job_ids == []

    def test_no_such_resource_is_not_found(self, app, dataset, editor):
        headers = {"Authorization": editor["token"]}
        app.post(self.address(dataset, {"id": "nowhere"}), headers=headers, status=404)

    def test_looking_at_the_address_does_nothing(self, app, dataset, upload):
        made = upload(TITLED)
        assert app.get(self.address(dataset, made)).status_code in (404, 405)
        assert jobs.get_queue().job_ids == []
