"""What editors of a city come for, as docs/journeys.md tells it, with the keyboard alone."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import pytest
import requests

pytestmark = pytest.mark.browser

CITY = "phayao"
TABLE = """INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE
ADULT_LITERACY,TH-56-M5601,2563,{value}
ADULT_LITERACY,TH-56-M5601,2564,91.5
"""
SPACES = """name,kind,place
ห้องสมุดสำหรับทดสอบ {mark},{kind},เทศบาลเมืองพะเยา
ลานอ่านหนังสือ {mark},library,เทศบาลเมืองพะเยา
"""


@dataclass
class Editor:
    """An editor of a city with a private dataset of their own."""

    name: str
    password: str
    dataset: str


@pytest.fixture(scope="module")
def api(site, administrator):
    """Call an action as the administrator, logged in as in a browser."""
    session = requests.Session()

    def token(page: str) -> str:
        return re.search(r'name="_csrf_token" content="([^"]+)"', page)[1]

    name, password = administrator
    form = {"login": name, "password": password}
    form["_csrf_token"] = token(session.get(f"{site}/en/user/login", timeout=60).text)
    page = session.post(f"{site}/en/user/login", data=form, timeout=60).text

    def act(action: str, **fields: object) -> dict:
        answer = session.post(
            f"{site}/api/3/action/{action}",
            json=fields,
            headers={"X-CSRFToken": token(page)},
            timeout=60,
        )
        assert answer.ok, answer.text
        return answer.json()["result"]

    return act


@pytest.fixture
def editor(api):
    mark = secrets.token_hex(4)
    one = Editor(f"journey-{mark}", secrets.token_urlsafe(12), f"journey-{mark}")
    api("user_create", name=one.name, email=f"{mark}@example.org", password=one.password)
    api("organization_member_create", id=CITY, username=one.name, role="editor")
    api(
        "package_create",
        name=one.dataset,
        title=f"Journey {mark}",
        owner_org=CITY,
        private=True,
        demonstration=True,
        license_id="cc-by",
        notes="Made by a test.",
    )
    yield one
    api("package_delete", id=one.dataset)
    api("user_delete", id=one.name)


@pytest.fixture
def desk(reader, editor):
    """The reader, signed in as the editor."""
    reader.open("/")
    reader.follow(reader.says("Log in"))
    reader.skip()
    reader.write(reader.says("Username or Email") + ":", editor.name)
    reader.write(reader.says("Password") + ":", editor.password)
    reader.press(reader.says("Login"))
    return reader


def test_publish(desk, editor, tmp_path):
    table = tmp_path / "table.csv"
    desk.open(f"/dataset/{editor.dataset}")
    desk.skip()
    desk.follow(desk.says("Publish data"), exact=False)
    for value in ("ninety", "90.5"):
        table.write_text(TABLE.format(value=value), encoding="utf-8")
        desk.skip()
        desk.give(desk.says("Your table"), table)
        desk.press(desk.says("Upload and check"))
        desk.skip()
        if value == "ninety":
            desk.reads("D2")
            desk.follow(desk.says("Upload the mended file"))
    desk.follow(desk.says("Continue"))
    desk.skip()
    desk.press(desk.says("Publish now"))
    desk.arrives(desk.says("Published as release {number}", number=1))
    desk.skip()
    desk.follow(desk.says("To the dataset"))
    desk.reads(desk.says("All releases"))


def test_import_a_list(desk, tmp_path):
    table = tmp_path / "spaces.csv"
    mark = secrets.token_hex(3)
    table.write_text(SPACES.format(kind="castle", mark=mark), encoding="utf-8")
    desk.open("/")
    desk.menu("Learning spaces", under="Network")
    desk.skip()
    desk.follow(desk.says("Import a list"), exact=False)
    desk.skip()
    desk.give(desk.says("Your table"), table)
    desk.choose(desk.says("New places are"), desk.says("Private"))
    desk.press(desk.says("Upload and check"))
    desk.skip()
    desk.reads("B2")
    desk.press(desk.says("Write all correct rows"))
    desk.arrives(desk.says("It is written"))
    desk.skip()
    desk.follow(desk.says("See the learning spaces"))
    desk.reads(f"ลานอ่านหนังสือ {mark}")
    assert not desk.page.get_by_text(f"ห้องสมุดสำหรับทดสอบ {mark}").count()
