"""The awards' pages in both languages, and the forms that keep what was typed."""

from __future__ import annotations

import pytest
from award.people import CLOSES, CRITERIA, OPENS, PUBLISHES, REVIEWERS, ROUND
from bs4 import BeautifulSoup
from ckan.tests import factories


@pytest.fixture
def browse(people, app):
    """Get or post as somebody: `browse("/award", "secretary")`."""
    heads = {}

    def go(address, by=None, data=None, status=200):
        if by and by not in heads:
            heads[by] = {"Authorization": factories.APIToken(user=by)["token"]}
        headers = heads.get(by, {})
        if data is None:
            answer = app.get(address, headers=headers, status=status, follow_redirects=False)
        else:
            answer = app.post(
                address, data=data, headers=headers, status=status, follow_redirects=False
            )
        return BeautifulSoup(answer.body, "html.parser")

    return go


FORM = {
    **{name: value for name, value in ROUND.items() if name != "title"},
    **{"title-th": "รางวัล 2569", "title-en": "Awards 2026", "spread_max": "3", "appeal_days": "7"},
    "levels": ["winner", "good_practice"],
    **{
        f"weight-{category}-{criterion}": "20"
        for category in ("children_youth", "cultural_identity", "equity", "economy")
        for criterion in CRITERIA
    },
}


def test_from_the_form_of_a_round_to_its_gallery(people, browse):
    wrong = {**FORM, "closes": "2026-07-01T10:00", "year": "2569"}
    page = browse("/award/new", "secretary", wrong, status=400)
    assert page.find("input", id="lc-year")["value"] == "2569"
    assert page.find(id="lc-year-fault")
    assert page.find(id="lc-closes-fault")
    browse("/award/new", "secretary", FORM, status=302)
    browse("/award/2026", status=404)
    browse("/award/2026/announce", "secretary", {}, status=302)
    people.now = OPENS
    apply = {"category": "equity", "organization": "phayao-office"}
    browse("/award/2026/apply", "phayao-editor", apply, status=302)
    (mine,) = people.act("phayao-editor", "application_list")
    address = f"/award/application/{mine['id']}"
    short = {
        "title-en": "Learning",
        "summary-en": "All",
        "answer-need": "Too short",
        "then": "submit",
    }
    page = browse(address, "phayao-editor", short, status=400)
    assert page.find(id="lc-need-fault")
    assert page.find("textarea", id="lc-answer-need").text == "Too short"
    written = [box["name"] for box in page.select("textarea[name^=answer]")]
    assert written == [f"answer-{name}" for name in CRITERIA]
    people.write(mine["id"])
    for language in ("en", "th"):
        page = browse(f"/{language}{address}", "phayao-editor")
        assert page.find(role="progressbar")["aria-valuenow"] == "100"
    browse(f"{address}/submit", "phayao-editor", {}, status=302)
    people.now = CLOSES
    desk = f"{address}/desk"
    refused = browse(f"{desk}/assign", "secretary", {"reviewer": "phayao-member"}, status=400)
    assert "Conflict of interest" in refused.find(id="lc-reviewer-fault").text
    browse(f"{desk}/assign", "secretary", {"reviewer": REVIEWERS[0]}, status=302)
    (review,) = people.act(REVIEWERS[0], "review_list")
    scores = {f"score-{name}": "8" for name in CRITERIA}
    comments = {f"comment-{name}": "Sound." for name in CRITERIA}
    half = {**scores, "then": "submit"}
    page = browse(f"/award/review/{review['id']}", REVIEWERS[0], half, status=400)
    assert page.find(id="lc-need-fault")
    assert float(page.find("input", id="lc-score-need")["value"]) == 8
    whole = {**half, **comments}
    browse(f"/award/review/{review['id']}", REVIEWERS[0], whole, status=302)
    browse(f"{desk}/decide", "secretary", {"level": "winner", "reason": "Good"}, status=302)
    assert "8.00" in browse("/award/2026/desk", "secretary").text
    browse("/award/2026/decide", "secretary", {}, status=302)
    assert "Good" in browse(address, "phayao-editor").text
    people.now = PUBLISHES
    browse("/award/2026/publish", "secretary", {}, status=302)
    for language in ("en", "th"):
        page = browse(f"/{language}/award/2026")
        entry = page.select_one(".lc-grid h4 a")["href"]
        assert "Learning for all phayao" in page.text
        assert browse(entry).find(id="lc-award")
        assert browse(f"/{language}/award/entries").find("a", href=entry)


def test_the_lists_and_the_board(people, browse):
    people.act("root", "round_record", **RECORDED)
    people.call()
    people.apply()
    people.now = CLOSES
    assert "not confirmed" in browse("/award/2025").text
    for language in ("en", "th"):
        assert browse(f"/{language}/award").find("a", href=f"/{language}/award/2025")
        assert (
            browse(f"/{language}/board", "secretary").select_one("#lc-assign .lc-badge").text == "1"
        )
    browse("/board", "stranger", status=403)
    browse("/board", status=302)
    browse("/award/new", "phayao-editor", status=403)
    browse("/award/nowhere", status=404)


RECORDED = {
    "id": "2025",
    "year": 2025,
    "title": {"en": "Awards 2025", "th": "รางวัล 2568"},
    "facts": {"cities": 16, "source": "https://en.eef.or.th/?p=9776", "verified": False},
}
