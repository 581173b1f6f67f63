"""Runs of a source: what is believed, what is withdrawn, who may begin them, what they cost."""

from __future__ import annotations

import json

import pytest
from agencies.server import Reply
from agencies.worldbank import row
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories, helpers
from ckanext.harvest.model import HarvestJob

from ckanext.learningcity.desk import mail
from ckanext.learningcity.harvest import queue, runs
from ckanext.learningcity.harvesters import worldbank
from ckanext.learningcity.harvesters.base import Ref
from ckanext.learningcity.harvesters.errors import Truncated
from ckanext.learningcity.harvesters.worldbank import WorldBank
from ckanext.learningcity.tables import codelists

act = helpers.call_action
CODES = ("SE.ADT.LITR.ZS", "IT.NET.USER.ZS", "SE.TER.ENRR")


@pytest.fixture
def lists(monkeypatch, source):
    """Let the source list only these of its indicators."""

    def only(*codes: str) -> None:
        found = codelists.indicators().values()
        by_code = {entry.get("sources", {}).get("worldbank"): entry for entry in found}
        listed = {code: by_code[code] for code in codes}
        monkeypatch.setattr(worldbank, "_published", lambda: listed)

    return only


def last_run(source) -> dict:
    return act("learningcity_source_runs", id=source["id"])[0]


def dataset(indicator: str) -> dict:
    found = act("package_search", fq=f"indicators:{indicator}")["results"]
    return act("package_show", id=found[0]["id"])


def test_a_run_says_what_it_did(run, source):
    run()
    first = last_run(source)
    assert (first["outcome"], first["listed"], first["done"]) == ("complete", 3, 3)
    assert first["counts"]["added"] == 3
    run()
    assert last_run(source)["counts"] == {
        **dict.fromkeys(first["counts"], 0),
        "unchanged": 3,
    }
    shown = act("learningcity_source_show", id=source["name"])
    assert (shown["health"], shown["datasets"], shown["rows"]) == ("good", 3, 9)
    assert {record["dataset"] is not None for record in shown["records"]["results"]} == {True}


def test_nothing_secret_is_shown(run, source):
    text = json.dumps(
        [act("learningcity_source_list"), act("learningcity_source_show", id=source["id"])]
    )
    assert "config" not in text


def test_what_the_source_removed_is_withdrawn_and_keeps_its_page(run, source, lists, app):
    run()
    gone = dataset("TERTIARY_ENROLMENT")
    lists(*CODES[:2])
    run()
    assert last_run(source)["counts"]["withdrawn"] == 1
    shown = act("package_show", id=gone["id"])
    assert shown["withdrawn_reason"] == "removed_at_source"
    assert act("learningcity_observation_search", indicator="TERTIARY_ENROLMENT")["total"] == 0
    before = {"indicator": "TERTIARY_ENROLMENT", "as_of": "1", "dataset": gone["id"]}
    assert act("learningcity_observation_search", **before)["total"] == 3
    page = app.get(f"/dataset/{gone['name']}")
    assert "was withdrawn on" in page.body
    assert app.get(f"/dataset/{gone['id']}/release/1.csv").status_code == 200
    [newest] = act("learningcity_release_list", id=gone["id"], limit=1)["results"]
    assert (newest["number"], newest["observations"], newest["removed"]) == (2, 0, 3)
    run()
    assert last_run(source)["counts"]["withdrawn"] == 0  # once


def test_what_comes_back_is_shown_again(run, source, lists):
    run()
    lists(*CODES[:2])
    run()
    lists(*CODES)
    run()
    assert last_run(source)["counts"]["restored"] == 1
    back = dataset("TERTIARY_ENROLMENT")
    assert not back.get("withdrawn")
    assert act("learningcity_observation_search", indicator="TERTIARY_ENROLMENT")["total"] == 3


