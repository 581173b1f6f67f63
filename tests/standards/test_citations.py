"""References to releases in every form, whatever a title holds."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.indicators.sources import Source
from ckanext.learningcity.standards.citations import Citation, bibtex, cff, ris
from ckanext.learningcity.standards.licences import Licence

BOTH = {"th": "ข้อมูล", "en": "Data"}


def cited(title: str = "Title", organization: str = "Office") -> Citation:
    source = Source(
        dataset_id="0f1e",
        dataset="some-data",
        title=title,
        title_translated={},
        organization=organization,
        organization_translated={},
        license_id="cc-by",
        demonstration=False,
        number=3,
        released=datetime(2026, 1, 2, 23, 59, tzinfo=timezone.utc),
        observations=1,
        sha256="ab" * 32,
        parquet_sha256="cd" * 32,
    )
    titles = {"th": title, "en": title}
    publisher = {"th": organization, "en": organization}
    licence = Licence("cc-by", BOTH, "https://creativecommons.org/licenses/by/4.0/")
    return Citation(source, titles, publisher, BOTH, licence, "https://example.org/d/release/3")


@pytest.mark.ckan_config("ckanext.learningcity.buddhist_era", True)
def test_a_line_has_all_that_finds_the_release_again():
    assert cited("อัตรา", "เทศบาล").line("th") == (
        "เทศบาล. (2569). อัตรา ฉบับที่ 3 [ชุดข้อมูล]. ข้อมูล."
        " https://example.org/d/release/3 (SHA-256 abababababab)"
    )
    assert cited().line("en") == (
        "Office (2026). Title, release 3 [Data set]. Data."
        " https://example.org/d/release/3 (SHA-256 abababababab)"
    )


@pytest.mark.ckan_config("ckanext.learningcity.buddhist_era", False)
def test_a_thai_line_has_the_gregorian_year_where_the_portal_has():
    assert "(2026)" in cited().line("th")


def test_bibtex_escapes_what_latex_and_bibtex_would_read():
    text = bibtex(cited("50% {open & ไทย_ $x$ #1 ~ ^ \\end", "A, B and C"))
    assert r"50\% \textbraceleft{}open \& ไทย\_ \$x\$ \#1" in text
    assert r"\textasciitilde{} \textasciicircum{} \textbackslash{}end" in text
    assert "author = {{A, B and C}}," in text


@given(st.text(), st.text())
def test_bibtex_always_has_balanced_braces_and_one_entry(title, organization):
    depth = 0
    entry = bibtex(cited(title, organization or "x"))
    for letter in entry:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert len(entry.splitlines()) == 10


@given(st.text(), st.text())
def test_ris_has_one_line_a_tag_whatever_the_title_holds(title, organization):
    lines = ris(cited(title, organization or "x")).split("\r\n")
    assert [line[:6] for line in lines if line] == [
        f"{tag}  - " for tag in ("TY", "AU", "TI", "PY", "DA", "ET", "PB", "UR", "N1", "ER")
    ]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_a_citation_file_is_yaml_that_says_the_title(title):
    read = yaml.safe_load(cff(cited(title)))
    assert read["title"].split() == title.replace("\u2028", " ").replace("\u2029", " ").split()
    assert read["cff-version"] == "1.2.0"
    assert read["authors"] == [{"name": "Office"}]
    assert read["version"] == "3"
    assert str(read["date-released"]) == "2026-01-02"


def test_a_title_cannot_add_a_line():
    assert ris(cited("x\r\nUR  - https://evil.example")).count("\nUR") == 1
    assert list(yaml.safe_load(cff(cited("x\nmessage: other")))).count("message") == 1


@pytest.mark.parametrize(
    ("kind", "mimetype", "found"),
    [
        ("bib", "application/x-bibtex", r"Literacy: 50\% \& more\_"),
        ("ris", "application/x-research-info-systems", "TI  - Literacy: 50% & more_"),
        ("cff", "application/yaml", "Literacy: 50% & more_"),
    ],
)
def test_each_release_has_its_reference_as_a_file(app, published, release, kind, mimetype, found):
    answer = app.get(f"/dataset/{published}/release/1.{kind}")
    assert answer.mimetype == mimetype
    assert found in answer.body
    assert release(1)["sha256"] in answer.body
