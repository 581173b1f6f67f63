"""UIS's traps: wrong questions that look like empty answers, versions, estimates, the cap."""

from __future__ import annotations

import pytest
from agencies.server import Reply
from agencies.uis import VERSION, UisServer, as_json, hint, record

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused
from ckanext.learningcity.harvesters.registry import source
from ckanext.learningcity.tables import codelists

LITERACY = "LR.AG15T99"
#: The third request of a harvest: after the version and the definitions.
DATA = 2


@pytest.fixture
def uis():
    with UisServer() as running:
        yield running


@pytest.fixture
def refs(uis, make_session):
    def listed() -> dict:
        institute = source("uis", url=uis.endpoint)
        return {ref.id: ref for ref in institute.refs(make_session(uis.host))}

    return listed


@pytest.fixture
def harvest(uis, refs, make_session):
    def run(code: str = LITERACY):
        institute = source("uis", url=uis.endpoint)
        return institute.read(institute.fetch(make_session(uis.host), refs()[code]))

    return run


def values(harvested) -> dict[tuple[str, str], float | None]:
    table = harvested.table.select("SEX", "TIME_PERIOD", "OBS_VALUE")
    return {(sex, period): value for sex, period, value in table.iter_rows()}


def problems(harvested) -> list[tuple]:
    return [(each.code, each.column, each.row, each.found) for each in harvested.problems.issues]


FIGURES = {("_T", "2022"): 94.11, ("_T", "2021"): 93.9, ("_T", "2018"): 93.77, ("F", "2022"): 93.1}


def test_records_become_national_observations_with_their_reservations(harvest):
    harvested = harvest()
    assert values(harvested) == FIGURES
    total = harvested.table.filter(harvested.table["SEX"] == "_T").sort("TIME_PERIOD")
    assert total["OBS_STATUS"].to_list() == ["E", "E", "A"]
    assert total["COMMENT_OBS"][0] == "National estimate"
    assert "UNESCO Institute" in total["COMMENT_OBS"][1]
    assert total["COMMENT_OBS"][2] is None
    assert set(harvested.table["AREA_LEVEL"]) == {"country"}
    assert set(harvested.table["REF_AREA_ORIGINAL"]) == {"THA"}
    assert LITERACY in harvested.citation


def test_the_version_is_pinned_and_told(harvest, refs, uis):
    assert {ref.version for ref in refs().values()} == {VERSION}
    assert harvest().provenance["version"] == VERSION
    for request in uis.requests:
        assert "default" in request.path or request.query["version"] == VERSION


def test_a_new_version_with_the_same_figures_is_no_change(harvest, refs, uis):
    before = harvest().fingerprint()
    uis.version = "20260910-aa000001"
    assert {ref.version for ref in refs().values()} == {"20260910-aa000001"}
    assert harvest().fingerprint() == before


def test_only_parameters_that_the_service_knows_are_sent(harvest, uis):
    harvest()
    known = {"indicator", "geoUnit", "version", "indicatorMetadata", "footnotes"}
    assert {name for request in uis.requests for name in request.query} <= known


def test_every_mapped_indicator_is_asked_by_itself_with_the_sexes_that_it_has(refs):
    listed = refs()
    mapped = [e["sources"]["uis"] for e in codelists.indicators().values() if "uis" in e["sources"]]
    assert list(listed) == mapped
    assert "indicator=LR.AG15T99&indicator=LR.AG15T99.F&indicator=LR.AG15T99.M&geoUnit=THA" in (
        listed[LITERACY].url
    )
    assert "indicator=NERT.1.CP&indicator=NERT.1.F.CP&geoUnit" in listed["NERT.1.CP"].url
    assert "indicator=CR.1&geoUnit" in listed["CR.1"].url


def test_a_code_that_no_longer_exists_is_a_refusal_and_no_empty_answer(harvest, uis):
    with pytest.raises(Refused, match=r"could not be found, CR\.2"):
        harvest("CR.2")


def test_an_unknown_place_is_a_refusal_and_no_empty_answer(uis, make_session):
    institute = source("uis", url=uis.endpoint, options={"iso3": "XXX"})
    session = make_session(uis.host)
    with pytest.raises(Refused, match="geoUnit could not be found, XXX"):
        institute.fetch(session, next(institute.refs(session)))


