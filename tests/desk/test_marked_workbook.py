"""The uploaded table on its way back, as the desk gives it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from ckan.tests import factories
from desk.people import FAULTY


def got(app, address: str, user: str, status: int = 200):
    headers = {"Authorization": factories.APIToken(user=user)["token"]}
    return app.get(address, headers=headers, status=status)


@pytest.mark.parametrize(("language", "said"), [("en", "To be mended"), ("th", "ต้องแก้ไข")])
def test_a_faulty_cell_comes_back_in_colour_and_with_the_reason(app, city, language, said):
    made = city.upload(FAULTY)
    answer = got(app, f"/{language}/submission/{made['id']}/marked.xlsx", city.editor)
    assert answer.headers["Content-Disposition"] == "attachment; filename=marked.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cell = book["data"]["D3"]
    assert cell.value == "lots"
    assert cell.fill.start_color.rgb.endswith("FFC7CE")
    assert cell.comment.text.startswith(said)


def test_only_those_who_see_a_submission_get_its_table(app, city):
    made = city.upload(FAULTY)
    stranger = factories.User()["name"]
    answer = got(app, f"/submission/{made['id']}/marked.xlsx", stranger, status=403)
    assert "lots" not in answer.body