def test_a_listing_that_lost_most_of_its_datasets_is_not_believed_until_somebody_confirms_it(
    run, source, lists
):
    run()
    lists(CODES[0])
    run()
    told = last_run(source)
    assert (told["outcome"], told["detail"]) == ("mostly_gone", "3 → 1")
    assert act("learningcity_source_show", id=source["id"])["health"] == "failing"
    assert on_the_board() == [(source["name"], "failing")]
    assert act("learningcity_observation_search", indicator="TERTIARY_ENROLMENT")["total"] == 3
    run(confirm="mostly_gone")
    assert on_the_board() == []
    assert last_run(source)["counts"]["withdrawn"] == 2


def on_the_board() -> list[tuple[str, str]]:
    office = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    sections = {each["id"]: each for each in act("learningcity_board", office)["sections"]}
    return [(entry["name"], entry["health"]) for entry in sections["sources"]["entries"]]


def test_an_empty_listing_withdraws_nothing(run, source, lists):
    run()
    lists()
    run()
    assert last_run(source)["outcome"] == "nothing_listed"
    assert act("learningcity_source_show", id=source["id"])["withdrawn"] == 0


def test_a_listing_that_breaks_off_withdraws_nothing_and_keeps_what_came(run, source, monkeypatch):
    run()

    def broken(self, session):
        yield Ref(CODES[0], "Literacy", f"{self.facts.url}/country/THA/indicator/{CODES[0]}")
        raise Truncated("page 2 is missing")

    monkeypatch.setattr(WorldBank, "refs", broken)
    run()
    told = last_run(source)
    assert told["outcome"] == "truncated"
    assert "page 2" in told["detail"]
    assert act("learningcity_source_show", id=source["id"])["withdrawn"] == 0
    [job] = act("learningcity_source_list")[0]["last_job"]["errors"]
    assert job.startswith("truncated: ")


def test_a_dataset_that_lost_most_of_its_observations_is_kept_until_somebody_confirms_it(
    run, source, agency
):
    run()
    agency.rows[:] = [row("2022", 96)]
    run()
    told = last_run(source)
    assert (told["outcome"], told["counts"]["errors"]) == ("with_errors", 3)
    record = act("learningcity_source_show", id=source["id"])["records"]["results"][0]
    assert record["error"] == {"code": "shrunk", "detail": "3 → 1"}
    assert act("learningcity_observation_search", indicator="ADULT_LITERACY")["total"] == 3
    run(confirm="shrunk")
    assert act("learningcity_observation_search", indicator="ADULT_LITERACY")["total"] == 1
    assert act("learningcity_source_show", id=source["id"])["health"] == "good"


