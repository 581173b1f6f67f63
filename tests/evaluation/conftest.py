"""Three cities with figures, the secretariat, a reading organization, and an evaluation of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANTestApp
from evaluation_figures import AREAS, DEFINITION

HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n"
FIGURES = {
    "TH-56": "ADULT_LITERACY,TH-56,2020,88\nADULT_LITERACY,TH-56,2024,92\nNEET,TH-56,2019,14\n",
    "TH-57": "ADULT_LITERACY,TH-57,2024,96\nNEET,TH-57,2023,9\nINTERNET_USERS,TH-57,2024,81\n",
    "TH-50": "ADULT_LITERACY,TH-50,2024,94\nNEET,TH-50,2024,11\nINTERNET_USERS,TH-50,2024,86\n",
}


@dataclass
class Network:
    """Names of users by what they are for, and ways to act as one of them."""

    app: CKANTestApp
    users: dict[str, str] = field(default_factory=dict)

    def act(self, action: str, by: str | None = "secretary", **parameters: Any) -> Any:
        """Call an action as a user, with authorization; `by=None` is nobody."""
        context = {"user": self.users[by] if by else "", "ignore_auth": False}
        with self.app.flask_app.test_request_context():
            return helpers.call_action(f"learningcity_{action}", context, **parameters)

    def publish(self, area: str, rows: str) -> None:
        """Publish the whole state of a city's dataset."""
        helpers.call_action(
            "learningcity_observation_publish", id=f"d-{area.lower()}", data=HEAD + rows
        )

    def grade(self, by: str, grade: int, area: str = "TH-56", **given: Any) -> Any:
        """Grade the strategy of a place."""
        given.setdefault("evidence", "https://example.org/strategy")
        indicator = given.pop("indicator", "LEARNING_STRATEGY")
        return self.act(
            "reading_create",
            by,
            evaluation="2024",
            area=area,
            indicator=indicator,
            grade=grade,
            **given,
        )


@pytest.fixture
def network(portal, app) -> Network:
    found = Network(app)
    for area in AREAS:
        office(found, area, org_role="city", area=area)
        factories.Dataset(name=f"d-{area.lower()}", owner_org=f"o-{area.lower()}")
        found.publish(area, FIGURES[area])
    office(found, "secretary", org_role="secretariat")
    office(found, "reader", name="reading-agency", org_role="agency")
    found.users["stranger"] = factories.User()["name"]
    found.users["sysadmin"] = factories.Sysadmin()["name"]
    return found


def office(network: Network, user: str, **fields: Any) -> None:
    """Make an organization with one editor, who is known as `user`."""
    editor = factories.User()["name"]
    fields.setdefault("name", f"o-{user.lower()}")
    factories.Organization(users=[{"name": editor, "capacity": "editor"}], **fields)
    network.users[user] = editor


@pytest.fixture
def evaluation(network) -> Network:
    """An open evaluation."""
    network.act("evaluation_create", **DEFINITION)
    network.act("evaluation_open", id="2024")
    return network
