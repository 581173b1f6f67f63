"""What people do in a portal in use, so that the pages which only they see have something on them.

Everything goes through the API, as these people. Names carry a mark: a portal may be walked twice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import requests
from bs4 import BeautifulSoup

BANGKOK = timezone(timedelta(hours=7))
CRITERIA = ("need", "approach", "results", "inclusion", "continuity")
CATEGORIES = ("children_youth", "cultural_identity", "equity", "economy")
#: Of the demonstration content: what people do something with.
DATASET, EVALUATION = "phayao-demonstration", "demonstration-2024"
INNOVATION, EVENT = "demonstration-grandparents-teach", "demonstration-reading-circle"
#: Who there is, and the organization that they administer.
PEOPLE = {"editor": "phayao", "secretary": "university-of-phayao", "reviewer": ""}
ROUND = {
    "year": "2026",
    "title": {"en": "Awards 2026 (demonstration)", "th": "รางวัล พ.ศ. 2569 (สาธิต)"},
    "weights": {category: dict.fromkeys(CRITERIA, 20) for category in CATEGORIES},
    "levels": ["winner", "good_practice"],
    "spread_max": 3,
    "appeal_days": 7,
    "demonstration": True,
}
HEAD = "indicator,area,year,value\n"
FIRST = f"{HEAD}E_LEARNING,TH-56-M5601,2567,40\nLIBRARY_VISITS,TH-56-M5601,2567,1.2\n"
SECOND = f"{HEAD}E_LEARNING,TH-56-M5601,2567,41.5\nLIBRARY_VISITS,TH-56-M5601,2568,1.25\n"
FAULTY = f"{HEAD}E_LEARNING,TH-56-M5601,2568,มาก\nLIBRARY_VISITS,พะเยาว์,2568,1.25\n,,,\n"
PLACES = (
    "รหัส,ชื่อแหล่งเรียนรู้,Name (English),ประเภท,พื้นที่,ละติจูด,ลองจิจูด\n"
    "A1,แหล่งเรียนรู้ตัวอย่าง,An example,ห้องสมุด,พะเยา,19.1664,99.9019\n"
    "A2,อีกแหล่งหนึ่ง,Another,สนามบิน,แอตแลนติส,48.85,99.9\n"
)


class RefusedError(AssertionError):
    """An action was refused."""


@dataclass
class Life:
    """People of a portal by what they do, their tokens, and the addresses of what they made."""

    site: str
    session: requests.Session
    mark: str = field(default_factory=lambda: secrets.token_hex(3))
    tokens: dict[str, str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def act(self, who: str, action: str, files: dict | None = None, **given: Any) -> Any:
        """Call an action as somebody; with `files` the parameters are those of a form."""
        head = {"Authorization": self.tokens[who]} if who else {}
        sent = {"data": given, "files": files} if files else {"json": given}
        address = f"{self.site}/api/3/action/{action}"
        reply = self.session.post(address, headers=head, timeout=60, **sent)
        if reply.status_code != 200:
            raise RefusedError(f"{action} as {who}: {reply.status_code} {reply.text[:500]}")
        return reply.json()["result"]


def live(site: str, administrator: tuple[str, str]) -> Life:
    """Return a portal's life after its people have done everything that they can."""
    life = Life(site, requests.Session())
    _arrive(life, administrator)
    for step in (_talk, _apply, _submit, _share, _report):
        step(life)
    return life


def _arrive(life: Life, administrator: tuple[str, str]) -> None:
    """The administrator logs in, and lets the others in."""
    name, password = administrator
    form = BeautifulSoup(life.session.get(f"{life.site}/en/user/login", timeout=60).text, "lxml")
    guard = {one["name"]: one["value"] for one in form.select("form input[type=hidden][name]")}
    given = {**guard, "login": name, "password": password}
    page = life.session.post(f"{life.site}/en/user/login", data=given, timeout=60)
    token = BeautifulSoup(page.text, "lxml").select_one("meta[name=_csrf_token]")
    life.session.headers["X-CSRFToken"] = str(token["content"]) if token else ""
    made = life.act("", "api_token_create", user=name, name=f"walk-{life.mark}")
    life.tokens["admin"] = made["token"]
    life.session = requests.Session()
    for who, organization in PEOPLE.items():
        account = f"{who}-{life.mark}"
        address = f"{account}@example.org"
        life.act("admin", "user_create", name=account, email=address, password=life.mark * 3)
        if organization:
            given = {"id": organization, "username": account, "role": "admin"}
            life.act("admin", "organization_member_create", **given)
        made = life.act("admin", "api_token_create", user=account, name="walk")
        life.tokens[who] = made["token"]
        life.made[who] = account


def _talk(life: Life) -> None:
    """A topic, an answer, and a post that is edited and reported."""
    title, body = "คำถามถึงทุกเมือง", "จะเริ่มอย่างไร?\n\n| ก | ข |\n|---|---|\n| 1 | 2 |"
    about = {"object_kind": "city", "object_id": "TH-57"}
    space = life.act("secretary", "learningcity_forum_space_list")[0]["id"]
    given = {"space": space, "title": title, "body": body, "demonstration": True, **about}
    topic = life.act("secretary", "learningcity_topic_create", **given)
    answer = {"topic": topic["id"], "body": "> How?\n\n[Like this](https://example.org)."}
    post = life.act("secretary", "learningcity_reply_create", **answer)
    life.act("secretary", "learningcity_forum_post_update", id=post["id"], body="Like **this**.")
    life.act("editor", "learningcity_forum_post_report", id=post["id"], reason="Not clear.")
    life.act("editor", "learningcity_topic_create", space=space, title="It waits", body="A first.")
    life.act("editor", "learningcity_forum_subscribe", scope="topic", target=topic["id"])
    shown = quote(f"{topic['id']}-{topic['slug']}")  # the address that a topic is led to
    life.made |= {"space": space, "topic": topic["id"], "shown": shown, "post": post["id"]}


