"""A large file is checked in the background; for these tests every file is large."""

from __future__ import annotations

import io

import openpyxl
import pytest
from ckan.lib import jobs
from ckan.tests import helpers
from desk.people import FAULTY, FIRST, HEAD, SECOND, work
from desk.test_desk_pages import Visitor, text

from ckanext.learningcity.desk import check, promises, states

ValidationError = helpers.logic.ValidationError

pytestmark = pytest.mark.ckan_config("ckanext.learningcity.check_in_background", 0)


class KilledError(Exception):
    """Stands for a process that ends here."""


def kill(*_args, **_kwargs):
    raise KilledError


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for name, value in (("Data", 93), ("Other", 94)):
        sheet = book.create_sheet(name)
        sheet.append(HEAD.split(","))
        sheet.append(["ADULT_LITERACY", "TH-56", 2565, value])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_large_file_goes_the_whole_way_and_nothing_can_be_done_meanwhile(city):
    made = city.upload(FAULTY)
    assert made["state"] == "checking"
    assert made["progress"] == {"step": "waiting", "done": 0, "total": 4}
    assert made["possible"] == made["blocked"] == []
    assert not made["marked"]
    assert city.act("list", state="checking")["count"] == 1
    assert city.act("diff", id=made["id"])["count"] == 0
    assert city.act("preview", id=made["id"])["rows"] == []
    for act in ("submit", "update", "discard"):
        with pytest.raises(ValidationError, match="checking"):
            city.act(act, id=made["id"])
    work()
    faulty = city.act("show", id=made["id"])
    assert faulty["state"] == "draft"
    assert faulty["progress"] is None
    assert faulty["blocked"] == ["errors"]

    good = city.upload(FIRST)["id"]
    work()
    assert city.act("diff", id=good, limit=1)["count"] == 3
    assert [row["new"]["OBS_VALUE"] for row in city.act("diff", id=good)["results"]] == [
        93,
        93.5,
        70,
    ]
    assert city.act("preview", id=good)["rows"][0]["cells"] == HEAD.split(",")
    city.act("submit", id=good)
    city.act("publish", id=good)
    work()
    assert city.act("show", id=good)["release"] == 1


def test_other_columns_and_sheets_are_checked_in_the_background_too(city):
    made = city.upload(workbook(), name="table.xlsx")["id"]
    work()
    first = city.act("show", id=made)
    assert first["blocked"] == ["confirm"]
    with pytest.raises(ValidationError, match="no such sheet"):
        city.act("update", id=made, sheet="Lost")
    assert city.act("update", id=made, sheet="Other")["state"] == "checking"
    work()
    other = city.act("show", id=made)
    assert other["mapping"]["sheet"] == "Other"
    assert city.act("diff", id=made)["results"][0]["new"]["OBS_VALUE"] == 94
    city.act("update", id=made, confirmed=["sheet_other_table"])
    assert city.act("update", id=made, mapping=first["mapping"])["state"] == "checking"
    work()
    back = city.act("show", id=made)
    assert back["mapping"]["sheet"] == "Data"
    assert back["confirmed"] == ["sheet_other_table"]
    assert [entry["kind"] for entry in back["history"]] == [
        *("created", "changed", "confirmed", "changed")
    ]


def test_after_another_release_a_large_file_is_compared_again_in_the_background(city):
    mine = city.upload(SECOND)["id"]
    work()
    other = city.upload(FIRST, city.colleague)["id"]
    work()
    city.act("submit", city.colleague, id=other)
    city.act("publish", city.colleague, id=other)
    work()
    with pytest.raises(ValidationError, match="meanwhile"):
        city.act("submit", id=mine)
    assert city.act("show", id=mine)["state"] == "checking"
    work()
    shown = city.act("show", id=mine)
    assert shown["history"][-1]["kind"] == "superseded"
    assert shown["difference"] == {"added": 1, "changed": 1, "removed": 1}
    records = city.act("diff", id=mine)["results"]
    assert [(row["change"], row["old"] and row["old"]["OBS_VALUE"]) for row in records] == [
        *(("removed", 70), ("changed", 93.5), ("added", None))
    ]


def test_a_killed_check_is_taken_up_and_given_up_when_it_fails_always(city, monkeypatch):
    made = city.upload()["id"]
    with monkeypatch.context() as patch:
        patch.setattr(check, "compare", kill)
        with pytest.raises(KilledError):
            work()
    assert city.act("show", id=made)["progress"]["step"] == "comparing"
    assert jobs.get_queue().job_ids == []
    promises.resume()
    promises.resume()
    assert len(jobs.get_queue().job_ids) == 1
    work()
    assert city.act("show", id=made)["state"] == "draft"

    hopeless = city.upload(SECOND)["id"]
    with monkeypatch.context() as patch:
        patch.setattr(check, "examine", kill)
        patch.setattr(states, "ATTEMPTS", 0)
        promises.run(hopeless)
    shown = city.act("show", id=hopeless)
    assert shown["report"]["counts"] == {"check_failed": 1}
    assert shown["blocked"] == ["errors"]
    assert "discard" in shown["possible"]


def test_the_page_shows_how_far_the_check_is(city, app):
    editor = Visitor(app, city.editor)
    page = editor.upload(city.dataset, FAULTY)
    assert "Being checked" in text(page)
    assert page.find("progress")["max"] == "4"
    assert page.find(attrs={"data-lc-stage": "waiting"})["aria-current"] == "step"
    assert page.find(attrs={"data-lc-stage": "releasing"}) is None
    made = city.act("list")["results"][0]["id"]
    for step in ("mapping", "report", "changes", "confirm"):
        assert "Being checked" in text(editor.get(f"/en/submission/{made}?step={step}"))
    told = app.get(f"/submission/{made}/progress", headers=editor.headers).json
    assert told["state"] == "checking"
    assert told["progress"]["step"] == "waiting"
    editor.get(f"/submission/{made}/marked.xlsx", 404)
    work()
    page = editor.get(f"/en/submission/{made}")
    assert "There are errors" in text(page)
    assert "marked workbook" not in text(page).lower()
