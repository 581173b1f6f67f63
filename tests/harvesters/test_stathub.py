"""StatHub's traps: years of the Buddhist era, codes of places, an empty answer that is a 404."""

from __future__ import annotations

from datetime import date

import pytest
from agencies.server import Reply
from agencies.stathub import ROWS, StatHubServer, row
from agencies.worldbank import WorldBankServer
from agencies.worldbank import row as bank_row

from ckanext.learningcity.harvesters.base import Ref
from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused
from ckanext.learningcity.harvesters.registry import source

DATA = 2


@pytest.fixture
def stathub():
    with StatHubServer() as running:
        yield running


@pytest.fixture
def harvest(stathub, make_session):
    def run(**options):
        office = source("stathub")
        merged = {**office.facts.options, **options}
        office = source("stathub", url=stathub.endpoint, options=merged)
        session = make_session(stathub.host)
        return office.read(office.fetch(session, next(office.refs(session))))

    return run


def values(harvested) -> dict[tuple[str, str], float]:
    table = harvested.table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE")
    return {(area, period): value for area, period, value in table.iter_rows()}


def problems(harvested) -> list[tuple]:
    return [(each.code, each.column, each.found) for each in harvested.problems.issues]


FIGURES = {
    ("TH", "2024"): 120.5,
    ("TH", "2021"): 110.25,
    ("TH-58", "2024"): 98.75,
    ("TH-56", "2024"): 190.5,
}


def test_provinces_and_the_kingdom_stand_at_their_own_level(harvest):
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == []
    levels = dict(harvested.table.select("REF_AREA", "AREA_LEVEL").iter_rows())
    assert levels == {"TH": "country", "TH-58": "province", "TH-56": "province"}
    phayao = harvested.table.filter(harvested.table["REF_AREA"] == "TH-56").row(0, named=True)
    assert phayao["REF_AREA_ORIGINAL"] == "56: พะเยา"
    assert phayao["TIME_PERIOD_ORIGINAL"] == "2567"
    assert (phayao["PERIOD_START"], phayao["PERIOD_END"]) == (date(2024, 1, 1), date(2024, 12, 31))
    assert phayao["UNIT_MEASURE"] == "INDEX"
    assert harvested.provenance["version"] == "1.1"


def test_the_question_is_the_one_that_the_service_understands(harvest, stathub):
    harvest()
    data = stathub.requests[DATA]
    assert data.path == "/rest/data/TNSO,DF_01DI_IND_AGING,1.1/all"
    assert "labels=both" in data.headers["Accept"]
    assert data.headers["Accept-Language"] == "th"


def test_the_same_figure_of_the_bank_and_of_the_office_is_of_the_same_year(
    harvest, stathub, make_session
):
    """2567 at the office and 2024 at the World Bank are one year, and both are national."""
    people = {"POP_IND": "DEM_POP", "UNIT": "PS", "UNIT_MUL": "3"}
    stathub.rows = [row("2567", "65951", **people), row("2567", "447.1", CWT="56", **people)]
    population = "DF_01DI_IND_AGING/POP_IND=DEM_POP/UNIT=PS"
    office = harvest(indicators={"POPULATION": population}).table
    with WorldBankServer([bank_row("2024", 65_951_000)]) as server:
        bank = source("worldbank", url=server.endpoint)
        code = "SP.POP.TOTL"
        ref = Ref(code, code, f"{server.endpoint}/country/THA/indicator/{code}")
        world = bank.read(bank.fetch(make_session(server.host), ref)).table
    same = [
        "INDICATOR",
        "REF_AREA",
        "AREA_LEVEL",
        "TIME_PERIOD",
        "PERIOD_START",
        "PERIOD_END",
        "OBS_VALUE",
        "UNIT_MEASURE",
    ]
    national = office.filter(office["AREA_LEVEL"] == "country")
    assert national.select(same).rows() == world.select(same).rows()
    assert world["TIME_PERIOD"].to_list() == ["2024"]
    assert values_of(office) == {"TH": 65_951_000, "TH-56": 447_100}