def test_no_records_and_no_hints_are_an_empty_answer(harvest, uis):
    uis.records = []
    with pytest.raises(Empty):
        harvest()


@pytest.mark.parametrize("hints", [[hint("001", "x")], ["text"], [{}]])
def test_any_hint_means_that_the_question_was_wrong(harvest, uis, hints):
    answer = {"hints": hints, "records": [record(2022, 94.11)]}
    uis.first(as_json(answer), after=DATA)
    with pytest.raises(Refused):
        harvest()


def test_too_many_records_are_asked_one_by_one(harvest, uis):
    whole = harvest()
    uis.most = 3
    assert harvest().fingerprint() == whole.fingerprint()
    assert [request.query["indicator"] for request in uis.requests[-3:]] == [
        LITERACY,
        f"{LITERACY}.F",
        f"{LITERACY}.M",
    ]


def test_too_many_records_of_one_indicator_are_refused_with_what_was_said(harvest, uis):
    uis.most = 2
    with pytest.raises(Refused, match="more than 2 records"):
        harvest()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"geoUnit": "LAO"}, ("code_unknown", "geoUnit", 5, "LAO")),
        ({"geoUnit": None}, ("code_unknown", "geoUnit", 5, "None")),
        ({"indicatorId": "CR.1"}, ("code_unknown", "indicatorId", 5, "CR.1")),
        ({"qualifier": "GUESS"}, ("code_unknown", "qualifier", 5, "GUESS")),
        ({"magnitude": "BIG"}, ("code_unknown", "magnitude", 5, "BIG")),
        ({"year": "2019/20"}, ("period_format", "year", 5, "2019/20")),
        ({"year": None}, ("period_format", "year", 5, "None")),
        ({"value": "n/a"}, ("value_not_number", "value", 5, "n/a")),
        ({"value": 194.0}, ("value_range", "value", 5, "194.0")),
        ({"value": None}, ("value_without_status", "value", 5, None)),
    ],
)
def test_a_record_that_does_not_fit_is_reported_and_kept_out(harvest, uis, changes, problem):
    records = [*uis.records, {**record(2010, 90.0), **changes}]
    uis.first(as_json({"hints": [], "records": records}), after=DATA)
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == [problem]


def test_a_magnitude_says_what_a_nought_means(harvest, uis):
    uis.records = [record(2022, 0, magnitude="NIL"), record(2021, 0, magnitude="NA")]
    table = harvest().table.sort("TIME_PERIOD")
    assert table["OBS_VALUE"].to_list() == [None, 0]
    assert table["OBS_STATUS"].to_list() == ["M", "A"]


def test_footnotes_are_kept(harvest, uis):
    notes = [{"type": "Source", "subtype": "Data sources", "value": "Household survey"}, "x"]
    uis.records = [record(2022, 94.1, qualifier="NAT_EST", footnotes=notes)]
    assert harvest().table["COMMENT_OBS"][0] == "National estimate; Household survey"


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"records": []},
        {"hints": []},
        {"records": {}, "hints": []},
        {"records": [1], "hints": []},
        {"observations": [], "hints": []},
        "x",
    ],
)
def test_another_envelope_is_a_changed_format(harvest, uis, content):
    uis.first(as_json(content), after=DATA)
    with pytest.raises(Changed):
        harvest()


@pytest.mark.parametrize("content", [{}, [], {"version": ""}, {"version": 20260507}, [{}]])
@pytest.mark.parametrize("position", [0, 1])
def test_a_listing_in_another_format_is_a_changed_format(harvest, uis, content, position):
    uis.first(as_json(content), after=position)
    with pytest.raises(Changed):
        harvest()


def test_nothing_but_foreign_records_is_a_changed_format(harvest, uis):
    records = [record(2022, 84.7, geoUnit="LAO")]
    uis.first(as_json({"hints": [], "records": records}), after=DATA)
    with pytest.raises(Changed, match="no row can be read"):
        harvest()


def test_a_400_that_is_no_json_is_refused(harvest, uis):
    uis.first(*[Reply(b"<html>Bad Request</html>", 400)] * 4, after=DATA)
    with pytest.raises(Refused, match="HTTP 400"):
        harvest()
