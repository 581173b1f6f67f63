"""Publishing and searching through the action API."""

from __future__ import annotations

import csv
import io

import pytest
from ckan.tests import factories, helpers

from ckanext.learningcity.tables.codelists import messages

HEAD = "indicator,area,year,value"
GOOD = (
    f"{HEAD},sex\n"
    "ADULT_LITERACY,TH-56,2565,93,\n"
    "ADULT_LITERACY,TH-56,2566,93.5,\n"
    "ADULT_LITERACY,TH-56,2566,92.5,F\n"
    "ADULT_LITERACY,TH-57,2566,90,\n"
    "INTERNET_USERS,TH-56,2566,70,\n"
)

#: What the checks ask a publisher to confirm is not what these tests are about.
SURPRISES = [code for code, entry in messages().items() if entry["severity"] == "confirm"]

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def city() -> dict:
    return factories.Organization()


@pytest.fixture
def dataset(city) -> dict:
    return factories.Dataset(owner_org=city["id"], title="ตัวชี้วัดเมืองแห่งการเรียนรู้")


def publish(dataset: dict, data: str, **parameters) -> dict:
    return helpers.call_action(
        "learningcity_observation_publish",
        id=dataset["name"],
        data=data,
        confirm=SURPRISES,
        **parameters,
    )


def search(**parameters) -> dict:
    return helpers.call_action("learningcity_observation_search", **parameters)


def test_a_file_becomes_release_one_and_a_changed_one_release_two(dataset):
    first = publish(dataset, GOOD)
    assert first["release"]["number"] == 1
    assert first["difference"] == {"added": 5, "changed": 0, "removed": 0}
    second = publish(
        dataset, GOOD.replace("93.5", "94").replace("INTERNET_USERS,TH-56,2566,70,\n", "")
    )
    assert second["release"]["number"] == 2
    assert second["difference"] == {"added": 0, "changed": 1, "removed": 1}
    assert search()["total"] == 4


def test_the_same_file_again_makes_no_release(dataset):
    publish(dataset, GOOD)
    again = publish(dataset, GOOD)
    assert again["release"] is None
    assert again["difference"] == {"added": 0, "changed": 0, "removed": 0}
    releases = helpers.call_action("learningcity_release_list", id=dataset["id"])
    assert [release["number"] for release in releases["results"]] == [1]


def test_a_faulty_file_reports_all_faults_and_changes_nothing(dataset):
    publish(dataset, GOOD)
    faulty = (
        f"{HEAD}\n"
        "ADULT_LITERACY,TH-99,2567,91\n"
        "ADULT_LITERACY,TH-56,67,91\n"
        "ADULT_LITERACY,TH-56,2567,lots\n"
        "ADULT_LITERACY,TH-57,2567,91\n"
        "ADULT_LITERACY,TH-57,2024,92\n"
    )
    with pytest.raises(helpers.logic.ValidationError) as refused:
        publish(dataset, faulty)
    issues = refused.value.error_dict["issues"]
    errors = [issue for issue in issues if issue["severity"] == "error"]
    assert [(issue["code"], issue["row"], issue["column"]) for issue in errors] == [
        ("area_unknown", 2, "area"),
        ("period_two_digits", 3, "year"),
        ("value_not_number", 4, "value"),
        ("duplicate_key", 6, "indicator"),
    ]
    assert search()["total"] == 5


def test_a_dry_run_says_what_would_change_and_changes_nothing(dataset):
    publish(dataset, GOOD)
    told = publish(dataset, GOOD.replace("93.5", "94"), dry_run=True)
    assert told["difference"] == {"added": 0, "changed": 1, "removed": 0}
    assert told["release"] is None
    assert (
        search(indicator="ADULT_LITERACY", area="TH-56", start="2566", sex="_T")["records"][0][
            "OBS_VALUE"
        ]
        == 93.5
    )


def test_a_dry_run_that_is_neither_yes_nor_no_is_refused(dataset):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        publish(dataset, GOOD, dry_run="perhaps")
    assert "perhaps" in refused.value.error_dict["dry_run"][0]
    assert helpers.call_action("learningcity_release_list", id=dataset)["count"] == 0


