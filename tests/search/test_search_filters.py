"""Filters, ranges, sorting and paging, in the forms that pages, clients and extensions send."""

from __future__ import annotations

import pytest
from ckan.lib.search import SearchError, SearchQueryError
from ckan.tests import helpers

ALL = {
    *("learning-city", "province-budget", "equity", "library-visits", "open-data-survey"),
    *("education-spending", "water", "cpp-course"),
}
PHAYAO = {"learning-city", "province-budget"}
HAT_YAI = {"library-visits", "open-data-survey"}
pytestmark = pytest.mark.usefixtures("catalogue")


def test_filters(names):
    filters = {
        "organization:phayao": PHAYAO,
        "-organization:phayao": ALL - PHAYAO,
        "-organization:[* TO *]": ALL - PHAYAO - HAT_YAI,
        "NOT organization:*": ALL - PHAYAO - HAT_YAI,
        "organization:phayao OR organization:hat-yai": PHAYAO | HAT_YAI,
        "(organization:phayao OR organization:hat-yai)": PHAYAO | HAT_YAI,
        "organization:(phayao OR hat-yai)": PHAYAO | HAT_YAI,
        '+organization:("phayao" OR "hat-yai") -name:equity': PHAYAO | HAT_YAI,
        "organization:pha*": PHAYAO,
        "organization:ph?yao": PHAYAO,
        "organization:*ya*": PHAYAO | HAT_YAI,
        "organization:Phayao": set(),  # exact fields are exact
        "(groups:lifelong OR groups:other)": {"learning-city"},
        'tags:"open data"': HAT_YAI,
        'tags:"การศึกษา"': {"learning-city", "equity"},
        "tags:การศึกษา tags:เมือง": {"learning-city"},
        "tags:open": set(),
        "res_format:CSV": {"library-visits"},
        "license_id:cc-by": {"library-visits"},
        "title:library": {"library-visits"},
        'title:"library visits"': {"library-visits"},
        "notes:library": HAT_YAI,
        "title:เรียนรู้": {"learning-city"},
        "survey_year:2020": {"education-spending"},
        "extras_survey_year:2020": {"education-spending"},
        "survey_year:[2014 TO 2016]": {"water"},
        "survey_year:[2015 TO 2020}": {"water"},
        "survey_year:{2015 TO *]": {"education-spending"},
        "survey_year:*": {"education-spending", "water"},
        'topic:"a: b"': {"education-spending"},
        r"topic:a\:\ b": {"education-spending"},
        "reviewed_date:[2025-01-01T00:00:00Z TO 2025-12-31T00:00:00Z]": {"open-data-survey"},
        "reviewed_date:[* TO 2025]": set(),
        "metadata_modified:[2026-01-01T00:00:00Z TO *]": ALL,
        "metadata_modified:[NOW-1DAY/DAY TO NOW+1HOUR]": ALL,
        "metadata_created:{* TO NOW-1YEAR]": set(),
        "nobody_knows_this_field:x": set(),
        "-nobody_knows_this_field:x": ALL,
        "dataset_type:dataset": ALL,
        "*:*": ALL,
        "*:* -name:(water OR equity)": ALL - {"water", "equity"},
        "": ALL,
    }
    assert {fq: set(names(fq=fq)) for fq in filters} == filters


def test_the_same_filters_as_a_question(names):
    assert set(names("organization:phayao")) == PHAYAO
    assert set(names("library AND organization:hat-yai")) == HAT_YAI
    assert names("name:water OR name:equity", sort="name asc") == ["equity", "water"]


def test_fq_list_narrows(names):
    assert names(fq="organization:hat-yai", fq_list=["res_format:CSV"]) == ["library-visits"]


def test_a_wrong_filter_is_the_callers_error():
    for fq in ("organization:(a", '"open', "a:[1 TO", "a:b:c", "metadata_modified:[x TO *]"):
        with pytest.raises(SearchQueryError):
            helpers.call_action("package_search", fq=fq)
    for fq in ("{!join from=a to=b}x:y", "_query_:x", "x {!frange}"):
        with pytest.raises(SearchError):
            helpers.call_action("package_search", fq=fq)


def test_a_wrong_filter_over_http_is_400(app):
    for fq in ("organization:(a", "title:/x/", '"', "(" * 200 + ")" * 200):
        answer = app.get("/api/3/action/package_search", query_string={"fq": fq})
        assert answer.status_code == 400, fq


def test_hostile_text_is_only_text(names):
    hostile = (
        "' OR 1=1 --",
        "'); DROP TABLE learningcity_search_document; --",
        'x" OR permission_labels:("',
        "\\') || 'a' @@ ('",
        "a' <-> 'b",
        "$.*[*] ? (@ == 1)",
        "%",
        "_",
        "\\x00",
    )
    for text in hostile:
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        assert names(f'name:"{quoted}"') == []
        assert names(fq=f'tags:"{quoted}"') == []
        assert names(fq=f'unknown:"{quoted}"') == []
        assert names(fq=f'title_ngram:"{quoted}"') == []
        names(text)
    assert set(names()) == ALL


def test_sorting(names):
    by_name = sorted(ALL)
    assert names(sort="name asc") == by_name
    assert names(sort="name desc") == by_name[::-1]
    assert names(sort="metadata_created asc")[0] == "learning-city"
    assert names(sort="metadata_created desc")[-1] == "learning-city"
    assert names(sort="survey_year desc, name asc")[:2] == ["education-spending", "water"]
    assert set(names(sort="views_recent desc")) == ALL
    assert names("library", sort="score asc") == names("library", sort="score desc")[::-1]


def test_titles_sort_in_dictionary_order(names):
    thai = [name for name in names(sort="title_string asc") if name in ("learning-city", "water")]
    assert thai == ["water", "learning-city"]  # ค before ม, although เ is written first


def test_a_wrong_sort_is_the_callers_error(app):
    for sort in ("name", "name up", "name; drop", "sum(a,b) desc", "'x' asc"):
        with pytest.raises(SearchQueryError):
            helpers.call_action("package_search", sort=sort)
        assert app.get("/en/dataset/", query_string={"sort": sort}).status_code == 400


def test_pages_neither_repeat_nor_miss_a_dataset():
    seen = []
    for start in range(0, 10, 3):
        page = helpers.call_action("package_search", start=start, rows=3, sort="license_id asc")
        seen += [dataset["name"] for dataset in page["results"]]
        assert page["count"] == len(ALL)
    assert sorted(seen) == sorted(ALL)


def test_no_rows_still_counts():
    assert helpers.call_action("package_search", rows=0)["count"] == len(ALL)
    assert helpers.call_action("package_search", start=1000)["count"] == len(ALL)


def test_fields_asked_for():
    found = helpers.call_action("package_search", fq="name:library-visits", fl=["name", "tags"])
    assert found["results"] == [{"name": "library-visits", "tags": ["library", "open data"]}]
    everything = helpers.call_action("package_search", fq="name:water", fl=["*"])["results"][0]
    assert everything["title"] == "คุณภาพน้ำประปา"
    assert "permission_labels" not in everything


def test_autocomplete(app):
    found = helpers.call_action("package_autocomplete", q="librar")
    assert [dataset["name"] for dataset in found] == ["library-visits"]
    assert helpers.call_action("package_autocomplete", q="เรียน")[0]["name"] == "learning-city"
    assert app.get("/api/2/util/dataset/autocomplete?incomplete=เร").status_code == 200
