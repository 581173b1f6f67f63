"""Datasets and organizations through the API and the form, with every plugin loaded."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("portal")

TITLE = {"th": "ประชากรพะเยา", "en": "Population of Phayao"}
FULL = {
    "title_translated": TITLE,
    "notes_translated": {"th": "จำนวนประชากร", "en": "People *counted*"},
    "keywords": {"th": ["การศึกษา", "พะเยา"], "en": ["education"]},
    "maintainer": "Learning city unit",
    "maintainer_email": "unit@example.org",
    "theme": ["1.1", "2.2"],
    "indicators": ["POPULATION"],
    "geo_coverage": "municipality",
    "areas": ["TH-56-M5601"],
    "period_type": "fiscal",
    "period_start": "2566",
    "period_end": "2567",
    "update_frequency_unit": "year",
    "update_frequency_interval": "1",
    "data_type": "statistics",
    "objective": ["mission"],
    "data_source": "Civil registration",
    "data_format": ["csv", "xls"],
    "data_category": "public",
    "license_id": "cc-by",
    "demonstration": True,
}


def call(action, **fields):
    """Call an action as the site's own user: the activity plugin wants one."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return call_action(action, {"user": user}, **fields)


@pytest.fixture
def organization():
    return factories.Organization()


@pytest.fixture
def make(organization):
    """Make a dataset of these fields."""

    def create(**fields):
        return call("package_create", **{"owner_org": organization["id"], **fields})

    return create


def errors_of(function, **fields):
    with pytest.raises(tk.ValidationError) as error:
        function(**fields)
    return error.value.error_dict


def tags_of(dataset):
    return {tag["name"] for tag in dataset["tags"]}


class TestStockClients:
    def test_core_fields_are_enough(self, make):
        dataset = make(name="plain", title="Plain title", notes="Words", tags=[{"name": "a b"}])
        assert dataset["title"] == "Plain title"
        assert dataset["title_translated"] == {"en": "Plain title"}
        assert dataset["notes_translated"] == {"en": "Words"}
        assert dataset["keywords"] == {"en": ["a b"]}
        assert dataset["data_type"] == dataset["data_category"] == "unknown"
        assert dataset["objective"] == dataset["data_format"] == ["unknown"]
        assert dataset["license_id"] == "notspecified"

    def test_a_name_is_enough(self, make):
        dataset = make(name="bare")
        assert dataset["title"] == "bare"
        assert "title_translated" not in dataset

    def test_ckans_own_factory(self):
        dataset = factories.Dataset(tags=[{"name": "one"}], extras=[{"key": "x", "value": "y"}])
        assert dataset["extras"] == [{"key": "x", "value": "y"}]

    def test_what_is_shown_can_be_sent_back(self, make):
        before = make(name="full", **FULL, resources=[{"url": "http://a.example", "name": "ชื่อ"}])
        after = call("package_update", **{**before, "version": "2"})
        changing = {"metadata_modified", "version"}
        assert {k: v for k, v in after.items() if k not in changing} == {
            k: v for k, v in before.items() if k not in changing
        }

    def test_patching_the_title_replaces_the_text_it_stood_for(self, make):
        dataset = make(name="full", title_translated=TITLE)
        old = dataset["title"]
        patched = call("package_patch", id="full", title="Inhabitants")
        assert old in TITLE.values()
        assert patched["title"] == "Inhabitants"
        assert old not in patched["title_translated"].values()

    def test_thai_tags_as_text_with_commas(self, make):
        dataset = make(name="tags", tag_string="การศึกษา, reading")
        assert tags_of(dataset) == {"การศึกษา", "reading"}
        assert dataset["keywords"] == {"th": ["การศึกษา"], "en": ["reading"]}

    def test_blank_core_texts_are_accepted(self, make):
        make(name="blank", notes="", maintainer="", maintainer_email="", url="", tags=[])


