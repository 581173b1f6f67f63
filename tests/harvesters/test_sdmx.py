"""SDMX REST: two versions, three formats, and the ways in which services say no."""

from __future__ import annotations

import copy
import gc
import itertools
import json
import tracemalloc
from urllib.parse import unquote

import pytest
from agencies import sdmx
from agencies.sdmx import DIMENSIONS, ROWS, SdmxServer, row
from agencies.server import Reply

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated
from ckanext.learningcity.harvesters.facts import FactsError, facts_from
from ckanext.learningcity.harvesters.registry import build
from ckanext.learningcity.tables import codelists

#: The third request of a harvest: after the listing and the structure.
DATA = 2


@pytest.fixture
def server():
    with SdmxServer() as running:
        yield running


def agency(server, **options):
    """Return the played agency as a source; `options` replace or add to its own."""
    facts = copy.deepcopy(sdmx.FACTS)
    facts["options"] |= {"api": server.api, **options}
    return build(facts_from({**facts, "url": server.endpoint}))


@pytest.fixture
def harvest(server, make_session):
    def run(on=server, **options):
        source = agency(on, **options)
        session = make_session(on.host)
        return source.read(source.fetch(session, next(source.refs(session))))

    return run


def values(harvested) -> dict[tuple, float]:
    columns = ("INDICATOR", "SEX", "TIME_PERIOD", "OBS_VALUE")
    return {row[:-1]: row[-1] for row in harvested.table.select(columns).iter_rows()}


def problems(harvested) -> list[tuple]:
    return [(each.code, each.column, each.found) for each in harvested.problems.issues]


FIGURES = {
    ("ADULT_LITERACY", "_T", "2022"): 94.1,
    ("ADULT_LITERACY", "F", "2022"): 93.2,
    ("ADULT_LITERACY", "_T", "2021"): 93.8,
    ("POPULATION", "_T", "2022"): 71_697_030,
}


@pytest.mark.parametrize("api", ["2.1", "3.0"])
@pytest.mark.parametrize("form", ["csv", "json", "xml"])
def test_both_versions_and_every_format_give_the_same_figures(make_session, api, form):
    with SdmxServer(api=api) as server:
        source = agency(server, format=form)
        session = make_session(server.host)
        ref = next(source.refs(session))
        harvested = source.read(source.fetch(session, ref))
    assert values(harvested) == pytest.approx(FIGURES)
    assert problems(harvested) == []
    assert set(harvested.table["UNIT_MEASURE"]) == {"PT", "PS"}
    assert sorted(harvested.table["OBS_STATUS"]) == ["A", "A", "A", "E"]
    assert set(harvested.table["AREA_LEVEL"]) == {"country"}
    assert harvested.table["REF_AREA_ORIGINAL"][0].startswith("THA")
    assert harvested.title == {
        "en": "Learning (Example Agency)",
        "th": "การเรียนรู้ (หน่วยงานตัวอย่าง)",
    }
    assert harvested.provenance["version"] == "1.3"
    assert "/data/" in harvested.provenance["url"]


def test_the_key_follows_the_order_of_the_dimensions(harvest, server):
    harvest()
    listing, structure, data = (request.path for request in server.requests)
    assert listing == "/rest/dataflow/EXAMPLE"
    assert structure == "/rest/dataflow/EXAMPLE/DF_LEARNING/1.3", "the newest version listed"
    assert data == "/rest/data/EXAMPLE,DF_LEARNING,1.3/.THA.."


def test_version_3_filters_by_name(make_session):
    with SdmxServer(api="3.0") as server:
        server.largest = 2
        source = agency(server)
        session = make_session(server.host)
        harvested = source.read(source.fetch(session, next(source.refs(session))))
        asked = [request.query for request in server.requests]
    assert values(harvested) == pytest.approx(FIGURES)
    assert all(query["c[REF_AREA]"] == "THA" for query in asked[DATA:])
    assert any(query.get("c[TIME_PERIOD]", "").startswith("ge:") for query in asked)


@pytest.mark.parametrize("largest", [3, 2, 1])
def test_a_question_that_is_too_large_falls_apart(harvest, server, largest):
    whole = harvest()
    server.rows = [each for each in ROWS if each["SEX"] == "_T"] if largest == 1 else server.rows
    server.largest = largest
    parts = harvest()
    expected = {key: value for key, value in FIGURES.items() if largest > 1 or key[1] == "_T"}
    assert values(parts) == pytest.approx(expected)
    assert largest == 1 or parts.fingerprint() == whole.fingerprint()
    assert any("LIT" in request.path for request in server.requests)


