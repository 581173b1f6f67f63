"""Thai words, dates and the query language, without a portal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ckanext.learningcity.search import analysis, dates, lucene, parameters, synonyms, thai


def test_compounds_hold_their_words():
    compound = "องค์การบริหารส่วนจังหวัด"
    assert {"องค์การ", "บริหาร", "ส่วน", "จังหวัด"} <= set(thai.parts(compound))
    assert "วัด" not in thai.parts(compound)
    assert thai.parts("จังหวัด") == ()


def test_an_ambiguous_run_holds_the_words_of_every_reading():
    words = [word for chunk in analysis.chunks("พฤติกรรมการอ่าน") for word in chunk.words]
    assert {"พฤติกรรม", "การ", "อ่าน"} <= {word.text for word in words}.union(
        *(word.parts for word in words)
    )


def test_text_without_thai_needs_no_dictionary(monkeypatch):
    monkeypatch.setattr(thai, "_dictionary", None)
    assert [w.text for c in analysis.chunks("Été 2566") for w in c.words] == ["ete", "2566"]


def test_dictionary_order():
    assert sorted(["ไก่", "เกิด", "กาล", "ขา"], key=thai.sort_key) == ["กาล", "เกิด", "ไก่", "ขา"]


def test_synonyms_are_names_once_each():
    names = [name.casefold() for group in synonyms.groups() for name in group]
    assert len(names) == len(set(names))
    assert all(len(group) > 1 for group in synonyms.groups())
    assert all(tuple(analysis.chunks(name)) for name in names)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2014", datetime(2014, 1, 1, tzinfo=timezone.utc)),
        ("2014-05-06", datetime(2014, 5, 6, tzinfo=timezone.utc)),
        ("2014-05-06T07:08:09.5Z", datetime(2014, 5, 6, 7, 8, 9, 500_000, tzinfo=timezone.utc)),
        ("2014-05-06T07:00:00+07:00", datetime(2014, 5, 6, tzinfo=timezone.utc)),
        ("2014-05-06T07:08:09Z/MONTH+1YEAR-2DAYS", datetime(2015, 4, 29, tzinfo=timezone.utc)),
        ("2014-02-30", None),
        ("0000-01-01", None),
        ("2014-01-01T00:00:00Z+999999YEARS", None),
        ("NOW-1FORTNIGHT", None),
        ("NOW-", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(written, meant):
    assert dates.parse(written) == meant


def test_now():
    now = datetime.now(timezone.utc)
    assert abs(dates.parse("NOW") - now) < timedelta(minutes=1)
    assert dates.parse("NOW/DAY-1DAY") < now - timedelta(days=1)


@pytest.mark.parametrize(
    ("clauses", "rule", "needed"),
    [
        (1, "2<-1 5<80%", 1),
        (2, "2<-1 5<80%", 2),
        (3, "2<-1 5<80%", 2),
        (5, "2<-1 5<80%", 4),
        (10, "2<-1 5<80%", 8),
        (4, "100%", 4),
        (4, "-25%", 3),
        (4, "2", 2),
        (2, "9", 2),
        (3, "0", 1),
        (0, "1", 0),
    ],
)
def test_minimum_match(clauses, rule, needed):
    assert parameters.minimum_match(rule, clauses) == needed


@pytest.mark.parametrize("query", ["(a", '"a', "a:[1 TO", "a" * 200_000, "(" * 99, "OR"])
def test_what_is_not_a_query(query):
    with pytest.raises(lucene.QuerySyntaxError):
        lucene.parse(query)


def test_long_lists_of_values_parse():
    assert lucene.parse(f"id:({' OR '.join(f'id-{n}' for n in range(1000))})")
