"""What the fields of content take, and what is refused with the field's name."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

BAD = [
    ("learning-space", "lat", "48.85"),
    ("learning-space", "lat", "north"),
    ("learning-space", "lat", "nan"),
    ("learning-space", "lon", 19.1),
    ("learning-space", "kind", "airport"),
    ("learning-space", "cost", "much"),
    ("learning-space", "accessibility", ["wings"]),
    ("learning-space", "areas", ["ZZ"]),
    ("learning-space", "url", "javascript:alert(1)"),
    ("learning-space", "maintainer_email", "nobody"),
    ("learning-space", "related", "no-such-page"),
    ("learning-space", "related", [1]),
    ("learning-space", "address_translated", {"de": "x"}),
    ("learning-resource", "duration", "-5"),
    ("learning-resource", "duration", "long"),
    ("learning-path", "steps", ""),
    ("research", "doi", "no doi"),
    ("research", "doi", "10.1/x"),
    ("research", "authors", [1]),
    ("research", "publication_date", "65"),
    ("research", "evidence_url", "ftp"),
    ("event", "starts", "tomorrow"),
    ("event", "starts", "2026-02-31T09:00"),
    ("event", "ends", "2026-11-24T09:00"),
    ("event", "time_zone", "Siam"),
]


@pytest.mark.parametrize(("type_id", "field", "value"), BAD)
def test_bad_values_are_refused_by_name(shared_people, type_id, field, value):
    with pytest.raises(tk.ValidationError) as refused:
        shared_people.share(type_id, **{field: value})
    assert refused.value.error_dict[field]


def test_one_coordinate_alone_is_refused(shared_people):
    with pytest.raises(tk.ValidationError) as refused:
        shared_people.share("learning-space", lon="")
    assert "lon" in refused.value.error_dict


def test_a_thing_without_an_organization_is_refused(shared_people):
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        shared_people.share("research", owner_org="")


def test_values_come_back_as_what_they_are(people):
    space = people.share("learning-space", lat="19.1664", lon="99.9019")
    assert (space["lat"], space["lon"]) == (19.1664, 99.9019)
    assert space["spatial"] == '{"type": "Point", "coordinates": [99.9019, 19.1664]}'
    assert (space["featured"], space["areas"]) == (False, ["TH-56-M5601"])
    study = people.share("research", authors="One Unit; Two Unit", publication_date="2567")
    assert study["authors"] == ["One Unit", "Two Unit"]
    assert (study["doi"], study["publication_date"]) == ("10.1234/abc.5", "2024-01-01")
    event = people.share("event", starts="2569-11-25 09:00", ends="2026-11-25T10:30", capacity="50")
    assert (event["starts"], event["ends"]) == ("2026-11-25T09:00", "2026-11-25T10:30")
    assert (event["time_zone"], event["capacity"]) == ("Asia/Bangkok", 50)
    patched = people.act("phayao_editor", "package_patch", id=space["id"], cost="free")
    assert (patched["lat"], patched["kind"]) == (19.1664, "library")


def test_a_step_is_a_learning_resource_and_what_is_private_stays_unknown(people):
    study = people.share("research")
    with pytest.raises(tk.ValidationError, match="not a learning resource"):
        people.share("learning-path", steps=study["id"])
    people.share("research", "rayong_editor", name="secret", private=True)
    with pytest.raises(tk.ValidationError, match="that you may see"):
        people.share("research", related="secret")


def test_what_was_tied_and_is_deleted_drops_out(people):
    data = people.share("learning-space", name="data")
    study = people.share("research", related=["data"])
    assert study["related"] == [data["id"]]
    people.act("phayao_editor", "package_delete", id="data")
    changed = people.act("phayao_editor", "package_patch", id=study["id"], title="Another")
    assert changed["related"] == []