def test_what_cannot_fall_apart_further_is_refused(harvest, server):
    server.largest = 0
    with pytest.raises(Refused, match="too large even for one year"):
        harvest()
    assert len(server.requests) < 120


@pytest.mark.parametrize(
    "nothing",
    [
        Reply(status=204),
        Reply(b"NoRecordsFound", 404),
        Reply(b"No Results Found", 404),
        Reply(b'<mes:Error><mes:ErrorMessage code="100"/></mes:Error>', 404),
        Reply(b"DATAFLOW,FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE\n"),
        Reply(b'{"data": {"structure": {"dimensions": {}}, "dataSets": []}}'),
    ],
)
def test_nothing_is_empty(harvest, server, nothing):
    server.first(nothing, after=DATA)
    with pytest.raises(Empty):
        harvest()


@pytest.mark.parametrize("status", [400, 403, 404, 406, 414, 501])
def test_a_refusal_is_no_empty_answer(harvest, server, status):
    server.first(Reply(b"no such dataflow", status), after=DATA)
    with pytest.raises(Refused, match=f"HTTP {status}"):
        harvest()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"INDICATOR": "NUM"}, ("indicator_unknown", "INDICATOR", "NUM")),
        ({"REF_AREA": "LAO"}, ("area_unknown", "REF_AREA", "LAO")),
        ({"REF_AREA": ""}, ("area_unknown", "REF_AREA", None)),
        ({"SEX": "N"}, ("code_unknown", "SEX", "N")),
        ({"UNIT_MEASURE": "XYZ"}, ("unit_unknown", "UNIT_MEASURE", "XYZ")),
        ({"UNIT_MEASURE": "NUMBER"}, ("unit_mismatch", "UNIT_MEASURE", "PS")),
        ({"UNIT_MULT": "many"}, ("code_unknown", "UNIT_MULT", "many")),
        ({"OBS_STATUS": "ZZ"}, ("code_unknown", "OBS_STATUS", "ZZ")),
        ({"TIME_PERIOD": "2022-W01"}, ("period_format", "TIME_PERIOD", "2022-W01")),
        ({"OBS_VALUE": "NaN"}, ("value_not_number", "OBS_VALUE", "NaN")),
        ({"OBS_VALUE": ""}, ("value_without_status", "OBS_VALUE", None)),
    ],
)
def test_what_is_not_known_is_reported_and_kept_out(harvest, server, changes, problem):
    server.rows = [*ROWS, {**row("LIT", "2020", "50"), **changes}]
    harvested = harvest(key={})
    assert values(harvested) == pytest.approx(FIGURES)
    assert problems(harvested) == [problem]
    assert harvested.problems.issues[0].row == len(ROWS) + 1


def test_a_breakdown_that_has_no_column_is_reported_and_kept_out(harvest, server):
    server.dimensions = (*DIMENSIONS, "INDUSTRY")
    server.rows = [{**each, "INDUSTRY": "_T"} for each in ROWS]
    server.rows += [{**row("LIT", "2022", "50"), "INDUSTRY": code} for code in ("A", "B", "A")]
    harvested = harvest()
    assert values(harvested) == pytest.approx(FIGURES)
    assert problems(harvested) == [
        ("code_unknown", "INDUSTRY", "A"),
        ("code_unknown", "INDUSTRY", "B"),
    ]


def test_facts_give_a_breakdown_its_column(harvest, server):
    server.dimensions = (*DIMENSIONS, "AREA_TYPE")
    server.rows = [{**each, "AREA_TYPE": "_Z"} for each in ROWS]
    server.rows += [{**row("LIT", "2022", "88"), "AREA_TYPE": "RUR"}]
    harvested = harvest(
        columns={"RESIDENCE": "AREA_TYPE"},
        codes={"UNIT_MEASURE": {"PCNT": "PT", "NUMBER": "PS"}, "RESIDENCE": {"RUR": "R"}},
    )
    rural = harvested.table.filter(harvested.table["RESIDENCE"] == "R")
    assert rural["OBS_VALUE"].to_list() == [88]
    assert len(harvested.table) == len(ROWS) + 1
    assert problems(harvested) == []


def test_nothing_but_unknown_rows_is_a_changed_format(harvest, server):
    server.rows = [row("NUM", "2022", "1")]
    with pytest.raises(Changed, match="no row can be read"):
        harvest()


