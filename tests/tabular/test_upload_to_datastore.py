"""Uploaded tables reach the DataStore as they are written."""

from __future__ import annotations

import pytest
import redis
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories, helpers
from ckanext.datastore.backend import DatastoreBackend

from ckanext.learningcity.tables import reading
from ckanext.learningcity.tabular import queue, status

LIBRARIES = """ชื่อห้องสมุด,รหัสห้องสมุด,จำนวนผู้ใช้,ปี,Opened on
ห้องสมุดประชาชนจังหวัดพะเยา,0056001,"12,345",2566,1985-04-02
หอสมุดแห่งชาติสาขาเชียงใหม่,0050002,98765,2567,1999-12-31
"""


def test_a_thai_table_has_short_ids_thai_labels_and_no_code_became_a_number(upload, fields, rows):
    made = upload(LIBRARIES)
    assert made["datastore_active"] is True
    assert fields(made) == {
        "c01": ("text", "ชื่อห้องสมุด"),
        "c02": ("text", "รหัสห้องสมุด"),
        "c03": ("numeric", "จำนวนผู้ใช้"),
        "c04": ("numeric", "ปี"),
        "opened_on": ("date", "Opened on"),
    }
    assert rows(made)[0] == {
        "c01": "ห้องสมุดประชาชนจังหวัดพะเยา",
        "c02": "0056001",
        "c03": 12345,
        "c04": 2566,
        "opened_on": "1985-04-02",
    }


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("พะเยา", ["0056001"]),
        ("ห้องสมุด", ["0056001"]),
        ("ห้องสมุดประชาชน", ["0056001"]),
        ("ประชาชน จังหวัด", ["0056001"]),
        ("หอสมุดแห่งชาติ", ["0050002"]),
        ("หอสมุดแห่งชาติสาขาเชียงใหม่", ["0050002"]),
        ("0050002", ["0050002"]),
        ("98765", ["0050002"]),
        ("เชียงราย", []),
    ],
)
def test_thai_words_find_rows(upload, rows, q, codes):
    assert [row["c02"] for row in rows(upload(LIBRARIES), q=q)] == codes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(upload, rows, encoding, delimiter):
    text = "จังหวัด,ค่า\nพะเยา,1.5\nน่าน,2\n".replace(",", delimiter)
    assert rows(upload(text.encode(encoding))) == [
        {"c01": "พะเยา", "c02": 1.5},
        {"c01": "น่าน", "c02": 2},
    ]


def test_a_workbook_with_title_merged_headings_and_a_note(upload, fields, rows, state, workbook):
    content = workbook(
        [
            ["ผู้ใช้ห้องสมุดประชาชน ปี 2566", None, None],
            [None, None, None],
            ["จังหวัด", "จำนวนผู้ใช้", None],
            [None, "ชาย", "หญิง"],
            ["พะเยา", 100, 120],
            ["น่าน", 90, 95.5],
            ["ที่มา: สำนักงาน กศน.", None, None],
        ],
        *("A1:C1", "A3:A4", "B3:C3"),
    )
    made = upload(content, "users.xlsx")
    assert [label for _type, label in fields(made).values()] == [
        *("จังหวัด", "จำนวนผู้ใช้ ชาย", "จำนวนผู้ใช้ หญิง")
    ]
    assert [tuple(row.values()) for row in rows(made)] == [("พะเยา", 100, 120), ("น่าน", 90, 95.5)]
    assert (state(made)["above"], state(made)["below"]) == (1, 1)


def test_the_table_is_shown_in_a_view(upload):
    made = upload(LIBRARIES)
    views = helpers.call_action("resource_view_list", id=made["id"])
    assert [view["view_type"] for view in views] == ["datatables_view"]


def test_the_count_of_rows_is_right_after_a_shorter_file(upload):
    made = upload(LIBRARIES)
    upload(LIBRARIES.rsplit("\n", 2)[0], id=made["id"])
    assert helpers.call_action("datastore_search", resource_id=made["id"])["total"] == 1


