"""A submission's way, through the actions."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from ckan import model
from ckan.tests import factories, helpers
from desk.people import FAULTY, FIRST, HEAD, SECOND, work

from ckanext.learningcity.addressed import GoneError
from ckanext.learningcity.desk import promises, store, uploads

NotAuthorized = helpers.logic.NotAuthorized
NotFound = helpers.logic.NotFound
ValidationError = helpers.logic.ValidationError


def releases(city) -> list[dict]:
    found = helpers.call_action("learningcity_release_list", id=city.dataset)
    return found["results"]


def test_an_upload_is_a_draft_and_publishes_nothing(city):
    made = city.upload()
    assert made["state"] == "draft"
    assert made["filename"] == "table.csv"
    assert made["size"] == len(FIRST)
    assert made["difference"] == {"added": 3, "changed": 0, "removed": 0}
    assert made["report"]["valid"]
    assert made["mapping"]["columns"]["A"] == "INDICATOR"
    assert made["blocked"] == []
    assert set(made["possible"]) == {"update", "submit", "discard"}
    assert releases(city) == []


def test_without_approval_a_submission_goes_straight_to_a_release(city):
    made = city.publish()
    assert made["state"] == "published"
    assert made["release"] == 1
    assert made["possible"] == []
    (release,) = releases(city)
    assert release["source"] == {
        "kind": "upload",
        "submission": made["id"],
        "sha256": made["sha256"],
        "filename": "table.csv",
    }


def test_the_difference_names_old_and_new_values(city):
    city.publish(FIRST)
    found = city.act("diff", id=city.upload(SECOND)["id"])
    assert found["counts"] == {"added": 1, "changed": 1, "removed": 1}
    changed = next(record for record in found["results"] if record["change"] == "changed")
    assert (changed["old"]["OBS_VALUE"], changed["new"]["OBS_VALUE"]) == (93.5, 94)
    assert changed["TIME_PERIOD"] == "2023"
    pages = [
        city.act("diff", id=city.upload(SECOND)["id"], limit=1, offset=offset)["results"]
        for offset in range(4)
    ]
    assert [record for page in pages for record in page] == found["results"]


def test_a_file_with_errors_cannot_be_submitted(city):
    made = city.upload(FAULTY)
    assert made["difference"] is None
    assert made["blocked"] == ["errors"]
    assert made["report"]["issues"][0]["cell"] == "D3"
    with pytest.raises(ValidationError, match="has errors"):
        city.act("submit", id=made["id"])
    assert city.act("diff", id=made["id"])["count"] == 0


def test_what_would_change_nothing_cannot_be_submitted(city):
    city.publish(FIRST)
    made = city.upload(FIRST)
    assert made["blocked"] == ["nothing"]
    with pytest.raises(ValidationError, match="change nothing"):
        city.act("submit", id=made["id"])


def test_another_mapping_is_checked_at_once_and_remembered_for_the_next_upload(city):
    made = city.upload(with_sample(FIRST))
    assert made["blocked"] == ["errors"]
    columns = {**made["mapping"]["columns"], "D": "OBS_VALUE", "E": ""}
    mapping = {**made["mapping"], "columns": columns, "spread": {}}
    mended = city.act("update", id=made["id"], mapping=json.dumps(mapping))
    assert mended["blocked"] == []
    assert mended["difference"]["added"] == 3
    city.act("submit", id=made["id"])
    city.act("publish", id=made["id"])
    work()
    again = city.upload(with_sample(SECOND))
    assert again["mapping"] == mended["mapping"]
    assert again["blocked"] == []
    other = city.upload(with_sample(SECOND).replace("round 2", "round 3"))
    assert other["mapping"] != mended["mapping"]


def with_sample(text: str) -> str:
    """Return a table with two columns of numbers, neither of which says that it is the value."""
    head, *rows = text.replace("value", "round 1,round 2").splitlines()
    return "\n".join([head, *(f"{row},1" for row in rows), ""])


@pytest.mark.parametrize(
    "mapping",
    ["[]", "no JSON", '{"first": 0}', '{"columns": {"A": "NO_SUCH"}}', '{"columns": {"1": ""}}'],
)
def test_a_mapping_that_is_none_is_refused(city, mapping):
    made = city.upload()
    with pytest.raises(ValidationError) as refused:
        city.act("update", id=made["id"], mapping=mapping)
    assert list(refused.value.error_dict) == ["mapping"]
    assert city.act("show", id=made["id"])["mapping"] == made["mapping"]


@pytest.mark.parametrize("code", ["area_unknown", "no_such_code"])
def test_only_what_asks_for_it_can_be_confirmed(city, code):
    with pytest.raises(ValidationError, match="can be confirmed"):
        city.act("update", id=city.upload()["id"], confirmed=[code])


def test_a_sheet_that_is_not_there_is_refused(city):
    made = city.upload()
    for action in ("update", "preview"):
        with pytest.raises(ValidationError, match="no such sheet"):
            city.act(action, id=made["id"], sheet="Sheet 9")


def test_the_preview_shows_rows_as_a_spreadsheet_numbers_them(city):
    shown = city.act("preview", id=city.upload()["id"])
    assert shown["letters"] == ["A", "B", "C", "D"]
    assert shown["rows"][0] == {"row": 1, "hidden": False, "cells": HEAD.split(",")}
    assert shown["rows"][2]["cells"][3] == "93.5"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", b"just words"]
)
def test_any_bytes_become_a_report(city, content):
    made = city.upload(content)
    assert not made["report"]["valid"]
    assert made["blocked"] == ["errors"]
    city.act("preview", id=made["id"])


def test_what_is_no_file_is_refused(city):
    with pytest.raises(ValidationError, match="Give a file"):
        city.act("create", id=city.dataset, upload="words")
    with pytest.raises(ValidationError):
        city.act("create", id=city.dataset)


@pytest.mark.ckan_config("ckanext.learningcity.upload_max", 0)
def test_a_file_that_is_too_large_is_refused(city):
    with pytest.raises(ValidationError, match="larger than 0 MB"):
        city.upload()


def test_a_discarded_submission_is_over_and_its_file_gone(city):
    made, same = city.upload(), city.upload()
    city.act("discard", id=made["id"])
    assert uploads.content(same["sha256"]) == FIRST.encode()  # another submission has it, too
    gone = city.act("discard", id=same["id"])
    assert gone["state"] == "discarded"
    assert gone["possible"] == []
    with pytest.raises(GoneError):
        uploads.content(same["sha256"])
    with pytest.raises(NotFound):
        city.act("preview", id=same["id"])
    assert city.act("diff", id=same["id"])["count"] == 0


@pytest.mark.parametrize("act", ["submit", "approve", "publish", "discard", "update", "return"])
def test_nothing_can_be_done_with_what_is_published(city, act):
    made = city.publish()
    parameters = {"reason": "why"} if act == "return" else {}
    user = city.colleague if act == "approve" else city.editor
    with pytest.raises(ValidationError) as refused:
        city.act(act, user, id=made["id"], **parameters)
    assert "published" in refused.value.error_dict["state"][0]


def test_a_draft_cannot_be_published_or_approved(city):
    made = city.upload()
    with pytest.raises(ValidationError, match="update, submit, discard"):
        city.act("publish", id=made["id"])
    with pytest.raises(ValidationError, match="draft"):
        city.act("approve", city.colleague, id=made["id"])


@pytest.mark.parametrize("act", ["show", "diff", "preview", "update", "submit", "discard"])
def test_strangers_see_and_do_nothing(city, act):
    made = city.upload()
    for stranger in (factories.User()["name"], ""):
        with pytest.raises(NotAuthorized):
            city.act(act, stranger or "127.0.0.1", id=made["id"])
    with pytest.raises(NotFound):
        city.act(act, id="no-such-submission")


def test_strangers_upload_nothing(city):
    with pytest.raises(NotAuthorized):
        city.upload(user=factories.User()["name"])


def test_the_list_holds_what_the_reader_may_edit(city):
    made = city.upload()
    city.upload(user=city.colleague, name="other.csv")
    assert city.act("list")["count"] == 2
    assert city.act("list", factories.User()["name"])["count"] == 0
    assert city.act("list", factories.Sysadmin()["name"])["count"] == 2
    (mine,) = city.act("list", whose="mine")["results"]
    assert mine["id"] == made["id"]
    assert mine["organization"] == "phayao-office"
    assert [one["filename"] for one in city.act("list", q="OTHER")["results"]] == ["other.csv"]
    assert city.act("list", q="พะเยา")["count"] == 2
    assert city.act("list", q="%")["count"] == 0
    assert city.act("list", state="published")["count"] == 0
    assert city.act("list", dataset=city.dataset, limit=1)["count"] == 2
    assert len(city.act("list", limit=1, offset=1)["results"]) == 1


@pytest.mark.parametrize(
    "parameters",
    [
        {"state": "lost"},
        {"whose": "everyone"},
        {"dataset": "no-such-dataset"},
        {"organization": "no-such-city"},
        {"limit": -1},
        {"offset": "x"},
        {"colour": "red"},
    ],
)
def test_filters_that_do_not_exist_are_refused(city, parameters):
    with pytest.raises(ValidationError) as refused:
        city.act("list", **parameters)
    assert list(refused.value.error_dict) == list(parameters)


def test_the_history_says_who_did_what(city):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    city.act("return", city.colleague, id=made["id"], reason="Year 2567 is missing.")
    shown = city.act("show", id=made["id"])
    assert [entry["kind"] for entry in shown["history"]] == ["created", "submitted", "returned"]
    assert shown["history"][-1]["note"] == shown["reason"] == "Year 2567 is missing."
    assert shown["history"][-1]["user"] == model.User.get(city.colleague).display_name


def test_files_of_what_is_decided_are_given_up_in_time(city):
    made = city.publish()
    promises.sweep()
    assert city.act("show", id=made["id"])["file_kept"]
    model.Session.execute(
        store.submission.update().values(modified=store.submission.c.modified - timedelta(days=31))
    )
    model.Session.commit()
    draft = city.upload(SECOND)
    promises.sweep()
    assert not city.act("show", id=made["id"])["file_kept"]
    assert city.act("show", id=draft["id"])["file_kept"]