def test_the_threshold_is_the_operators(run, source, agency, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.loss_max", 90)
    run()
    agency.rows[:] = [row("2022", 96)]
    run()
    assert last_run(source)["outcome"] == "complete"


def test_a_source_that_runs_is_not_run_twice(source):
    act("learningcity_source_run", id=source["id"])
    with pytest.raises(helpers.logic.ValidationError) as refused:
        act("learningcity_source_run", id=source["id"])
    assert "running already" in str(refused.value)


def test_values_that_cannot_be_mapped_are_listed_and_counted(run, source, agency):
    agency.rows.append(row("2021", "many"))
    run()
    shown = act("learningcity_source_show", id=source["id"])
    assert (shown["health"], shown["problems"]) == ("problems", 3)
    [problem] = shown["unmapped"]
    assert (problem["found"], problem["rows"], problem["datasets"]) == ("many", 3, 3)
    assert set(problem["message"]) == {"en", "th"}


def test_what_somebody_deleted_here_is_not_brought_back(run, source, agency):
    run()
    name = dataset("ADULT_LITERACY")["name"]
    act("package_delete", {"user": factories.Sysadmin()["name"]}, id=name)
    agency.rows[0] = row("2022", 95)
    run()
    assert act("package_show", id=name)["state"] == "deleted"


def test_a_run_that_nobody_holds_is_taken_up_and_says_so(run, source, work):
    job_id = act("learningcity_source_run", id=source["id"])["job"]
    taken = runs.take(HarvestJob.get(job_id), "worker")
    assert runs.take(HarvestJob.get(job_id), "worker") is None  # it is held
    runs.let_go("worker")
    work()
    with pytest.raises(runs.Lost):  # the holder that was taken for dead
        taken.step()
    model.Session.rollback()
    told = last_run(source)
    assert (told["outcome"], told["notes"]) == ("complete", ["resumed"])


def test_a_lease_that_ended_brings_the_run_back_to_the_queue(run, source, work, monkeypatch):
    job_id = act("learningcity_source_run", id=source["id"])["job"]
    monkeypatch.setattr(runs, "LEASE", -runs.LEASE)
    runs.take(HarvestJob.get(job_id), "worker")
    monkeypatch.undo()
    consumer = queue.STAGES["gather"]()
    consumer.queue_purge()  # the message is lost
    assert runs.abandoned() == [job_id]
    queue.tick()
    assert consumer.redis.llen(consumer.routing_key) == 1


def test_a_run_without_progress_is_ended_after_some_attempts(run, source, work):
    job_id = act("learningcity_source_run", id=source["id"])["job"]
    for _ in range(runs.ATTEMPTS):
        runs.take(HarvestJob.get(job_id), "worker")
        runs.let_go("worker")
    work()
    assert last_run(source)["outcome"] == "interrupted"
    assert act("harvest_job_show", id=job_id)["status"] == "Finished"


def test_a_run_is_bounded_in_time(run, source, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.minutes", 0)
    run()
    assert last_run(source)["outcome"] == "overtime"


def test_the_secretariat_may_run_and_other_members_may_not(source):
    user = factories.User()
    member = {"users": [{"name": user["name"], "capacity": "editor"}]}
    context = {"user": user["name"], "ignore_auth": False}
    factories.Organization(org_role="city", **member)
    with pytest.raises(helpers.logic.NotAuthorized):
        act("learningcity_source_run", context=dict(context), id=source["id"])
    factories.Organization(org_role="secretariat", **member)
    assert act("learningcity_source_run", context=dict(context), id=source["id"])["job"]


def test_a_dry_run_names_what_would_be_withdrawn(run, source, lists):
    run()
    lists(*CODES[:2])
    told = act("learningcity_source_run", id=source["name"], dry_run=True)
    assert told["counts"] == {"unchanged": 2, "withdrawn": 1}
    assert told["datasets"][0]["status"] == "withdrawn"
    assert act("learningcity_source_show", id=source["id"])["withdrawn"] == 0


@pytest.mark.parametrize(("parameter", "value"), [("confirm", "everything"), ("colour", "red")])
def test_a_wrong_parameter_is_named(source, parameter, value):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        act("learningcity_source_run", id=source["id"], **{parameter: value})
    assert parameter in refused.value.error_dict


def test_a_source_that_does_not_answer_is_told_in_words(run, source, agency):
    agency.first(*[Reply(b"busy", status=503)] * 12)
    told = act("learningcity_source_run", id=source["name"], dry_run=True)
    assert told["datasets"][0]["error"]["code"] == "unavailable"


def test_failures_in_a_row_and_the_recovery_are_told_once_each(run, source, lists, ckan_config):
    ckan_config["ckanext.learningcity.mail"] = True
    ckan_config["ckanext.learningcity.harvest.failures"] = 2
    editor = factories.User()
    member = {"users": [{"name": editor["name"], "capacity": "editor"}]}
    factories.Organization(org_role="secretariat", **member)

    def told() -> list[tuple[str, list[str]]]:
        queued = [job for job in jobs.get_queue().jobs if job.meta["title"].startswith("Mail: ")]
        return [(job.args[0], job.args[2]) for job in queued]

    run()
    lists()
    run()
    assert told() == []
    run()
    run()
    assert [kind for kind, _ in told()] == ["source_failing"]
    assert editor["id"] in told()[0][1]
    lists(*CODES)
    run()
    run()
    assert [kind for kind, _ in told()] == ["source_failing", "source_recovered"]


def test_the_mail_names_the_reason_in_both_languages(source):
    outcome = codelists.outcomes()["nothing_listed"]
    said = {"meaning": outcome["meaning"], "remedy": outcome["remedy"], "detail": "3 → 0"}
    subject, text = mail.written(
        "source_failing", model.Package.get(source["id"]), {**said, "address": "x"}
    )
    assert "World Bank" in subject
    assert all(outcome["meaning"][language] in text for language in ("en", "th"))
