"""docs/harvesters.md does what it says."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from agencies.sdmx import SdmxServer
from agencies.server import Reply
from agencies.stathub import StatHubServer
from agencies.worldbank import WorldBankServer

from ckanext.learningcity import harvesters
from ckanext.learningcity.harvesters import errors, registry
from ckanext.learningcity.harvesters.facts import facts_from

PAGE = Path(__file__).parents[2].joinpath("docs", "harvesters.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


@pytest.fixture
def run_block():
    """Run a block of the page as a notebook would."""

    def run(code: str) -> dict:
        names: dict = {}
        exec(compile(code, "docs/harvesters.md", "exec"), names)  # noqa: S102 - the page is ours
        return names

    return run


def test_the_notebook_example_harvests(worldbank, monkeypatch, run_block, capsys):
    local = functools.partial(harvesters.source, url=worldbank.endpoint)
    monkeypatch.setattr(harvesters, "source", local)
    session = functools.partial(harvesters.Session, allow_hosts=[worldbank.host])
    monkeypatch.setattr(harvesters, "Session", session)
    run_block(blocks("python")[0])
    said = capsys.readouterr().out
    assert "Adult literacy rate, Thailand (World Bank)" in said
    assert "94.11" in said


#: Runs a block of the page with the agencies played, and as if CKAN were not installed.
WITHOUT_CKAN = """
import functools, importlib.abc, sys

class NoCkan(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("ckan", "ckantoolkit", "flask", "sqlalchemy", "psycopg2"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoCkan())
from ckanext.learningcity import harvesters

code, url, host = sys.argv[1:]
harvesters.source = functools.partial(harvesters.source, url=url)
harvesters.Session = functools.partial(harvesters.Session, allow_hosts=[host])
exec(code)
"""


@pytest.mark.parametrize(("block", "play"), [(0, WorldBankServer), (1, StatHubServer)])
def test_the_notebook_examples_harvest_without_ckan(block, play):
    with play() as agency:
        if play is StatHubServer:
            agency.rows.append({**agency.rows[0], "AREA": "TH2"})
        command = [sys.executable, "-c", WITHOUT_CKAN, blocks("python")[block]]
        done = subprocess.run(
            [*command, agency.endpoint, agency.host], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    expected = {
        WorldBankServer: ["Adult literacy rate, Thailand (World Bank)", "94.11"],
        StatHubServer: ["ดัชนีการสูงวัยรายจังหวัด", "1.1", "TH-56", "2024", "2567", "ภาคกลาง"],
    }
    for text in expected[play]:
        assert text in done.stdout


def test_an_agency_that_speaks_sdmx_needs_yaml_only(make_session):
    [entry] = yaml.safe_load(blocks("yaml")[1])
    with SdmxServer() as agency:
        source = registry.build(facts_from({**entry, "url": agency.endpoint}))
        session = make_session(agency.host)
        [ref] = source.refs(session)
        harvested = source.read(source.fetch(session, ref))
    figures = harvested.table.select("INDICATOR", "TIME_PERIOD", "OBS_VALUE").rows()
    assert ("POPULATION", "2022", 71_697_030) in figures
    assert ("ADULT_LITERACY", "2021", 93.8) in figures
    assert harvested.problems.counts == {}
    assert harvested.provenance["agency"] == entry["organization"]


def test_every_adapter_is_on_the_page():
    for adapter in registry.ADAPTERS:
        assert f"| `{adapter}` |" in PAGE or f": `{adapter}`\n" in PAGE


def test_the_yaml_example_is_a_source(worldbank, make_session):
    [entry] = yaml.safe_load(blocks("yaml")[0])
    mirror = registry.build(facts_from({**entry, "url": worldbank.endpoint}))
    session = make_session(worldbank.host)
    harvested = mirror.read(mirror.fetch(session, next(mirror.refs(session))))
    assert harvested.name.startswith("worldbank-mirror-")


@pytest.mark.parametrize("example", blocks("yaml"), ids=lambda text: text.split()[2])
def test_every_yaml_example_is_accepted(example):
    [entry] = yaml.safe_load(example)
    assert registry.build(facts_from(entry)).facts.id == entry["id"]


def test_the_class_example_is_an_adapter(server, make_session, run_block, monkeypatch):
    libraries = run_block(blocks("python")[2])["Libraries"]
    monkeypatch.setattr(registry, "ADAPTERS", {"libraries": libraries})
    facts = {
        "id": "libraries",
        "title": {"en": "Libraries", "th": "ห้องสมุด"},
        "organization": "okmd",
        "adapter": "libraries",
        "url": server.url,
        "licence": "cc-by",
        "citation": "OKMD",
    }
    visits = [
        {"city": "พะเยา", "year": 2567, "visits": 120},
        {"city": "ไกลบ้าน", "year": 67, "visits": 1},
    ]
    server.add("/visits.json", Reply(json.dumps(visits).encode()), Reply(b"[]"))
    source = registry.build(facts_from(facts))
    session = make_session(server.host)
    [ref] = source.refs(session)
    harvested = source.read(source.fetch(session, ref))
    row = harvested.table.rows(named=True)[0]
    assert (row["REF_AREA"], row["TIME_PERIOD"], row["OBS_VALUE"]) == ("TH-56", "2024", 120)
    found = {(issue.column, issue.row) for issue in harvested.problems.issues}
    assert found == {("city", 2), ("year", 2)}
    with pytest.raises(errors.Empty):
        source.read(source.fetch(session, ref))


def test_every_error_is_explained():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        if kind is not errors.SourceError:
            assert f"| `{kind.__name__}` |" in PAGE