def _apply(life: Life) -> None:
    """A round that is open with an application begun, and one that is over, with a review."""
    over = _round(life, "over")
    entry = _application(life, over, "equity")
    life.act("editor", "learningcity_award_application_submit", id=entry)
    moments = _moments(closes=timedelta(minutes=-1))
    calendar = {**ROUND, **moments, "id": over, "reason": "Everybody was quick."}
    life.act("secretary", "learningcity_award_round_update", **calendar)
    given = {"id": entry, "reviewer": f"reviewer-{life.mark}"}
    shown = life.act("secretary", "learningcity_award_review_assign", **given)
    open_ = _round(life, "open")
    life.made |= {
        "round": open_,
        "application": _application(life, open_, "economy"),
        "closed round": over,
        "handed in": entry,
        "review": shown["reviews"][0]["id"],
    }


def _round(life: Life, name: str) -> str:
    """Announce a round and return its id."""
    given = {**ROUND, **_moments(closes=timedelta(days=30)), "id": f"2026-{name}-{life.mark}"}
    life.act("secretary", "learningcity_award_round_create", **given)
    life.act("secretary", "learningcity_award_round_announce", id=given["id"])
    return given["id"]


def _moments(closes: timedelta) -> dict[str, str]:
    now = datetime.now(BANGKOK).replace(second=0, microsecond=0)
    begun = now.replace(month=1, day=1, hour=0, minute=0)
    later = {"review_until": timedelta(days=60), "publishes": timedelta(days=90)}
    moments = {"opens": begun, "closes": now + closes}
    moments |= {name: now + after for name, after in later.items()}
    return {name: moment.isoformat() for name, moment in moments.items()}


def _application(life: Life, round_id: str, category: str) -> str:
    given = {"round": round_id, "category": category, "organization": "phayao"}
    entry = life.act("editor", "learningcity_award_application_create", **given)["id"]
    text = "เมืองตัวอย่างทำเรื่องนี้มาสามปี ร่วมกับทุกโรงเรียนและห้องสมุด"
    texts = {"title": {"th": "เรียนรู้ด้วยกัน (สาธิต)"}, "summary": {"th": text}}
    answers = dict.fromkeys(CRITERIA, text)
    life.act("editor", "learningcity_award_application_update", id=entry, answers=answers, **texts)
    figure = {"id": entry, "indicator": "E_LEARNING", "area": "TH-56-M5601"}
    life.act("editor", "learningcity_award_figure_add", **figure)
    file = {"upload": ("evidence.pdf", b"%PDF-1.7\nAn example\n%%EOF")}
    life.act("editor", "learningcity_award_file_add", file, id=entry)
    return entry


def _submit(life: Life) -> None:
    """A dataset of two releases; a file with faults and a good one at the publishing desk."""
    name = f"walk-{life.mark}"
    texts = {"title_translated": {"th": "ตัวชี้วัดตัวอย่าง (สาธิต)"}, "demonstration": True}
    given = {"name": name, "owner_org": "phayao", "license_id": "cc-by", **texts}
    life.act("editor", "package_create", notes_translated={"th": "ค่าสมมติ"}, **given)
    for release in (FIRST, SECOND):
        life.act("editor", "learningcity_observation_publish", id=name, data=release)
    for fate, text in (("faulty", FAULTY), ("good", FIRST)):
        file = {"upload": (f"{fate}.csv", text.encode())}
        shown = life.act("editor", "learningcity_submission_create", file, id=name)
        life.made[fate] = shown["id"]
    life.made["dataset"] = name
    life.made["resource"] = life.act("editor", "package_show", id=name)["resources"][0]["id"]


def _share(life: Life) -> None:
    """A list of learning spaces, an innovation that is taken up, and a seat in an event."""
    file = {"upload": ("list.csv", PLACES.encode())}
    shown = life.act("editor", "learningcity_space_import_create", file, organization="phayao")
    life.made["import"] = shown["id"]
    wanted = {"innovation": INNOVATION, "organization": "phayao"}
    known = life.act("editor", "learningcity_adoption_list", **wanted)
    plan = {"state": "planned", "started": "2027-01-01"}
    made = known or [life.act("editor", "learningcity_adoption_create", **wanted, **plan)]
    life.made["adoption"] = made[0]["id"]
    person = {"name": "Example", "contact": f"{life.mark}@example.org", "consent": "1"}
    made = life.act("", "learningcity_signup_create", event=EVENT, session="saturdays", **person)
    life.made["sign-up"] = made["token"]


def _report(life: Life) -> None:
    """A report about a dataset. There are only so many an hour."""
    known = life.act("editor", "learningcity_problem_list", state="open")["results"]
    given = {"dataset": DATASET, "kind": "value", "text": "ค่านี้ไม่ตรงกับรายงานประจำปี"}
    made = known or [life.act("editor", "learningcity_problem_create", **given)]
    life.made["problem"] = made[0]["number"]
