"""Who finds what: private and draft datasets are neither found nor counted."""

from __future__ import annotations

import pytest
from ckan.tests import factories, helpers


@pytest.fixture
def member(portal) -> dict:
    return factories.User()


@pytest.fixture
def hidden(member) -> None:
    """One public, one private and one draft dataset, all about secrets."""
    org = factories.Organization(
        name="office", users=[{"name": member["name"], "capacity": "member"}]
    )
    tags = [{"name": "secrets"}]
    factories.Dataset(name="shown", title="Secret garden", tags=tags, owner_org=org["id"])
    factories.Dataset(
        name="private", title="Secret wages", tags=tags, owner_org=org["id"], private=True
    )
    factories.Dataset(name="draft", title="Secret draft", tags=tags, user=member, state="draft")


@pytest.mark.usefixtures("hidden")
class TestHidden:
    def test_anonymous_callers_neither_find_nor_count(self, names):
        questions = (
            {"q": "secret"},
            {"q": "secret", "include_private": True},
            {"q": "secret", "include_private": True, "include_drafts": True},
            {"fq": "tags:secrets", "include_private": True},
            {"fq": "capacity:private", "include_private": True},
            {"fq": "+state:(active OR draft)", "include_private": True},
            {"fq": "permission_labels:*", "include_private": True},
            {"q": "*:* OR capacity:private", "include_private": True},
            {"q": "secret) OR (capacity:private", "include_private": True},
        )
        found = {str(asked): names(**asked) for asked in questions}
        assert {name for each in found.values() for name in each} <= {"shown"}, found
        assert names("wages", include_private=True) == []

    def test_facets_do_not_count_them_either(self):
        found = helpers.call_action(
            "package_search",
            {"user": "", "ignore_auth": False},
            include_private=True,
            include_drafts=True,
            **{"facet.field": ["tags", "organization", "capacity", "state", "name"]},
        )
        assert found["facets"] == {
            "tags": {"secrets": 1},
            "organization": {"office": 1},
            "capacity": {"public": 1},
            "state": {"active": 1},
            "name": {"shown": 1},
        }

    def test_members_find_their_own(self, names, member):
        assert names("secret", user=member["name"]) == ["shown"]
        private = names("secret", user=member["name"], include_private=True)
        assert set(private) == {"shown", "private"}
        drafts = names("secret", user=member["name"], include_drafts=True)
        assert set(drafts) == {"shown", "draft"}

    def test_other_users_do_not(self, names):
        other = factories.User()["name"]
        found = names("secret", user=other, include_private=True, include_drafts=True)
        assert found == ["shown"]

    def test_sysadmins_find_everything(self, names):
        admin = factories.Sysadmin()["name"]
        found = names("secret", user=admin, include_private=True, include_drafts=True)
        assert set(found) == {"shown", "private", "draft"}

    def test_autocomplete_keeps_the_secret(self):
        context = {"user": "", "auth_user_obj": None, "ignore_auth": False}
        found = helpers.call_action("package_autocomplete", context, q="secret")
        assert [dataset["name"] for dataset in found] == ["shown"]
