"""Who may do what with what cities share: actions × roles × states."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

STATES = ("public", "private")
OWN, OTHERS = ("phayao_editor", "phayao_admin"), ("rayong_editor", "rayong_admin", "stranger", "")

#: Who may, by action and state; everybody else is refused.
MAY = {
    ("package_show", "public"): {*OWN, *OTHERS, "phayao_member", "curator"},
    ("package_show", "private"): {*OWN, "phayao_member"},
    ("learningcity_content_links", "public"): {*OWN, *OTHERS, "phayao_member", "curator"},
    ("learningcity_content_links", "private"): {*OWN, "phayao_member"},
    ("package_patch", "public"): set(OWN),
    ("package_patch", "private"): set(OWN),
    ("package_delete", "public"): set(OWN),
    ("package_delete", "private"): set(OWN),
    ("learningcity_content_feature", "public"): {"curator"},
    ("learningcity_content_feature", "private"): set(),
    ("learningcity_space_import_create", "public"): set(OWN),
    ("learningcity_space_import_show", "public"): set(OWN),
    ("learningcity_space_import_write", "public"): set(OWN),
    ("learningcity_space_import_cancel", "public"): set(OWN),
}
EVERYBODY = (*OWN, *OTHERS, "phayao_member", "curator")


@pytest.fixture(scope="module")
def made():
    return {}


@pytest.fixture
def ids(shared_people, made):
    if not made:
        for state in STATES:
            package = shared_people.share("learning-space", private=state == "private")
            made[state] = package["id"]
        upload = FileStorage(io.BytesIO(b"name,kind\nAnt,park\n"), "a.csv")
        made["import"] = shared_people.act(
            "phayao_editor",
            "learningcity_space_import_create",
            organization="phayao-office",
            upload=upload,
        )["id"]
    return made


def may(user: str, action: str, given: dict) -> bool:
    try:
        return bool(tk.check_access(action, {"user": user, "ignore_auth": False}, given))
    except tk.NotAuthorized:
        return False


def test_the_table(ids):
    for (action, state), allowed in MAY.items():
        given = {"id": ids["import" if "import" in action else state]}
        if action.endswith("_create"):
            given = {"organization": "phayao-office"}
        for user in EVERYBODY:
            assert may(user, action, given) == (user in allowed), (action, state, user)


def test_nobody_shares_in_the_name_of_another_city_or_of_none(shared_people):
    for organization in ("rayong-office", "secretariat-office", ""):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            shared_people.share("research", owner_org=organization)


def test_only_the_secretariat_features_by_whichever_door(people):
    page = people.share("research", name="page")
    assert page["featured"] is False
    with pytest.raises(tk.ValidationError, match="featured"):
        people.act("phayao_editor", "package_patch", id="page", featured=True)
    with pytest.raises(tk.ValidationError, match="featured"):
        people.share("research", featured="yes")
    people.act("curator", "learningcity_content_feature", id="page", featured=True)
    changed = people.act("phayao_editor", "package_patch", id="page", title="Another title")
    assert changed["featured"] is True  # whoever says nothing leaves it
    people.share("research", name="newer")
    found = people.act("stranger", "learningcity_content_search", type="research")
    assert found["results"][0]["name"] == "page"
    people.act("curator", "learningcity_content_feature", id="page", featured=False)
    with pytest.raises(tk.ObjectNotFound):
        data = factories.Dataset()
        people.act("curator", "learningcity_content_feature", id=data["id"], featured=True)


def test_a_city_does_not_make_itself_the_secretariat(people):
    with pytest.raises(tk.ValidationError, match="org_role"):
        people.act("phayao_admin", "organization_patch", id="phayao-office", org_role="secretariat")
    people.act("phayao_admin", "organization_patch", id="phayao-office", org_role="city")
    kept = people.act("phayao_admin", "organization_show", id="phayao-office")
    assert kept["org_role"] == "city"
