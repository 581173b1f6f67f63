"""The job: two people at once, a killed process, a repeated run."""

from __future__ import annotations

import pytest
from ckan.lib import jobs
from ckan.tests import helpers
from desk.people import FIRST, HEAD, SECOND, work

from ckanext.learningcity.desk import check, promises, publish, states, store
from ckanext.learningcity.indicators import derived, release

ValidationError = helpers.logic.ValidationError

THIRD = f"{HEAD}\nADULT_LITERACY,TH-56,2565,93\nADULT_LITERACY,TH-56,2566,95\n"


class KilledError(Exception):
    """Stands for a process that ends here."""


def kill(*_args, **_kwargs):
    raise KilledError


def numbers(city) -> list[int]:
    found = helpers.call_action("learningcity_release_list", id=city.dataset)["results"]
    return sorted(one["number"] for one in found)


def total() -> int:
    return helpers.call_action("learningcity_observation_search", limit=0)["total"]


def begun(city, text: str = FIRST) -> str:
    made = city.submit(text)
    return city.act("publish", id=made["id"])["id"]


def test_of_two_publishers_one_wins_and_the_other_is_told_and_loses_nothing(city):
    city.publish(FIRST)
    one, other = city.submit(SECOND), city.submit(THIRD, city.colleague)
    city.act("publish", id=one["id"])
    city.act("publish", city.colleague, id=other["id"])
    work()
    assert city.act("show", id=one["id"])["release"] == 2
    loser = city.act("show", city.colleague, id=other["id"])
    assert loser["state"] == "draft"
    assert loser["release"] is None
    told = loser["history"][-1]
    assert told["kind"] == "superseded"
    assert told["number"] == 2
    assert loser["base_release"] == 2
    assert loser["difference"] == {"added": 0, "changed": 1, "removed": 1}
    assert numbers(city) == [1, 2]
    city.act("submit", city.colleague, id=other["id"])
    city.act("publish", city.colleague, id=other["id"])
    work()
    assert city.act("show", id=other["id"])["release"] == 3


def test_a_release_made_between_check_and_writing_is_noticed(city, monkeypatch):
    submission = begun(city)
    examine, other = check.examine, THIRD

    def slowly(dataset, *args):
        found = examine(dataset, *args)
        nonlocal other
        if other:
            text, other = other, ""
            helpers.call_action("learningcity_observation_publish", id=city.dataset, data=text)
        return found

    monkeypatch.setattr(check, "examine", slowly)
    work()
    shown = city.act("show", id=submission)
    assert shown["history"][-1]["kind"] == "superseded"
    assert shown["base_release"] == 1
    assert numbers(city) == [1]


def test_who_submits_after_another_release_sees_the_new_difference_first(city):
    made = city.upload(SECOND)
    city.publish(FIRST)
    with pytest.raises(ValidationError, match="meanwhile"):
        city.act("submit", id=made["id"])
    shown = city.act("show", id=made["id"])
    assert shown["base_release"] == 1
    assert shown["difference"] == {"added": 1, "changed": 1, "removed": 1}
    assert city.act("submit", id=made["id"])["state"] == "approved"


@pytest.mark.parametrize(
    "place",
    [
        (check, "examine"),
        (derived, "publish"),
        (release, "compare"),
        (derived, "_follow"),
        (publish, "_finish"),
    ],
    ids=lambda place: place[1],
)
def test_a_publication_that_was_killed_is_taken_up_and_makes_one_release(city, monkeypatch, place):
    submission = begun(city)
    with monkeypatch.context() as patch, pytest.raises(KilledError):
        patch.setattr(*place, kill)
        work()
    assert city.act("show", id=submission)["state"] == "publishing"
    assert jobs.get_queue().job_ids == []
    promises.resume()
    work()
    assert city.act("show", id=submission)["release"] == 1
    assert numbers(city) == [1]
    assert total() == 3


def test_a_publication_that_waits_is_put_on_the_queue_once(city):
    begun(city)
    promises.resume()
    assert len(jobs.get_queue().job_ids) == 1


def test_a_request_killed_before_its_job_was_queued_is_taken_up(city):
    submission = begun(city)
    jobs.get_queue().empty()
    promises.resume()
    work()
    assert city.act("show", id=submission)["release"] == 1


def test_running_a_job_twice_changes_nothing(city):
    submission = begun(city)
    promises.run(submission)
    promises.run(submission)
    assert numbers(city) == [1]


def test_a_second_job_leaves_alone_what_another_one_works_on(city, monkeypatch):
    submission = begun(city)
    examine = check.examine

    def meanwhile(*args):
        promises.run(submission)
        return examine(*args)

    monkeypatch.setattr(check, "examine", meanwhile)
    work()
    assert numbers(city) == [1]
    assert city.act("show", id=submission)["release"] == 1


def test_what_fails_again_and_again_is_given_back(city, monkeypatch):
    submission = begun(city)
    with monkeypatch.context() as patch:
        patch.setattr(derived, "publish", kill)
        for _attempt in range(states.ATTEMPTS):
            with pytest.raises(KilledError):
                promises.run(submission)
        promises.run(submission)
    shown = city.act("show", id=submission)
    assert shown["state"] == "draft"
    assert shown["history"][-1]["kind"] == "failed"
    assert shown["possible"]


def test_progress_names_the_step(city, monkeypatch):
    submission = begun(city)
    assert city.act("show", id=submission)["progress"]["step"] == "waiting"
    steps = []
    write = store.write

    def noted(submission_id, *args, **values):
        write(submission_id, *args, **values)
        if values.get("progress"):
            steps.append(city.act("show", id=submission_id)["progress"])

    monkeypatch.setattr(store, "write", noted)
    work()
    assert [step["step"] for step in steps] == ["reading", "checking", "comparing", "releasing"]
    assert [step["done"] for step in steps] == [1, 2, 3, 4]
    assert steps[0]["total"] == 6


def test_the_step_after_the_release_is_known_from_the_release(city, monkeypatch):
    submission = begun(city)
    with monkeypatch.context() as patch, pytest.raises(KilledError):
        patch.setattr(derived, "_follow", kill)
        work()
    assert city.act("show", id=submission)["progress"]["step"] == "deriving"


def test_what_became_wrong_since_it_was_shown_goes_back(city):
    submission = begun(city)
    city.choose(area="TH-57")
    work()
    shown = city.act("show", id=submission)
    assert shown["state"] == "draft"
    assert shown["history"][-1]["kind"] == "checked_again"
    assert shown["blocked"] == ["errors"]
    assert numbers(city) == []


def test_the_direct_way_refuses_an_outdated_base(city):
    city.publish(FIRST)
    with pytest.raises(ValidationError) as refused:
        helpers.call_action(
            "learningcity_observation_publish", id=city.dataset, data=SECOND, base_release=0
        )
    assert "base_release" in refused.value.error_dict
    told = helpers.call_action(
        "learningcity_observation_publish", id=city.dataset, data=SECOND, base_release=1
    )
    assert told["release"]["number"] == 2
