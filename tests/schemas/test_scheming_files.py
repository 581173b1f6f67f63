"""Dataset and organization schemas: complete, in both languages, made of parts that exist."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
from ckanext import scheming
from ckanext.scheming.loader import load

import ckanext.learningcity
from ckanext.learningcity.logic import choices, validators

SCHEMAS = Path(__file__).parents[2] / "schemas"
TEMPLATES = [
    Path(package.__path__[0]) / "templates" / "scheming"
    for package in (ckanext.learningcity, scheming)
]
OWN_PREFIX = "learningcity_"


def read(path):
    with path.open(encoding="utf-8") as file:
        return load(file)


def all_presets():
    """Presets by name; the first file wins, as in the plugin's setting."""
    presets = {}
    for path in (Path(scheming.__path__[0]) / "presets.json", SCHEMAS / "presets.yaml"):
        for preset in read(path)["presets"]:
            presets.setdefault(preset["preset_name"], preset["values"])
    return presets


PRESETS = all_presets()


def expand(field):
    return {**PRESETS[field["preset"]], **field} if "preset" in field else field


def fields_of(name):
    schema = read(SCHEMAS / name)
    listed = [*schema.get("dataset_fields", ()), *schema.get("resource_fields", ())]
    return [expand(field) for field in [*listed, *schema.get("fields", ())]]


DATASET = {field["field_name"]: field for field in fields_of("dataset.yaml")}
ORGANIZATION = {field["field_name"]: field for field in fields_of("organization.yaml")}
CONTENT = {
    entry["id"]: fields_of(f"{entry['id'].replace('-', '_')}.yaml")
    for entry in read(SCHEMAS / "codelists/content.yaml")["types"]
}
FIELDS = [*DATASET.values(), *ORGANIZATION.values(), *chain(*CONTENT.values())]
BY_NAME = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field["field_name"])


@BY_NAME
def test_label_and_help_are_in_both_languages(field):
    for key in ("label", "help_text"):
        assert set(field[key]) == {"en", "th"}
        assert re.search("[ก-๙]", field[key]["th"]), field[key]
        assert not re.search("[ก-๙]", field[key]["en"]), field[key]


@BY_NAME
def test_snippets_exist(field):
    for key, folder in (("form_snippet", "form_snippets"), ("display_snippet", "display_snippets")):
        if field.get(key):
            assert any((root / folder / field[key]).is_file() for root in TEMPLATES), field[key]


@BY_NAME
def test_own_validators_and_helpers_exist(field):
    named = " ".join(
        field.get(key, "") for key in ("validators", "create_validators", "output_validators")
    )
    for name in re.findall(r"learningcity_\w+", named):
        assert name in validators.__all__
    if field.get("choices_helper", "").startswith(OWN_PREFIX):
        assert field["choices_helper"] in choices.__all__


@BY_NAME
def test_choices_are_told_apart_in_both_languages(field):
    listed = field.get("choices", [])
    for texts in (
        [choice["value"] for choice in listed],
        [choice["label"]["en"] for choice in listed],
        [choice["label"]["th"] for choice in listed],
    ):
        assert all(isinstance(text, str) for text in texts)
        assert len(texts) == len(set(texts))


def test_presets_are_all_used_and_ours_by_name():
    own = {preset["preset_name"] for preset in read(SCHEMAS / "presets.yaml")["presets"]}
    assert all(name.startswith(OWN_PREFIX) for name in own)
    names = [path.name for path in SCHEMAS.glob("*.yaml") if "scheming_version" in read(path)]
    parts = ("dataset_fields", "resource_fields", "fields")
    schemas = [read(SCHEMAS / name) for name in names]
    fields = (field for schema in schemas for part in parts for field in schema.get(part, ()))
    used = {field.get("preset") for field in fields}
    assert own <= used


def test_facets_and_lists_of_content_are_there():
    lists = read(SCHEMAS / "codelists/content.yaml")
    for entry in lists["types"]:
        names = {field["field_name"] for field in CONTENT[entry["id"]]}
        assert set(entry["facets"]) <= names
        assert {"featured", "demonstration", "related", "areas", "owner_org"} <= names
    for field in chain(*CONTENT.values()):
        assert field.get("codes", "types") in lists


def test_the_fourteen_mandatory_items_of_gd_catalog():
    items = {field["gd_item"]: name for name, field in DATASET.items() if "gd_item" in field}
    assert [items[number] for number in range(1, 15)] == [
        "data_type",
        "title_translated",
        "owner_org",
        "maintainer",
        "maintainer_email",
        "keywords",
        "notes_translated",
        "objective",
        "update_frequency_unit",
        "geo_coverage",
        "data_source",
        "data_format",
        "data_category",
        "license_id",
    ]
    for name in items.values():
        assert DATASET[name].get("required") or name == "owner_org"


@pytest.mark.parametrize(
    ("field", "thai"),
    [
        ("data_type", ["ข้อมูลระเบียน", "ข้อมูลสถิติ", "ข้อมูลภูมิสารสนเทศเชิงพื้นที่"]),
        ("update_frequency_unit", ["ไม่ทราบ", "ปี", "ครึ่งปี", "ไตรมาส", "ตามเวลาจริง"]),
        ("geo_coverage", ["จังหวัด", "เทศบาล/อบต.", "ทวีป/กลุ่มประเทศในทวีป"]),
        ("objective", ["พันธกิจหน่วยงาน", "แผนระดับที่ 3 (มติครม. 4 ธ.ค. 2560)"]),
        ("data_category", ["ข้อมูลสาธารณะ", "ข้อมูลความลับทางราชการ"]),
        ("data_format", ["CSV", "Arc/Info Coverage", "อื่นๆ"]),
    ],
)
def test_thai_labels_are_the_texts_that_gd_catalog_stores(field, thai):
    labels = {choice["label"]["th"] for choice in DATASET[field]["choices"]}
    assert set(thai) <= labels
    assert "unknown" in {choice["value"] for choice in DATASET[field]["choices"]}


def test_two_language_fields_name_the_core_field_they_go_with():
    pairs = {name: field["fills"] for name, field in DATASET.items() if "fills" in field}
    assert pairs == {
        "title_translated": "title",
        "notes_translated": "notes",
        "keywords": "tags",
        "name_translated": "name",
        "description_translated": "description",
    }
