"""Loading the demonstration content into a portal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories, helpers

from ckanext.learningcity import seed
from ckanext.learningcity.logic.choices import learningcity_gd_missing

SEED = Path(__file__).parents[2] / "seed-data"
CITY = "phayao-demonstration"

pytestmark = pytest.mark.usefixtures("portal", "folder")


@pytest.fixture
def folder(tmp_path: Path, ckan_config) -> Path:
    """A small copy of the content: what Phayao's dataset needs, in a folder of its own."""
    for name, wanted in {
        "organizations": {"phayao", "world-bank"},
        "sources": {"world-bank-thailand"},
        "datasets": {CITY},
        "boundaries": set(),
        "content": {"demonstration-phayao-library"},
        "exchange": {"demonstration-reading-circle", "demonstration-library-on-wheels"},
        "adoptions": {"phayao-library-on-wheels"},
        "evaluations": {"demonstration-2024"},
        "spaces": {"questions"},
        "awards": {"2025"},
    }.items():
        listed = yaml.safe_load((SEED / f"{name}.yaml").read_text(encoding="utf-8"))[name]
        write(tmp_path, name, [entry for entry in listed if entry["name"] in wanted])
    shutil.copytree(SEED / "observations", tmp_path / "observations")
    ckan_config["ckanext.learningcity.seed_folder"] = str(tmp_path)
    return tmp_path


def write(folder: Path, name: str, entries: list[dict]) -> None:
    text = yaml.safe_dump({name: entries}, allow_unicode=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def change(folder: Path, name: str, **fields) -> None:
    path = folder / f"{name}.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))[name]
    write(folder, name, [{**entries[0], **fields}, *entries[1:]])


def load(*, skip_existing: bool = True) -> list[str]:
    return list(seed.load(skip_existing=skip_existing))


def act(action: str, **data_dict) -> dict:
    """Call an action as somebody who is not loading the content."""
    return helpers.call_action(action, {"user": factories.Sysadmin()["name"]}, **data_dict)


def releases(dataset: str) -> int:
    return helpers.call_action("learningcity_release_list", id=dataset)["count"]


def line(lines: list[str]) -> str:
    """What loading said of the dataset."""
    return next(said for said in lines if said.startswith(f"package {CITY}:"))


def everything() -> dict[str, list]:
    """Everything that a second loading could change."""
    packages, groups = model.Session.query(model.Package), model.Session.query(model.Group)
    return {
        "packages": sorted((p.id, p.metadata_modified) for p in packages),
        "organizations": sorted((g.id, g.name) for g in groups),
        "releases": helpers.call_action("learningcity_release_list")["results"],
        "activities": sorted(
            a["id"] for a in helpers.call_action("recently_changed_packages_activity_list")
        ),
    }


def test_the_whole_content_is_loaded_and_loading_again_changes_nothing(ckan_config):
    ckan_config["ckanext.learningcity.seed_folder"] = ""
    lines = load()
    listed = (SEED / f"{name}.yaml" for name in seed._KINDS)
    entries = [yaml.safe_load(path.read_text(encoding="utf-8"))[path.stem] for path in listed]
    assert len(lines) == sum(map(len, entries))
    assert not [line for line in lines if ": created" not in line]
    before = everything()
    assert load() == [f"{line.split(':')[0]}: unchanged" for line in lines]
    assert everything() == before


def test_a_dataset_arrives_complete():
    load()
    dataset = helpers.call_action("package_show", id=CITY)
    assert dataset["demonstration"] is True
    assert dataset["organization"]["name"] == "phayao"
    assert dataset["title_translated"]["th"].startswith("เมืองแห่งการเรียนรู้พะเยา")
    assert "เมืองแห่งการเรียนรู้" in {tag["name"] for tag in dataset["tags"]}
    assert helpers.call_action("learningcity_observation_search", limit=0)["total"] == 250
    organization = helpers.call_action("organization_show", id="phayao")
    assert (organization["gnlc_year"], organization["platform_town_id"]) == (2022, 45)


def test_no_mandatory_item_of_the_gd_catalog_is_left_open():
    load()
    assert learningcity_gd_missing(helpers.call_action("package_show", id=CITY)) == []


def test_the_source_is_registered_and_not_run():
    load()
    (source,) = helpers.call_action("learningcity_source_list")
    assert (source["adapter"], source["frequency"]) == ("worldbank", "MONTHLY")
    assert source["last_job"] is None


def test_content_is_found_by_a_thai_word():
    load()
    found = helpers.call_action("package_search", q="การเรียนรู้")
    assert CITY in {dataset["name"] for dataset in found["results"]}


@pytest.mark.parametrize("lines", range(4))
def test_an_interrupted_loading_is_taken_up(lines: int):
    loading = seed.load(skip_existing=True)
    for _ in range(lines):
        next(loading)
    loading.close()
    load()
    assert releases(CITY) == 1
    assert {line.rsplit(": ", maxsplit=1)[1] for line in load()} == {"unchanged"}


def test_a_dataset_without_its_release_gets_it_later(monkeypatch):
    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(seed, "_publish", killed)
        load()
    assert releases(CITY) == 0
    assert line(load()) == f"package {CITY}: unchanged, release 1 with 250 observations"


def test_what_somebody_changed_is_left_alone():
    load()
    act("organization_patch", id="phayao", website="https://example.org/")
    row = "indicator,area,year,value\nADULT_LITERACY,TH-56-M5601,2566,90\n"
    act("learningcity_observation_publish", id=CITY, data=row, confirm=["many_removed"])
    load()
    assert (
        helpers.call_action("organization_show", id="phayao")["website"] == "https://example.org/"
    )
    assert releases(CITY) == 2


def test_what_somebody_deleted_stays_deleted():
    load()
    act("package_delete", id=CITY)
    for skip_existing in (True, False):
        assert line(load(skip_existing=skip_existing)) == f"package {CITY}: left deleted"
    assert model.Package.get(CITY).state == "deleted"


def test_update_sets_fields_and_observations_to_those_of_the_files(folder: Path):
    load()
    change(folder, "organizations", website="https://example.org/")
    change(folder, "datasets", data_source="another")
    path = folder / "observations" / "demonstration-phayao.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    lines = load(skip_existing=False)
    assert line(lines) == f"package {CITY}: updated, release 2 with 249 observations"
    assert (
        helpers.call_action("organization_show", id="phayao")["website"] == "https://example.org/"
    )
    assert helpers.call_action("package_show", id=CITY)["data_source"] == "another"
    assert line(load(skip_existing=False)).endswith("updated, observations unchanged")


def test_the_command_prints_a_line_for_each_thing(cli):
    result = cli.invoke(ckan, ["learningcity", "seed"])
    assert result.exit_code == 0, result.output
    assert f"package {CITY}: created, release 1 with 250 observations" in result.output


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("organizations", {"area": "TH-99"}, "organizations.yaml: phayao was refused: area: "),
        ("organizations", {"gnlc_year": 65}, "organizations.yaml: phayao was refused: gnlc_year: "),
        ("sources", {"config": "{}"}, "sources.yaml: world-bank-thailand was refused: config"),
        ("datasets", {"owner_org": "nobody"}, f"datasets.yaml: {CITY} was refused: owner_org: "),
        ("datasets", {"observations": "observations/absent.csv"}, "absent.csv cannot be read"),
    ],
)
def test_a_faulty_entry_is_named_with_the_reason(
    folder: Path, name: str, fields: dict, message: str
):
    change(folder, name, **fields)
    with pytest.raises(seed.SeedError) as caught:
        load()
    assert message in caught.value.message