def test_another_file_replaces_the_table_and_a_heading_keeps_its_id(upload, fields, rows):
    made = upload("อำเภอ,จังหวัด\nเมือง,พะเยา\n")
    upload("ลำดับ,จังหวัด,อำเภอ,Note\n1,น่าน,ปัว,x\n", id=made["id"])
    assert fields(made) == {
        "c03": ("numeric", "ลำดับ"),
        "c02": ("text", "จังหวัด"),
        "c01": ("text", "อำเภอ"),
        "note": ("text", "Note"),
    }
    assert rows(made) == [{"c03": 1, "c02": "น่าน", "c01": "ปัว", "note": "x"}]


def test_the_data_dictionary_that_people_wrote_stays(upload, fields):
    made = upload("จังหวัด,ค่า\nพะเยา,1\n")
    info = {"label": "Province", "notes": "As written by the office"}
    helpers.call_action(
        "datastore_create",
        resource_id=made["id"],
        force=True,
        fields=[{"id": "c01", "type": "text", "info": info}, {"id": "c02", "type": "numeric"}],
    )
    upload("จังหวัด,ค่า\nน่าน,2\n", id=made["id"])
    found = helpers.call_action("datastore_info", id=made["id"])["fields"]
    assert found[0]["info"] == info


def test_an_alias_of_the_table_goes_on_working(upload):
    made = upload("จังหวัด,ค่า\nพะเยา,1\n")
    helpers.call_action("datastore_create", resource_id=made["id"], force=True, aliases="phayao")
    upload("จังหวัด,ค่า\nน่าน,2\n", id=made["id"])
    found = helpers.call_action("datastore_search", resource_id="phayao")
    assert found["records"][0]["c01"] == "น่าน"


def test_a_corrected_title_loads_nothing_again(upload, editor):
    made = upload(LIBRARIES)
    helpers.call_action(
        "resource_patch", context={"user": editor["name"]}, id=made["id"], description="better"
    )
    assert jobs.get_queue().job_ids == []


def test_the_same_bytes_again_are_not_read_again(upload, state, monkeypatch):
    made = upload(LIBRARIES)
    monkeypatch.setattr(reading, "grids", lambda *_: pytest.fail("the file was read"))
    upload(LIBRARIES, id=made["id"])
    assert state(made)["state"] == "loaded"


def test_private_tables_are_for_those_who_may_read_the_dataset(office, editor, work, upload):
    closed = factories.Dataset(owner_org=office["id"], private=True)
    made = upload(LIBRARIES, package_id=closed["id"])
    query = {"resource_id": made["id"], "q": "พะเยา"}
    for action in ("datastore_search", "learningcity_tabular_status"):
        asked = query if action == "datastore_search" else {"resource_id": made["id"]}
        with pytest.raises(helpers.logic.NotAuthorized):
            helpers.call_action(action, {"user": "", "ignore_auth": False}, **asked)
    allowed = {"user": editor["name"], "ignore_auth": False}
    assert helpers.call_action("datastore_search", allowed, **query)["total"] == 1


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "file_kind", None),
        (b"%PDF-1.7 not a table", "file_kind", None),
        (b"", "file_empty", None),
        (b"a,b\n", "file_empty", None),
        ('ชื่อ,หมายเหตุ\n"ไม่ปิด,x\n', "file_quotes", 2),
        ("จังหวัด,ผู้ใช้\nพะเยา,1,234\nน่าน,5\n", "cell_thousands", 2),
        ("จังหวัด,ผู้ใช้\nพะเยา,1,234\nน่าน,5,678\n", "cell_thousands", 2),
        ("ชื่อ,ที่อยู่\nก,ต.เวียง, อ.เมือง\nข,ต.แม่ต๋ำ\nค,ต.บ้านต๋อม\n", "file_shape", 2),
        ("ชื่อ,เลขประจำตัวประชาชน\nนาย ก ข,1101700230708\n", "privacy_id", 2),
        (b"PK\x03\x04 not a workbook", "file_damaged", None),
    ],
)
def test_a_bad_file_is_kept_and_its_publisher_told(upload, state, content, code, place, editor):
    made = upload(content, "bad.csv")
    told = state(made, editor["name"])
    assert told["state"] == "failed"
    assert (told["issues"][0]["code"], told["issues"][0]["row"]) == (code, place)
    assert not made["datastore_active"]
    assert "1101700230708" not in str(told)


