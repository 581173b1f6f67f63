"""The rules of quality, on records as CKAN gives them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from ckanext.learningcity.quality import framework, freshness, grade, metadata

TODAY = date(2026, 6, 15)
FULL = {
    "data_type": "statistics",
    "title": "Visits to libraries",
    "owner_org": "a",
    "maintainer": "Library division",
    "maintainer_email": "library@example.go.th",
    "tags": [{"name": "library"}],
    "notes": "Counted at the door.",
    "objective": ["mission"],
    "update_frequency_unit": "year",
    "geo_coverage": "municipality",
    "data_source": "Register of visits",
    "data_format": ["xlsx"],
    "data_category": "public",
    "license_id": "cc-by",
}
FILE = {
    "id": "f",
    "name": "visits.csv",
    "format": "CSV",
    "url_type": "upload",
    "last_modified": "2026-01-10T08:00:00.000000",
    "datastore_active": True,
}
GOOD = {**FULL, "resources": [FILE]}


def assess(dataset: dict, faulty: tuple[str, ...] = ()) -> dict:
    return grade.assess(dataset, TODAY, faulty)


def part(assessed: dict, name: str) -> dict:
    return next(part for part in assessed["parts"] if part["id"] == name)


def age(unit: str, modified: str, **fields) -> freshness.Freshness:
    file = {"last_modified": modified}
    return freshness.of({"update_frequency_unit": unit, "resources": [file], **fields})


def test_a_dataset_that_has_everything_is_an_a():
    assessed = assess(GOOD)
    assert (assessed["grade"], assessed["points"], assessed["items_met"]) == ("A", 100, 14)
    assert all(part["met"] and not part["missing"] for part in assessed["parts"])


def test_an_empty_record_is_an_f_and_not_a_failure():
    assessed = assess({})
    assert (assessed["grade"], assessed["items_met"]) == ("F", 0)
    assert len(part(assessed, "completeness")["missing"]) == 14
    assert assessed["freshness"]["state"] == "unknown"
    assert all(part["mend"]["th"] and part["mend"]["en"] for part in assessed["parts"])


@pytest.mark.parametrize("nothing", [None, "", "  ", [], "unknown", ["unknown"]])
@pytest.mark.parametrize("field", ["data_type", "data_source", "objective", "maintainer"])
def test_what_says_nothing_does_not_count(field, nothing):
    items = metadata.assess({**FULL, field: nothing})
    assert [item["field"] for item in items if not item["met"]] == [field]


def test_a_licence_that_is_not_specified_and_no_keywords_do_not_count():
    items = metadata.assess({**FULL, "license_id": "notspecified", "tags": []})
    assert [item["id"] for item in items if not item["met"]] == ["keywords", "licence"]


def test_an_item_says_what_the_dataset_says():
    values = {item["id"]: item["value"] for item in metadata.assess(FULL)}
    assert (values["keywords"], values["category"]) == (["library"], "public")


@pytest.mark.parametrize(
    ("unit", "modified", "due"),
    [
        ("year", "2024-02-29", "2025-02-28"),
        ("half_year", "2025-08-31", "2026-02-28"),
        ("quarter", "2025-11-30", "2026-02-28"),
        ("month", "2026-01-31", "2026-02-28"),
        ("week", "2025-12-29", "2026-01-05"),
        ("day", "2025-12-31", "2026-01-01"),
        ("real_time", "2025-12-31", "2026-01-01"),
        ("working_day", "2026-06-12", "2026-06-15"),  # from Friday to Monday
        ("working_day", "2026-06-13", "2026-06-15"),
        ("working_day", "2026-06-15", "2026-06-16"),
    ],
)
def test_the_next_data_are_due_a_period_after_the_newest(unit, modified, due):
    assert age(unit, modified).due == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("unit", "times", "due"),
    [
        ("year", 2, "2026-07-15"),
        ("year", "4", "2026-04-15"),
        ("year", 5, "2026-03-29"),
        ("month", 2, "2026-01-30"),
        ("week", 7, "2026-01-16"),
        ("day", 24, "2026-01-16"),
        ("year", 0, "2027-01-15"),
        ("year", "often", "2027-01-15"),
        ("year", "-3", "2027-01-15"),
        ("year", "9" * 400, "2027-01-15"),
    ],
)
def test_several_times_in_a_period_make_it_shorter(unit, times, due):
    found = age(unit, "2026-01-15", update_frequency_interval=times)
    assert found.due == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-01-09", "current"),
        ("2026-01-10", "due"),
        ("2026-03-10", "due"),
        ("2026-03-11", "overdue"),
        ("2040-01-01", "overdue"),
    ],
)
def test_what_is_due_is_overdue_when_its_days_of_grace_are_over(today, state):
    assert age("year", "2025-01-10").state(date.fromisoformat(today)) == state


def test_data_that_never_change_are_always_current():
    assert age("never", "1999-01-01").state(TODAY) == "current"


@pytest.mark.parametrize("unit", ["unknown", "other", "sometimes", "", None])
def test_without_a_promise_nothing_is_due(unit):
    found = age(unit, "1999-01-01")
    assert (found.due, found.state(TODAY)) == (None, "unknown")


@pytest.mark.parametrize("modified", [None, "", "yesterday", "9999-12-31"])
def test_a_file_without_a_readable_date_gives_no_due_date(modified):
    assert age("year", modified).state(TODAY) == "unknown"


def test_the_newest_file_counts_and_one_never_changed_since_it_was_made():
    files = [{"last_modified": "2020-01-01"}, {"created": "2026-01-01T10:00:00"}]
    found = freshness.of({"update_frequency_unit": "year", "resources": files})
    assert found.modified == date(2026, 1, 1)


def test_correcting_a_description_is_no_new_data():
    found = age("year", "2020-01-01", metadata_modified="2026-06-14T00:00:00")
    assert found.state(TODAY) == "overdue"


@pytest.mark.parametrize(
    ("change", "name", "points"),
    [
        ({"maintainer": ""}, "completeness", 18.6),
        ({"update_frequency_unit": "never"}, "timeliness", 20),
        ({"update_frequency_unit": "month"}, "timeliness", 4),
        ({"resources": [FILE, {**FILE, "id": "g", "format": "PDF"}]}, "machine_readable", 10),
        ({"resources": [FILE, {"url": "https://a.th/b", "url_type": ""}]}, "accessibility", 11.2),
        ({"resources": [{"url": "library.csv", "url_type": ""}]}, "accessibility", 0),
        ({"resources": [{**FILE, "datastore_active": False}]}, "validity", 17.5),
        ({"resources": []}, "validity", 0),
        ({"resources": [{"observations": True}]}, "machine_readable", 20),
        ({"resources": [{"observations": True}]}, "validity", 25),
    ],
)
def test_each_part_earns_its_points(change, name, points):
    assert part(assess({**GOOD, **change}), name)["points"] == points


def test_a_file_that_could_not_be_read_costs_the_points_of_validity_and_is_named():
    assessed = assess({**GOOD, "resources": [FILE, {**FILE, "id": "g"}]}, faulty=("g",))
    validity = part(assessed, "validity")
    assert validity["points"] == 12.5
    assert validity["missing"] == [{"name": "visits.csv", "resource": "g"}]


@pytest.mark.parametrize(
    ("points", "letter"), [(90, "A"), (89.9, "B"), (75, "B"), (60, "C"), (40, "D"), (0, "F")]
)
def test_a_grade_begins_where_the_list_says(points, letter):
    assert next(g["id"] for g in framework.grades().values() if points >= g["from"]) == letter


def test_the_items_are_those_of_the_form():
    path = Path(__file__).parents[2] / "schemas" / "dataset.yaml"
    fields = yaml.safe_load(path.read_text(encoding="utf-8"))["dataset_fields"]
    form = {f["gd_item"]: f.get("fills", f["field_name"]) for f in fields if "gd_item" in f}
    assert {item["number"]: item["field"] for item in framework.items().values()} == form


def test_the_parts_add_up_and_every_frequency_of_the_form_is_known():
    assert sum(entry["points"] for entry in framework.parts().values()) == 100
    path = Path(__file__).parents[2] / "schemas" / "presets.yaml"
    presets = yaml.safe_load(path.read_text(encoding="utf-8"))["presets"]
    frequency = next(p for p in presets if p["preset_name"] == "learningcity_gd_frequency")
    choices = [choice["value"] for choice in frequency["values"]["choices"]]
    assert set(framework.frequencies()) == set(choices)
