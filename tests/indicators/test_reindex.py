"""`ckan learningcity reindex`: everything derived, made again from the releases and compared."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from ckanext.datastore.backend.postgres import get_write_engine

from ckanext.learningcity.cli import learningcity
from ckanext.learningcity.indicators import files
from ckanext.learningcity.indicators.model import series

HEAD = "indicator,area,year,value,sex,note\n"
STATES = (
    f'{HEAD}ADULT_LITERACY,จ.พะเยา,2565,93,,"ก, ""ข"" {{ค}} \\\\"\n'
    "ADULT_LITERACY,TH-57,2565,90,F,\n",
    f"{HEAD}ADULT_LITERACY,TH-56,2565,94,,\nINTERNET_USERS,TH-57,ปีงบประมาณ 2566,95.25,M,=1+1\n",
    f"{HEAD}ADULT_LITERACY,TH-56,2565,96,,\nINTERNET_USERS,TH-56,2566,12.1,,\n",
)

FORMATS = ("csv", "json", "parquet", "xlsx", "zip")
ADDRESSES = (
    "/api/3/action/learningcity_observation_search",
    *(f"/observations.{kind}" for kind in FORMATS),
)

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def dataset() -> dict:
    """Return a dataset with three releases."""
    made = factories.Dataset(owner_org=factories.Organization()["id"])
    for data in STATES:
        helpers.call_action(
            "learningcity_observation_publish", id=made["name"], data=data, confirm=["many_removed"]
        )
    return made


@pytest.fixture
def reindex(cli):
    """Return a function that runs the command and returns its exit code and words."""

    def run(*words: str) -> tuple[int, str]:
        done = cli.invoke(learningcity, ["reindex", *words])
        return done.exit_code, done.output

    return run


def answers(app, dataset: dict) -> dict[str, bytes]:
    """Return what anyone can see of each release, byte by byte."""
    found = {}
    for number in (1, 2, 3):
        release = helpers.call_action("learningcity_release_show", id=dataset["id"], number=number)
        for as_of in (release["released"].replace("+00:00", "Z"), str(number)):
            for address in ADDRESSES:
                wanted = f"{address}?dataset={dataset['name']}&as_of={as_of}"
                found[wanted] = app.get(wanted).data
    return found


def damage(dataset: dict) -> None:
    """Lose the series and the DataStore table, and falsify what is left of both."""
    model.Session.execute(series.delete().where(series.c.valid_to.isnot(None)))
    model.Session.execute(series.update().values(observed=sa.text("array_fill(1.5, ARRAY[1])")))
    model.Session.commit()
    [resource] = helpers.call_action("package_show", id=dataset["id"])["resources"]
    with get_write_engine().begin() as connection:
        falsify = sa.table(resource["id"], sa.column("OBS_VALUE")).update()
        connection.execute(falsify.values(OBS_VALUE=1))


def test_what_was_lost_comes_back_byte_for_byte(app, dataset, reindex):
    before = answers(app, dataset)
    damage(dataset)
    assert answers(app, dataset) != before
    assert reindex() == (
        0,
        f"{dataset['name']}: 3 releases, files, series and DataStore are the same\n"
        "search index: holds every dataset\n",
    )
    assert answers(app, dataset) == before
    [resource] = helpers.call_action("package_show", id=dataset["id"])["resources"]
    rows = helpers.call_action("datastore_search", resource_id=resource["id"])["records"]
    assert sorted(row["OBS_VALUE"] for row in rows) == [12.1, 96]


def test_a_check_says_what_differs_and_changes_nothing(dataset, reindex):
    assert reindex("--check")[0] == 0
    damage(dataset)
    code, told = reindex("--check", dataset["name"])
    assert code == 1
    for complaint in (
        "as of release 1 differ",
        "as of release 3 differ",
        "DataStore table differs",
    ):
        assert complaint in told
    assert reindex("--check", dataset["name"]) == (code, told)


@pytest.mark.parametrize("fault", ["missing", "altered"])
def test_a_release_file_at_fault_is_reported_and_nothing_is_rebuilt(
    dataset, reindex, fault, monkeypatch
):
    release = helpers.call_action("learningcity_release_show", id=dataset["id"], number=2)
    whole = files.stream

    def broken(digest: str, *rest):
        if digest != release["parquet_sha256"]:
            return whole(digest, *rest)
        return whole("0" * 64, *rest) if fault == "missing" else [b"PAR1 but no longer"]

    monkeypatch.setattr(files, "stream", broken)
    before = model.Session.execute(sa.select(series.c.id)).all()
    code, told = reindex(dataset["name"])
    assert code == 1
    assert (
        f"the parquet file of release 2 {'is missing' if fault == 'missing' else 'has been'}"
        in told
    )
    assert model.Session.execute(sa.select(series.c.id)).all() == before


def test_a_deleted_dataset_keeps_its_releases(dataset, reindex):
    context = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_delete", context, id=dataset["id"])
    code, told = reindex()
    assert (code, "3 releases" in told) == (0, True)


def test_an_unknown_dataset_is_refused(reindex):
    code, told = reindex("no-such-dataset")
    assert code == 1
    assert "no-such-dataset" in told