def test_only_the_publisher_reads_what_was_found(upload, state):
    made = upload("ชื่อ,เลขประจำตัวประชาชน\nนาย ก ข,1101700230708\n")
    assert state(made, "")["state"] == "failed"
    assert state(made, "")["issues"] is None
    assert state(made, factories.User()["name"])["issues"] is None


def test_telephone_numbers_of_offices_are_loaded_and_pointed_out(upload, state, rows, editor):
    made = upload("แหล่งเรียนรู้,โทรศัพท์\nหอศิลป์พะเยา,054-466-666\n")
    assert rows(made)[0]["c02"] == "054-466-666"
    told = state(made, editor["name"])
    assert told["state"] == "loaded"
    assert [issue["code"] for issue in told["issues"]] == ["privacy_phone"]


def test_a_column_without_a_heading_is_named_by_its_letter(upload, fields):
    made = upload("จังหวัด,ค่า\nพะเยา,1,ดี\nน่าน,2,พอใช้\n")
    assert [label for _type, label in fields(made).values()] == ["จังหวัด", "ค่า", "C"]


def test_a_bad_file_leaves_the_last_table_whole(upload, state, rows):
    made = upload(LIBRARIES)
    upload("%PDF-1.7", id=made["id"])
    assert state(made)["state"] == "failed"
    assert state(made)["rows"] == 2
    assert len(rows(made)) == 2


