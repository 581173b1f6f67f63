"""A list of learning spaces: checked by row and column, written when its publisher chooses."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from content.people import People
from desk.people import work
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage

from ckanext.learningcity.content import imports

HEAD = [
    "รหัส",
    "ชื่อแหล่งเรียนรู้",
    "Name (English)",
    "ประเภท",
    "พื้นที่",
    "ละติจูด",
    "ลองจิจูด",
    "ค่าใช้จ่าย",
    "อีเมล",
]
FAULTS = {  # column of the file: (what stands there, code of the finding)
    3: ("สนามบิน", "code_unknown"),
    4: ("แอตแลนติส", "area_unknown"),
    5: ("48.85", "field_refused"),
    6: ("", "value_missing"),  # a latitude without a longitude
    8: ("not an address", "field_refused"),
}


def place(number: int) -> list[str | float]:
    lat = round(19.1 + number / 10_000, 4)
    kind = ("ห้องสมุด", "museum", "Park or garden")[number % 3]
    email = f"unit{number}@example.go.th"
    name = f"แหล่งเรียนรู้ที่ {number}"
    return [f"P{number}", name, f"Place {number}", kind, "พะเยา", lat, 99.9, "free", email]


def rows(count: int, faulty: dict[int, tuple[int, str]]) -> list[list[str | float]]:
    """`faulty` has by number of the place the column and what stands there."""
    made = []
    for number in range(1, count + 1):
        row = place(number)
        if number in faulty:
            column, text = faulty[number]
            row[column] = text
        made.append(row)
    return made


def workbook(table: list[list[str | float]]) -> bytes:
    book = Workbook()
    for row in (HEAD, *table):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(people: People, content: bytes | str, user="phayao_editor", name="list.xlsx", **more):
    data = content.encode() if isinstance(content, str) else content
    given = {"organization": "phayao-office", "upload": FileStorage(io.BytesIO(data), name), **more}
    return people.act(user, "learningcity_space_import_create", **given)


def spaces(people: People, user: str = "stranger") -> int:
    return people.act(user, "learningcity_content_search", type="learning-space", limit=0)["count"]


def errors(made) -> list[tuple[str, str]]:
    """Cell and code of each error."""
    listed = made["report"]["issues"]
    return [(issue["cell"], issue["code"]) for issue in listed if issue["severity"] == "error"]


def test_500_places_with_20_faulty_rows(people):
    columns = list(FAULTS) * 4
    faulty = {25 * at: (column, FAULTS[column][0]) for at, column in enumerate(columns, 1)}
    content = workbook(rows(500, faulty))
    made = upload(people, content)
    expected = {(f"{'ABCDEFGHI'[c]}{n + 1}", FAULTS[c][1]) for n, (c, _) in faulty.items()}
    assert set(errors(made)) == expected
    assert len(expected) == 20
    assert made["counts"] == {"added": 480, "changed": 0, "unchanged": 0, "faulty": 20}
    assert spaces(people) == 0  # nothing is written until the publisher chooses

    started = people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    assert started["state"] == "writing"
    work()
    done = people.act("phayao_editor", "learningcity_space_import_show", id=made["id"])
    assert (done["state"], done["counts"]["added"]) == ("written", 480)
    assert spaces(people) == 480

    again = upload(people, content)
    assert again["counts"] == {"added": 0, "changed": 0, "unchanged": 480, "faulty": 20}
    with pytest.raises(tk.ValidationError, match="nothing to write"):
        people.act("phayao_editor", "learningcity_space_import_write", id=again["id"])

    one = people.act("stranger", "learningcity_content_search", type="learning-space", q="P499")
    changed = rows(500, {})[498]
    changed[2] = "Place with a new name"
    third = upload(people, workbook([changed]))
    assert third["counts"]["changed"] == 1
    assert one["results"][0]["place_key"] == "P499"


def test_what_was_written_reads_back_from_its_own_download(people, app):
    made = upload(people, workbook(rows(5, {})))
    people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    work()
    table = app.get("/spaces.csv").body
    assert upload(people, table, name="spaces.csv")["counts"]["unchanged"] == 5


def test_names_and_places_are_the_key_of_a_list_without_one(people):
    table = "name,kind,opening hours\nห้องสมุดเมือง,library,8-17\n"
    made = upload(people, table, name="a.csv")
    people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    work()
    assert upload(people, table, name="a.csv")["counts"]["unchanged"] == 1
    assert upload(people, table.replace("8-17", "9-17"), name="a.csv")["counts"]["changed"] == 1


def test_a_place_made_by_hand_is_found_by_its_name(people):
    people.share("learning-space", title_translated={"th": "ห้องสมุดเมือง"})
    made = upload(people, "name,kind\nห้องสมุดเมือง,museum\n", name="a.csv")
    assert (made["counts"]["added"], made["counts"]["changed"]) == (0, 1)


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        pytest.param("kind\nlibrary\n", {"column_missing"}, id="no name"),
        pytest.param("name\nA library\n", {"column_missing"}, id="no kind"),
        pytest.param("name,kind\n", {"file_empty"}, id="no rows"),
        pytest.param("", {"file_empty"}, id="nothing"),
        pytest.param("%PDF-1.7", {"file_kind"}, id="no table"),
        pytest.param("name,kind\n,library\n", {"value_missing"}, id="a row without a name"),
        pytest.param("name,kind\nAnt,\n", {"value_missing"}, id="a row without a kind"),
        pytest.param("name,kind\nAnt,park\nAnt,park\n", {"row_repeated"}, id="twice"),
        pytest.param("name,name,kind\nAnt,Bee,park\n", {"column_repeated"}, id="two names"),
        pytest.param("name,kind,web\nAnt,park,javascript:x\n", {"field_refused"}, id="script"),
    ],
)
def test_bad_files_are_told_and_write_nothing(shared_people, table, codes):
    made = upload(shared_people, table, name="a.csv")
    assert {code for _cell, code in errors(made)} == codes
    assert made["counts"]["changed"] == 0
    assert spaces(shared_people) == 0


def test_a_cancelled_import_writes_nothing_and_cannot_be_written(people):
    made = upload(people, workbook(rows(2, {})))
    people.act("phayao_editor", "learningcity_space_import_cancel", id=made["id"])
    with pytest.raises(tk.ValidationError):
        people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    work()
    assert spaces(people) == 0


def test_an_editor_who_has_left_meanwhile_writes_nothing(people):
    made = upload(people, workbook(rows(3, {})))
    people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    people.act(
        "phayao_admin",
        "organization_member_delete",
        id="phayao-office",
        username="phayao_editor",
    )
    work()
    failed = people.act("phayao_admin", "learningcity_space_import_show", id=made["id"])
    assert failed["state"] == "failed"
    assert failed["reason"]
    assert spaces(people) == 0


def test_a_row_that_fails_at_the_end_takes_the_others_with_it(people):
    made = upload(people, workbook(rows(3, {})))
    table = imports.content_import
    kept = imports.get(made["id"])["rows"]
    kept[-1]["fields"]["kind"] = "gone from the list since"
    model.Session.execute(table.update().values(rows=kept))
    model.Session.commit()
    people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    work()
    shown = people.act("phayao_editor", "learningcity_space_import_show", id=made["id"])
    assert shown["state"] == "failed"
    assert spaces(people) == 0


def test_a_job_that_was_lost_is_taken_up_again_and_adds_nothing_twice(people):
    made = upload(people, workbook(rows(3, {})))
    imports.change(made["id"], "writing")  # and the process was killed
    imports.resume()
    imports.resume()
    work()
    imports.run(made["id"])
    assert spaces(people) == 3


def test_what_is_said_to_be_written_is_found(people, monkeypatch):
    made = upload(people, workbook(rows(3, {})))
    people.act("phayao_editor", "learningcity_space_import_write", id=made["id"])
    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(imports.search, "rebuild", killed)
        imports.run(made["id"])
    model.Session.remove()
    assert imports.get(made["id"])["state"] == "indexing"
    assert spaces(people) == 0
    imports.run(made["id"])
    shown = people.act("phayao_editor", "learningcity_space_import_show", id=made["id"])
    assert (shown["state"], shown["counts"]["added"]) == ("written", 3)
    assert spaces(people) == 3


def killed(_package_id: str) -> None:
    raise SystemExit


def test_the_template_reads_back(people, app):
    book = load_workbook(io.BytesIO(app.get("/en/spaces/template.xlsx").data))
    sheet = book["spaces"]
    headings = [cell.value for cell in sheet[1]]
    for name, value in {"Name (Thai)": "หอสมุด", "Kind": "Library", "For whom": "Everyone"}.items():
        sheet.cell(2, headings.index(name) + 1, value)
    target = io.BytesIO()
    book.save(target)
    made = upload(people, target.getvalue())
    assert errors(made) == []
    assert made["counts"]["added"] == 1
