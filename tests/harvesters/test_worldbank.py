"""The World Bank's traps: what looks like data and is not, and the other way round."""

from __future__ import annotations

from datetime import date

import pytest
from agencies.server import Reply
from agencies.worldbank import (
    BUSY,
    EMPTY,
    INVALID,
    LITERACY,
    UNKNOWN,
    XML_DATA,
    XML_ERROR,
    WorldBankServer,
    as_json,
    row,
)

from ckanext.learningcity.harvesters.base import Ref
from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated, Unavailable
from ckanext.learningcity.harvesters.registry import source
from ckanext.learningcity.tables import codelists


@pytest.fixture
def harvest(worldbank, make_session):
    """Harvest the adult literacy rate from the test's server."""

    def run(code: str = LITERACY):
        bank = source("worldbank", url=worldbank.endpoint)
        url = f"{worldbank.endpoint}/country/THA/indicator/{code}"
        return bank.read(bank.fetch(make_session(worldbank.host), Ref(code, code, url)))

    return run


def values(harvested) -> dict[str, float]:
    return dict(harvested.table.select("TIME_PERIOD", "OBS_VALUE").iter_rows())


def problems(harvested) -> list[tuple]:
    return [(each.code, each.row, each.found) for each in harvested.problems.issues]


def test_two_pages_become_national_observations(harvest, worldbank):
    harvested = harvest()
    assert values(harvested) == {"2022": 94.11, "2020": 93.98, "2018": 93.77}
    assert harvested.problems.counts == {}
    first = harvested.table.rows(named=True)[0]
    assert first["INDICATOR"] == "ADULT_LITERACY"
    assert (first["REF_AREA"], first["AREA_LEVEL"]) == ("TH", "country")
    assert (first["REF_AREA_ORIGINAL"], first["TIME_PERIOD_ORIGINAL"]) == ("THA", "2018")
    assert (first["PERIOD_START"], first["PERIOD_END"]) == (date(2018, 1, 1), date(2018, 12, 31))
    assert first["UNIT_MEASURE"] == codelists.indicators()["ADULT_LITERACY"]["unit"]
    assert harvested.table["OBS_STATUS"].to_list() == ["E", "A", "A"]
    assert harvested.table["COMMENT_OBS"].to_list() == [None, "Labour force survey", None]
    assert harvested.provenance["version"] == "2026-01-28"
    assert "Compiled by: UNESCO Institute for Statistics" in harvested.notes["en"]
    assert LITERACY in harvested.citation
    asked = [request.query.get("page") for request in worldbank.requests]
    assert asked == ["1", "2", None]
    assert all(request.query["format"] == "json" for request in worldbank.requests)


def test_every_mapped_indicator_is_listed_once(make_session):
    refs = list(source("worldbank").refs(make_session()))
    mapped = [
        entry["sources"]["worldbank"]
        for entry in codelists.indicators().values()
        if "worldbank" in entry.get("sources", {})
    ]
    assert [ref.id for ref in refs] == mapped
    assert refs[0].url == f"https://api.worldbank.org/v2/country/THA/indicator/{mapped[0]}"


@pytest.mark.parametrize("total", [5, "5"])
@pytest.mark.parametrize("pages", [2, "2"])
def test_counts_may_be_numbers_or_strings(harvest, worldbank, total, pages):
    worldbank.header = {"total": total, "pages": pages, "per_page": "50"}
    assert len(values(harvest())) == 3


@pytest.mark.parametrize("error", [INVALID, [*INVALID, None]])
def test_an_error_with_status_200_is_a_refusal(harvest, worldbank, error):
    worldbank.first(as_json(error))
    with pytest.raises(Refused, match="120 The provided parameter value is not valid"):
        harvest()


def test_an_unknown_indicator_is_a_refusal(harvest):
    with pytest.raises(Refused):
        harvest(UNKNOWN)


def test_an_error_without_its_usual_parts_is_still_a_refusal(harvest, worldbank):
    worldbank.first(as_json([{"message": [None, "x"]}]))
    with pytest.raises(Refused):
        harvest()


def test_the_services_own_trouble_with_status_200_passes(harvest, worldbank):
    worldbank.first(as_json(BUSY))
    with pytest.raises(Unavailable):
        harvest()


@pytest.mark.parametrize("empty", [EMPTY, [{"total": 0}, None], [{"total": "0"}, []]])
def test_an_empty_set_is_empty_and_no_error_of_ours(harvest, worldbank, empty):
    worldbank.first(as_json(empty))
    with pytest.raises(Empty):
        harvest()


def test_a_series_of_nulls_is_empty(harvest, worldbank):
    worldbank.rows = [row("2022", None), row("2021", None), row("2020", "")]
    with pytest.raises(Empty):
        harvest()


def test_xml_where_json_was_asked_is_told_apart(harvest, worldbank):
    worldbank.first(Reply(XML_ERROR, content_type="text/xml"))
    with pytest.raises(Refused, match="120 The provided"):
        harvest()
    worldbank.first(Reply(XML_DATA, content_type="text/xml"))
    with pytest.raises(Changed):
        harvest()


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        [None],
        [1, 2],
        [{}, []],
        [{"page": 1, "pages": 1, "total": 1}, {}],
        [{"page": 1, "pages": 1, "total": 1}, [1]],
        [{"page": 1, "pages": "many", "total": 1}, []],
        [{"page": 1, "pages": -1, "total": 1}, []],
        [{"page": 1, "pages": 1e9, "total": 1}, []],
        "text",
    ],
)
def test_another_envelope_is_a_changed_format(harvest, worldbank, content):
    worldbank.first(as_json(content))
    with pytest.raises(Changed):
        harvest()