def test_a_failure_half_way_leaves_the_last_table_whole(upload, state, rows, monkeypatch):
    made = upload(LIBRARIES)
    with monkeypatch.context() as patched:
        target = "ckanext.learningcity.tabular.store.create_indexes"
        patched.setattr(target, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            upload("a,b\n1,2\n", id=made["id"])
    assert [issue["code"] for issue in state(made)["issues"]] == ["table_failed"]
    assert len(rows(made)) == 2


@pytest.mark.ckan_config("ckanext.learningcity.tabular_max", 0)
def test_a_file_that_is_too_large_is_not_loaded(upload, state):
    told = state(upload(LIBRARIES))
    assert [issue["code"] for issue in told["issues"]] == ["table_too_large"]


def test_an_upload_survives_a_queue_that_is_down(dataset, state, monkeypatch, upload):
    def down(*_args, **_kwargs):
        raise redis.ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr("ckan.plugins.toolkit.enqueue_job", down)
        made = upload(LIBRARIES)
    assert state(made)["state"] == "waiting"


def test_a_resource_that_becomes_a_link_loses_its_table(upload, work, editor, state):
    made = upload(LIBRARIES)
    helpers.call_action(
        "resource_update",
        context={"user": editor["name"]},
        id=made["id"],
        url="https://example.org/a.csv",
        url_type="",
        clear_upload="true",
    )
    work()
    shown = helpers.call_action("resource_show", id=made["id"])
    assert not shown["datastore_active"]
    assert state(made)["state"] == "none"
    assert not DatastoreBackend.get_active_backend().resource_exists(made["id"])


def test_a_deleted_resource_takes_its_table_along(upload, work, editor):
    made = upload(LIBRARIES)
    helpers.call_action("resource_delete", context={"user": editor["name"]}, id=made["id"])
    work()
    assert not DatastoreBackend.get_active_backend().resource_exists(made["id"])


@pytest.mark.parametrize("name", ["report.pdf", "picture.png", "notes.txt", "data.json"])
def test_other_uploads_are_left_alone(upload, state, name):
    made = upload(b"a,b\n1,2\n", name)
    assert state(made)["state"] == "none"
    assert not made["datastore_active"]


def test_links_are_never_fetched(dataset, editor, state):
    made = helpers.call_action(
        "resource_create",
        context={"user": editor["name"]},
        package_id=dataset["id"],
        url="http://127.0.0.1:9/a.csv",
        format="CSV",
    )
    assert jobs.get_queue().job_ids == []
    assert state(made)["state"] == "none"


def test_published_observations_keep_their_own_table(dataset, editor, state, work):
    data = "indicator,area,year,value\nADULT_LITERACY,TH-56,2566,93.5\n"
    helpers.call_action("learningcity_observation_publish", id=dataset["id"], data=data)
    work()
    shown = helpers.call_action("package_show", id=dataset["id"])["resources"][0]
    assert state(shown)["state"] == "none"
    found = helpers.call_action("datastore_search", resource_id=shown["id"])
    assert found["records"][0]["INDICATOR"] == "ADULT_LITERACY"


class TestAgain:
    def test_an_editor_loads_a_table_again(self, upload, work, editor, state, rows):
        made = upload(LIBRARIES)
        context = {"user": editor["name"], "ignore_auth": False}
        helpers.call_action("datastore_delete", dict(context), resource_id=made["id"], force=True)
        told = helpers.call_action("learningcity_tabular_load", context, resource_id=made["id"])
        assert told["state"] == "waiting"
        work()
        assert len(rows(made)) == 2
        assert helpers.call_action("resource_show", id=made["id"])["datastore_active"]

    def test_nobody_else_does(self, upload):
        made = upload(LIBRARIES)
        for stranger in ("", factories.User()["name"]):
            context = {"user": stranger, "ignore_auth": False}
            with pytest.raises(helpers.logic.NotAuthorized):
                helpers.call_action("learningcity_tabular_load", context, resource_id=made["id"])

    def test_what_is_no_table_is_refused(self, upload):
        made = upload(b"x", "notes.txt")
        with pytest.raises(helpers.logic.ValidationError):
            helpers.call_action("learningcity_tabular_load", resource_id=made["id"])

    @pytest.mark.parametrize("parameters", [{}, {"resource_id": ""}, {"id": "x"}])
    @pytest.mark.parametrize("action", ["load", "status"])
    def test_a_wrong_question_is_refused(self, portal, action, parameters):
        with pytest.raises(helpers.logic.ValidationError):
            helpers.call_action(f"learningcity_tabular_{action}", **parameters)

    @pytest.mark.parametrize("action", ["load", "status"])
    def test_an_unknown_resource_is_not_found(self, portal, action):
        with pytest.raises(helpers.logic.NotFound):
            helpers.call_action(f"learningcity_tabular_{action}", resource_id="nowhere")


class TestCatchingUp:
    def test_what_a_crash_left_is_loaded(self, upload, work, state, rows):
        made = upload(LIBRARIES)
        status.remove(made["id"])
        assert queue.catch_up() == 1
        work()
        assert state(made)["state"] == "loaded"
        assert queue.catch_up() == 0

    def test_a_job_that_never_ended_is_asked_for_again(self, upload, state, monkeypatch):
        made = upload(LIBRARIES)
        status.put(made["id"], status.Status("running", "x"))
        assert queue.catch_up() == 0  # it may be at work
        task = status.task
        with status.engine().begin() as connection:
            connection.execute(task.update().values(last_updated="2020-01-01"))
        assert queue.catch_up() == 1

    def test_other_uploads_and_deleted_ones_are_not_asked_for(self, upload, editor):
        upload(b"x", "notes.txt")
        made = upload(LIBRARIES)
        status.remove(made["id"])
        model.Resource.get(made["id"]).state = "deleted"
        model.Session.commit()
        assert queue.catch_up() == 0