class TestTwoLanguages:
    def test_everything_is_kept(self, make):
        dataset = make(name="full", **FULL)
        kept = {
            **FULL,
            "period_start": "2022-10-01",
            "period_end": "2024-09-30",
            "update_frequency_interval": 1,
        }
        assert {key: dataset[key] for key in FULL} == kept
        assert dataset["title"] in TITLE.values()
        assert tags_of(dataset) == {"การศึกษา", "พะเยา", "education"}

    def test_the_plain_text_is_in_the_portals_language(self, make, monkeypatch):
        monkeypatch.setitem(tk.config, "ckan.locale_default", "th")
        assert make(name="full", title_translated=TITLE)["title"] == TITLE["th"]

    def test_patching_one_side_leaves_the_other_in_line(self, make):
        make(name="full", **FULL)
        patched = call("package_patch", id="full", title_translated={"en": "New"})
        assert patched["title"] == "New"
        patched = call("package_patch", id="full", keywords={"en": ["education", "new"]})
        assert tags_of(patched) == {"education", "new"}
        patched = call("package_patch", id="full", keywords={"en": ["new"]})
        assert tags_of(patched) == {"new"}
        patched = call("package_patch", id="full", tags=[{"name": "พะเยา"}])
        assert patched["keywords"] == {"th": ["พะเยา"]}

    def test_resources_too(self, make):
        name = {"th": "รายจังหวัด", "en": "By province"}
        dataset = make(
            name="files", resources=[{"url": "http://a.example", "name_translated": name}]
        )
        resource = dataset["resources"][0]
        assert resource["name"] in name.values()
        patched = call("resource_patch", id=resource["id"], description="Words")
        assert patched["name_translated"] == name
        assert patched["description_translated"] == {"en": "Words"}

    def test_a_name_is_made_from_the_title(self, make):
        assert re.fullmatch("[a-z0-9-]{3,}", make(title_translated=TITLE)["name"])

    def test_tags_stand_where_no_keywords_are_sent(self, make):
        make(name="full", **FULL)
        patched = call("package_patch", id="full", keywords={})
        assert patched["keywords"] == FULL["keywords"]
        patched = call("package_patch", id="full", keywords={}, tags=[])
        assert patched["tags"] == []
        assert "keywords" not in patched

    def test_another_shape_is_refused(self, make):
        for field, value in [
            ("title_translated", "no mapping"),
            ("title_translated", ["a"]),
            ("title_translated", {"fr": "Titre"}),
            ("title_translated", {"en": 7}),
            ("keywords", {"en": "no list"}),
            ("keywords", {"en": [7]}),
            ("keywords", {"xx": ["a"]}),
            ("keywords", {"en": ["a/b"]}),
        ]:
            errors = errors_of(make, name="bad", title="A title", **{field: value})
            assert field in errors or list(errors) == ["tag_string"], (field, value)


class TestOtherFields:
    def test_unknown_values_are_refused(self, make):
        for field, value in [
            ("areas", ["TH-99"]),
            ("indicators", ["NO_SUCH"]),
            ("theme", ["4.4"]),
            ("data_type", "ข้อมูลสถิติ"),
            ("objective", ["fun"]),
            ("objective", []),
            ("period_start", "67"),
            ("period_start", "2024-02-31"),
            ("period_end", "soon"),
            ("period_type", "lunar"),
            ("maintainer_email", "nobody"),
            ("update_frequency_interval", "-1"),
        ]:
            errors = errors_of(make, name="bad", title="A title", **{field: value})
            assert list(errors) == [field], value

    def test_the_period_must_not_end_before_it_begins(self, make):
        errors = errors_of(make, name="bad", period_start="2024-05-01", period_end="2566")
        assert list(errors) == ["period_start"]

    def test_periods_become_gregorian_days_once(self, make):
        for number, (kind, written, first, last) in enumerate(
            [
                ("calendar", "2567", "2024-01-01", "2024-12-31"),
                ("fiscal", "2024", "2023-10-01", "2024-09-30"),
                ("academic", "2567", "2024-05-16", "2025-03-31"),
                ("", "2567-03-31", "2024-03-31", "2024-03-31"),
                ("", "2024-Q2", "2024-04-01", "2024-06-30"),
            ]
        ):
            dataset = make(
                name=f"years-{number}",
                period_type=kind,
                period_start=written,
                period_end=written,
            )
            assert (dataset["period_start"], dataset["period_end"]) == (first, last)
            again = call("package_update", **{**dataset, "version": "2"})
            assert (again["period_start"], again["period_end"]) == (first, last)

    def test_open_items_of_gd_catalog_are_counted(self, make):
        bare, full = make(name="bare", title="A title"), make(name="full", **FULL)
        missing = tk.h.learningcity_gd_missing(bare)
        assert [field["gd_item"] for field in missing] == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
        assert tk.h.learningcity_gd_missing(full) == []


class TestOrganization:
    def test_everything_is_kept(self):
        fields = {
            "title_translated": {"th": "เทศบาลเมืองพะเยา", "en": "Phayao"},
            "description_translated": {"en": "A town"},
            "org_role": "city",
            "area": "TH-56-M5601",
            "website": "https://example.org",
            "contact_email": "unit@example.org",
        }
        made = call("organization_create", name="town", gnlc_year="2565", **fields)
        assert {key: made[key] for key in fields} == fields
        assert made["gnlc_year"] == 2022
        assert made["description"] == "A town"
        shown = call("organization_show", id="town")
        assert shown["title_translated"] == fields["title_translated"]

    def test_core_fields_are_enough(self):
        made = call("organization_create", name="town", title="สำนักงาน")
        assert made["title_translated"] == {"th": "สำนักงาน"}
        call("organization_patch", id="town", title="Office")  # answers without the schema
        assert call("organization_show", id="town")["title_translated"] == {"en": "Office"}

    def test_unknown_values_are_refused(self):
        for field, value in [
            ("org_role", "king"),
            ("area", "Phayao"),
            ("gnlc_year", "65"),
            ("gnlc_year", "soon"),
            ("website", "javascript:alert(1)"),
            ("contact_email", "nobody"),
        ]:
            errors = errors_of(call, action="organization_create", name="town", **{field: value})
            assert list(errors) == [field], value