def test_what_is_to_be_deleted_is_no_observation(harvest, make_session):
    with SdmxServer(api="3.0") as server:
        source = agency(server)
        session = make_session(server.host)
        document = source.fetch(session, next(source.refs(session)))
        people = b",A,THA: Thailand,POP"
        body = document.answers[0].body.replace(b",I" + people, b",D" + people)
        server.first(Reply(body), after=1)
        harvested = source.read(source.fetch(session, document.ref))
    assert "POPULATION" not in set(harvested.table["INDICATOR"])


def test_another_dataflow_than_the_one_asked_is_not_taken(harvest, server):
    heading = b"DATAFLOW,FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE\n"
    server.first(Reply(heading + b"EXAMPLE:DF_OTHER(1.0),A,THA,LIT,_T,2022,5\n"), after=DATA)
    with pytest.raises(Changed, match="asked for DF_LEARNING, got EXAMPLE:DF_OTHER"):
        harvest()


def test_a_csv_without_its_last_line_end_is_truncated(harvest, server):
    server.first(lambda reply: Reply(reply.body.rstrip()), after=DATA)
    with pytest.raises(Truncated):
        harvest()


@pytest.mark.parametrize(
    "body",
    [
        b"FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,VALUE\n",
        b"FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\nA,THA,_T,2022,94\n",
        b"FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE\nA,THA,LIT,_T,2022,94,1,2\n",
        b"FREQ,FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE\n",
        b'{"data": {"dataSets": [{"observations": {"0": [1]}}]}}',
        b"[]",
        b"<html></html>",
        b"<m:Error xmlns:m='x'><m:ErrorMessage code='500'>busy</m:ErrorMessage></m:Error>",
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><StructureSpecificData>&c;'
        b"</StructureSpecificData>",
    ],
)
def test_another_format_is_a_changed_format(harvest, server, body):
    server.first(Reply(body), after=DATA)
    with pytest.raises(Changed):
        harvest()


GENERIC = b"""<?xml version="1.0"?>
<m:GenericData xmlns:m="m" xmlns:g="g"><m:DataSet>
<g:Group type="Sibling"><g:GroupKey><g:Value id="INDICATOR" value="POP"/></g:GroupKey>
<g:Attributes><g:Value id="UNIT_MULT" value="6"/></g:Attributes></g:Group>
<g:Series><g:SeriesKey><g:Value id="FREQ" value="A"/><g:Value id="REF_AREA" value="THA"/>
<g:Value id="INDICATOR" value="POP"/><g:Value id="SEX" value="_T"/></g:SeriesKey>
<g:Attributes><g:Value id="UNIT_MEASURE" value="NUMBER"/></g:Attributes>
<g:Obs><g:ObsDimension value="2022"/><g:ObsValue value="71.7"/></g:Obs>
<g:Obs><g:ObsDimension value="2021"/><g:ObsValue value="71.6"/>
<g:Attributes><g:Value id="OBS_STATUS" value="E"/></g:Attributes></g:Obs></g:Series>
<g:Obs><g:ObsKey><g:Value id="FREQ" value="A"/><g:Value id="REF_AREA" value="THA"/>
<g:Value id="INDICATOR" value="LIT"/><g:Value id="SEX" value="F"/>
<g:Value id="TIME_PERIOD" value="2022"/></g:ObsKey><g:ObsValue value="93.2"/></g:Obs>
</m:DataSet></m:GenericData>"""


def test_generic_xml_with_series_groups_and_loose_observations(harvest, server):
    server.first(Reply(GENERIC), after=DATA)
    harvested = harvest()
    assert values(harvested) == pytest.approx(
        {
            ("POPULATION", "_T", "2022"): 71_700_000,
            ("POPULATION", "_T", "2021"): 71_600_000,
            ("ADULT_LITERACY", "F", "2022"): 93.2,
        }
    )


