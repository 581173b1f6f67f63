"""Who may approve and publish, as the organization has chosen."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests import factories, helpers
from desk.people import FIRST, SECOND, work

NotAuthorized = helpers.logic.NotAuthorized
ValidationError = helpers.logic.ValidationError


def test_another_editor_approves_and_the_author_publishes(city):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    assert made["state"] == "submitted"
    assert "approve" not in made["possible"]
    with pytest.raises(ValidationError, match="submitted"):
        city.act("publish", id=made["id"])
    approved = city.act("approve", city.colleague, id=made["id"])
    assert approved["state"] == "approved"
    assert approved["decided_by"] == model.User.get(city.colleague).display_name
    city.act("publish", id=made["id"])
    work()
    assert city.act("show", id=made["id"])["release"] == 1


def test_nobody_approves_their_own_work_not_even_a_sysadmin(city):
    city.choose(workflow_approve="other_editor")
    for author in (city.editor, city.admin, factories.Sysadmin()["name"]):
        made = city.submit(user=author)
        with pytest.raises(NotAuthorized, match="Somebody else"):
            city.act("approve", author, id=made["id"])
        city.act("discard", author, id=made["id"])


def test_who_changed_it_is_an_author_too(city):
    city.choose(workflow_approve="other_editor")
    made = city.upload()
    city.act("update", city.colleague, id=made["id"], mapping=made["mapping"])
    city.act("submit", id=made["id"])
    with pytest.raises(NotAuthorized):
        city.act("approve", city.colleague, id=made["id"])
    assert city.act("approve", city.admin, id=made["id"])["state"] == "approved"


def test_only_an_administrator_approves_where_the_organization_says_so(city):
    city.choose(workflow_approve="admin")
    made = city.submit()
    with pytest.raises(NotAuthorized):
        city.act("approve", city.colleague, id=made["id"])
    with pytest.raises(NotAuthorized):
        city.act("return", city.colleague, id=made["id"], reason="no")
    assert city.act("approve", city.admin, id=made["id"])["state"] == "approved"


def test_a_sysadmin_may_approve_the_work_of_others(city):
    city.choose(workflow_approve="admin")
    made = city.submit()
    root = factories.Sysadmin()["name"]
    assert city.act("approve", root, id=made["id"])["state"] == "approved"


def test_only_an_administrator_publishes_where_the_organization_says_so(city):
    city.choose(workflow_publish="admin")
    made = city.submit()
    assert made["state"] == "approved"
    assert "publish" not in made["possible"]
    with pytest.raises(NotAuthorized, match="administrators"):
        city.act("publish", id=made["id"])
    assert city.act("publish", city.admin, id=made["id"])["state"] == "publishing"


def test_a_return_needs_a_reason_and_a_change_makes_it_a_draft_again(city):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    with pytest.raises(ValidationError) as refused:
        city.act("return", city.colleague, id=made["id"], reason=" ")
    assert list(refused.value.error_dict) == ["reason"]
    returned = city.act("return", city.colleague, id=made["id"], reason="Look at row 3")
    assert returned["state"] == "returned"
    changed = city.act("update", id=made["id"], mapping=made["mapping"])
    assert changed["state"] == "draft"
    assert city.act("submit", id=made["id"])["state"] == "submitted"


def test_authors_may_take_their_work_back(city):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    taken = city.act("return", id=made["id"], reason="I saw a slip")
    assert taken["state"] == "returned"


def test_the_list_knows_what_waits_for_whom(city):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    waiting = {
        user: city.act("list", user, whose="to_approve")["count"]
        for user in (city.editor, city.colleague, city.admin)
    }
    assert waiting == {city.editor: 0, city.colleague: 1, city.admin: 1}
    city.choose(workflow_approve="admin")
    assert city.act("list", city.colleague, whose="to_approve")["count"] == 0
    assert city.act("list", city.admin, whose="to_approve")["count"] == 1
    city.act("approve", city.admin, id=made["id"])
    assert city.act("list", city.admin, whose="to_approve")["count"] == 0


def publish_directly(city, user: str, **parameters):
    context = {"user": user, "ignore_auth": False}
    return helpers.call_action(
        "learningcity_observation_publish", context, id=city.dataset, data=FIRST, **parameters
    )


def test_there_is_no_way_past_an_approval(city):
    city.choose(workflow_approve="other_editor")
    for user in (city.editor, city.admin, factories.Sysadmin()["name"]):
        with pytest.raises(NotAuthorized, match="approval"):
            publish_directly(city, user)
        assert publish_directly(city, user, dry_run=True)["difference"]["added"] == 3
    assert helpers.call_action("learningcity_release_list", id=city.dataset)["count"] == 0


def test_the_direct_way_is_open_where_no_approval_is_asked_for(city):
    city.choose(workflow_publish="admin")
    with pytest.raises(NotAuthorized):
        publish_directly(city, city.editor)
    assert publish_directly(city, city.admin)["release"]["number"] == 1


def test_a_city_reports_on_its_own_places_only(city):
    foreign = SECOND.replace("TH-56", "TH-57")
    assert not city.upload(foreign)["report"]["valid"]
    city.choose(org_role="agency")
    assert city.upload(foreign)["report"]["valid"]