class TestForm:
    @pytest.fixture
    def visit(self, app):
        token = factories.SysadminWithToken()["token"]

        def request(path, data=None):
            method = app.post if data is not None else app.get
            extra = {"data": data, "follow_redirects": False} if data is not None else {}
            return method(path, headers={"Authorization": token}, **extra)

        return request

    def test_every_input_has_a_label(self, visit):
        for path in ("/th/dataset/new", "/en/organization/new"):
            page = BeautifulSoup(visit(path).body, "html.parser")
            form = page.find("form", method="post", attrs={"data-module": "basic-form"})
            inputs = form.find_all(["input", "select", "textarea"])
            hidden = ("hidden", "submit")
            visible = [i for i in inputs if i.get("type") not in hidden and i.get("id")]
            assert len(visible) > 8
            for control in visible:
                assert form.find("label", attrs={"for": control["id"]}), control["id"]
            for code in ("th", "en"):
                assert form.find(id=f"field-title_translated-{code}")["lang"] == code

    def test_the_picker_offers_places_in_the_readers_language(self, visit):
        for language, level, name in (("th", "จังหวัด", "พะเยา"), ("en", "Province", "Phayao")):
            page = BeautifulSoup(visit(f"/{language}/dataset/new").body, "html.parser")
            picker = page.find("select", id="field-areas")
            assert picker.find("option", value="TH-56").text.strip() == name
            assert picker.find("option", value="TH-56").parent["label"] == level
            assert picker.has_attr("multiple")

    def test_blanks_are_refused_beside_their_field_and_nothing_typed_is_lost(
        self, visit, organization
    ):
        form = {
            "title_translated-th": "ชื่อ",
            "title_translated-en": "",
            "keywords-th": "หนึ่ง, สอง",
            "keywords-en": "",
            "notes_translated-th": "",
            "notes_translated-en": "",
            "name": "",
            "owner_org": organization["id"],
            "maintainer": "",
            "areas": ["TH-56", "TH-57"],
            "save": "",
            "_ckan_phase": "1",
        }
        response = visit("/en/dataset/new", form)
        assert response.status_code == 200
        page = BeautifulSoup(response.body, "html.parser")
        assert page.find(id="field-title_translated-th")["value"] == "ชื่อ"
        assert page.find(id="field-keywords-th")["value"] == "หนึ่ง, สอง"
        chosen = page.find(id="field-areas").find_all("option", selected=True)
        assert [option["value"] for option in chosen] == ["TH-56", "TH-57"]
        for field in ("notes_translated-th", "maintainer", "data_type"):
            group = page.find(id=f"field-{field}").find_parent(class_="form-group")
            assert "Missing value" in group.find(class_="error-block").text
        assert not page.find(id="field-title_translated-th").find_parent(class_="error")

    def test_a_filled_form_makes_a_dataset(self, visit, organization):
        form = {
            **{f"title_translated-{code}": text for code, text in TITLE.items()},
            "notes_translated-th": "ข้อมูล",
            "notes_translated-en": "",
            "keywords-th": "การศึกษา, education",
            "keywords-en": "",
            "name": "from-form",
            "owner_org": organization["id"],
            "maintainer": "Unit",
            "maintainer_email": "unit@example.org",
            "data_source": "Register",
            "data_type": "statistics",
            "geo_coverage": "province",
            "update_frequency_unit": "year",
            "objective": "mission",
            "data_format": ["csv", "json"],
            "data_category": "public",
            "license_id": "cc-by",
            "demonstration": "",
            "save": "",
            "_ckan_phase": "1",
        }
        response = visit("/en/dataset/new", form)
        assert response.status_code == 302
        dataset = call("package_show", id="from-form")
        assert dataset["title_translated"] == TITLE
        assert dataset["keywords"] == {"th": ["การศึกษา"], "en": ["education"]}
        assert dataset["data_format"] == ["csv", "json"]
        assert "demonstration" not in dataset
        page = BeautifulSoup(visit("/th/dataset/edit/from-form").body, "html.parser")
        assert page.find(id="field-keywords-th")["value"] == "การศึกษา"
        assert page.find(id="field-title_translated-en")["value"] == TITLE["en"]

    def test_pages_show_the_readers_language(self, app, make):
        make(name="full", **{**FULL, "period_start": "2024-05-01", "period_type": "calendar"})
        thai = BeautifulSoup(app.get("/th/dataset/full").body, "html.parser")
        english = BeautifulSoup(app.get("/en/dataset/full").body, "html.parser")
        assert TITLE["th"] in thai.find("h1").text
        assert TITLE["en"] in english.find("h1").text
        assert "เทศบาลเมืองพะเยา" in thai.text
        assert english.find("a", href="/en/city/TH-56-M5601")
        assert english.find("time", datetime="2024-05-01")
        assert "ใช่" in thai.text