def json_of_series(version: str) -> bytes:
    def listed(**components: str) -> list[dict]:
        return [{"id": n, "values": [{"id": c} for c in v.split()]} for n, v in components.items()]

    structure = {
        "dimensions": {
            "dataSet": listed(FREQ="A", REF_AREA="THA"),
            "series": listed(INDICATOR="POP LIT", SEX="_T F"),
            "observation": listed(TIME_PERIOD="2021 2022"),
        },
        "attributes": {
            "dataSet": listed(UNIT_MULT="0"),
            "series": listed(UNIT_MEASURE="NUMBER PCNT"),
            "observation": listed(OBS_STATUS="A E"),
            "dimensionGroup": [{"id": "COMMENT_OBS"}],
        },
    }
    series = {
        "0:0": {"attributes": [0], "observations": {"1": [71_700_000, 0]}},
        "1:1": {"attributes": [1], "observations": {"0": [93.0, 1], "1": [None, None]}},
    }
    data_set = {"attributes": [0], "series": series}
    if version == "2.0":
        data_set["dimensionGroupAttributes"] = {"1:1:": ["by sex"]}
        return json.dumps({"data": {"structures": [structure], "dataSets": [data_set]}}).encode()
    return json.dumps({"structure": structure, "dataSets": [data_set]}).encode()


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_json_by_series_with_what_all_share(harvest, server, version):
    server.first(Reply(json_of_series(version)), after=DATA)
    harvested = harvest()
    assert values(harvested) == {
        ("POPULATION", "_T", "2022"): 71_700_000,
        ("ADULT_LITERACY", "F", "2021"): 93.0,
    }
    assert problems(harvested) == [("value_without_status", "OBS_VALUE", None)]
    noted = dict(harvested.table.select("INDICATOR", "COMMENT_OBS").iter_rows())
    assert noted["ADULT_LITERACY"] == ("by sex" if version == "2.0" else None)
    assert noted["POPULATION"] is None


def test_a_dataflow_that_is_not_listed_is_asked_and_refused(make_session, server):
    lost = {"YOUTH_LITERACY": "DF_LOST/INDICATOR=Y", "ADULT_LITERACY": "DF_LEARNING/INDICATOR=LIT"}
    source = agency(server, indicators=lost)
    session = make_session(server.host)
    refs = {ref.id: ref for ref in source.refs(session)}
    assert set(refs) == {"DF_LEARNING", "DF_LOST"}
    with pytest.raises(Refused, match="HTTP 404"):
        source.fetch(session, refs["DF_LOST"])


def test_a_list_without_any_of_our_dataflows_is_a_changed_format(make_session, server):
    source = agency(server, indicators={"ADULT_LITERACY": "DF_LOST"})
    with pytest.raises(Changed, match="DF_LOST"):
        list(source.refs(make_session(server.host)))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"format": "xlsx"}, "format"),
        ({"api": "1.0"}, "format"),
        ({"indicators": {"NO_SUCH": "DF"}}, "NO_SUCH"),
        ({"indicators": {"ADULT_LITERACY": "DF/LIT"}}, "ADULT_LITERACY"),
        ({"indicators": {"ADULT_LITERACY": "/A=B"}}, "ADULT_LITERACY"),
        ({"key": "THA"}, "key"),
        ({"start": 2020}, "start"),
    ],
)
def test_a_wrong_option_is_named(server, options, named):
    with pytest.raises(FactsError, match=named):
        agency(server, **options)


def test_every_address_of_a_question_is_whole(harvest, server):
    server.largest = 2
    harvest()
    asked = [unquote(request.address) for request in server.requests[DATA:]]
    assert len(asked) == len(set(asked)), "no question is asked twice"


def test_memory_does_not_grow_with_the_number_of_datasets(make_session):
    """The peak of Python's own memory while twelve datasets pass is that of three."""
    flows = {code: f"DF_{code}/INDICATOR=LIT" for code in list(codelists.indicators())[:12]}
    with _Many(flows.values()) as server:
        source = agency(server, indicators=flows)
        session = make_session(server.host)

        def peak(number: int) -> int:
            tracemalloc.start()
            for ref in itertools.islice(source.refs(session), number):
                source.read(source.fetch(session, ref))
                server.requests.clear()
                gc.collect()  # or the peak is how much garbage waited
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return found

        peak(2)
        peak(1)  # reads the code lists
        assert peak(12) < 1.3 * peak(3)


class _Many(SdmxServer):
    """Serves the same rows under the name of many dataflows."""

    def __init__(self, flows) -> None:
        rows = [row("LIT", str(year), "1") for year in range(1970, 2025)]
        super().__init__([{k: v for k, v in r.items() if k != "UNIT_MEASURE"} for r in rows])
        self.flows = [flow.split("/")[0] for flow in flows]

    def respond(self, request):
        named = [flow for flow in self.flows if flow in request.path.replace(",", "/").split("/")]
        self.flow = named[0] if named else self.flows[0]
        return super().respond(request)

    def _flow(self, flow, version, name):
        return "".join(super(_Many, self)._flow(each, version, name) for each in self.flows)