def test_a_record_says_what_where_when_and_from_where(dataset):
    publish(dataset, GOOD)
    records = search(indicator=["ADULT_LITERACY"], area="TH-56", sex="F")["records"]
    assert records == [
        {
            "INDICATOR": "ADULT_LITERACY",
            "REF_AREA": "TH-56",
            "AREA_LEVEL": "province",
            "SEX": "F",
            "AGE": "_T",
            "RESIDENCE": "_T",
            "EDUCATION_LEV": "_T",
            "WEALTH_QUANTILE": "_T",
            "DISABILITY": "_T",
            "TIME_PERIOD": "2023",
            "PERIOD_TYPE": "calendar",
            "PERIOD_START": "2023-01-01",
            "PERIOD_END": "2023-12-31",
            "OBS_VALUE": 92.5,
            "UNIT_MEASURE": "PT",
            "OBS_STATUS": "A",
            "COMMENT_OBS": None,
            "EVIDENCE": None,
            "TIME_PERIOD_ORIGINAL": "2566",
            "REF_AREA_ORIGINAL": "TH-56",
            "DATASET": dataset["name"],
            "RELEASE": 1,
        }
    ]


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({}, 5),
        ({"indicator": "ADULT_LITERACY,INTERNET_USERS", "area": "TH-56"}, 4),
        ({"indicator": ["ADULT_LITERACY"], "area": ["TH-56", "TH-57"], "sex": "_T"}, 3),
        ({"start": "2023"}, 4),
        ({"end": "2565"}, 1),
        ({"start": "2022", "end": "2022"}, 1),
        ({"start": "2100"}, 0),
        ({"level": "municipality"}, 0),
        ({"level": "province,municipality"}, 5),
        ({"sex": "F,M"}, 1),
        ({"as_of": "2020-01-01"}, 0),
    ],
)
def test_filters(dataset, filters, total):
    publish(dataset, GOOD)
    found = search(**filters)
    assert found["total"] == total
    assert len(found["records"]) == total


def test_pages_meet_without_gap_or_repetition_even_across_a_release(dataset):
    publish(dataset, GOOD)
    whole = search()["records"]
    page = search(limit=2)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    records = page["records"]
    while page["next_cursor"]:
        page = search(limit=2, cursor=page["next_cursor"])
        assert page["total"] == 5
        records += page["records"]
    assert records == whole


def test_as_of_gives_the_state_of_that_moment(dataset):
    publish(dataset, GOOD)
    moment = helpers.call_action("learningcity_release_show", id=dataset["id"], number=1)[
        "released"
    ]
    before = search(as_of=moment)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    assert search(as_of=moment) == before
    assert search()["total"] == 1


@pytest.mark.parametrize(
    ("filters", "field", "hint"),
    [
        ({"indicator": "ADULT_LITERCY"}, "indicator", "ADULT_LITERACY"),
        ({"area": "TH-99"}, "area", "TH-99"),
        ({"level": "village"}, "level", "village"),
        ({"sex": "X9"}, "sex", "X9"),
        ({"start": "67"}, "start", "67"),
        ({"as_of": "yesterday"}, "as_of", "2026-01-31"),
        ({"limit": "many"}, "limit", ""),
        ({"limit": -1}, "limit", ""),
        ({"limit": 1_000_000}, "limit", "next_cursor"),
        ({"cursor": "bm9uc2Vuc2U"}, "cursor", "cursor"),
        ({"startYear": "2020"}, "startYear", "not known"),
    ],
)
def test_a_wrong_parameter_is_named_and_never_ignored(filters, field, hint):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        search(**filters)
    assert hint in " ".join(refused.value.error_dict[field])


def test_private_observations_are_neither_seen_nor_counted(city):
    private = factories.Dataset(owner_org=city["id"], private=True)
    publish(private, GOOD)
    stranger = factories.User()
    member = factories.User()
    helpers.call_action(
        "organization_member_create", id=city["id"], username=member["name"], role="member"
    )
    for user, total in ((stranger, 0), (member, 5)):
        found = helpers.call_action(
            "learningcity_observation_search",
            context={"user": user["name"], "ignore_auth": False},
        )
        assert (found["total"], len(found["records"])) == (total, total)
    shown = helpers.call_action(
        "learningcity_indicator_show",
        context={"user": stranger["name"], "ignore_auth": False},
        id="ADULT_LITERACY",
    )
    assert shown["coverage"]["observations"] == 0
    assert shown["datasets"] == []


def test_a_dataset_made_public_shows_its_observations_and_a_deleted_one_hides_them(city):
    dataset = factories.Dataset(owner_org=city["id"], private=True)
    publish(dataset, GOOD)
    anonymous = {"user": "", "ignore_auth": False}
    editor = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", editor, id=dataset["id"], private=False)
    assert helpers.call_action("learningcity_observation_search", anonymous)["total"] == 5
    helpers.call_action("package_delete", editor, id=dataset["id"])
    assert helpers.call_action("learningcity_observation_search", anonymous)["total"] == 0


def test_only_those_who_may_change_a_dataset_may_publish_to_it(dataset):
    for context in ({"user": ""}, {"user": factories.User()["name"]}):
        with pytest.raises(helpers.logic.NotAuthorized):
            helpers.call_action(
                "learningcity_observation_publish",
                context={**context, "ignore_auth": False},
                id=dataset["id"],
                data=GOOD,
            )
    assert search()["total"] == 0


