"""The pages of evaluations, as the secretariat, cities and everybody use them."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from docx import Document
from evaluation_figures import DEFINITION


@pytest.fixture
def browse(network, app):
    """Get or post as somebody: `browse("/evaluation", "secretary")`."""

    def go(address, by=None, data=None, status=200):
        headers = {}
        if by:
            token = factories.APIToken(user=network.users[by])
            headers = {"Authorization": token["token"]}
        if data is None:
            answer = app.get(address, headers=headers, status=status)
        else:
            answer = app.post(
                address, data=data, headers=headers, status=status, follow_redirects=False
            )
        return BeautifulSoup(answer.body, "html.parser")

    return go


FORM = {
    "id": "2024",
    "title-th": "การประเมิน 2567",
    "title-en": "Evaluation 2024",
    "year": "2024",
    "areas": ["TH-56", "TH-57", "TH-50"],
    "normalisation": "min_max",
    "missing": "share",
    "coverage": "0.5",
    "fresh_years": "3",
    "weight-1.1": "2",
    "target-indicator": ["NEET", ""],
    "target-value": ["8", ""],
    "target-year": ["2028", ""],
    "target-source": ["https://example.org/plan", ""],
}


def test_the_secretariat_takes_an_evaluation_from_draft_to_results(network, browse):
    assert browse("/evaluation/new", "secretary").find("form")
    browse("/evaluation/new", "secretary", FORM, status=302)
    shown = network.act("evaluation_show", id="2024")
    assert shown["method"]["weights"] == {"1.1": 2}
    assert shown["targets"]["NEET"]["value"] == 8
    browse("/evaluation/2024", status=403)
    for act in ("open", "close"):
        browse(f"/evaluation/2024/{act}", "secretary", {}, status=302)
    before = browse("/evaluation/2024").text
    assert "composite is shown once" in before
    browse("/evaluation/2024/publish", "secretary", {}, status=302)
    page = browse("/evaluation/2024?normalisation=rank")
    places = [cell.a.text for cell in page.select("#lc-composite ~ .lc-scroll tbody th")]
    assert len(places) == 3
    assert page.select('select[name="normalisation"] option[selected]')[0]["value"] == "rank"
    assert page.find("a", href="/dataset/evaluation-2024")


def test_a_wrong_form_keeps_what_was_typed_and_names_the_field(network, browse):
    wrong = {**FORM, "year": "2567", "weight-1.1": "many"}
    page = browse("/evaluation/new", "secretary", wrong, status=400)
    assert page.find("input", id="lc-year")["value"] == "2567"
    assert "2567" in page.find(id="lc-year-error").text
    assert page.find(id="lc-weights-error")
    assert page.find("input", id="lc-title-th")["value"] == "การประเมิน 2567"
    assert page.find("option", value="TH-57").has_attr("selected")
    assert network.act("evaluation_list") == []


def test_a_scorecard_says_what_is_known_and_what_is_not(evaluation, browse):
    page = browse("/city/TH-56/scorecard")
    row = page.find("a", href="/indicator/ADULT_LITERACY").find_parent("tr")
    assert "92" in row.text
    assert "better" in row.text
    assert "3.0 to go" in row.text
    assert "3 of 3" in row.text
    assert "5 years old" in page.find("a", href="/indicator/NEET").find_parent("tr").text
    thai = browse("/th/city/TH-56/scorecard").text
    assert "2567" in thai
    assert "ดีขึ้น" in thai


def test_grading_on_the_page(evaluation, browse):
    given = {"area": "TH-56", "indicator": "LEARNING_STRATEGY", "role": "own", "grade": "3"}
    page = browse("/evaluation/2024/grades", "TH-56", given, status=400)
    section = page.find(id="LEARNING_STRATEGY")
    assert section.find(id="lc-evidence-error-LEARNING_STRATEGY")
    assert section.find("input", value="3").has_attr("checked")
    given["evidence"] = "https://example.org/strategy"
    browse("/evaluation/2024/grades", "TH-56", given, status=302)
    seen = browse("/evaluation/2024/grades?area=TH-56", "reader").find(id="LEARNING_STRATEGY")
    assert "shown once you have graded" in seen.text
    assert "1 grade waits" in browse("/evaluation/2024", "reader").text


def test_what_people_write_is_text_on_every_page(evaluation, browse):
    script = "<script>alert(1)</script>"
    evaluation.grade("TH-56", 3, comment=script)
    evaluation.act("evaluation_close", id="2024")
    evaluation.act("evaluation_reopen", id="2024", reason=script)
    for address in ("/evaluation/2024", "/evaluation/2024/grades?area=TH-56"):
        page = browse(address, "TH-56")
        assert script in page.text
        assert not [tag for tag in page.find_all("script") if "alert(1)" in tag.text]


def test_the_progress_report_is_a_word_file_in_both_languages(evaluation, app):
    for language, title in (("th", "รายงานความก้าวหน้า: พะเยา"), ("en", "Progress report: Phayao")):
        address = f"/city/TH-56/progress-report.docx?lang={language}&evaluation=2024"
        moment = "&as_of=2030-01-01"
        first = app.get(address + moment).data
        document = Document(io.BytesIO(first))
        assert document.paragraphs[0].text == title
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert any("92.0" in text for text in cells)
        assert ("2567" if language == "th" else "2024") in cells
        assert app.get(address + moment).data == first


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/evaluation/2030", 404),
        ("/evaluation/2024?normalisation=logarithm", 400),
        ("/city/TH-99/scorecard", 400),
        ("/city/TH-56/scorecard?as_of=yesterday", 400),
        ("/city/TH-56/scorecard?peers=nowhere", 400),
        ("/city/TH-56/progress-report.docx?lang=fr", 400),
        ("/city/TH-56/progress-report.docx?evaluation=2030", 404),
        ("/evaluation/new", 302),
        ("/evaluation/2024/grades", 302),
    ],
)
def test_wrong_addresses(evaluation, app, address, status):
    app.get(address, status=status, follow_redirects=False)


def test_before_the_first_evaluation_the_pages_say_so(network, browse):
    assert "There is no evaluation yet" in browse("/evaluation").text
    assert "There is no evaluation yet" in browse("/city/TH-56/scorecard").text
    assert DEFINITION["id"] == "2024"