def test_faulty_observations_are_named_by_row_and_make_no_release(folder: Path):
    path = folder / "observations" / "demonstration-phayao.csv"
    path.write_text("indicator,area,year,value\nADULT_LITERACY,TH-99,2566,x\n", encoding="utf-8")
    with pytest.raises(seed.SeedError, match=f"{CITY} was refused") as caught:
        load()
    assert "Row 2, column area" in caught.value.message
    assert releases(CITY) == 0


@pytest.mark.parametrize("text", ["", "organizations", "organizations: [", "other: []"])
def test_a_file_that_is_no_list_of_entries_is_named(folder: Path, text: str):
    (folder / "organizations.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(seed.SeedError, match=r"organizations\.yaml cannot be read"):
        load()


def test_without_the_folder_the_command_says_what_to_do(cli, ckan_config, tmp_path: Path):
    ckan_config["ckanext.learningcity.seed_folder"] = str(tmp_path / "absent")
    result = cli.invoke(ckan, ["learningcity", "seed"])
    assert result.exit_code == 1
    assert "set ckanext.learningcity.seed_folder" in result.output


def test_a_file_is_uploaded_once(folder):
    [entry] = yaml.safe_load((SEED / "boundaries.yaml").read_text(encoding="utf-8"))["boundaries"]
    write(folder, "boundaries", [{**entry, "owner_org": "phayao"}])
    with pytest.raises(seed.SeedError, match="cannot be read"):
        load()
    shutil.copytree(SEED / "boundaries", folder / "boundaries")
    for _ in range(2):
        load()
    [resource] = act("package_show", id="province-boundaries")["resources"]
    assert resource["format"] == "TopoJSON"
    assert len(act("learningcity_boundary_show")["boundaries"]["features"]) == 77