def values_of(table) -> dict[str, float]:
    return dict(table.select("REF_AREA", "OBS_VALUE").iter_rows())


def test_questions_are_in_years_of_the_buddhist_era(harvest, stathub):
    stathub.largest = 3
    assert values(harvest()) == FIGURES
    asked = [request.query for request in stathub.requests if "startPeriod" in request.query]
    assert asked
    years = [int(query[name]) for query in asked for name in ("startPeriod", "endPeriod")]
    assert all(2400 < year < 2700 for year in years)


@pytest.mark.parametrize(
    ("components", "column", "found"),
    [
        ({"AREA": "TH2"}, "CWT, AREA", "_T: รวม, TH2: ภาคกลาง"),
        ({"CWT": "99"}, "CWT, AREA", "99, _T: รวม"),
        ({"CWT": "TH.YLA"}, "CWT, AREA", "TH.YLA, _T: รวม"),
        ({"CWT": "5"}, "CWT, AREA", "5, _T: รวม"),
    ],
)
def test_a_region_or_an_unknown_place_is_reported_and_never_the_kingdom(
    harvest, stathub, components, column, found
):
    stathub.rows = [*ROWS, row("2567", "1", **components)]
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == [("area_unknown", column, found)]


def test_a_district_stands_at_its_own_level_or_is_reported(harvest, stathub):
    stathub.dimensions = (*StatHubServer.dimensions, "AMPHOE")
    district, unknown = {"CWT": "90", "AMPHOE": "9011"}, {"CWT": "90", "AMPHOE": "9099"}
    stathub.rows = [
        {**row("2567", "100"), "AMPHOE": "_T"},
        {**row("2567", "90", CWT="90"), "AMPHOE": "_T"},
        {**row("2567", "80"), **district},
        {**row("2567", "70"), **unknown},
    ]
    harvested = harvest()
    levels = harvested.table.select("REF_AREA", "AREA_LEVEL", "OBS_VALUE").rows()
    assert ("TH-90-9011", "district", 80) in levels
    assert len(levels) == 3
    assert [(code, found) for code, _, found in problems(harvested)] == [
        ("area_unknown", "9099, 90, _T: รวม")
    ]


def test_the_youngest_province_has_its_code(harvest, stathub):
    stathub.rows = [row("2567", "88", CWT="38")]
    assert values(harvest()) == {("TH-38", "2024"): 88}


def test_an_indicator_without_ours_is_reported_once(harvest, stathub):
    other = [row(year, "40", POP_IND="DEM_IND102") for year in ("2567", "2564")]
    stathub.rows = [*ROWS, *other]
    harvested = harvest()
    assert values(harvested) == FIGURES
    found = "DEM_IND102: อัตราส่วนพึ่งพิง, INX"
    assert problems(harvested) == [("indicator_unknown", "POP_IND, UNIT", found)]


@pytest.mark.parametrize("body", [b"NoRecordsFound", b"<Text>No Results Found</Text>"])
def test_404_may_mean_that_there_is_nothing(harvest, stathub, body):
    stathub.first(Reply(body, 404), after=DATA)
    with pytest.raises(Empty):
        harvest()


def test_another_404_is_a_refusal(harvest, stathub):
    stathub.first(Reply(b"Could not find Dataflow", 404), after=DATA)
    with pytest.raises(Refused):
        harvest()


@pytest.mark.parametrize("year", ["67", "2899", "67-68"])
def test_a_year_that_could_be_any_is_reported(harvest, stathub, year):
    stathub.rows = [*ROWS, row(year, "1")]
    harvested = harvest()
    assert values(harvested) == FIGURES
    [(code, column, _)] = problems(harvested)
    assert column == "TIME_PERIOD"
    assert code.startswith("period_")


def test_a_gregorian_year_is_not_moved(harvest, stathub):
    stathub.rows = [row("2024", "120.5")]
    assert values(harvest()) == {("TH", "2024"): 120.5}


def test_nothing_but_regions_is_a_changed_format(harvest, stathub):
    stathub.rows = [row("2567", "1", AREA="TH2")]
    with pytest.raises(Changed):
        harvest()
