"""The secretariat's board: what waits for whom, on one page, and nobody else sees it."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from award.people import CLOSES, OPENS, REVIEWERS, People
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers
from evaluation_figures import DEFINITION

from ckanext.learningcity.assessment import model as assessment
from ckanext.learningcity.award import clock
from ckanext.learningcity.forum import model as forum
from ckanext.learningcity.problems.model import problem

MAY = {"secretary", "root"}
ROLES = (None, "stranger", "phayao-editor", "phayao-member", REVIEWERS[0], *sorted(MAY))


class Office(People):
    """The people of the awards, in the rest of the network."""

    def do(self, user: str, action: str, **parameters: Any) -> Any:
        context = {"user": user, "ignore_auth": False}
        with self.app.flask_app.test_request_context():
            return helpers.call_action(f"learningcity_{action}", context, **parameters)

    def board(self, user: str = "secretary") -> dict[str, Any]:
        shown = self.do(user, "board")["sections"]
        return {each["id"]: (each["count"], each["entries"]) for each in shown}

    def counts(self) -> dict[str, int]:
        return {name: count for name, (count, _) in self.board().items() if count}

    def grade(self, user: str, grade: int, **given: Any) -> None:
        """Grade Phayao's strategy."""
        of = {"evaluation": "2024", "area": "TH-56", "indicator": "LEARNING_STRATEGY"}
        given.setdefault("evidence", "https://example.org/strategy")
        self.do(user, "reading_create", **of, grade=grade, **given)


@pytest.fixture
def office(people, app, monkeypatch) -> Office:
    """The people, with nothing that waits."""
    tables = (
        *(forum.post, forum.topic, forum.report, forum.space),
        *(assessment.reading, assessment.evaluation, problem),
    )
    for table in tables:
        model.Session.execute(table.delete())
    for package in model.Session.query(model.Package).filter_by(type="innovation-call"):
        package.purge()
    model.Session.commit()
    found = Office(app)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


def test_nobody_but_the_secretariat_sees_it(office, app):
    states = (lambda: None, office.call, office.apply)
    for step in states:  # empty, with a round, with an application
        step()
        for role in ROLES:
            if role in MAY:
                assert office.board(role)
                continue
            with pytest.raises(tk.NotAuthorized):
                office.do(role or "", "board")
            token = factories.APIToken(user=role)["token"] if role else None
            headers = {"Authorization": token} if token else {}
            answer = app.get("/board", headers=headers, follow_redirects=False)
            assert answer.status_code == (403 if role else 302)
            assert "Board" not in answer.body


def test_grades_wait_for_a_second_reader_then_for_a_decision(office):
    office.do("secretary", "evaluation_create", **{**DEFINITION, "readers": ["chiangrai-office"]})
    graded_before = office.counts()
    office.do("secretary", "evaluation_open", id="2024")
    assert office.counts() == graded_before == {}
    office.grade("phayao-editor", 3)
    count, (entry,) = office.board()["grades"]
    assert (count, entry["area"], entry["second"], entry["decision"]) == (1, "TH-56", 1, 0)
    office.grade("chiangrai-editor", 1)
    (entry,) = office.board()["grades"][1]
    assert (entry["second"], entry["decision"]) == (0, 1)
    office.grade("secretary", 2, comment="Adopted, but without a budget")
    assert office.counts() == {}
    office.grade("phayao-editor", 4)
    office.do("secretary", "evaluation_close", id="2024")
    assert office.counts() == {}, "nobody grades while it is closed"


def test_reports_wait_until_they_are_answered(office):
    told = office.do("", "problem_create", dataset="phayao-values", kind="value", text="Too high")
    (entry,) = office.board()["problems"][1]
    assert (entry["number"], entry["dataset"]) == (told["number"], "phayao-values")
    assert "Too high" not in json.dumps(entry)
    office.do("secretary", "problem_answer", number=told["number"], answer="Mended")
    assert office.counts() == {}


def test_posts_wait_until_a_moderator_decides(office):
    texts = {"en": "Questions", "th": "คำถาม"}
    office.do("secretary", "forum_space_create", id="questions", name=texts, about=texts)
    first = office.do("stranger", "topic_create", space="questions", title="New here", body="Hello")
    own = office.do(
        "secretary", "topic_create", space="questions", title="Welcome", body="Read this"
    )
    (entry,) = office.board()["posts"][1]
    assert (entry["title"], entry["state"], entry["reports"]) == ("New here", "waiting", 0)
    report = {"id": own["posts"][0]["id"], "reason": "Wrong"}
    office.do("phayao-editor", "forum_post_report", **report)
    assert [each["reports"] for each in office.board()["posts"][1]] == [0, 1]
    for topic in (first, own):
        office.do("secretary", "forum_post_restore", id=topic["posts"][0]["id"], reason="Fine")
    assert office.counts() == {}


def test_the_page_says_what_waits_for_whom_and_until_when(office, app):
    office.call()
    helpers.call_action(
        "package_create",
        {"user": "secretary", "ignore_auth": False},
        type="innovation-call",
        name="a-call",
        title_translated={"en": "Libraries on boats", "th": "ห้องสมุดบนเรือ"},
        notes_translated={"en": "What is sought."},
        owner_org="network-office",
        private=False,
        opens="2026-01-01",
        closes="2099-12-31",
    )
    office.now = OPENS
    application = office.apply()
    office.now = CLOSES
    office.assign(application, REVIEWERS[0])
    office.do("", "problem_create", dataset="phayao-values", kind="value", text="Too high")
    token = factories.APIToken(user="secretary")["token"]
    for language, words in (("en", "2 things wait"), ("th", "รอดำเนินการ 2 รายการ")):
        page = app.get(f"/{language}/board", headers={"Authorization": token}).body
        found = BeautifulSoup(page, "html.parser")
        assert words in found.text
        waits = found.find(id="lc-reviews").find_parent("section")
        assert "Name of reviewer-one" in waits.text
        assert waits.a["href"] == f"/{language}/award/application/{application}/desk"
        deadlines = found.find(id="lc-deadlines").find_parent("section").find_all("a")
        addresses = [link["href"] for link in deadlines]
        assert addresses[-1] == f"/{language}/innovation-call/a-call"
        assert len(addresses) == 3  # the reviews, the results, the call
        for link in found.select(".lc-board a"):
            app.get(link["href"], headers={"Authorization": token}, status=200)
