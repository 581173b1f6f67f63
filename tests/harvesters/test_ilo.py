"""ILOSTAT's traps: R's way of writing nothing, statuses, a wrong question answered with silence."""

from __future__ import annotations

import pytest
from agencies.ilo import NEET, ROWS, IloServer, row
from agencies.server import Reply

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated
from ckanext.learningcity.harvesters.registry import source

DATA = 1


@pytest.fixture
def ilo():
    with IloServer() as running:
        yield running


@pytest.fixture
def harvest(ilo, make_session):
    def run(**overrides):
        office = source("ilo", url=ilo.endpoint, **overrides)
        session = make_session(ilo.host)
        ref = next(iter(office.refs(session)))
        return office.read(office.fetch(session, ref))

    return run


def values(harvested) -> dict[tuple[str, str], float]:
    table = harvested.table.select("SEX", "TIME_PERIOD", "OBS_VALUE")
    return {(sex, period): value for sex, period, value in table.iter_rows()}


def problems(harvested) -> list[tuple]:
    return [(each.code, each.column, each.row, each.found) for each in harvested.problems.issues]


FIGURES = {("_T", "2023"): 12.6, ("_T", "2022"): 13.1, ("_T", "2021"): 14.7, ("F", "2023"): 16.2}


def test_a_table_becomes_national_observations_with_their_statuses(harvest, ilo):
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == []
    total = harvested.table.filter(harvested.table["SEX"] == "_T").sort("TIME_PERIOD")
    assert total["OBS_STATUS"].to_list() == ["I", "B", "A"]
    assert set(harvested.table["INDICATOR"]) == {"NEET"}
    assert set(harvested.table["AREA_LEVEL"]) == {"country"}
    assert set(harvested.table["COMMENT_OBS"]) == {"T30:144", None}
    assert harvested.provenance["version"] == "2026-06-01"
    asked = ilo.requests[DATA].query
    assert asked == {"id": NEET, "ref_area": "THA", "type": "code", "format": ".csv"}


def test_the_day_of_the_last_update_is_the_version(ilo, make_session):
    office = source("ilo", url=ilo.endpoint)
    [ref] = office.refs(make_session(ilo.host))
    assert (ref.id, ref.version) == (NEET, "2026-06-01")


def test_an_id_that_is_unknown_is_refused_and_not_empty(harvest, ilo):
    with pytest.raises(Refused, match="nothing"):
        harvest(options={"iso3": "THA", "indicators": {"NEET": "SDG_0851_SEX_RT_A"}})


def test_a_heading_alone_is_empty(harvest, ilo):
    ilo.rows = []
    with pytest.raises(Empty):
        harvest()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ref_area": "LAO"}, ("code_unknown", "ref_area", 5, "LAO")),
        ({"indicator": "SDG_0852"}, ("code_unknown", "indicator", 5, "SDG_0852")),
        ({"sex": "SEX_O"}, ("code_unknown", "sex", 5, "SEX_O")),
        ({"obs_status": "X"}, ("code_unknown", "obs_status", 5, "X")),
        ({"obs_value": "NA"}, ("value_without_status", "obs_value", 5, None)),
        ({"obs_value": "12,6"}, ("value_not_number", "obs_value", 5, "12,6")),
        ({"time": "99"}, ("period_two_digits", "time", 5, "99")),
        ({"time": ""}, ("value_missing", "time", 5, None)),
    ],
)
def test_a_row_that_does_not_fit_is_reported_and_kept_out(harvest, ilo, changes, problem):
    ilo.rows = [*ROWS, {**row("2010", "15.0"), **changes}]
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == [problem]


def test_a_classification_that_has_no_column_is_reported_and_kept_out(harvest, ilo):
    ilo.rows = [{**each, "classif1": "NA"} for each in ROWS]
    ilo.rows.append({**row("2010", "15.0"), "classif1": "AGE_YTHADULT_Y15-19"})
    harvested = harvest()
    assert values(harvested) == FIGURES
    assert problems(harvested) == [("code_unknown", "classif1", 5, "AGE_YTHADULT_Y15-19")]


def test_two_surveys_of_one_year_are_not_chosen_from(harvest, ilo):
    ilo.rows = [*ROWS, row("2023", "12.9", source="XA:2018")]
    harvested = harvest()
    assert [code for code, *_ in problems(harvested)] == ["duplicate_key"]


def test_quarters_and_months_keep_what_was_written(harvest, ilo):
    ilo.rows = [row("2024Q1", "1"), row("2024M03", "2"), row("2024", "3")]
    table = harvest().table.sort("OBS_VALUE")
    assert table["TIME_PERIOD"].to_list() == ["2024-Q1", "2024-03", "2024"]
    assert table["TIME_PERIOD_ORIGINAL"].to_list() == ["2024Q1", "2024M03", "2024"]


def test_a_table_that_breaks_off_is_truncated(harvest, ilo):
    ilo.first(lambda reply: Reply(reply.body[:-30]), after=DATA)
    with pytest.raises(Truncated):
        harvest()


@pytest.mark.parametrize(
    "body", [b"id,label\n", b'{"error": "busy"}', b"<html></html>", b"a\n", b"[]"]
)
@pytest.mark.parametrize("position", [0, 1])
def test_another_format_is_a_changed_format(harvest, ilo, body, position):
    ilo.first(Reply(body), after=position)
    with pytest.raises(Changed):
        harvest()


def test_a_lost_entry_of_the_contents_does_not_hide_the_series(harvest, ilo, make_session):
    ilo.first(Reply(b"id,last.update\nOTHER,2026-01-01\n"))
    office = source("ilo", url=ilo.endpoint)
    [ref] = office.refs(make_session(ilo.host))
    assert (ref.id, ref.version) == (NEET, None)
