"""Publishing and searching through the action API, for the tests of this room."""

from __future__ import annotations

from ckan.tests import helpers

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
