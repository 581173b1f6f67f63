"""Who takes part in a round of the awards in the tests, and the steps that they take."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANTestApp
from werkzeug.datastructures import FileStorage

BANGKOK = timezone(timedelta(hours=7))

CITIES = {
    "phayao": "TH-56",
    "chiangrai": "TH-57",
    "chiangmai": "TH-50",
    "rayong": "TH-21",
    "satun": "TH-91",
}
REVIEWERS = ("reviewer-one", "reviewer-two", "reviewer-three")

OPENS = datetime(2026, 8, 1, 9, 0, tzinfo=BANGKOK)
CLOSES = datetime(2026, 8, 31, 16, 30, tzinfo=BANGKOK)
REVIEW_UNTIL = datetime(2026, 9, 30, 16, 30, tzinfo=BANGKOK)
PUBLISHES = datetime(2026, 10, 31, 10, 0, tzinfo=BANGKOK)

ROUND = {
    "id": "2026",
    "year": "2026",
    "title": {"en": "Awards 2026", "th": "รางวัล 2569"},
    "opens": "2026-08-01T09:00",
    "closes": "2026-08-31T16:30",
    "review_until": "2026-09-30T16:30",
    "publishes": "2026-10-31T10:00",
}

CRITERIA = ("need", "approach", "results", "inclusion", "continuity")
PDF = b"%PDF-1.7\nevidence of the city\n%%EOF"


@dataclass
class People:
    """Acts as users by name, with authorization, at the moment `now`."""

    app: CKANTestApp
    now: datetime = field(default=OPENS)

    def act(self, user: str | None, action: str, **parameters: Any) -> Any:
        """Call an action of the awards; `user=None` is nobody."""
        context = {"user": user or "", "ignore_auth": False}
        with self.app.flask_app.test_request_context():
            return helpers.call_action(f"learningcity_award_{action}", context, **parameters)

    def call(self, **changes: Any) -> None:
        """Prepare and announce the round."""
        self.act("secretary", "round_create", **{**ROUND, **changes})
        self.act("secretary", "round_announce", id=changes.get("id", "2026"))

    def begin(self, city: str = "phayao", category: str = "equity") -> str:
        """Begin an application and return its id."""
        return self.act(
            f"{city}-editor",
            "application_create",
            round="2026",
            category=category,
            organization=f"{city}-office",
        )["id"]

    def write(self, application: str, city: str = "phayao", mark: str = "") -> None:
        """Write a whole application, every text of it with a mark."""
        title = {"en": f"Learning for all {city} {mark}".strip()}
        summary = {"en": f"What {city} has done. {mark}"}
        text = f"The city has worked on this for three years with all its schools. {mark}"
        answers = dict.fromkeys(CRITERIA, text)
        editor = f"{city}-editor"
        given = {"title": title, "summary": summary, "answers": answers}
        self.act(editor, "application_update", id=application, **given)
        upload = FileStorage(io.BytesIO(PDF + mark.encode()), f"evidence{mark}.pdf")
        self.act(editor, "file_add", id=application, upload=upload)

    def apply(self, city: str = "phayao", category: str = "equity", mark: str = "") -> str:
        """Hand in a whole application and return its id."""
        application = self.begin(city, category)
        self.write(application, city, mark)
        self.act(f"{city}-editor", "application_submit", id=application)
        return application

    def assign(self, application: str, *reviewers: str) -> list[str]:
        """Assign reviewers and return the ids of their reviews."""
        for name in reviewers:
            shown = self.act("secretary", "review_assign", id=application, reviewer=name)
        known = {each["reviewer"]: each["id"] for each in shown["reviews"]}
        return [known[name] for name in reviewers]

    def review(self, reviewer: str, review: str, score: float, comment: str = "Sound.") -> None:
        """Hand in a review with one score for every criterion."""
        scores, comments = dict.fromkeys(CRITERIA, score), dict.fromkeys(CRITERIA, comment)
        self.act(reviewer, "review_update", id=review, scores=scores, comments=comments)
        self.act(reviewer, "review_submit", id=review)

    def decide(self, application: str, level: str = "") -> None:
        """Decide an application."""
        self.act(
            "secretary", "application_decide", id=application, level=level, reason="As reviewed."
        )


def made(app: CKANTestApp) -> None:
    """Make the cities with a published dataset each, their people and the others."""
    for city, area in CITIES.items():
        people = [
            {"name": account(f"{city}-editor"), "capacity": "editor"},
            {"name": account(f"{city}-member"), "capacity": "member"},
        ]
        factories.Organization(name=f"{city}-office", org_role="city", area=area, users=people)
        factories.Dataset(name=f"{city}-values", owner_org=f"{city}-office", license_id="cc-by")
    with app.flask_app.test_request_context():
        rows = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nADULT_LITERACY,TH-56,2024,92\n"
        helpers.call_action("learningcity_observation_publish", id="phayao-values", data=rows)
    users = [{"name": account("secretary"), "capacity": "editor"}]
    factories.Organization(name="network-office", org_role="secretariat", users=users)
    for name in (*REVIEWERS, "stranger"):
        account(name)
    factories.Sysadmin(name="root")
    factories.Organization(
        name="empty-city",
        org_role="city",
        area="TH-10",
        users=[{"name": account("empty-editor"), "capacity": "editor"}],
    )


def account(name: str) -> str:
    """Make an account."""
    return factories.User(name=name, fullname=f"Name of {name}")["name"]