@pytest.mark.parametrize("parameters", [{}, {"data": ""}, {"data": GOOD, "upload": io.BytesIO()}])
def test_exactly_one_file_must_be_given(dataset, parameters):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        helpers.call_action("learningcity_observation_publish", id=dataset["id"], **parameters)
    assert "upload" in refused.value.error_dict


def test_a_release_carries_the_title_in_both_languages(city):
    title = {"th": "ประชากรพะเยา", "en": "Population of Phayao"}
    dataset = factories.Dataset(owner_org=city["id"], title_translated=title)
    assert publish(dataset, GOOD)["release"]["title_translated"] == title
    shown = helpers.call_action("learningcity_indicator_show", id="ADULT_LITERACY")
    assert shown["datasets"][0]["title_translated"] == title


def test_publishing_to_a_dataset_that_is_not_there():
    with pytest.raises(helpers.logic.NotFound):
        helpers.call_action("learningcity_observation_publish", id="nowhere", data=GOOD)


def test_observations_are_in_the_datastore(dataset):
    publish(dataset, GOOD)
    shown = helpers.call_action("package_show", id=dataset["id"])
    [resource] = shown["resources"]
    found = helpers.call_action(
        "datastore_search", resource_id=resource["id"], filters={"REF_AREA": "TH-57"}
    )
    assert [(r["TIME_PERIOD"], r["OBS_VALUE"]) for r in found["records"]] == [("2023", 90)]
    assert resource["release"] == 1
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    found = helpers.call_action("datastore_search", resource_id=resource["id"])
    assert found["total"] == 1


def test_words_and_notes_are_found_in_the_datastore_in_every_release(dataset):
    noted = "indicator,area,year,value,note\nADULT_LITERACY,TH-56,2566,93,{}\n"
    publish(dataset, noted.format("household survey"))
    [resource] = helpers.call_action("package_show", id=dataset["id"])["resources"]

    def found(words: str) -> int:
        answer = helpers.call_action("datastore_search", resource_id=resource["id"], q=words)
        return answer["total"]

    assert (found("survey"), found("census"), found("2023")) == (1, 0, 1)
    publish(dataset, noted.format("census"))
    assert (found("survey"), found("census")) == (0, 1)


def test_the_downloaded_slice_equals_the_search(app, dataset):
    publish(dataset, GOOD.replace("93.5,\n", "93.5,\n"))
    answer = app.get("/observations.csv?indicator=ADULT_LITERACY&area=TH-56,TH-57&start=2566")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbfINDICATOR,REF_AREA")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    records = search(indicator="ADULT_LITERACY", area="TH-56,TH-57", start="2566")["records"]
    assert rows == [
        {name: "" if value is None else str(value) for name, value in record.items()}
        for record in [{**r, "OBS_VALUE": float(r["OBS_VALUE"])} for r in records]
    ]


def test_a_wrong_download_parameter_answers_400_with_its_name(app):
    answer = app.get("/observations.csv?area=TH-99&nonsense=1")
    assert answer.status_code == 400
    assert "area: " in answer.body
    assert "nonsense: " in answer.body


def test_release_files_never_change(app, dataset):
    release = publish(dataset, GOOD)["release"]
    address = f"/dataset/{dataset['name']}/release/1.csv"
    first = app.get(address)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    assert app.get(address).data == first.data
    assert first.headers["ETag"] == f'"{release["sha256"]}"'
    assert app.get(address.replace("csv", "parquet")).data.startswith(b"PAR1")


def test_release_files_of_private_datasets_and_of_no_release_are_not_found(app, city, dataset):
    private = factories.Dataset(owner_org=city["id"], private=True)
    publish(private, GOOD)
    app.get(f"/dataset/{private['name']}/release/1.csv", status=404)
    app.get(f"/dataset/{dataset['name']}/release/1.csv", status=404)
    app.get("/dataset/nowhere/release/1.csv", status=404)


def test_comments_with_quotes_commas_and_lines_survive(dataset):
    note = 'ก "quoted", {braces} \\ back\nnew line'
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [[*HEAD.split(","), "note"], ["ADULT_LITERACY", "TH-56", "2566", "1", note]]
    )
    publish(dataset, buffer.getvalue())
    assert search()["records"][0]["COMMENT_OBS"] == note


def test_a_note_that_looks_like_a_formula_survives_download_and_upload(app, dataset):
    publish(dataset, f"{HEAD},note\nADULT_LITERACY,TH-56,2023,93,=1+1\n")
    content = app.get(f"/dataset/{dataset['name']}/release/1.csv").body
    assert "'=1+1" in content
    assert publish(dataset, content)["release"] is None
    assert search()["records"][0]["COMMENT_OBS"] == "=1+1"
