"""Words, Thai and English, and the order they put datasets in."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("catalogue")


def test_thai_words_are_found_inside_thai_text(names):
    questions = {
        "การเรียนรู้": {"learning-city"},
        "เรียนรู้": {"learning-city"},
        "เมืองแห่งการเรียนรู้": {"learning-city"},
        "จังหวัด": {"province-budget"},
        "องค์การบริหารส่วนจังหวัด": {"province-budget"},
        "อบจ": {"province-budget"},
        "วัด": set(),  # a temple is not a province
        "ความเสมอภาคทางการศึกษา": {"equity"},
        "การศึกษา": {"learning-city", "equity"},
        "หาดใหญ่": {"library-visits", "open-data-survey"},  # the organization's title
        "พะเยา งบประมาณ": {"province-budget"},
        "ไม่มีคำนี้": set(),
    }
    assert {q: set(names(q)) for q in questions} == questions


def test_spelling_variants_of_thai_find_the_same(names):
    for q in ("น้ำ", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32", "น้ำ\u200bดื่ม"):
        assert names(q) == ["water"], ascii(q)
    for q in ("แหล่งเรียนรู้", "เเหล่งเรียนรู้"):
        assert names(q) == ["learning-city"], ascii(q)
    assert set(names("ปี 2566")) == set(names("ปี ๒๕๖๖")) == {"learning-city", "equity"}


def test_other_names_of_a_thing_find_it(names):
    for q in ("EEF", "eef", "กสศ", "กสศ.", "กองทุนเพื่อความเสมอภาคทางการศึกษา"):
        assert names(q) == ["equity"], q
    assert names('"Equitable Education Fund"') == ["equity"]


def test_english_words(names):
    questions = {
        "library": {"library-visits", "open-data-survey"},
        "LIBRARIES": {"library-visits", "open-data-survey"},
        "schools university": {"education-spending"},
        "open data": {"library-visits", "open-data-survey"},
        "wifi": {"open-data-survey"},
        "wi-fi": {"open-data-survey"},
        "visit*": {"library-visits"},
        "educati*": {"education-spending"},
        "monthly counts": {"library-visits"},
        '"digital skills"': {"open-data-survey"},
        '"skills digital"': set(),
        "library -survey": {"library-visits"},
        "library NOT survey": {"library-visits"},
        "library AND survey": {"open-data-survey"},
        "visits OR น้ำ": {"library-visits", "water"},
        "visits || น้ำ": {"library-visits", "water"},
        "library && !survey": {"library-visits"},
        "(visits OR water) AND library": {"library-visits"},
        "visits^3": {"library-visits"},
        "การศึกษา school": set(),
    }
    assert {q: set(names(q)) for q in questions} == questions


def test_long_questions_may_miss_a_word(names):
    """Core's ``mm``: all of two words, all but one of three to five, four fifths of more."""
    assert names("library zebra") == []
    assert names("library visits zebra") == ["library-visits"]
    assert names("library zebra unicorn") == []
    assert names("library visits public month hat zebra") == ["library-visits"]


def test_a_title_counts_more_than_a_note(names):
    assert names("library") == ["library-visits", "open-data-survey"]


def test_what_people_type_is_taken_as_words(names):
    for typed in ("C++ (introduction", '"C++', "c++)", "C++ [", "C++ \\", "C++ AND"):
        assert "cpp-course" in names(typed), typed


NONSENSE = (
    *("a:b", "สวัสดี:", "สวัสดี: ครับ", ":", "::", "*", "?", "!", "-", "- -", "~", "^", "/", "//"),
    *("what is education?", "it's", "<script>", "50%", "[1 TO", "a:[b TO", "\\", '"', "'"),
    *("AND", "OR OR", "NOT", "()", "(((", "title:", "&&", "Note: education", "x" * 3000, "\0"),
    *("metadata_modified:[yesterday TO *]", "views_total:many", "title:/x/", "*a*b*", "a^b"),
)


def test_nonsense_is_answered_with_a_page(app):
    for typed in NONSENSE:
        answer = app.get("/en/dataset/", query_string={"q": typed})
        assert answer.status_code == 200, typed