def test_a_server_that_repeats_page_one_is_not_believed(harvest, worldbank):
    worldbank.header = {"page": 1}
    with pytest.raises(Changed, match="asked for page 2, got page 1"):
        harvest()


def test_a_million_pages_are_not_fetched(harvest, worldbank):
    worldbank.header = {"pages": 1_000_000}
    with pytest.raises(Changed):
        harvest()
    assert len(worldbank.requests) == 1


def test_missing_rows_are_noticed(harvest, worldbank):
    worldbank.header = {"total": 7}
    with pytest.raises(Truncated, match="7 rows announced, 5 came"):
        harvest()


def test_a_page_without_rows_is_noticed(harvest, worldbank):
    worldbank.header = {"pages": 3}
    with pytest.raises(Truncated):
        harvest()


def test_data_renewed_between_two_pages_are_not_mixed(harvest, worldbank, monkeypatch):
    respond = worldbank.respond

    def renewing(request):
        worldbank.updated = f"2026-01-{10 + len(worldbank.requests)}"
        return respond(request)

    monkeypatch.setattr(worldbank, "respond", renewing)
    with pytest.raises(Truncated, match="renewed"):
        harvest()


@pytest.mark.parametrize("code", ["LAO", "", None, "tha"])
def test_a_row_of_another_country_is_reported_and_kept_out(harvest, worldbank, code):
    worldbank.rows = [row("2022", 94.1), row("2021", 84.7, countryiso3code=code)]
    harvested = harvest()
    assert values(harvested) == {"2022": 94.1}
    assert problems(harvested) == [("code_unknown", 2, code or "")]


def test_a_row_of_another_indicator_is_reported_and_kept_out(harvest, worldbank):
    other = {"id": "SP.POP.TOTL", "value": "Population"}
    worldbank.rows = [row("2022", 94.1), row("2021", 71_000_000, indicator=other)]
    harvested = harvest()
    assert values(harvested) == {"2022": 94.1}
    assert problems(harvested) == [("code_unknown", 2, "SP.POP.TOTL")]


def test_nothing_but_foreign_rows_is_a_changed_format(harvest, worldbank):
    worldbank.rows = [row("2022", 84.7, countryiso3code="LAO")]
    with pytest.raises(Changed, match="no row can be read"):
        harvest()


@pytest.mark.parametrize(
    "junk",
    ["", None, "last known value", "2567", "22", "2011-2015", "2022M13", "2022Q5", 20220, "๒๐๒๒"],
)
def test_a_junk_date_is_reported_and_kept_out(harvest, worldbank, junk):
    worldbank.rows = [row("2022", 94.1), row(junk, 93.0)]
    harvested = harvest()
    assert values(harvested) == {"2022": 94.1}
    found = "" if junk is None else str(junk)
    assert problems(harvested) == [("period_format", 2, found)]


@pytest.mark.parametrize("junk", ["n/a", "1,234.5", "NaN", "inf", True, [], {"v": 1}])
def test_a_value_that_is_no_number_is_reported_and_kept_out(harvest, worldbank, junk):
    worldbank.rows = [row("2022", 94.1), row("2021", junk)]
    harvested = harvest()
    assert values(harvested) == {"2022": 94.1}
    assert [code for code, _, _ in problems(harvested)] == ["value_not_number"]


def test_an_unknown_status_is_reported_and_kept_out(harvest, worldbank):
    worldbank.rows = [row("2022", 94.1), row("2021", 93.0, obs_status="??")]
    harvested = harvest()
    assert values(harvested) == {"2022": 94.1}
    assert problems(harvested) == [("code_unknown", 2, "??")]


def test_months_and_quarters_keep_what_was_written(harvest, worldbank):
    worldbank.rows = [row("2022Q3", 1), row("2022M07", 2), row("2022", 3)]
    table = harvest().table.sort("PERIOD_START", "PERIOD_END")
    assert table["TIME_PERIOD"].to_list() == ["2022", "2022-07", "2022-Q3"]
    assert table["TIME_PERIOD_ORIGINAL"].to_list() == ["2022", "2022M07", "2022Q3"]


def test_a_row_on_two_pages_counts_once_and_two_values_are_a_problem(harvest, worldbank):
    worldbank.rows = [row("2022", 94.1), row("2022", 94.1), row("2021", 93.0), row("2021", 92.0)]
    harvested = harvest()
    assert values(harvested)["2022"] == 94.1
    assert [code for code, _, _ in problems(harvested)] == ["duplicate_key"]


def test_a_renewed_date_alone_is_no_change(harvest, worldbank):
    before = harvest()
    worldbank.updated = "2026-02-28"
    after = harvest()
    assert after.provenance["version"] == "2026-02-28"
    assert after.fingerprint() == before.fingerprint()
    worldbank.rows[0] = row("2022", 94.12)
    assert harvest().fingerprint() != before.fingerprint()


def test_page_size_does_not_change_the_fingerprint(make_session):
    prints = set()
    for page_size in (1, 2, 50):
        with WorldBankServer(page_size=page_size) as server:
            bank = source("worldbank", url=server.endpoint)
            session = make_session(server.host)
            prints.add(bank.read(bank.fetch(session, next(bank.refs(session)))).fingerprint())
    assert len(prints) == 1
