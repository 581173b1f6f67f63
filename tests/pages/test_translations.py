"""The Thai catalogue is complete, well-formed and compiled."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import ckanext.learningcity

ROOM = Path(ckanext.learningcity.__path__[0])
CATALOGUE = ROOM / "i18n/th/LC_MESSAGES/ckanext-learningcity"
CORE = ROOM / "core_thai/i18n/th/LC_MESSAGES/ckanext-learningcity_thai"
BOTH = pytest.mark.parametrize("path", [CATALOGUE, CORE], ids=["ours", "core's"])
METHODS = [("**.py", "python"), ("**/templates/**.html", "ckan")]
THAI = re.compile("[ก-๙]")


def read(path: Path) -> Catalog:
    with path.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="th")


def test_every_text_of_the_extension_is_translated():
    catalogue = read(CATALOGUE)
    found = extract_from_dir(ROOM, METHODS, keywords={"_": None, "ungettext": (1, 2)})
    texts = {message[0] if isinstance(message, tuple) else message for _, _, message, *_ in found}
    missing = sorted(text for text in texts if text not in catalogue or not catalogue[text].string)
    assert texts
    assert missing == []


@BOTH
def test_translations_keep_their_placeholders(path):
    for message in read(path):
        if message.id:
            original = message.id[-1] if isinstance(message.id, tuple) else message.id
            own = message.string[0] if isinstance(message.string, tuple) else message.string
            assert placeholders(own) == placeholders(original), original


@BOTH
def test_nothing_is_left_in_english(path):
    for message in read(path):
        if message.id:
            own = message.string[0] if isinstance(message.string, tuple) else message.string
            words = re.sub(r"\{[^}]*\}|%\([^)]*\)s|<[^>]*>", "", own)
            assert THAI.search(words) or not re.search("[a-z]{3}", words), own


@BOTH
def test_the_compiled_catalogue_is_up_to_date(path):
    fresh = BytesIO()
    write_mo(fresh, read(path))
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    fresh.seek(0)
    assert [(m.id, m.string) for m in compiled if m.id] == [
        (m.id, m.string) for m in read_mo(fresh) if m.id
    ]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|%\(\w+\)s|%s", text))
