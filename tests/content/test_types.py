"""Each type through the API: made, changed, published, found, taken away, and what is refused."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from content.people import EXAMPLES

TYPES = pytest.mark.parametrize("type_id", EXAMPLES)


@pytest.fixture
def step(people):
    return people.share("learning-resource")


def example(type_id, step):
    return {"steps": [step["id"]]} if type_id == "learning-path" else {}


@TYPES
def test_the_whole_life_of_a_page(people, step, type_id):
    draft = people.share(type_id, private=True, **example(type_id, step), name="a-page")
    assert draft["areas"] == ["TH-56-M5601"]  # its organization's
    found = people.act("stranger", "learningcity_content_search", type=type_id, q="a-page")
    assert "a-page" not in [package["name"] for package in found["results"]]
    with pytest.raises(tk.NotAuthorized):
        people.act("stranger", "package_show", id="a-page")
    people.act(
        "phayao_editor",
        "package_patch",
        id="a-page",
        private=False,
        title_translated={"en": "A very new title"},
    )
    found = people.act("stranger", "learningcity_content_search", type=type_id, q="very new")
    assert [package["name"] for package in found["results"]] == ["a-page"]
    people.act("phayao_editor", "package_delete", id="a-page")
    found = people.act("stranger", "learningcity_content_search", type=type_id, q="very new")
    assert found["count"] == 0
