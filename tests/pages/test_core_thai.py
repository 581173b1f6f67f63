"""The Thai catalogue for core's texts: nothing that our readers meet is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import ckan
import ckan.plugins.toolkit as tk
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.learningcity.core_thai import javascript

METHODS = [("**.py", "python"), ("**/templates/**.html", "ckan")]
EXTENSIONS = ("harvest", "scheming", "spatial")
#: What the portal does not load, and labels of ckanext-dcat's own RDF files.
ELSEWHERE = re.compile(
    "ckanext/(example_|audioview|datapusher|expire_api_token|multilingual"
    "|reclineview|resourceproxy|stats|tabledesigner|tracking|videoview|webpageview)"
)


def catalogue(path: Path) -> dict[str, Message]:
    with path.open("rb") as file:
        return {first(message.id): message for message in read_po(file, locale="th") if message.id}


def first(texts: str | tuple[str, ...]) -> str:
    return texts[0] if isinstance(texts, tuple) else texts


@pytest.fixture(scope="module")
def ours() -> dict[str, Message]:
    folder = files("ckanext.learningcity.core_thai") / "i18n/th/LC_MESSAGES"
    return catalogue(Path(str(folder)) / "ckanext-learningcity_thai.po")


@pytest.fixture(scope="module")
def theirs() -> dict[str, Message]:
    return catalogue(Path(ckan.__path__[0]) / "i18n/th/LC_MESSAGES/ckan.po")


def is_translated(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(message.string)


def has_words(text: str) -> bool:
    """Whether there is anything to translate besides placeholders, tags and single letters."""
    return bool(re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}|%\([^)]*\)s|<[^>]*>", "", text)))


def test_what_core_lacks_is_here(ours, theirs):
    met = [
        text
        for text, message in theirs.items()
        if has_words(text) and not all(ELSEWHERE.match(file) for file, _ in message.locations)
    ]
    missing = [text for text in met if not is_translated(theirs[text]) and text not in ours]
    assert len(met) > 1000
    assert missing == []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_what_the_extensions_say_is_here(ours, theirs, extension):
    folder = str(files(f"ckanext.{extension}"))
    found = extract_from_dir(folder, METHODS, keywords={"_": None, "ungettext": (1, 2)})
    texts = {first(text) for file, _, text, *_ in found if not file.startswith("tests/")}
    missing = [text for text in texts if not is_translated(theirs.get(text)) and text not in ours]
    assert texts
    assert [text for text in missing if has_words(text)] == []


def test_core_pages_speak_thai(page, cities):
    login = page("/th/user/login")
    assert login.find(string=re.compile("ชื่อผู้ใช้หรืออีเมล"))
    assert not login.find(string=re.compile("Username or Email"))
    assert page("/th/dataset/").find(string="ความเกี่ยวข้อง")  # ours goes before core's own


def test_scripts_speak_thai(app, tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    javascript.build()
    texts = app.get("/api/i18n/th").json
    assert texts["Edit"] == [None, "แก้ไข"]
    assert texts["Upload a file on your computer"][1]
    file = tmp_path / "i18n" / "js" / "th.js"
    file.write_text("{}")
    javascript.build()
    assert file.read_text() == "{}"  # it is newer than the catalogues


def test_tables_of_datatables_speak_thai(app, cities):
    [resource] = call_action("package_show", id="pages-city")["resources"]
    new = {"resource_id": resource["id"], "view_type": "datatables_view", "title": "Table"}
    office = {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    view = call_action("resource_view_create", office, **new)
    address = f"dataset/pages-city/resource/{resource['id']}/view/{view['id']}"
    shown = {
        lang: BeautifulSoup(app.get(f"/{lang}/{address}").body, "html.parser")
        for lang in ("en", "th")
    }
    tables = {lang: page.select_one("#dtprv") for lang, page in shown.items()}
    assert tables["en"]["data-languagefile"] == ""
    said = app.get(tables["th"]["data-languagefile"]).json
    texts = list(leaves(said))
    assert len(texts) > 15
    assert all(re.search("[ก-๙]", text) for text in texts if text)
    assert {"select", "buttons", "aria", "info"} <= set(said)
    call_action("resource_view_delete", office, id=view["id"])


def leaves(texts: dict | str) -> Iterator[str]:
    """Every text of a file, however deep."""
    if isinstance(texts, str):
        yield texts
    else:
        for each in texts.values():
            yield from leaves(each)
